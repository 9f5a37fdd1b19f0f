"""What one more row does to a policy: new findings, proofs that it breaks, traces that it takes.

Owns: the comparison of a policy with and without a row. Must not know: engines, editors.
Truth: docs/editor-claude.md; ../shared/design/product.md ("checked and proven before it is shown").
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from nectarc.checking import Checked, check_text
from nectarc.compare.change_effect import ChangeEffect, effect_words
from nectarc.corpus.schema import CorpusSchema
from nectarc.diagnostic import Diagnostic
from nectarc.ir.nodes import Policy
from nectarc.project import Project
from nectarc.propose.row_counts import with_counts
from nectarc.propose.row_effect import effect_of_rows
from nectarc.prove.live import LiveProofs, LiveReport
from nectarc.prove.verdicts import CheckResult, Verdict
from nectarc.proving import ToProve, questions_of
from nectarc.records import part, record
from nectarc.report.prove_text import small_trace_lines
from nectarc.source import SourceText

_REACH: Final = "rules"


@record(kw_only=True)
class RowJudged:
    """reasons: why the row must not be suggested, () where nothing speaks against it.

    verdict: what is proven of the policy with it, in a line.    text: that policy.
    """

    text: str
    verdict: str
    reasons: tuple[str, ...] = part(default=())


class RowCheck:
    """A policy without a row, and what is proven of it."""

    def __init__(
        self, base: str, file: str, project: Project, manifest: SourceText | None,
        schema: CorpusSchema | None,
    ) -> None:  # fmt: skip
        """Check the policy `base`; proofs are made when they are asked for."""
        self._file, self._project, self._manifest, self._schema = file, project, manifest, schema
        self._text = with_counts(base, file)
        self.checked = check_text(SourceText.of(file, self._text), schema)
        self._proofs = LiveProofs()
        self._before: LiveReport | None = None

    def judged(self, whole: str, names: tuple[str, ...]) -> RowJudged:
        """Judge the policy `whole`; counts are put right. names: of the new rules in it."""
        text = with_counts(whole, self._file)
        checked = check_text(SourceText.of(self._file, text), self._schema)
        new = _new_findings(self.checked, checked)
        if new or checked.policy is None or checked.has_errors:
            found = new or checked.diagnostics
            words = "; ".join(dict.fromkeys(one.headline for one in found[:3]))
            return RowJudged(text=text, verdict="", reasons=(words or "it cannot be read",))
        effect = self._effect(checked.policy, names)
        if effect is not None and effect.verdict is Verdict.PROVED:
            useless = "it changes nothing: what it asks for is done already"
            return RowJudged(text=text, verdict="", reasons=(useless,))
        before = self._report_before()
        after = self._report(text, checked)
        if after is None:
            return RowJudged(text=text, verdict="", reasons=("the policy cannot be proven",))
        reasons = (*_broken(before, after), *_dead(self.checked.policy, before, checked, after))
        return RowJudged(
            text=text,
            verdict=self._words(checked.policy, after, names, effect),
            reasons=tuple(reasons),
        )

    def _effect(self, policy: Policy, names: tuple[str, ...]) -> ChangeEffect | None:
        before = self.checked.policy
        return effect_of_rows(before, policy, names) if before is not None and names else None

    def _report_before(self) -> LiveReport | None:
        if self._before is None:
            self._before = self._report(self._text, self.checked)
        return self._before

    def _report(self, text: str, checked: Checked) -> LiveReport | None:
        one = ToProve(
            text=SourceText.of(self._file, text),
            checked=checked,
            project=self._project,
            manifest=self._manifest,
        )
        questions, _ = questions_of(one)
        if questions is None or checked.policy is None:
            return None
        return self._proofs.report(checked.policy, questions)

    @staticmethod
    def _words(
        policy: Policy, after: LiveReport, names: tuple[str, ...], effect: ChangeEffect | None
    ) -> str:
        verdicts = [one.verdict for one in after.report.checks]
        parts = [f"{verdicts.count(Verdict.PROVED)} PROVED for every trace"]
        refuted = [one for one in after.report.checks if one.verdict is Verdict.REFUTED]
        parts += [f"REFUTED, as before: {one.claim}" for one in refuted]
        rules = [rule.name for rule in policy.rules]
        unsure = [rules[number] for number in after.unsure if rules[number] in names]
        parts += [f"whether `{one}` ever decides is unknown" for one in unsure]
        if effect is not None:
            parts.append(effect_words(effect))
        return "; ".join(parts)


def _new_findings(before: Checked, after: Checked) -> tuple[Diagnostic, ...]:
    known = Counter((one.code, one.headline) for one in before.diagnostics)
    found: list[Diagnostic] = []
    for one in after.diagnostics:
        known[one.code, one.headline] -= 1
        if known[one.code, one.headline] < 0:
            found.append(one)
    return tuple(found)


def _broken(before: LiveReport | None, after: LiveReport) -> list[str]:
    """Say which claims hold no longer, or never did and are new; with the trace that shows it."""
    was = {} if before is None else {one.name: one.verdict for one in before.report.checks}
    found: list[str] = []
    for check in after.report.checks:
        if check.name == _REACH:
            continue
        old = was.get(check.name)
        is_lost = old is Verdict.PROVED and check.verdict is not Verdict.PROVED
        is_new = old is None and check.verdict is Verdict.REFUTED
        if is_lost or is_new:
            found.append(_refuted_words(check))
    return found


def _refuted_words(check: CheckResult) -> str:
    shown = check.counterexample
    if shown is None:
        return f"{check.verdict.value}: {check.claim}"
    spans = "; ".join(small_trace_lines(shown.trace)[:2])
    return f"{check.verdict.value}: {check.claim}: not so for {spans}"


def _dead(
    before: Policy | None, was: LiveReport | None, checked: Checked, after: LiveReport
) -> list[str]:
    """Say which rules no trace gets to any more."""
    old = set() if before is None or was is None else {before.rules[d.rule].name for d in was.dead}
    assert checked.policy is not None
    rules = checked.policy.rules
    found: list[str] = []
    for one in after.dead:
        name = rules[one.rule].name
        if name in old:
            continue
        above = ", ".join(f"`{rules[number].name}`" for number in one.shadows)
        why = f"{above} leave it no trace" if above else "its match never holds"
        found.append(f"`{name}` could never decide: {why}")
    return found
