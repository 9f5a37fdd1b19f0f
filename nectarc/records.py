"""Frozen records that cost little to define: what `@dataclass(frozen=True, slots=True)` means.

Owns: the decorator. `dataclasses` compiles six functions a class, 0.6 ms each time a process
starts, and imports `inspect`; a hundred and thirty classes made `nectarc check` half as fast again
(docs/decisions/0007-records.md). Hashes are kept: lowering asks for them again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final, TypeVar, dataclass_transform, overload

_T = TypeVar("_T")
_ABSENT: Final[Any] = object()


class _Part:
    """What `part` says of a field."""

    __slots__ = ("compare", "default", "default_factory", "repr")

    def __init__(self, default: Any, default_factory: Any, *, compare: bool, repr: bool) -> None:  # noqa: A002, ANN401
        self.default = default
        self.default_factory = default_factory
        self.compare = compare
        self.repr = repr


def part(
    *,
    default: Any = _ABSENT,  # noqa: ANN401 - the type of the field, as `dataclasses.field` has it
    default_factory: Callable[[], Any] = _ABSENT,
    compare: bool = True,
    repr: bool = True,  # noqa: A002 - the names are those of `dataclasses.field`
) -> Any:  # noqa: ANN401
    """Say of a field what its annotation does not, with the names of `dataclasses.field`."""
    return _Part(default, default_factory, compare=compare, repr=repr)


@overload
def record(cls: type[_T], /) -> type[_T]: ...
@overload
def record(*, kw_only: bool = False, frozen: bool = True) -> Callable[[type[_T]], type[_T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(part,))
def record(
    cls: type[_T] | None = None, /, *, kw_only: bool = False, frozen: bool = True
) -> type[_T] | Callable[[type[_T]], type[_T]]:
    """Make a class of annotated fields a frozen record: slots, `==`, hash, repr, `match`.

    Equality asks for the same class and equal fields, those with `compare=False` left out.
    Fields are the class' own annotations; a record has no base class with fields. `frozen=False` is
    for state: its fields can be set, and it equals itself only.
    """
    if cls is None:
        return lambda found: _made(found, kw_only=kw_only, frozen=frozen)
    return _made(cls, kw_only=kw_only, frozen=frozen)


def replace(instance: _T, /, **changes: object) -> _T:
    """Return a copy of a record with some fields changed."""
    names = field_names(instance)
    values = {name: changes.pop(name, getattr(instance, name)) for name in names}
    return type(instance)(**values, **changes)


def field_names(instance: object) -> tuple[str, ...]:
    """Return the names of a record's fields in order; () of anything else."""
    slots: tuple[str, ...] = getattr(type(instance), "__slots__", ())
    return slots[:-1] if slots[-1:] == ("_hash",) else ()


def _made(cls: type[_T], *, kw_only: bool, frozen: bool) -> type[_T]:
    metaclass: Any = type(cls)
    own = dict(cls.__dict__)
    names = tuple(own.get("__annotations__", {}))
    parts = {name: _part_of(own.pop(name, _ABSENT)) for name in names}
    own.pop("__dict__", None)
    own.pop("__weakref__", None)
    own["__slots__"] = (*names, "_hash")
    own["__match_args__"] = () if kw_only else names
    own.setdefault("__repr__", _repr_of(tuple(n for n in names if parts[n].repr)))
    own["__reduce__"] = _reduce
    if frozen:
        own["__setattr__"] = _refuse_setting
        own["__delattr__"] = _refuse_deleting
    made: type[_T] = metaclass(cls.__name__, cls.__bases__, own)
    _set_init(made, names, parts, positional=0 if kw_only else len(names))
    if frozen:
        _set_equality(made, _key_of(tuple(n for n in names if parts[n].compare)))
    return made


def _part_of(value: Any) -> _Part:  # noqa: ANN401
    if isinstance(value, _Part):
        return value
    return _Part(value, _ABSENT, compare=True, repr=True)


def _key_of(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda _instance: ()


def _set_init(
    made: Any,  # noqa: ANN401
    names: tuple[str, ...],
    parts: Mapping[str, _Part],
    *,
    positional: int,
) -> None:
    # The setters of the slots are what a frozen class still has.
    setters = tuple(made.__dict__[name].__set__ for name in names)
    count = len(names)

    def init(self: Any, *args: Any, **named: Any) -> None:  # noqa: ANN401
        if not named and len(args) == count <= positional:
            for setter, value in zip(setters, args, strict=True):
                setter(self, value)
            return
        if len(args) > positional:
            raise TypeError(f"{made.__name__} takes {positional} positional values")
        values = dict(zip(names, args, strict=False))
        for name, setter in zip(names, setters, strict=True):
            if name in named:
                if name in values:
                    raise TypeError(f"{made.__name__} got {name} twice")
                setter(self, named.pop(name))
            else:
                setter(self, values[name] if name in values else _default(made, name, parts))
        if named:
            raise TypeError(f"{made.__name__} has no field {', '.join(named)}")

    made.__init__ = init


def _set_equality(made: Any, compared: Callable[[Any], Any]) -> None:  # noqa: ANN401
    set_hash = made.__dict__["_hash"].__set__

    def eq(self: Any, other: object) -> Any:  # noqa: ANN401
        if other.__class__ is not made:
            return NotImplemented
        return self is other or compared(self) == compared(other)

    def hashed(self: Any) -> int:  # noqa: ANN401
        try:
            known: int = self._hash
        except AttributeError:
            known = hash((made.__name__, compared(self)))
            set_hash(self, known)
        return known

    made.__eq__ = eq
    made.__hash__ = hashed


def _default(made: type, name: str, parts: Mapping[str, _Part]) -> object:
    found = parts[name]
    if found.default is not _ABSENT:
        return found.default
    if found.default_factory is not _ABSENT:
        return found.default_factory()
    raise TypeError(f"{made.__name__} needs {name}")


def _repr_of(names: tuple[str, ...]) -> Callable[[Any], str]:
    def shown(self: Any) -> str:  # noqa: ANN401
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({fields})"

    return shown


def _reduce(self: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return _rebuilt, (type(self), {name: getattr(self, name) for name in field_names(self)})


def _rebuilt(cls: type[_T], values: dict[str, object]) -> _T:
    return cls(**values)


def _refuse_setting(self: object, name: str, _value: object) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be set: records are frozen")


def _refuse_deleting(self: object, name: str) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted: records are frozen")
