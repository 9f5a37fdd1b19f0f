"""The grammar of intents is one that Lark takes, though the chart that reads by it is ours."""

from __future__ import annotations

import lark

from nectarc.grammars import shipped_text
from nectarc.offline.grammar import grammar


def test_lark_reads_the_grammar_and_finds_the_same_rules() -> None:
    read = lark.Lark(shipped_text("intent.lark"), parser="earley", lexer="basic", start="start")

    found = {str(rule.origin.name) for rule in read.rules}

    # Lark leaves out rules that nothing leads to from `start`.
    assert found <= set(grammar().productions)
    assert {"slot", "np", "rate", "condition_list", "definition"} <= found
