"""The places inside trees of records: finding them, and moving them when the text around changes.

Owns: which slots of records hold places. Must not know: what the records mean.

Records are frozen, for everyone but the one who owns a tree while its text is edited: moving ten
thousand places in a copy costs as long as checking the policy anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from nectarc.records import field_names, record, replace
from nectarc.source import SourceSpan, SourceText

_T = TypeVar("_T")
# How a slot is set, whose slot it is, what stands in it: a place, or the offsets of a scalar's
# text.
_Slot: TypeAlias = tuple[Callable[[Any, Any], None], Any, Callable[[Any], Any]]
_SPAN: Final = 0
_OFFSETS: Final = 1
_OFFSETS_NAME: Final = "offsets"


@record
class LineEdit:
    """Text between the offsets `start` and `end` of one line became `delta` code points longer."""

    start: int
    end: int
    delta: int

    def moved(self, source: SourceSpan) -> SourceSpan | None:
        """Return where `source` stands now; None if it lies inside the edited line."""
        first, last = source.start, source.end
        if last <= self.start:
            return source
        if first >= self.end:
            return SourceSpan(source.file, first + self.delta, last + self.delta)
        if first <= self.start and last >= self.end:
            return SourceSpan(source.file, first, last + self.delta)
        return None


class _Inside(Exception):  # noqa: N818 - no error: the way out of a walk
    """A place lies inside the edited line."""


def moved_copy(value: _T, edit: LineEdit) -> _T | None:
    """Return a copy of a small tree after the edit; None if one of its places is in the line."""
    try:
        found: _T = _copied(value, edit)
    except _Inside:
        return None
    return found


def shifted_copy(value: _T, delta: int) -> _T:
    """Return a copy of a small tree, all of it `delta` code points further on."""
    found: _T = _copied(value, LineEdit(-1, -1, delta))
    return found


def _copied(value: Any, edit: LineEdit) -> Any:  # noqa: ANN401
    if isinstance(value, SourceSpan):
        moved = edit.moved(value)
        if moved is None:
            raise _Inside
        return moved
    if isinstance(value, tuple) and value and type(value) is tuple:
        return tuple(_copied(one, edit) for one in value)
    names = field_names(value)
    if not names:
        return value
    changes: dict[str, object] = {}
    for name in names:
        old = getattr(value, name)
        new = _moved_offsets(old, edit.delta) if name == _OFFSETS_NAME else _copied(old, edit)
        if new is not old:
            changes[name] = new
    return replace(value, **changes) if changes else value


class PlacesByLine:
    """All places of some trees, by the line that they are in.

    INVARIANT: a place that spans several lines is in `_wide`; the others are in their line's list.
    """

    def __init__(self, text: SourceText, trees: Sequence[object]) -> None:
        """Find the places of `text` in `trees`."""
        self._file = text.file
        self._lines: list[list[_Slot]] = [[] for _ in text.line_starts]
        self._scalars: list[list[_Slot]] = [[] for _ in text.line_starts]
        self._wide: list[_Slot] = []
        seen: set[int] = set()
        for slot, kind in _slots(trees, self._file, seen):
            self._place(slot, kind, text.line_starts)

    def replace_line(self, line: int, trees: Sequence[object], begin: int) -> None:
        """Take other trees for what stood in `line` (from 0), which starts at `begin`.

        What they have of the lines above, as the keys in a header, stays where it is.
        """
        self._lines[line] = []
        self._scalars[line] = []
        for slot, kind in _slots(trees, self._file, set()):
            if kind == _SPAN and slot[2](slot[1]).start < begin:
                continue
            (self._lines if kind == _SPAN else self._scalars)[line].append(slot)

    def edit(self, line: int, edit: LineEdit) -> bool:
        """Move what stands below `line`, and stretch what reaches over it.

        False, and nothing is moved, where a tree begins above the line and ends inside it.
        """
        delta = edit.delta
        wide = [edit.moved(getter(owner)) for _, owner, getter in self._wide]
        if any(place is None for place in wide):
            return False
        if not delta:
            return True
        for (setter, owner, _), place in zip(self._wide, wide, strict=True):
            setter(owner, place)
        file, make = self._file, SourceSpan
        for below in self._lines[line + 1 :]:
            for setter, owner, getter in below:
                _, start, end = getter(owner)
                setter(owner, make(file, start + delta, end + delta))
        for below in self._scalars[line + 1 :]:
            for setter, owner, getter in below:
                setter(owner, _moved_offsets(getter(owner), delta))
        return True

    def _place(self, slot: _Slot, kind: int, starts: Sequence[int]) -> None:
        setter, owner, getter = slot
        found = getter(owner)
        if kind == _OFFSETS:
            line = bisect_right(starts, owner.source.start) - 1
            self._scalars[line].append((setter, owner, getter))
            return
        line = bisect_right(starts, found.start) - 1
        beyond = starts[line + 1] if line + 1 < len(starts) else found.end + 1
        if found.end <= beyond - 1 or found.start == found.end:
            self._lines[line].append(slot)
        else:
            self._wide.append(slot)


def put(owner: object, name: str, value: object) -> None:
    """Set a slot of a frozen record, by the owner of the whole tree."""
    slots = type(owner).__dict__
    slots[name].__set__(owner, value)
    if hasattr(owner, "_hash"):
        slots["_hash"].__delete__(owner)


def _moved_offsets(offsets: Sequence[int] | None, delta: int) -> Sequence[int] | None:
    if offsets is None:
        return None
    if isinstance(offsets, range):
        return range(offsets.start + delta, offsets.stop + delta, offsets.step)
    return [one + delta for one in offsets]


def _slots(trees: Sequence[object], file: str, seen: set[int]) -> Iterator[tuple[_Slot, int]]:
    """Yield every slot with a place in the file, each object once."""
    left: list[Any] = list(trees)
    while left:
        value = left.pop()
        if isinstance(value, tuple):
            left.extend(value)
            continue
        names = field_names(value)
        if not names or id(value) in seen:
            continue
        seen.add(id(value))
        kind = type(value)
        for name in names:
            held = getattr(value, name)
            if isinstance(held, SourceSpan):
                if held.file == file:
                    yield (kind.__dict__[name].__set__, value, kind.__dict__[name].__get__), _SPAN
            elif isinstance(held, tuple):
                left.extend(held)
            elif name == _OFFSETS_NAME:
                if held is not None:
                    yield (
                        (kind.__dict__[name].__set__, value, kind.__dict__[name].__get__),
                        _OFFSETS,
                    )
            elif field_names(held):
                left.append(held)
