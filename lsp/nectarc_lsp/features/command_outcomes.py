"""What commands say of a policy: its proof, its rules, the trace that refutes a claim.

Owns: which answer belongs to a name, the words. Must not know: the protocol, how it was found.
"""

from __future__ import annotations

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.prove.verdicts import CheckResult, Verdict
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.report.prove_text import small_trace_lines
from nectarc.source import SourceText
from nectarc.trace import Trace
from nectarc_lsp.database.knowledge import Knowledge, RuleKnowledge
from nectarc_lsp.features.markdown import escaped, fenced, paragraphs
from nectarc_lsp.features.proof_words import counterexample_text

_ALIKE = "refinery-rules"


@record(kw_only=True)
class RulesShown:
    """The rules file that a policy becomes. line: from 0, where the rule that was asked for begins.

    is_proven: to decide as the policy.  message: why there are none, or what is to be known.
    """

    text: str
    line: int
    is_proven: bool
    message: str


@record(kw_only=True)
class Page:
    """A page of Markdown."""

    title: str
    text: str


def errors_page(findings: tuple[Diagnostic, ...], text: SourceText) -> Page:
    """Return why nothing can be asked of a policy with errors."""
    errors = [one for one in findings if one.severity is Severity.ERROR]
    lines = [
        f"- line {text.position(one.source.start).line}: {one.headline} ({one.code})"
        if one.source.file == text.file
        else f"- {one.headline} ({one.code})"
        for one in errors
    ]
    title = f"nothing can be proven: the policy has {counted(len(errors), 'error')}"
    return Page(title=title, text=paragraphs((f"**{title}**", "\n".join(lines))))


def rules_shown(known: Knowledge, rule: str) -> RulesShown:
    """Return the rules; `rule` is the policy rule that is asked for, "" for none."""
    is_proven = any(one.name == _ALIKE and one.verdict is Verdict.PROVED for one in known.checks)
    message = ""
    if known.refused:
        message = f"There are no Refinery rules: {known.refused}."
    elif known.error:
        message = f"Not all could be asked: {known.error}."
    elif not is_proven and known.rules_text:
        message = "These rules are not proven to decide as the policy."
    found = known.rule(rule) if rule else None
    return RulesShown(
        text=known.rules_text,
        line=0 if found is None else _line_of(found, known.rules_text),
        is_proven=is_proven,
        message=message,
    )


def _line_of(rule: RuleKnowledge, text: str) -> int:
    """Return the line at which the first Refinery rule of a policy rule begins."""
    first = rule.refinery.partition("\n")[0].strip()
    lines = [line.strip() for line in text.split("\n")]
    return lines.index(first) if first and first in lines else 0


def counterexample_page(known: Knowledge, name: str) -> Page:
    """Return the trace that refutes the check `name`, or that the rule `name` decides.

    "" is the first check that a trace refutes.
    """
    shown = [one for one in known.checks if one.counterexample is not None]
    for check in shown:
        if name in ("", check.name):
            return _refuting(check)
    for check in shown:
        if check.counterexample is not None and check.counterexample.rule == name:
            return _refuting(check)
    rule = known.rule(name)
    if rule is not None and rule.example is not None:
        return _decided(rule.name, rule.example)
    what = f"`{name}`" if name else "any check"
    return Page(title="no counterexample", text=f"There is no trace that refutes {what}.")


def _refuting(check: CheckResult) -> Page:
    reason = check.reason[:1].upper() + check.reason[1:]
    return Page(
        title=f"Counterexample: {check.name}",
        text=paragraphs(
            (
                f"**REFUTED:** {check.claim}.",
                f"{reason}." if reason else "",
                counterexample_text(check),
            )
        ),
    )


def _decided(name: str, trace: Trace) -> Page:
    return Page(
        title=f"A trace that {name} decides",
        text=paragraphs(
            (
                f"The rule **{escaped(name)}** decides this trace:",
                fenced("\n".join(small_trace_lines(trace)), "text"),
            )
        ),
    )
