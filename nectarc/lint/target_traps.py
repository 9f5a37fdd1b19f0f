"""All traps of one target: its samplers, its keys, its rules as wholes.

Owns: which checks there are. Must not know: conditions; what other targets do.
Truth: ../shared/reference/refinery-semantics.md, 8.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.diagnostic import Diagnostic
from nectarc.lint.context import LintContext
from nectarc.lint.process_exits import check_exits
from nectarc.lint.rule_names import check_rules_as_wholes
from nectarc.lint.rule_rates import check_rates
from nectarc.lint.sampler_keys import check_keys
from nectarc.lint.sampler_traps import check_samplers
from nectarc.lint.shared_samplers import check_shared_samplers
from nectarc.refinery.located import LocatedTarget


def check_target(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Report what a target does that its writer may not know of."""
    yield from check_exits(target, context)
    yield from check_rates(target, context)
    yield from check_rules_as_wholes(target, context)
    yield from check_samplers(target, context)
    yield from check_shared_samplers(target, context)
    yield from check_keys(target, context)
