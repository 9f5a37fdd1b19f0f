"""Proving one policy of a run.

Owns: what `prove` and `explain` have in common. Must not know: output.
"""

from __future__ import annotations

from nectarc.checking import Checked
from nectarc.cli.environments import Opened
from nectarc.cli.evidence import Traces
from nectarc.diagnostic import Diagnostic
from nectarc.pipeline import Lowering, Source
from nectarc.prove.verdicts import ProveReport
from nectarc.proving import ToProve, prove_policy


def prove_source(  # noqa: PLR0913 - what a run has at hand, and two choices
    source: Source,
    checked: Checked,
    opened: Opened,
    traffic: Traces,
    *,
    seed: int = 0,
    lowering: Lowering | None = None,
) -> tuple[ProveReport | None, tuple[Diagnostic, ...]]:
    """Prove one policy; None with its findings when it has errors. Arguments: `prove_policy`."""
    project = opened.project
    assert project is not None
    one = ToProve(text=source.text, checked=checked, project=project, manifest=opened.manifest)
    evidence = traffic.evidence(project.traces_per_second)
    proved, found = prove_policy(one, evidence, seed=seed, lowering=lowering)
    return None if proved is None else proved.report, found
