"""The language of an RE2 pattern.

Owns: the way from the pattern to its table. Must not know: who searches it.
Truth: ../shared/reference/proof-method.md, section 5; google-re2 decides what a pattern means.
"""

from __future__ import annotations

from functools import lru_cache

from nectarc.automata.determinise import search_table
from nectarc.automata.language import Language, Unsupported
from nectarc.automata.nfa import make_nfa
from nectarc.automata.regex_parser import parse_pattern


@lru_cache(maxsize=512)
def regex_language(pattern: str) -> Language | Unsupported:
    """Return the language of the texts in which RE2 finds `pattern`; see `languages.regex`."""
    tree = parse_pattern(pattern)
    if isinstance(tree, Unsupported):
        return tree
    nfa = make_nfa(tree)
    if isinstance(nfa, Unsupported):
        return nfa
    return Language(("regex", pattern), search_table(nfa))
