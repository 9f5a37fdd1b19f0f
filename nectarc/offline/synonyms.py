"""The lexicon's phrases as words of the grammar: what a kind of the lexicon is called there.

Owns: the names that both have for one thing. Must not know: phrases, rules.
Truth: grammar/intent_lexicon.toml; grammar/intent.lark.

The grammar lists the words that its rules were written with; the lexicon lists, by the same kinds,
what people say besides. A word that the grammar gives a kind of its own keeps that alone: a
synonym must not open a second reading of what is said already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from nectarc.offline.lexicon import lexicon

# Kinds of the lexicon whose every phrase may stand wherever the grammar's terminal does.
_TERMINALS: Final[Mapping[str, str]] = {
    "KEEP": "KEEP", "KEPT": "KEPT", "DROP": "DROP", "DROPPED": "DROPPED", "SAMPLE": "SAMPLE",
    "SAMPLED": "SAMPLED", "LIMIT": "LIMIT", "AT_MOST": "AT_MOST", "AT_LEAST": "AT_LEAST",
    "OR_MORE": "OR_MORE", "OR_LESS": "OR_LESS", "OVER": "OVER", "UNDER_T": "UNDER",
    "REST": "REST", "REST_DET": "OTHER", "EXCEPTION": "EXCEPTION",
    "SLOW": "SLOW", "DURATION": "DURATION", "TOOK": "TOOK", "EXCEEDS": "EXCEED",
    "HEALTH": "HEALTH", "STATIC": "STATIC", "SERVICE": "SERVICE", "ROUTE_WORD": "ROUTE_WORD",
    "FIELD_WORD": "ATTRIBUTE", "STATUS_WORD": "CODE_WORD", "ROOT": "ROOT",
    "SOME_SPAN": "SOME_SPAN", "NO_SPAN": "NO_SPAN", "THERE_IS": "THERE_IS", "ONLY_IF": "ONLY_IF",
    "MANNER": "MANNER", "STAYS": "STAYS", "CAN_GO": "CAN_GO", "RETURNED": "RETURNED",
    "TOUCH": "TOUCH", "START_AT": "START_AT", "BELONGS": "BELONG", "LEAD": "LEAD",
    "MEANS": "MEANS", "AVERAGE": "AVERAGE", "ADAPT": "ADAPT", "OVERALL": "OVERALL",
    "ENOUGH": "ENOUGH", "EXCEPT": "EXCEPT", "LACKS": "HAS_NO", "BEGINS": "BEGINS",
    "ENDS": "ENDS", "CONTAINS": "CONTAINS", "IS_SET": "IS_SET", "IS_MISSING": "IS_MISSING",
}  # fmt: skip

# Verbs with all their forms, whatever else the grammar calls these: their object says which.
_VERBS: Final = frozenset(
    f"{verb}_{form}"
    for verb in ("TAKE", "PASS", "RESULT", "HOLD", "REACH", "BEGIN", "STEM", "SERVE", "FAIL",
                 "SUCCEED", "THROW")
    for form in ("V", "ING", "EN")
)  # fmt: skip


def synonyms(said: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """Return more texts with the terminals that they say; `said`: what the grammar lists."""
    known = {name for names in said.values() for name in names}
    found: dict[str, frozenset[str]] = {}
    for words, kinds in lexicon().phrases.items():
        text = " ".join(words)
        names = frozenset(_TERMINALS[kind] for kind in kinds if kind in _TERMINALS) & known
        verbs = _VERBS.intersection(kinds)
        if text in said:
            names = frozenset(said[text]) if verbs else frozenset()
        if names or verbs:
            found[text] = names | verbs
    return found
