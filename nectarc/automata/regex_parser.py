r"""Read RE2's syntax, as far as whether a pattern is found matters.

Owns: what each construct means. Must not know: automata. Truth: RE2's syntax page and google-re2
itself; every pattern that reaches this has been accepted by it, so that what is refused there
(`**`, `{1001}`, `\Z`) may be read as anything here.
"""

from __future__ import annotations

from typing import Final

from nectarc.automata.charsets import (
    ANY,
    NOT_NEWLINE,
    PERL_CLASSES,
    POSIX_CLASSES,
    merged,
    negated,
)
from nectarc.automata.folds import folded
from nectarc.automata.language import LAST_CODE_POINT, Ranges, Unsupported
from nectarc.automata.pattern_tree import (
    EMPTY,
    At,
    Characters,
    Choice,
    Node,
    Place,
    Repeat,
    Sequence,
)
from nectarc.records import record, replace

_CONTROLS: Final = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_PLACES: Final = {
    "A": Place.TEXT_START,
    "z": Place.TEXT_END,
    "b": Place.WORD_EDGE,
    "B": Place.NO_WORD_EDGE,
}
_OCTAL: Final = "01234567"
_REPEATS_MAX: Final = 1000
# Groups are read by recursion.
_DEPTH_MAX: Final = 100


@record
class _Flags:
    is_folded: bool = False
    is_multi_line: bool = False
    dot_is_any: bool = False


class _RefusedError(Exception):
    """Not read; the message is the reason of the Unsupported."""


def parse_pattern(pattern: str) -> Node | Unsupported:
    """Read an RE2 pattern that RE2 accepts; Unsupported says what has no exact meaning here."""
    reader = _Reader(pattern)
    try:
        return reader.whole()
    except _RefusedError as refused:
        return Unsupported(str(refused))


class _Reader:
    """A cursor over the pattern and the flags in force."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._flags = _Flags()
        self._depth = 0

    def whole(self) -> Node:
        """Read all of the pattern."""
        node = self._choice()
        if self._at < len(self._pattern):
            raise _RefusedError("a `)` without its `(`")
        return node

    def _choice(self) -> Node:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise _RefusedError(f"groups are nested more than {_DEPTH_MAX} deep")
        options = [self._sequence()]
        while self._accept("|"):
            options.append(self._sequence())
        self._depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        items: list[Node] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            if self._accept("\\Q"):
                items += self._quoted()
            else:
                items.append(self._atom())
            self._repeat_last(items)
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _quoted(self) -> list[Node]:
        end = self._pattern.find("\\E", self._at)
        text = self._pattern[self._at : end if end >= 0 else None]
        self._at = end + 2 if end >= 0 else len(self._pattern)
        return [self._literal(ord(character)) for character in text]

    def _repeat_last(self, items: list[Node]) -> None:
        while self._at < len(self._pattern):
            if self._accept("*"):
                bounds: tuple[int, int | None] | None = (0, None)
            elif self._accept("+"):
                bounds = (1, None)
            elif self._accept("?"):
                bounds = (0, 1)
            else:
                bounds = self._counts()
            if bounds is None:
                return
            self._accept("?")  # the shortest match first: no matter
            if not items:
                raise _RefusedError("a repetition of nothing")
            items[-1] = Repeat(items[-1], *bounds)

    def _counts(self) -> tuple[int, int | None] | None:
        """Read `{n}`, `{n,}` or `{n,m}`; None where the brace is a character."""
        if not self._pattern.startswith("{", self._at):
            return None
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at + 1 : max(end, 0)].partition(",")
        if end < 0 or not _is_number(least) or not (_is_number(most) or not most):
            return None
        low = int(least)
        high = low if not comma else int(most) if most else None
        if low > _REPEATS_MAX or (high or 0) > _REPEATS_MAX:
            raise _RefusedError(f"more than {_REPEATS_MAX} repetitions")
        self._at = end + 1
        return low, high

    def _atom(self) -> Node:
        character = self._next()
        match character:
            case "(":
                return self._group()
            case "[":
                return Characters(self._class())
            case ".":
                return Characters(ANY if self._flags.dot_is_any else NOT_NEWLINE)
            case "^":
                is_lines = self._flags.is_multi_line
                return At(Place.LINE_START if is_lines else Place.TEXT_START)
            case "$":
                return At(Place.LINE_END if self._flags.is_multi_line else Place.TEXT_END)
            case "\\":
                return self._escape()
            case _:
                return self._literal(ord(character))

    def _group(self) -> Node:
        before = self._flags
        if self._accept("?"):
            if self._accept("P<") or self._accept("<"):
                self._at = self._pattern.index(">", self._at) + 1
            elif not self._group_flags():
                return EMPTY
        node = self._choice()
        if not self._accept(")"):
            raise _RefusedError("a `(` without its `)`")
        self._flags = before
        return node

    def _group_flags(self) -> bool:
        """Read `i-s:` or `i-s)`; say whether a group follows."""
        is_on = True
        while True:
            match self._next():
                case "-":
                    is_on = False
                case "i":
                    self._flags = replace(self._flags, is_folded=is_on)
                case "m":
                    self._flags = replace(self._flags, is_multi_line=is_on)
                case "s":
                    self._flags = replace(self._flags, dot_is_any=is_on)
                case "U":
                    pass
                case ":":
                    return True
                case ")":
                    return False
                case other:
                    raise _RefusedError(f"the flag `{other}`")

    def _escape(self) -> Node:
        if self._at < len(self._pattern) and self._pattern[self._at] in _PLACES:
            return At(_PLACES[self._next()])
        ranges = self._named_class()
        return self._literal(self._escaped()) if ranges is None else Characters(ranges)

    def _named_class(self) -> Ranges | None:
        r"""Read what follows a backslash if it is a class: `d`, `W`, `pL`, `P{Greek}`."""
        name = self._pattern[self._at : self._at + 1]
        if name in ("p", "P"):
            return self._unicode_class()
        if not name or name.lower() not in PERL_CLASSES:
            return None
        self._at += 1
        return self._signed(PERL_CLASSES[name.lower()], is_negated=name.isupper())

    def _unicode_class(self) -> Ranges:
        is_negated = self._next() == "P"
        name = self._next()
        if name == "{":
            end = self._pattern.index("}", self._at)
            name, self._at = self._pattern[self._at : end], end + 1
        if name.startswith("^"):
            is_negated, name = not is_negated, name[1:]
        # Few patterns name such classes: the others do not pay for the reader of the table.
        from nectarc.automata.unicode_classes import unicode_class  # noqa: PLC0415

        ranges = unicode_class(name)
        if ranges is None:
            raise _RefusedError(f"the class `\\p{{{name}}}`")
        return self._signed(ranges, is_negated=is_negated)

    def _signed(self, ranges: Ranges, *, is_negated: bool) -> Ranges:
        # RE2 folds a class before it negates it: (?i)\W is without the Kelvin sign.
        whole = folded(ranges) if self._flags.is_folded else ranges
        return negated(whole) if is_negated else whole

    def _escaped(self) -> int:
        """Read what follows a backslash and stands for one character."""
        character = self._next()
        if character == "C":
            raise _RefusedError("`\\C` is a byte, not a character")
        if character == "x":
            return self._hex()
        if character in _OCTAL:
            digits = character
            while len(digits) < 3 and self._pattern[self._at : self._at + 1] in tuple(_OCTAL):
                digits += self._next()
            return int(digits, 8)
        return _CONTROLS.get(character, ord(character))

    def _hex(self) -> int:
        if self._accept("{"):
            end = self._pattern.index("}", self._at)
            digits, self._at = self._pattern[self._at : end], end + 1
        else:
            digits = self._next() + self._next()
        try:
            return min(int(digits, 16), LAST_CODE_POINT + 1)
        except ValueError:
            raise _RefusedError("digits that are not hexadecimal") from None

    def _class(self) -> Ranges:
        is_negated = self._accept("^")
        found: list[tuple[int, int]] = []
        is_first = True
        while is_first or not self._pattern.startswith("]", self._at):
            is_first = False
            found += self._class_item()
        self._at += 1
        return negated(merged(found)) if is_negated else merged(found)

    def _class_item(self) -> Ranges:
        if self._pattern.startswith("[:", self._at) and ":]" in self._pattern[self._at + 2 :]:
            end = self._pattern.index(":]", self._at + 2)
            name, self._at = self._pattern[self._at + 2 : end], end + 2
            is_negated = name.startswith("^")
            ranges = POSIX_CLASSES.get(name.removeprefix("^"))
            if ranges is None:
                raise _RefusedError(f"the class `[:{name}:]`")
            return self._signed(ranges, is_negated=is_negated)
        if self._accept("\\"):
            named = self._named_class()
            if named is not None:
                return named
            self._at -= 1
        first = last = self._class_character()
        after = self._pattern[self._at + 1 : self._at + 2]
        if self._pattern.startswith("-", self._at) and after != "]":
            self._at += 1
            last = self._class_character()
        return self._signed(((first, last),), is_negated=False)

    def _class_character(self) -> int:
        character = self._next()
        return self._escaped() if character == "\\" else ord(character)

    def _literal(self, code_point: int) -> Node:
        return Characters(self._signed(((code_point, code_point),), is_negated=False))

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise _RefusedError("an end in the middle of a construct")
        self._at += 1
        return self._pattern[self._at - 1]

    def _accept(self, text: str) -> bool:
        if not self._pattern.startswith(text, self._at):
            return False
        self._at += len(text)
        return True


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
