"""What is proven of a policy, in words: a state for the status bar, a page for people.

Owns: which state the checks amount to, the page. Must not know: the protocol.
Truth: ../shared/design/product.md, "A verdict says its scope in the same breath"; the words of a
check are those of `nectarc prove`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.prove.verdicts import CheckResult, Verdict
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.report.prove_text import about_words, counterexample_lines
from nectarc_lsp.database.knowledge import Knowledge, Progress
from nectarc_lsp.features.markdown import escaped, fenced, paragraphs

PROVED: Final = "proved"
REFUTED: Final = "refuted"
UNKNOWN: Final = "unknown"
# Without a corpus these have no answer, and nothing is wrong with that.
_OF_CORPUS: Final = frozenset({"budget", "assumptions"})
_PAGE_WIDTH: Final = 100


@record(kw_only=True)
class Outcome:
    """A state, a line that says why, and all of it as Markdown."""

    state: str
    headline: str
    text: str


def outcome_of(known: Knowledge) -> Outcome:
    """Say what is known."""
    state = _state(known)
    return Outcome(state=state, headline=_headline(known, state), text=page(known))


def page(known: Knowledge) -> str:
    """Return every check with its scope, and the trace that refutes it, as Markdown."""
    rows = [
        f"| {one.verdict.value} | {_cell(_sentence(one))} | {_cell(_about(one))} |"
        for one in known.checks
    ]
    table = "\n".join(("| verdict | check | about |", "| --- | --- | --- |", *rows))
    return paragraphs(
        (
            f"**Not all could be asked:** {escaped(known.error)}" if known.error else "",
            table if rows else "",
            *(counterexample_text(one) for one in known.checks),
            _rules_words(known),
            _still(known),
        )
    )


def counterexample_text(check: CheckResult) -> str:
    """Return the trace that refutes a check as Markdown, "" where there is none."""
    lines = counterexample_lines(check, width=_PAGE_WIDTH)
    return fenced("\n".join(lines), "text") if lines else ""


def refuted(checks: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the refuted checks."""
    return tuple(one for one in checks if one.verdict is Verdict.REFUTED)


def _state(known: Knowledge) -> str:
    if refuted(known.checks):
        return REFUTED
    is_open = any(
        one.verdict is Verdict.UNKNOWN and one.name not in _OF_CORPUS for one in known.checks
    )
    return UNKNOWN if is_open or known.error or not known.checks else PROVED


def _headline(known: Knowledge, state: str) -> str:
    if state == REFUTED:
        first, *others = refuted(known.checks)
        more = f" (and {counted(len(others), 'more check')})" if others else ""
        return f"REFUTED: {first.claim}{more}"
    if known.error:
        return f"not proven: {known.error}"
    if state == UNKNOWN:
        claims = (one.claim for one in known.checks if one.verdict is Verdict.UNKNOWN)
        return f"neither proven nor refuted: {next(claims, 'nothing was asked')}"
    count = dict.fromkeys(Verdict, 0)
    for one in known.checks:
        count[one.verdict] += 1
    held = f", {count[Verdict.HOLDS]} HOLDS on the corpus" if count[Verdict.HOLDS] else ""
    return f"{count[Verdict.PROVED]} PROVED for every trace{held}"


def _sentence(check: CheckResult) -> str:
    reason = check.reason
    return f"{check.claim}. {reason[:1].upper()}{reason[1:]}" if reason else check.claim


def _about(check: CheckResult) -> str:
    return about_words(check, has_assumptions=check.is_about_rules)


def _cell(text: str) -> str:
    """Return text for a cell of a table; what stands in backticks stays code."""
    return text.replace("|", "\\|").replace("\n", " ")


def _rules_words(known: Knowledge) -> str:
    if known.refused:
        return f"There are no Refinery rules: {known.refused}."
    return ""


def _still(known: Knowledge) -> str:
    match known.progress:
        case Progress.VERDICTS:
            return "" if known.error else "_The corpus is being asked._"
        case Progress.FIGURES:
            return "_The Refinery rules are being made and proven._"
        case Progress.LOWERED:
            return ""
