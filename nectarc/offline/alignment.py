"""Words said again beside those that they stand for: which values are new, which are the same.

Owns: the values of a text, its chunks, which value of old words a new one replaces.
Must not know: which words correct. Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.offline.cues import NOISE
from nectarc.offline.grammar import grammar
from nectarc.offline.lattice import FILLERS
from nectarc.offline.meanings_spans import GRPC_CODES
from nectarc.offline.phrases import FUNCTION_WORDS
from nectarc.offline.tokens import Length, Name, Number, PerSecond, Share
from nectarc.offline.words import Word
from nectarc.records import record

_BOUNDS: Final = frozenset(
    {"_COMMA", "_SEMICOLON", "_STOP", "_DASH", "_LPAR", "_RPAR", "BREAK", "ITEM", "_PIPE"}
)
_STOPS: Final = frozenset({"_STOP", "BREAK", "ITEM", "_PIPE"})
_IS: Final = frozenset({"is", "equals", "=", "==", ":", "was", "to"})
_SERVICE: Final = frozenset({"service", "services"})
# Words that may be left out or added when something is said again.
_GLUE: Final = frozenset(
    {"the", "a", "an", "of", "for", "from", "in", "on", "to", "at", "with", "requests", "request",
     "traces", "trace", "calls", "call", "traffic", "please", "it", "that", "those", "ones",
     "should", "be", "must", "is", "are", "gets", "get", "now",
     "shall", "have", "been", "really", "actually", "needs"}
)  # fmt: skip
# What may be added when words are said again: it joins one more name, or narrows.
_ADDED: Final = frozenset(
    {"and", "or", "plus", "the", "from", "in", "to", "of", "for", "with", "on", "over", "above",
     "under", "below", "service", "services", "requests", "calls", "traces", "=", "==", "is",
     "slower", "longer", "than", "where", "whose", "status", "failed", "failing"}
)  # fmt: skip
# Before these a rate may be another's: "1% except /a, which gets 5%".
_LEAVES_OUT: Final = frozenset(
    {"except", "but", "excluding", "unless", "without", "besides", "apart", "other", "aside",
     "save", "minus"}
)  # fmt: skip
_RELATIVE: Final = frozenset({"which", "that", "who", "where", "whose", "with", "at"})
# English that the grammar does not know, and that names nothing.
_NO_NAMES: Final = frozenset(
    {"instead", "actually", "mean", "meant", "sorry", "typo", "wrong", "maybe", "perhaps", "rather",
     "better", "enough", "fine", "okay", "though", "yes", "wait", "oops", "correction", "edit",
     "update", "about", "again", "forgot", "thanks", "mistake", "overkill", "said", "wrote",
     "thought", "probably", "anyway", "somehow", "else", "too", "also"}
)  # fmt: skip
# These ask for traces, and are not what a rate is of.
SELECTORS: Final = frozenset({"path", "method", "status", "name", "field", "grpc"})


@record
class Value:
    """A value of the text. at: its word."""

    kind: str
    key: object
    at: int


class View:
    """The words of a text with the stretches and values between them."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        """Take the text in."""
        self.text, self.words = text, words
        self._known = grammar().words
        self._values = [self._value(at) for at in range(len(words))]

    def low(self, at: int) -> str:
        """Return a word in lower case, "" behind the last."""
        is_in = 0 <= at < len(self.words)
        return self.words[at].text.lower().replace("\u2019", "'") if is_in else ""

    def is_bound(self, at: int) -> bool:
        """Whether a sign at `at` ends a chunk."""
        word = self.words[at]
        if word.kinds[0] == "_DASH" and word.text == "-":
            return self.text[max(word.start - 1, 0)].isspace()
        return word.kinds[0] in _BOUNDS

    def is_stop(self, at: int) -> bool:
        """Whether a sign at `at` ends a sentence."""
        return self.words[at].kinds[0] in _STOPS

    def chunk_start(self, end: int) -> int:
        """Return where the chunk that ends before `end` begins."""
        at = end
        while at > 0 and not self.is_bound(at - 1):
            at -= 1
        return at

    def chunk_end(self, start: int) -> int:
        """Return where the chunk that begins at `start` ends."""
        at = start
        while at < len(self.words) and not self.is_bound(at):
            at += 1
        return at

    def sentence_start(self, end: int) -> int:
        """Return where the sentence that ends before `end` begins."""
        at = end
        while at > 0 and not self.is_stop(at - 1):
            at -= 1
        return at

    def word_from(self, place: int) -> int:
        """Return the first word that begins at `place` or after."""
        found = (at for at, one in enumerate(self.words) if one.start >= place)
        return next(found, len(self.words))

    def value(self, at: int) -> Value | None:
        """Return the value at `at`."""
        return self._values[at] if 0 <= at < len(self.words) else None

    def values(self, start: int, end: int) -> list[Value]:
        """Return the values of a stretch."""
        return [one for one in self._values[start:end] if one is not None]

    def said(self, start: int, end: int) -> str:
        """Return the author's words of a stretch."""
        return self.text[self.words[start].start : self.words[end - 1].end]

    def _value(self, at: int) -> Value | None:
        word = self.words[at]
        first = word.kinds[0]
        match word.value:
            case Share(share=share):
                return Value("rate", share, at)
            case PerSecond(per_second=number):
                return Value("rate", ("per second", number), at)
            case Length(nanoseconds=length):
                return Value("length", length, at)
            case Number() if word.text.lower() == "one":
                return None
            case Number(value=number) if first == "NUMBER":
                return Value("number", number, at)
            case Number(value=number):
                return Value("status", number, at)
            case Name(value=name) if "PATH" in word.kinds:
                return Value("path", name, at)
            case _:
                pass
        if first == "STATUS_CLASS":
            return Value("status", word.text.lower(), at)
        if word.text in GRPC_CODES:
            return Value("grpc", word.text, at)
        if "METHOD" in word.kinds and word.text[:2].isupper():
            return Value("method", str(word.value), at)
        if "FIELD" in word.kinds:
            return Value("field", word.text, at)
        return Value("name", self._name(at), at) if self._is_name(at) else None

    def _name(self, at: int) -> str:
        value = self.words[at].value
        return value if isinstance(value, str) else self.words[at].text.lower()

    def _is_name(self, at: int) -> bool:
        word = self.words[at]
        low = self.low(at)
        if "QUOTED" in word.kinds or "KNOWN" in word.kinds or "NAMED" in word.kinds:
            return True
        if "WORD" not in word.kinds or low in FUNCTION_WORDS or low in FILLERS:
            return False
        if NOISE.fullmatch(low) is not None or low in _NO_NAMES:
            return False
        return low not in self._known or self.is_tested(at)

    def is_tested(self, at: int) -> bool:
        """Whether a field is compared with the word at `at`: "app.plan is free"."""
        return at > 1 and self.low(at - 1) in _IS and "FIELD" in self.words[at - 2].kinds

    def is_free_name(self, at: int) -> bool:
        """Whether one plain word may be a name: none that says what to do, or how much."""
        word = self.words[at]
        low = self.low(at)
        is_plain = "WORD" in word.kinds and low not in FUNCTION_WORDS and low not in FILLERS
        return is_plain or "QUOTED" in word.kinds or "KNOWN" in word.kinds


def chunks_of(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the chunks of a stretch, of each first the parts between "and"."""
    at = start
    while at < end:
        stop = min(view.chunk_end(at), end)
        if stop > at:
            yield at, stop
        at = stop + 1


def parts_of(view: View, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a chunk between "and", "or", "plus"."""
    cuts = [one for one in range(start, end) if view.low(one) in ("and", "or", "plus", "&", "+")]
    edges = [start, *(one + 1 for one in cuts)]
    return [pair for pair in zip(edges, [*cuts, end], strict=True) if pair[0] < pair[1]]


@record
class Pair:
    """A value that was said, and the one that stands for it. Both: positions of words."""

    old: int
    new: int


def aligned(
    view: View, new: tuple[int, int], old: tuple[int, int]
) -> tuple[tuple[Pair, ...], bool] | None:
    """Return which values of `new` replace which of `old`, and whether other words are the same.

    None where `new` does not say `old` again: a word of it is not there, or a value has several
    that it may stand for.
    """
    lows = {view.low(one) for one in range(*new)}
    left_out = {low for one in range(*old) if (low := view.low(one)) in _LEAVES_OUT}
    if not left_out <= lows:
        return None
    if view.low(old[1] + 1) in _RELATIVE and old[1] + 1 < new[0]:
        return None
    fresh = view.values(*new)
    known = view.values(*old)
    at_values = {one.at for one in (*fresh, *known)}
    said = [view.low(one) for one in range(*old) if one not in at_values]
    again = [
        view.low(one) for one in range(*new) if one not in at_values and view.low(one) not in _GLUE
    ]
    rest = iter(said)
    if not all(word in rest for word in again):
        return None
    same = [one for one in fresh if any((one.kind, one.key) == (it.kind, it.key) for it in known)]
    used = {(one.kind, one.key) for one in same}
    pairs: list[Pair] = []
    for one in fresh:
        if one in same:
            continue
        found = [it for it in known if it.kind == one.kind and (it.kind, it.key) not in used]
        if len(found) != 1 or any(it.old == found[0].at for it in pairs):
            return None
        pairs.append(Pair(found[0].at, one.at))
    kinds = {one.kind for one in fresh if one not in same}
    if not pairs or (kinds - SELECTORS and (kinds & SELECTORS or left_out)):
        return None
    return tuple(pairs), bool(again or same)


def retraced(view: View, new: tuple[int, int], end: int) -> int | None:
    """Return from where to `end` the words stand again, in order, among more new ones."""
    start = view.sentence_start(end)
    first = view.low(new[0])
    found = [one for one in range(start, end) if view.low(one) == first]
    if not found or first in ("not", "no", "only"):
        return None
    if end - found[-1] < 2:
        return None
    at = found[-1]
    for one in range(*new):
        if at < end and view.low(one) == view.low(at):
            at += 1
        elif view.value(one) is None and view.low(one) not in _ADDED:
            return None
    return found[-1] if at == end and end - found[-1] < new[1] - new[0] else None
