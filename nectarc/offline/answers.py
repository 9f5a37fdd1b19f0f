"""Answers to questions: texts by id, read in the question's context.

Owns: how an answer is read, which were not understood. Must not know: which questions there are.
Truth: docs/intent.md, "Answers": an answer that is not understood is asked again, saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nectarc.intent.records import Question
from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.composition import Item
from nectarc.offline.grammar import Chart, Meaning, grammar
from nectarc.offline.lattice import edges_of
from nectarc.offline.lexer import lex
from nectarc.offline.meanings_tests import cond
from nectarc.offline.phrases import Act, Phrase, Rate, Values
from nectarc.offline.selectors import EVERY, Cond, Test, opens_of
from nectarc.offline.tokens import Length
from nectarc.offline.trees import BUILDS
from nectarc.offline.words import words_of
from nectarc.records import replace

_WORK_MAX: Final = 200_000
# Questions that only a least duration answers.
_THRESHOLDS: Final = frozenset({"slow", "threshold"})


class Answers:
    """What was answered; remembers which answers were of use."""

    def __init__(self, texts: Mapping[str, str], vocabulary: Vocabulary) -> None:
        """Take the texts by id."""
        self._texts = dict(texts)
        self._vocabulary = vocabulary
        self._used: dict[str, str] = {}

    def has(self, key: str) -> bool:
        """Whether there is an answer; it counts as used."""
        if key not in self._texts:
            return False
        self._used[key] = self._texts[key]
        return True

    def used(self) -> tuple[tuple[str, str], ...]:
        """Return the answers, in the order they were given, that were of use."""
        return tuple(pair for pair in self._texts.items() if pair[0] in self._used)

    def text(self, key: str) -> str:
        """Return what was answered, "" for nothing."""
        return self._texts.get(key, "")

    def choice(self, key: str, choices: Sequence[str]) -> int | None:
        """Return which of `choices` was answered, by its number or its text."""
        text = self._texts.get(key, "").strip()
        found = None
        if text.isdigit() and 1 <= int(text) <= len(choices):
            found = int(text) - 1
        elif text in choices:
            found = list(choices).index(text)
        if found is not None:
            self._used[key] = text
        return found

    def conds(self) -> dict[str, Cond]:
        """Return what open words mean, by what they are about."""
        found: dict[str, Cond] = {}
        for key, text in self._texts.items():
            meant = self._cond(text)
            if key in _THRESHOLDS and not _is_threshold(meant):
                continue
            if meant is None or key in ("rest", "reading") or key.startswith("rate-"):
                continue
            self._used[key] = text
            if key.startswith("which-"):
                words = key.removeprefix("which-").replace("-", " ")
                found[f"group:{words}"] = meant
                found[f"system:{words}"] = meant
            else:
                found[key] = meant
                found[f"number:{key.replace('-', ' ')}"] = meant
        return found

    def completed(self, item: Item, name: str) -> Item:
        """Return the item with the rate, or the fields, that was answered for it."""
        key = f"rate-of-{name}"
        meant = self._rate(self._texts.get(key, ""))
        if meant is not None:
            self._used[key] = self._texts[key]
            if isinstance(meant, Act):
                item = replace(item, act=meant, rate=None)
            else:
                act = None if item.act and item.act.kind == "drop" else item.act
                item = replace(item, rate=meant, act=act)
        if not item.by and item.rate is not None and item.rate.kind in ("limit", "average"):
            fields = self._fields(self._texts.get("by", ""))
            if fields:
                self._used["by"] = self._texts["by"]
                item = replace(item, by=fields)
        return item

    def rest(self) -> Item | None:
        """Return what was answered for all other traces."""
        meant = self._rate(self._texts.get("rest", ""))
        if meant is None:
            return None
        self._used["rest"] = self._texts["rest"]
        act, rate = (meant, None) if isinstance(meant, Act) else (None, meant)
        return Item(act=act, rate=rate, cond=EVERY, start=0, end=0, is_rest=True)

    def noted(self, questions: Iterable[Question]) -> list[Question]:
        """Return the questions, those that were answered in vain saying so."""
        return [
            replace(one, words=f"the answer `{self._texts[one.id]}` is not understood: {one.words}")
            if one.id in self._texts else one
            for one in questions
        ]  # fmt: skip

    def _meanings(self, text: str, symbol: str) -> tuple[Meaning, ...]:
        if not text.strip():
            return ()
        words = words_of(lex(text, self._vocabulary))
        if not words:
            return ()
        chart = Chart(edges_of(words, grammar()), BUILDS, _WORK_MAX)
        return chart.read(symbol, 0).get(len(words), ())

    def _cond(self, text: str) -> Cond | None:
        words = words_of(lex(text, self._vocabulary)) if text.strip() else ()
        if len(words) == 1 and isinstance(words[0].value, Length):
            return Test(f"duration > {words[0].value.text}", "duration")
        found = [cond(one) for one in self._meanings(text, "condition_list")] + [
            one.cond for one in self._meanings(text, "np") if isinstance(one, Phrase)
        ]
        closed = [one for one in dict.fromkeys(found) if not opens_of(one) and one != EVERY]
        return closed[0] if len(closed) == 1 else None

    def _rate(self, text: str) -> Act | Rate | None:
        plain = text.strip().lower()
        acts = {
            "all": "keep", "keep": "keep", "keep all": "keep", "keep them": "keep", "none": "drop",
            "everything": "keep", "drop": "drop", "drop them": "drop", "nothing": "drop",
            "keep everything": "keep", "drop everything": "drop", "drop all": "drop",
            "keep them all": "keep", "keep it": "keep", "drop it": "drop",
        }  # fmt: skip
        if plain in acts:
            return Act("keep") if acts[plain] == "keep" else Act("drop")
        found = [one for one in self._meanings(text, "exact_rate") if isinstance(one, Rate)]
        known = [one for one in found if one.kind != "open"]
        return known[0] if known else None

    def _fields(self, text: str) -> tuple[str, ...]:
        for symbol in ("by_fields", "by_list"):
            for one in self._meanings(text, symbol):
                if isinstance(one, Values):
                    return one.texts
        return ()


def _is_threshold(meant: Cond | None) -> bool:
    """Whether it says from which duration on, and nothing else."""
    return isinstance(meant, Test) and meant.text.startswith(("duration > ", "duration >= "))


def read_answers(texts: Mapping[str, str], vocabulary: Vocabulary) -> Answers:
    """Return the answers, to be read where they are needed."""
    return Answers(texts, vocabulary)
