"""Texts that an RE2 pattern is likely to match, found by walking the pattern.

Owns: a reader of the common part of RE2's syntax that never fails, only guesses worse. Must not
know: whether the guess is right; callers ask RE2 itself. Truth: RE2's syntax page.
"""

from __future__ import annotations

from typing import Final, TypeAlias, assert_never

from nectarc.records import record

_CLASSES: Final = {"d": "07", "w": "a0_", "s": " \t", "D": "x-", "W": "- ", "S": "x0"}
_POSIX: Final = {
    "alpha": "aZ",
    "digit": "07",
    "alnum": "a0",
    "lower": "az",
    "upper": "AZ",
    "space": " ",
    "punct": "-",
    "xdigit": "af",
    "word": "a_",
}
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_CANDIDATES: Final = "x0-A/ ~é"
# Nested groups cost recursion, nested repetitions cost length: `((((a*)*)*)*)*`.
_GROUPS_MAX: Final = 60
_REPEATS_MAX: Final = 4


@record
class _OneOf:
    characters: str


@record
class _Repeat:
    body: _Node
    least: int
    most: int  # what is worth trying, not what is allowed


@record
class _Sequence:
    items: tuple[_Node, ...]


@record
class _Choice:
    options: tuple[_Node, ...]


_Node: TypeAlias = "_OneOf | _Repeat | _Sequence | _Choice"


def sample_words(pattern: str, limit: int = 6) -> tuple[str, ...]:
    """Return up to `limit` different texts that `pattern` probably matches; deterministic."""
    if pattern.count("(") > _GROUPS_MAX:
        return ()
    reader = _PatternReader(pattern)
    node = reader.choice()
    words = dict.fromkeys(_word(node, variant) for variant in range(2 * limit))
    return tuple(words)[:limit]


def _word(node: _Node, variant: int, level: int = 0) -> str:
    match node:
        case _OneOf():
            return node.characters[variant % len(node.characters)] if node.characters else ""
        case _Sequence():
            return "".join(_word(item, variant + i, level) for i, item in enumerate(node.items))
        case _Choice():
            count = len(node.options)
            return _word(node.options[variant % count], variant // count, level)
        case _Repeat():
            is_short = variant % 2 == 0 or level >= _REPEATS_MAX
            count = node.least if is_short else node.most
            return "".join(_word(node.body, variant + i, level + 1) for i in range(count))
        case _:
            assert_never(node)


class _PatternReader:
    """A cursor over the pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def choice(self) -> _Node:
        """Read alternatives up to the end or an unopened parenthesis."""
        options = [self._sequence()]
        while self._accept("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _sequence(self) -> _Node:
        items: list[_Node] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            items.append(self._repeated(self._atom()))
        return _Sequence(tuple(items))

    def _repeated(self, atom: _Node) -> _Node:
        while self._at < len(self._pattern):
            if self._accept("*"):
                atom = _Repeat(atom, 0, 2)
            elif self._accept("+"):
                atom = _Repeat(atom, 1, 2)
            elif self._accept("?"):
                atom = _Repeat(atom, 0, 1)
            elif self._pattern[self._at] == "{" and (bounds := self._bounds()):
                atom = _Repeat(atom, *bounds)
            else:
                break
        return atom

    def _bounds(self) -> tuple[int, int] | None:
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at + 1 : max(end, 0)].partition(",")
        # RE2 refuses more than 1000; a policy with more has been refused before.
        if not least.isdecimal() or (most and not most.isdecimal()) or int(least) > 1000:
            return None
        self._at = end + 1
        low = int(least)
        return (low, low) if not comma else (low, min(int(most), low + 1) if most else low + 1)

    def _atom(self) -> _Node:
        if self._accept("("):
            self._group_flags()
            node = self.choice()
            self._accept(")")
            return node
        if self._accept("["):
            return _OneOf(self._class())
        if self._accept("\\"):
            return self._escape()
        character = self._pattern[self._at]
        self._at += 1
        if character in "^$":
            return _Sequence(())
        return _OneOf("x0" if character == "." else character)

    def _group_flags(self) -> None:
        if not self._accept("?"):
            return
        # (?:  (?i:  (?P<name>  (?<name>  and (?i), which is a group without a body.
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            if character == ")":
                return
            self._at += 1
            if character in ":>":
                return

    def _escape(self) -> _Node:
        if self._accept("Q"):
            end = self._pattern.find("\\E", self._at)
            end = len(self._pattern) if end < 0 else end
            text, self._at = self._pattern[self._at : end], min(end + 2, len(self._pattern))
            return _Sequence(tuple(map(_OneOf, text)))
        return _OneOf(self._escaped())

    def _escaped(self) -> str:
        if self._at >= len(self._pattern):
            return ""
        character = self._pattern[self._at]
        self._at += 1
        if character in _CLASSES:
            return _CLASSES[character]
        if character in "AzbBC":
            return ""
        if character in "pP":
            self._skip_class_name()
            return "aA0 "
        if character == "x":
            return self._hex()
        return _CONTROLS.get(character, character)

    def _skip_class_name(self) -> None:
        end = self._pattern.find("}", self._at) if self._pattern[self._at :][:1] == "{" else -1
        self._at = end + 1 if end >= 0 else self._at + 1

    def _hex(self) -> str:
        if self._accept("{"):
            end = self._pattern.find("}", self._at)
            digits, after = self._pattern[self._at : end], end + 1
        else:
            digits, after = self._pattern[self._at : self._at + 2], self._at + 2
        self._at = min(after, len(self._pattern))
        try:
            return chr(int(digits, 16))
        except ValueError:
            return ""

    def _class(self) -> str:
        is_negated = self._accept("^")
        members: list[str] = []
        is_first = True
        while self._at < len(self._pattern) and (is_first or self._pattern[self._at] != "]"):
            is_first = False
            members.append(self._class_member())
        self._accept("]")
        inside = "".join(members)
        if not is_negated:
            return inside
        return "".join(character for character in _CANDIDATES if character not in inside)

    def _class_member(self) -> str:
        if self._pattern.startswith("[:", self._at):
            end = self._pattern.find(":]", self._at)
            if end >= 0:
                name, self._at = self._pattern[self._at + 2 : end], end + 2
                return _POSIX.get(name, "a")
        if self._accept("\\"):
            return self._escaped()
        first = self._pattern[self._at]
        self._at += 1
        if self._pattern[self._at + 1 : self._at + 2] in ("", "]") or not self._accept("-"):
            return first
        if self._accept("\\"):
            last = self._escaped()
        else:
            last = self._pattern[self._at]
            self._at += 1
        # The candidates inside the range matter for negated classes, its ends for the others.
        inside = "".join(c for c in _CANDIDATES if first <= c <= last)
        return first + last + inside

    def _accept(self, text: str) -> bool:
        if not self._pattern.startswith(text, self._at):
            return False
        self._at += len(text)
        return True
