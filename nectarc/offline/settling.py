"""What definitions, answers and the project's safety put into the clauses that were put together.

Owns: filling in what was left open. Must not know: how clauses were put together, who wins.
Truth: docs/intent.md, "Putting together".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nectarc.intent.vocabulary import SafetyWords
from nectarc.offline.complements import complement
from nectarc.offline.composition import Composed, Item
from nectarc.offline.meanings_conditions import rooted
from nectarc.offline.selectors import (
    Cond,
    Each,
    Non,
    Open,
    Test,
    Whole,
    filled,
    non,
    opens_of,
    some,
    with_tests,
)
from nectarc.records import replace


def settled(
    composed: Composed, safety: SafetyWords, answers: Mapping[str, Cond]
) -> tuple[Item, ...]:
    """Return the items with what definitions, answers and the project's safety say put in."""
    defined = dict(composed.definitions)
    error = defined.get("error", error_of(safety))
    known: dict[str, Cond] = {"error": error, "success": non(error)}
    subjects = ("slow", "success", "health", "static")
    known |= {name: cond for name, cond in defined.items() if name in subjects or ":" in name[1:-1]}
    known |= answers
    items = [
        replace(item, cond=_filled(_filled(item.cond, known, defined), known, defined))
        for item in composed.items
    ]
    field = defined.get("field:")
    if isinstance(field, Test):
        items = [replace(item, cond=_renamed(item.cond, field.text)) for item in items]
    if not any(item.is_rest for item in items) and any(item.cond == error for item in items):
        # What fails and what does not: together they are everything.
        items = [replace(one, is_rest=True) if one.cond == non(error) else one for one in items]
    if not any(item.is_rest for item in items):
        # "keep what isn't a GET, GETs at 5 %": one is of all that the other is not of.
        conds = [item.cond for item in items]
        items = [
            replace(one, is_rest=True) if isinstance(one.cond, Non) and non(one.cond) in conds
            else one
            for one in items
        ]  # fmt: skip
    if not any(item.is_rest for item in items):
        # "over 5 spans: keep, up to 5 spans: 1 %", "under 1 s, 1 s to 5 s, over 5 s".
        left = complement(item.cond for item in items)
        items = [replace(one, is_rest=True) if one.cond == left else one for one in items]
    if not any(item.is_rest for item in items):
        # What is "neither 5xx nor 4xx" is all that the clauses about these leave.
        conds = [item.cond for item in items]
        items = [
            replace(one, is_rest=True)
            if isinstance(one.cond, Each)
            and all(isinstance(part, Non) and part.inner in conds for part in one.cond.parts)
            else one
            for one in items
        ]  # fmt: skip
    return tuple(items)


def _renamed(cond: Cond, field: str) -> Cond:
    """Return `cond` with `field` where its last word was said: "plan=pro", "it is user.plan"."""
    short = field.rpartition(".")[2]

    def named(one: Test) -> Test:
        rest = one.text.removeprefix(f"{short} ")
        is_its = one.field == short and rest != one.text
        return Test(f"{field} {rest}", field, one.values) if is_its else one

    return with_tests(cond, named)


def error_of(safety: SafetyWords) -> Cond:
    """Return what an error is: the project's own words, else a 5xx or a span marked so."""
    if not safety.is_given:
        return some([Test("http.status >= 500", "http.status"), Test("error == true", "error")])
    parts = safety.error.split(" || ")
    if any("(" in one or "&&" in one or one.startswith(("!", "root.")) for one in parts):
        return Whole(f"({safety.error})")
    return some(Test(one.strip(), one.split(" ", 1)[0]) for one in parts)


# What stands behind a name and says no more than the name: "critical services", "gold customers".
_SAYS_NO_MORE: Final = re.compile(
    r"(?: (?:services?|customers?|users?|tenants?|accounts?|clients?|traffic|traces?|requests?"
    r"|calls?|routes?|endpoints?|paths?|jobs?|ones|group|groups|apps?|environments?|regions?|plans?))+$"
)


def _by_name(defined: Mapping[str, Cond], words: str) -> Cond | None:
    """Return what is defined under the name, whatever general nouns stand behind either."""
    said = _SAYS_NO_MORE.sub("", f" {words.lower()}").strip()
    found = {
        cond for name, cond in defined.items()
        if said and _SAYS_NO_MORE.sub("", f" {name}").strip() == said
    }  # fmt: skip
    return found.pop() if len(found) == 1 else None


def _filled(cond: Cond, known: Mapping[str, Cond], defined: Mapping[str, Cond]) -> Cond:
    filling: dict[Open, Cond] = {}
    for one in opens_of(cond):
        about = one.about.removeprefix("root.")
        found = known.get(f"{about}:{one.words.lower()}") or known.get(about)
        if about == "group":
            found = (
                defined.get(one.words.lower().removesuffix("s"))
                or defined.get(one.words.lower())
                or _by_name(defined, one.words)
                or found
            )
        if found is not None and about != one.about:
            found = rooted(found)
        if found is not None:
            filling[one] = found
    return filled(cond, filling)
