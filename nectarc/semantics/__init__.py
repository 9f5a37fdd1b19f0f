"""Names, types, units and plain quantifiers: the checker and its lints."""

from nectarc.semantics.check import CheckedMatch, check, check_match, check_policy
from nectarc.semantics.options import CheckOptions, CorpusSchema
from nectarc.semantics.policy_parts import CheckedPolicy, Invariant

__all__ = [
    "CheckOptions",
    "CheckedMatch",
    "CheckedPolicy",
    "CorpusSchema",
    "Invariant",
    "check",
    "check_match",
    "check_policy",
]
