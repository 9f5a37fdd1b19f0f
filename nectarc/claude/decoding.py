"""JSON of unknown worth, taken apart into types: every mistake is said with its path.

Owns: `Part`. Must not know: what an answer means. The API promises an answer of the schema; a cut
off, replayed or forged one is not, so nothing is taken on trust.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

_SHOWN_MAX = 60


class Part:
    """A value of the document, where it stands, and the list that its mistakes go to."""

    __slots__ = ("_mistakes", "_value", "path")

    def __init__(self, value: object, path: str, mistakes: list[str]) -> None:
        """Hold the value; `path` reads like `policy.rules[2].of`."""
        self._value = value
        self.path = path
        self._mistakes = mistakes

    def wrong(self, what: str) -> None:
        """Say that this part is wrong."""
        self._mistakes.append(f"`{self.path}`: {what}" if self.path else what)

    def member(self, name: str) -> Part:
        """Return a member of an object; one that is missing is a mistake and null."""
        path = f"{self.path}.{name}" if self.path else name
        if not isinstance(self._value, dict):
            if self._value is not None:
                self.wrong("an object is needed here")
            return Part(None, path, self._mistakes)
        if name not in self._value:
            self.wrong(f"`{name}` is missing")
        return Part(self._value.get(name), path, self._mistakes)

    def only(self, *names: str) -> Part:
        """Say which members are not of the schema."""
        if isinstance(self._value, dict):
            for name in self._value:
                if name not in names:
                    self.wrong(f"`{str(name)[:_SHOWN_MAX]}` is not a member of it")
        return self

    def items(self) -> Sequence[Part]:
        """Return the items of an array."""
        if not isinstance(self._value, list):
            if self._value is not None:
                self.wrong("an array is needed here")
            return ()
        return [
            Part(value, f"{self.path}[{number}]", self._mistakes)
            for number, value in enumerate(self._value)
        ]

    def text(self) -> str:
        """Return a text without blanks around it; "" for what is none."""
        if isinstance(self._value, str):
            return self._value.strip()
        if self._value is not None:
            self.wrong("a text is needed here")
        return ""

    def raw_text(self) -> str:
        """Return a text as it stands; a number or a boolean is taken as its JSON."""
        if isinstance(self._value, str):
            return self._value
        if isinstance(self._value, (bool, int, float)):
            return json.dumps(self._value)
        if self._value is not None:
            self.wrong("a text is needed here")
        return ""

    def texts(self) -> tuple[str, ...]:
        """Return the texts of an array, blank ones left out."""
        return tuple(text for text in (item.text() for item in self.items()) if text)

    def number(self) -> float:
        """Return a finite number; 0 for what is none."""
        value = self._value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if math.isfinite(value):
                return float(value)
            self.wrong("a finite number is needed here")
        elif value is not None:
            self.wrong("a number is needed here")
        return 0.0

    def choice(self, choices: Sequence[str]) -> str:
        """Return one of `choices`; the first of them for what is none."""
        text = self.text()
        if text in choices:
            return text
        if self._value is not None:
            listed = ", ".join(f"`{one}`" for one in choices)
            self.wrong(f"`{text[:_SHOWN_MAX]}` is none of {listed}")
        return choices[0]


def decoded(text: str, mistakes: list[str]) -> Part | None:
    """Read JSON; None after saying why it cannot be read."""
    try:
        value: object = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        mistakes.append(f"the answer is not JSON: {error}")
        return None
    if not isinstance(value, dict):
        mistakes.append("the answer is not a JSON object")
        return None
    return Part(value, "", mistakes)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"`{name}` is no number of JSON")
