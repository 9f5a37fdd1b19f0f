"""(to be written by its owner)."""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.diagnostic import Diagnostic
from nectarc.lint.context import LintContext
from nectarc.refinery.located import LocatedRule, LocatedTarget


def check_conditions(rule: LocatedRule, target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """(to be written by its owner)."""
    yield from ()
