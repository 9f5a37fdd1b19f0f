"""Which slots make one clause, and in which order they may stand.

Owns: the rules about kinds of slots. Must not know: the chart, costs, what clauses mean.
Truth: docs/intent.md, "Clauses"; nothing here reads words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.offline.phrases import Act, LeftOut, Model, Phrase, Slot
from nectarc.offline.selectors import EVERY, Cond, Some, fields_of, opens_of

_ABOUT: Final = frozenset(
    {"np", "of_np", "of_first", "all_np", "it", "trace", "otherwise", "nothing_else"}
    | {
        "treat",
        "both",
        "former",
        "latter",
        "theirs",
        "none_np",
        "none_bare",
        "nothing_but",
        "lost_np",
    }
)
_DOES: Final = frozenset({"act", "passive", "verdict", "which", "answer", "both_verdict"})
_ELLIPTIC: Final = frozenset({"elliptic", "elliptic_not", "too_neither"})
_ONCE: Final = frozenset({"rate", "by", "if", "note", "otherwise", "adapt"})
_LONE: Final = frozenset({"only_np", "only_these"})
_BESIDE: Final = frozenset({"rate_in", "verdict_in"})
_BEHIND: Final = frozenset(
    {"exception", "note", "definition", "too", "no_matter", "regardless", "manner", "full"}
)
_OF_NOTHING: Final = frozenset({"of_np", "of_first", "act", "only", "too", "manner", "full"})
SAME: Final = frozenset({"same", "same_rate", "same_bound"})
_FRONT: Final = frozenset({"lead", "then", "plus", "let", "make", "exc_first", "reg_front"})
_BEGINS: Final = frozenset(
    {"trace", "lead", "then", "plus", "no_sampling", "of_np", "of_first", "all_np", "none_np",
     "none_bare", "nothing_but", "alike", "lost_np", "only_np", "only_these",
     "let", "make", "act", "np", "rate", "it", "otherwise", "if", "same", "same_rate", "same_bound",
     "treat", "nothing_else", "both", "theirs", "former", "latter"}
)  # fmt: skip


def fits(bag: tuple[Slot, ...], step: Slot) -> bool:
    """Whether `step` may follow the slots of an unfinished clause."""
    kinds = [one.kind for one in bag]
    kind = step.kind
    has_about = not _ABOUT.isdisjoint(kinds)
    if kind in _FRONT:
        return _FRONT.issuperset(kinds)
    if kind in _ELLIPTIC:
        # "errors may not": what it is of, and nothing else.
        return has_about and set(kinds) <= _ABOUT | {"lead", "then", "plus"}
    if not _ELLIPTIC.isdisjoint(kinds):
        return kind == "too"
    if {kind, *kinds} & {"like", "treat", "anew"}:
        return _fits_model(kinds, kind)
    if kind == "alike":
        return not set(kinds) - {"lead"}
    if kind in ("of_np", "of_first") and _FRONT.issuperset(kinds) and _is_mixed(step):
        return False  # "of the 4xx, service a is kept": a part of them
    if kind == "only" and kinds[-1:] == ["np"] and _is_mixed(bag[-1]):
        return False  # "/a, errors only": of /a?
    if kind in ("which", "exc_but"):
        return _fits_behind(bag, kind)
    alone = _fits_alone(kinds, kind)
    if kind in _BESIDE and alone and "act" in kinds:
        return _samples(bag)
    if alone is not None:
        return alone
    if kind == "correction":
        return kind not in kinds and ("rate" in kinds or not set(kinds) - {"lead"})
    if kind == "rate_again":
        return not _DOES.isdisjoint(kinds) and kind not in kinds
    if kind == "no_sampling":
        return not set(kinds) - {"lead"}
    if (kind == "note" and kinds and kinds[-1] == "exception") or _has_acted(bag, kind):
        return False
    if kind == "note" and kinds and kinds[-1] in ("np", "of_np", "all_np", "of_first"):
        inner = bag[-1].value
        return isinstance(inner, Phrase) and any(
            one.about == "group" for one in opens_of(inner.cond)
        )
    if kind in _ABOUT:
        return _fits_about(bag, step)
    if kind in SAME:
        return SAME.isdisjoint(kinds) and "rate" not in kinds
    if kind in _DOES:
        if not _DOES.isdisjoint(kinds):
            return False
        # "99 % dropped of /a": what is dropped of comes behind it.
        is_share = kind == "passive" and "rate" in kinds and not has_about
        return (
            kind == "act" or is_share or (has_about and ("rate" not in kinds or kind == "passive"))
        )
    if kind == "enough":
        return "rate" in kinds
    if kind in _BEHIND:
        return bool(kinds) and (kind not in _ONCE or kind not in kinds)
    if kind == "if":
        # "else if": what follows is no rest.
        return kind not in kinds and kinds[-1:] != ["otherwise"]
    return kind not in _ONCE or kind not in kinds


def _fits_alone(kinds: list[str], kind: str) -> bool | None:
    """Whether a slot fits that stands with few others, or behind one; None for all others."""
    if kind in _LONE:
        return set(kinds) <= {"lead"}
    if kind in _BESIDE:
        # "errors (all), /a (1 in 10)": what is kept of it, and nothing else is said of it.
        is_behind = kinds[-1:] in (["np"], ["of_np"], ["only"])
        return is_behind and set(kinds) <= {"np", "of_np", "lead", "act", "only"}
    if not (_LONE | _BESIDE).isdisjoint(kinds):
        return False
    if kind == "exception_more":
        return kinds[-1:] in (["exception"], ["exception_more"])
    return None


def _is_mixed(about: Slot) -> bool:
    """Whether it is of two kinds of things."""
    cond = about.value.cond if isinstance(about.value, Phrase) else EVERY
    kinds = {tuple(sorted(fields_of(one))) for one in cond.parts} if isinstance(cond, Some) else ()
    return len(kinds) > 1


def _samples(bag: tuple[Slot, ...]) -> bool:
    """Whether only sampling is spoken of: what is kept "(5%)" may be so much of all traffic."""
    acts = [one.value for one in bag if isinstance(one.value, Act)]
    return all(one.kind == "sample" and not one.is_never for one in acts)


def _has_acted(bag: tuple[Slot, ...], kind: str) -> bool:
    """Whether it excepts from an exception: "except /b, which is kept unless it is slow"."""
    if kind != "exception":
        return False
    left_out = [one.value for one in bag if isinstance(one.value, LeftOut)]
    return any(one.act is not None or one.rate is not None for one in left_out)


def _fits_model(kinds: list[str], kind: str) -> bool:
    """Whether it is "/b is treated like /a", or "treat /b like /a", and nothing more."""
    if "anew" in (kind, *kinds):
        return kind == "anew" not in kinds and not SAME.isdisjoint(kinds)
    if kind == "like":
        return set(kinds) <= _ABOUT | {"lead", "then", "plus"} and not _ABOUT.isdisjoint(kinds)
    return kind == "too" if kind != "treat" else _FRONT.issuperset(kinds)


def _fits_about(bag: tuple[Slot, ...], step: Slot) -> bool:
    """Whether a clause may be about what `step` says, too."""
    kinds, kind = [one.kind for one in bag], step.kind
    has_about = not _ABOUT.isdisjoint(kinds)
    if kind in ("all_np", "none_np", "lost_np", "none_bare", "of_first"):
        return _FRONT.issuperset(kinds)
    if kind == "it" and "make" in kinds:
        return False
    if kind == "of_np" and {"rate", "adapt"}.isdisjoint(kinds) and set(kinds) - _FRONT - SAME:
        return False
    if _has_all(step) and kinds and ("rate" in kinds if kind == "of_np" else kinds[-1] == "rate"):
        return False
    if kind != "of_np" and "passive" in kinds and not has_about:
        return False
    if kind in ("it", "trace") and "otherwise" in kinds and not {"act"}.isdisjoint(kinds):
        return True
    return (not has_about and "if" not in kinds) or (
        kind in ("it", "trace") and "np" not in kinds and not (_ABOUT & set(kinds) - {"otherwise"})
    )


def _has_all(step: Slot) -> bool:
    return isinstance(step.value, Phrase) and step.value.has_all


def _fits_behind(bag: tuple[Slot, ...], kind: str) -> bool:
    """Whether a slot may stand that is of the noun phrase right before it, and of nothing else."""
    last = bag[-1].value if bag else None
    if not isinstance(last, Phrase) or bag[-1].kind not in _ABOUT:
        return False
    if kind == "which":
        return {one.kind for one in bag[:-1]} <= _FRONT
    return last.cond == EVERY and not last.is_rest


def may_begin(step: Slot) -> bool:
    """Whether a clause may begin with it right behind another, without a comma."""
    return step.kind in _BEGINS


def is_of_nothing(slots: Sequence[Slot]) -> bool:
    """Whether a part of something is done something to: "of the 4xx, keep" is not all of them."""
    if slots[0].kind not in ("of_np", "of_first") or {one.kind for one in slots} - _OF_NOTHING:
        return False
    acts = [one.value for one in slots if isinstance(one.value, Act)]
    return any(one.kind in ("keep", "drop") and not one.is_never for one in acts)


def model_of(bag: Sequence[Slot]) -> Cond | None:
    """Return what another thing is to be treated like."""
    return next((one.value.cond for one in bag if isinstance(one.value, Model)), None)


def is_torn(last: Slot, step: Slot) -> bool:
    """Whether a name would be cut in two: "all with a 404 | response may be discarded"."""
    if not isinstance(last.value, Phrase):
        return False
    if last.kind == "all_np" and last.value.cond == EVERY and not last.value.is_rest:
        return True
    if not isinstance(step.value, Phrase):
        return False
    return step.kind == "np" and step.value.cond == EVERY and not step.value.is_rest
