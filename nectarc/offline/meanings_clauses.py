"""What rates, actions, exceptions and definitions of the grammar mean.

Owns: the functions of these aliases. Must not know: how clauses are put together.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_tests import cond, equals, leaf, number_text
from nectarc.offline.phrases import (
    Act,
    Definition,
    Label,
    LeftOut,
    Part,
    Phrase,
    Rate,
    Values,
)
from nectarc.offline.selectors import EVERY, Each, Same, Test
from nectarc.offline.tokens import PerSecond, Share

_HUNDRED: Final = 100


def _rate(about: str) -> Build:
    def build(parts: tuple[Meaning, ...]) -> Meaning:
        leaves = [one for one in parts if isinstance(one, Leaf) and one.name not in ("OR", "_DASH")]
        return Rate("open", " or ".join(one.text for one in leaves), about=about)

    return build


def _share(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, -1)
    assert isinstance(one.value, Share)
    return Rate("share", one.text, share=one.value.share)


def _all_but(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, -1)
    assert isinstance(one.value, Share)
    return Rate("share", one.text, share=1 - one.value.share)


def _bare(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, 0)
    share = Fraction(number_text(one))
    return Rate("open" if share else "share", one.text, share=share, about="number")


def _limit(parts: tuple[Meaning, ...]) -> Meaning:
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "PER_SECOND")
    assert isinstance(one.value, PerSecond)
    overall = any(isinstance(one, Leaf) and one.name == "OVERALL" for one in parts)
    return Rate(
        "limit", one.text, per_second=one.value.per_second, unit=one.value.unit, is_overall=overall
    )


def _average(parts: tuple[Meaning, ...]) -> Meaning:
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "SHARE")
    assert isinstance(one.value, Share)
    return Rate("average", one.text, share=one.value.share)


def _act(kind: str, *, is_never: bool = False) -> Build:
    def build(_parts: tuple[Meaning, ...]) -> Meaning:
        return {
            "keep": Act("keep", is_never), "drop": Act("drop", is_never), "sample": Act("sample"),
            "limit": Act("limit"),
        }[kind]  # fmt: skip

    return build


def _except(kind: str) -> Build:
    def build(parts: tuple[Meaning, ...]) -> Meaning | None:
        about = next((one for one in parts if isinstance(one, Phrase)), None)
        if about is not None and about.is_rest:
            return None
        what = about.cond if about is not None else cond(parts[-1])
        act = next((one for one in parts if isinstance(one, Act)), None)
        rate = next((one for one in parts if isinstance(one, Rate)), None)
        stays = any(isinstance(one, Leaf) and one.name == "STAYS" for one in parts)
        stays = stays or (act is not None and act.kind == "keep")
        if (
            (stays or kind == "rate")
            and rate is not None
            and rate.about == "number"
            and rate.share == _HUNDRED
        ):
            act, rate = Act("keep"), None
        if kind == "rate":
            return LeftOut("except", what, act, rate)
        if kind == "never":
            return LeftOut("except", what, Act("keep", is_never=True))
        return LeftOut(kind, what, act, rate)

    return build


def _group(parts: tuple[Meaning, ...]) -> Meaning:
    label = next((one for one in parts if isinstance(one, Label)), None)
    values = [one for one in parts if isinstance(one, Values)]
    assert label is not None
    if len(values) > 1:
        return Definition("label", label.words.lower(), equals(values[1].texts[0], values[0]))
    return Definition("label", label.words.lower(), cond(parts[-1]))


_DEFINED: Final = frozenset({"SLOW", "SUCCESSFUL", "ERROR", "QUOTED"})


def _defines_back(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "whatever takes over 2s counts as slow": the name stands last."""
    test = next((one for one in parts if isinstance(one, Phrase | Part | Test | Same | Each)), None)
    if test is None or (isinstance(test, Phrase) and (test.is_rest or test.cond == EVERY)):
        return None
    return _defines((parts[-1], test))


def _defines(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = [one for one in parts if isinstance(one, Leaf) and one.name in _DEFINED]
    if not found:
        return None
    kind = found[0]
    kinds = {"SLOW": "slow", "SUCCESSFUL": "success", "ERROR": "error"}
    name = kinds.get(kind.name)
    if name is None:
        word = str(kind.value).lower()
        name = {"slow": "slow", "successful": "success", "error": "error", "failed": "error",
                "broken": "error", "errors": "error"}.get(word, word)  # fmt: skip
        if name == word and name not in ("slow", "error"):
            return Definition("label", word, cond(parts[-1]))
    return Definition(name, name, cond(parts[-1]))


def _as_values(one: Meaning) -> Values:
    assert isinstance(one, Values)
    return one


CLAUSE_PARTS: Final[Mapping[str, Build]] = {
    "rate_share": _share,
    "rate_all_but": _all_but,
    "act_first": lambda parts: next(one for one in parts if isinstance(one, Act)),
    "rate_or": _rate("choice"),
    "rate_vague": _rate("vague"),
    "rate_bare": _bare,
    "rate_limit": _limit,
    "rate_overall": _limit,
    "rate_average": _average,
    "by_in": lambda parts: next(one for one in parts if isinstance(one, Values)),
    "by_": lambda parts: next(one for one in parts if isinstance(one, Values)),
    "by_one": lambda parts: parts[0],
    "by_more": lambda parts: Values(
        (), tuple(text for one in parts if isinstance(one, Values) for text in one.texts)
    ),
    "by_more3": lambda parts: Values(
        (), tuple(text for one in parts if isinstance(one, Values) for text in one.texts)
    ),
    "act_keep": _act("keep"),
    "act_stay": lambda _parts: Act("keep", is_loose=True),
    "act_full": lambda _parts: Act("keep", is_never=True, is_loose=True),
    "act_go": lambda _parts: Act("drop", is_loose=True),
    "act_never": _act("keep", is_never=True),
    "act_drop": _act("drop"),
    "act_not_keep": _act("drop", is_never=True),
    "act_sample": _act("sample"),
    "act_limit": _act("limit"),
    "exc_": _except("except"),
    "exc_said": _except("except"),
    "exc_rate": _except("rate"),
    "exc_never": _except("never"),
    "exc_only": _except("only"),
    "def_": _defines,
    "def_back": _defines_back,
    "correct_3": lambda parts: next(one for one in parts if isinstance(one, Rate)),
    "def_what": lambda parts: parts[0],
    "def_what_last": lambda parts: parts[-1],
    "def_field": lambda parts: Definition("field", _as_values(parts[-1]).texts[0]),
    "def_service": lambda parts: Definition("service", _as_values(parts[-1]).texts[0]),
    "def_group": _group,
    "def_label": _group,
    "field_quoted": lambda parts: Values((), (str(leaf(parts, 0).value),)),
    "field_word": lambda parts: Values((), (leaf(parts, 0).text,)),
}
