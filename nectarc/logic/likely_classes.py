"""Where to look first for a value that is in some languages: a guess that saves refutations.

Owns: the guess. Must not know: solvers; a wrong guess costs time only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from nectarc.evaluate.conditions import config_text
from nectarc.evaluate.regex_words import sample_words
from nectarc.evaluate.values import ValueOrMissing
from nectarc.ir.nodes import StringOp, StringTest
from nectarc.logic.predicates import ConditionTest, PolicyTest, Predicate, compile_predicate
from nectarc.logic.value_space import ValueSpace

_WORDS: Final = 3


class LikelyClasses:
    """The guesses about one field, remembered by language bit."""

    def __init__(self, space: ValueSpace) -> None:
        """Prepare nothing yet."""
        self._space = space
        self._tests: list[tuple[Callable[[ValueOrMissing], bool], int, int]] = []
        self._known: dict[int, int] = {}

    def of(self, bits: Iterable[int]) -> int:
        """Return the mask of classes that hold samples of the languages `bits`."""
        found = 0
        for bit in bits:
            if bit not in self._known:
                self._known[bit] = self._classes_of(bit)
            found |= self._known[bit]
        return found

    def _classes_of(self, bit: int) -> int:
        for predicate, image in self._space.images.items():
            if image.bit == bit and not image.is_negated:
                return sum({self._class_of(word) for word in _samples(predicate)})
        return 0

    def _class_of(self, text: str) -> int:
        """Return the mask of the one class of `text`, the first of those that look like it."""
        if not self._tests:
            self._tests = [
                (compile_predicate(predicate), image.sure, image.open)
                for predicate, image in self._space.images.items()
            ]
        left = (1 << len(self._space.classes)) - 1
        for holds, sure, opened in self._tests:
            left &= sure | opened if holds(text) else ~sure
        return left & -left


def _samples(predicate: Predicate) -> tuple[str, ...]:
    match predicate:
        case PolicyTest(StringTest(_, StringOp.MATCHES, pattern)):
            return sample_words(pattern, _WORDS)
        case PolicyTest(StringTest(_, _, text)):
            return (text,)
        case ConditionTest("matches", value, _):
            return sample_words(config_text(value), _WORDS)
        case ConditionTest(_, value, _):
            return (config_text(value),)
        case _:
            return ()
