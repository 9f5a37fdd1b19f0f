"""What names mean that are explained beside them: "gold customers (tier = gold)", "x, i.e. y".

Owns: the functions of these aliases. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nectarc.offline.forms import METHODS
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_tests import (
    cond,
    equals,
)
from nectarc.offline.phrases import NARROWING, Definition, Part, Phrase, Values
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Non,
    Test,
    is_on_span,
    match_text,
    non,
    opens_of,
    same,
)

# Of these kinds a name must say what its explanation says: "tenant 42 (tenant_id = 42)".
_SAID_TWICE: Final = frozenset({"NUMBER", "CODE", "QUOTED", "KNOWN"})
_SUBJECTS: Final = {"HEALTH": "health", "SLOW": "slow", "SYSTEM": "system", "STATIC": "static"}


def _leaves(one: Meaning) -> Iterator[Leaf]:
    if isinstance(one, Leaf):
        yield one
    elif isinstance(one, tuple):
        for inner in one:
            yield from _leaves(inner)


def _glossed(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read a name with what it means, "gold customers (tier = gold)": it means just that."""
    meant = on_one_span(cond(parts[-1]))
    if opens_of(meant) or meant == EVERY:
        return None
    said = match_text(meant).lower()
    words = list(_leaves(parts[:-1]))
    if any(one.text.isupper() and one.text in METHODS for one in words):
        return None
    narrowing = {word for one in words for word in one.text.lower().split()} & NARROWING
    if any(not re.search(rf"\b{word}\b", said) for word in narrowing):
        return None  # but "internal users (user.internal = true)" says no more than the note
    is_list = any(one.name in ("AND", "OR") for one in words)
    twice = [one for one in words if one.name in _SAID_TWICE or (is_list and one.name == "WORD")]
    return meant if all(_text(one).lower() in said for one in twice) else None


def on_one_span(one: Cond) -> Cond:
    """Return what explains a call, "(db.system is set and error = true)": one span is all that."""
    if isinstance(one, Each) and all(map(is_on_span, one.parts)):
        return same(one.parts)
    return one


def _glossed_none(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "without a user (user.id is missing)", "without a user (user.id exists)"."""
    meant = _glossed(parts[1:])
    if meant is None:
        return None
    return Part(cond(meant) if isinstance(meant, Non) else non(cond(meant)), is_own=True)


def _glossed_least(parts: tuple[Meaning, ...]) -> Meaning | None:
    meant = _glossed(parts)
    return meant if isinstance(meant, Test) and " >= " in meant.text else None


def _glossed_over(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "bigger than a megabyte (body.size > 1048576)"."""
    meant = _glossed(parts)
    is_over = isinstance(meant, Test) and " > " in meant.text
    return meant if is_over else None


def _glossed_np(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "operations named sync (span name sync)": one thing said twice."""
    first, second = [one for one in parts if not isinstance(one, Leaf)]
    named = equals("name", first) if isinstance(first, Values) else None
    return Phrase(named) if named is not None and named == cond(second) else None


def _text(one: Leaf) -> str:
    return one.value if one.name == "QUOTED" and isinstance(one.value, str) else one.text


def _ie_np(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "purchases, i.e. POST requests to /buy": what the name leaves open is said behind it."""
    first = next(one for one in parts if isinstance(one, Phrase))
    second = cond(parts[-1])
    left = {one.about for one in opens_of(first.cond)}
    right = opens_of(second)
    if not left & {"group", "health", "static", "system", "slow"} or second == EVERY:
        return None
    if any(one.about != "error" for one in right):
        return None
    is_error = "error" in left
    return None if is_error and not right else Phrase(second, ends_open=True)


def _label_posts(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "gold customers on /ping": what nobody knows yet, and what is said of it."""
    found: list[Cond] = []
    for one in parts:
        found += _conds_of(one)
    return Phrase(same(found)) if found and EVERY not in found else None


def _conds_of(one: Meaning) -> list[Cond]:
    if isinstance(one, tuple):
        return [found for inner in one for found in _conds_of(inner)]
    return [] if isinstance(one, Leaf | Values) or one == "" else [cond(one)]


def _explains(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "gold customers (tier = gold)" as a definition of its name."""
    words = list(_leaves(parts[:-1]))
    meant = cond(parts[-1])
    if not words or opens_of(meant) or meant == EVERY:
        return None
    subject = _SUBJECTS.get(words[0].name)
    if subject is not None:
        is_its = subject == "system"
        name = f"{subject}:{words[0].text.lower()}" if is_its else subject
        return Definition("known", name, meant)
    if _glossed(parts) is None:
        return None
    return Definition("label", " ".join(one.text.lower() for one in words), meant)


def _glossed_same(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "the mobile app (client.type = mobile)": it is no service of that name."""
    words = {one.text.lower() for one in _leaves(parts[:-1])}
    meant = cond(parts[-1])
    values = meant.values if isinstance(meant, Test) else ()
    return _glossed(parts) if any(one.strip("'").lower() in words for one in values) else None


GLOSSES: Final[Mapping[str, Build]] = {
    "glossed_over": _glossed_over,
    "glossed_none": _glossed_none,
    "glossed_least": _glossed_least,
    "glossed_same": _glossed_same,
    "glossed_np": _glossed_np,
    "ie_np_": _ie_np,
    "label_posts": _label_posts,
    "label_both": _label_posts,
    "explains": _explains,
    "glossed_": _glossed,
    "gloss_": lambda parts: tuple(_leaves(parts)),
    "gword": lambda parts: parts[0],
}
