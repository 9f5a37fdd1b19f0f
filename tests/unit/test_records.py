"""Records mean what frozen dataclasses with slots mean."""

from __future__ import annotations

import copy
import pickle

import pytest

from nectarc.records import part, record, replace


@record
class Point:
    """A place."""

    x: int
    y: int = 0
    source: str = part(default="", compare=False, repr=False)

    @property
    def total(self) -> int:
        """Both together."""
        return self.x + self.y


@record
class Pair:
    """Same fields, another class."""

    x: int
    y: int = 0


@record(kw_only=True)
class Named:
    """Named fields only."""

    name: str
    tags: list[str] = part(default_factory=list)


def test_fields_come_by_position_by_name_and_by_default() -> None:
    assert Point(1, 2).total == Point(1, y=2).total == Point(y=2, x=1).total == 3
    assert (Point(1).y, Point(1).source) == (0, "")
    assert Named(name="a").tags is not Named(name="a").tags


@pytest.mark.parametrize(
    "wrong",
    [
        Point,
        lambda: Point(1, 2, "", 4),  # type: ignore[call-arg]
        lambda: Point(1, x=1),  # type: ignore[misc]
        lambda: Point(1, z=1),  # type: ignore[call-arg]
        lambda: Named("a"),  # type: ignore[call-arg]
    ],
)
def test_wrong_arguments_are_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(TypeError):
        wrong()


def test_equality_asks_for_class_and_compared_fields() -> None:
    assert Point(1, 2, "here") == Point(1, 2, "there")
    assert hash(Point(1, 2, "here")) == hash(Point(1, 2, "there"))
    assert Point(1, 2) != Point(1, 3)
    others: list[object] = [Pair(1, 2), (1, 2)]
    assert Point(1, 2) not in others


def test_a_record_is_frozen_and_has_no_dictionary() -> None:
    point = Point(1)

    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_match_takes_fields_by_position_and_name() -> None:
    match Point(1, 2):
        case Point(x, y):
            found = (x, y)

    match Named(name="a"):
        case Named(name=name):
            pass

    assert (found, name) == ((1, 2), "a")


def test_replace_copy_and_pickle_keep_the_fields() -> None:
    point = Point(1, 2, "here")

    assert replace(point, y=5) == Point(1, 5)
    assert replace(point, y=5).source == "here"
    assert copy.deepcopy(point) == point
    assert pickle.loads(pickle.dumps(point)).source == "here"
    with pytest.raises(TypeError):
        replace(point, z=1)


def test_repr_shows_the_fields() -> None:
    assert repr(Point(1, 2, "here")) == "Point(x=1, y=2)"


@record(frozen=False)
class Counter:
    """State."""

    count: int = 0


def test_state_can_be_set_and_equals_itself_only() -> None:
    counter = Counter()
    counter.count += 1

    assert counter.count == 1
    assert counter != Counter(1)
    assert counter == counter  # noqa: PLR0124
