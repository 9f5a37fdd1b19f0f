"""Tokens of the IR's text form, one at a time.

Owns: tokens, the error that names a place. Must not know: what the tokens mean.
Truth: nectarc/ir/text.py.
"""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple, NoReturn

_TOKEN: Final = re.compile(
    r"""(?P<space>(?:[ \t\r\n]|\#[^\n]*)+)
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
      | (?P<number>-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|inf|nan))
      | (?P<mark>->|&&|\|\||==|!=|<=|>=|[<>!()\[\]|:,/])""",
    re.VERBOSE,
)


class IrSyntaxError(ValueError):
    """A text that is no IR. `line` and `column` count from 1, in code points."""

    def __init__(self, message: str, text: str, offset: int) -> None:
        """Place `message` at `offset` of `text`."""
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        super().__init__(f"line {self.line}, column {self.column}: {message}")


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


class Reader:
    """Tokens with one of look-ahead."""

    def __init__(self, text: str) -> None:
        """Lex all of `text`."""
        self._text = text
        self._tokens = _lex(text)
        self._next = 0

    @property
    def token(self) -> _Token:
        """The next token."""
        return self._tokens[self._next]

    @property
    def is_at_end(self) -> bool:
        """Whether no token is left."""
        return self.token.kind == "end"

    def take(self) -> _Token:
        """Return the next token and go past it (not past the end)."""
        token = self.token
        if token.kind != "end":
            self._next += 1
        return token

    def accept(self, text: str) -> bool:
        """Take the next token if it is the word or mark `text`."""
        if self.token.text != text or self.token.kind not in ("name", "mark"):
            return False
        self._next += 1
        return True

    def expect(self, text: str) -> None:
        """Take the word or mark `text`, or fail."""
        if not self.accept(text):
            self.fail(f"expected `{text}`")

    def expect_end(self) -> None:
        """Fail if a token is left."""
        if not self.is_at_end:
            self.fail("expected the end")

    def string(self) -> str:
        """Take a string; return what it stands for."""
        if self.token.kind != "string":
            self.fail("expected a string")
        token = self.take()
        try:
            value = json.loads(token.text, strict=False)
        except ValueError as error:
            raise IrSyntaxError(f"bad string: {error}", self._text, token.offset) from None
        assert isinstance(value, str)
        return value

    def name(self) -> str:
        """Take a name, bare or quoted."""
        if self.token.kind == "string":
            return self.string()
        if self.token.kind != "name":
            self.fail("expected a name")
        return self.take().text

    def number(self) -> float:
        """Take a number."""
        # `inf` and `nan` lex as names unless signed; the printer writes them for broken IR only.
        if self.token.text not in ("inf", "nan") and self.token.kind != "number":
            self.fail("expected a number")
        return float(self.take().text)

    def one_in(self) -> int:
        """Read `1/n`."""
        if self.take().text != "1":
            self.fail("expected `1/`")
        self.expect("/")
        return self.integer()

    def integer(self) -> int:
        """Take a whole number."""
        if self.token.kind != "number" or not self.token.text.removeprefix("-").isdigit():
            self.fail("expected a whole number")
        return int(self.take().text)

    def truth(self) -> bool:
        """Take `true` or `false`."""
        if self.accept("true"):
            return True
        self.expect("false")
        return False

    def fail(self, message: str) -> NoReturn:
        """Raise `IrSyntaxError` at the next token."""
        found = "the end" if self.is_at_end else f"`{self.token.text}`"
        raise IrSyntaxError(f"{message}, found {found}", self._text, self.token.offset)


def _lex(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    offset = 0
    while offset < len(text):
        found = _TOKEN.match(text, offset)
        if found is None:
            raise IrSyntaxError(f"no token starts with `{text[offset]}`", text, offset)
        kind = found.lastgroup
        assert kind is not None
        if kind != "space":
            tokens.append(_Token(kind, found.group(), offset))
        offset = found.end()
    tokens.append(_Token("end", "", len(text)))
    return tokens
