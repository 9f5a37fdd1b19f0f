"""Whether two readings decide every trace alike: then there is nothing to ask about.

Owns: the comparison, by the prover. Must not know: English.
"""

from __future__ import annotations

from nectarc.checking import check_text
from nectarc.intent.drafts import draft_of
from nectarc.intent.policy_text import body_text
from nectarc.intent.records import Intent
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.questions import Impossible, Prover, alike_by_effect, differ
from nectarc.source import SourceText


def are_alike(one: Intent, two: Intent) -> bool:
    """Return whether it is proven that the policies of both do the same to every trace."""
    left, right = _policy(one), _policy(two)
    if left is None or right is None:
        return False
    lists = list_of_policy(left), list_of_policy(right)
    answer = differ(Prover(lists), 0, 1, alike_by_effect(*lists))
    return isinstance(answer, Impossible)


def _policy(intent: Intent) -> Policy | None:
    checked = check_text(SourceText.of("policy.toon", body_text(draft_of(intent, "reading"))))
    return None if checked.has_errors else checked.policy
