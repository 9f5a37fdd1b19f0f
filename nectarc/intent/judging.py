"""Whether a draft may be shown as proven: read, typed, lowered, and asked every promise.

Owns: `Setting`, `Failure`, `Judged`, the order of the judgement. Must not know: engines, terminals,
where traces lie. Truth: docs/intent.md; ../shared/design/product.md (`propose`).
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.checking import Checked
from nectarc.intent.drafts import Draft
from nectarc.intent.records import Promise
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.pipeline import CompileOptions
from nectarc.prove.evidence import Evidence
from nectarc.prove.verdicts import ProveReport
from nectarc.records import part, record
from nectarc.trace import Trace


@record(kw_only=True)
class Setting:
    """What a draft is judged in.

    vocabulary: of the corpus. safety: of the manifest. evidence: the traffic.
    lowering:   the target and the assumptions of the manifest.
    """

    vocabulary: Vocabulary = part(default=Vocabulary())
    safety: SafetyWords = part(default=SafetyWords())
    evidence: Evidence = part(default=Evidence())
    lowering: CompileOptions = part(default=CompileOptions())


@record(kw_only=True)
class Failure:
    """One reason why a draft is not proven.

    rule:     the rule that decides the counterexample, or that a finding is about; "" for none.
    claim:    what should hold, or the headline of a finding, in words.
    what:     what happens instead, in words.
    counterexample: a minimal trace on which the claim fails; None for findings.
    passing:  a trace near it on which the claim holds; None where none was found.
    """

    rule: str
    claim: str
    what: str
    counterexample: Trace | None = None
    passing: Trace | None = None


@record(kw_only=True)
class Judged:
    """A draft, judged.

    text:     the policy's text, formatted.
    report:   the proofs; None where the text could not be read or has errors.
    failures: why it may not be written; none when it is proven.
    """

    draft: Draft
    text: str
    checked: Checked
    report: ProveReport | None
    failures: tuple[Failure, ...]

    @property
    def is_proven(self) -> bool:
        """Whether nothing stands against writing it."""
        return not self.failures


def judge(draft: Draft, promises: Sequence[Promise], setting: Setting) -> Judged:
    """Judge `draft` against the promises, the project's safety and what every policy must do."""
    raise NotImplementedError
