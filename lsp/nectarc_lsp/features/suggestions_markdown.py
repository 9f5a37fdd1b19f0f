"""A proposal as Markdown: what was read, with traces; what is proven; what the traffic suggests.

Owns: layout. Must not know: engines, the protocol. Truth: nectarc/propose/proposal_text.py, whose
words these are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.intent.failures import Failure
from nectarc.intent.policy_text import without_head
from nectarc.intent.records import Asks, Clause, Question, Refuses
from nectarc.propose.failing import reason_of
from nectarc.propose.outcomes import Failed
from nectarc.propose.proposals import Proposal
from nectarc.propose.saying import Said, Shown
from nectarc.prove.verdicts import CheckResult, ProveReport, Verdict
from nectarc.render.counting import counted
from nectarc.report.prove_text import about_words, small_trace_lines
from nectarc.report.words import share_words
from nectarc_lsp.features.markdown import escaped, fenced, paragraphs

_CLAUSE: Final = "invariant clause "
_ORIGINS: Final = {
    "safety": "from the project's `[safety]`",
    "answer": "from your answer",
    "policy": "from the policy",
}


def proposal_page(proposal: Proposal) -> str:
    """Return the reading, the proofs, and what the traffic suggests; or why it is refused."""
    return paragraphs(
        (
            "" if proposal.is_proven else _refused(proposal),
            _reading(proposal),
            "" if proposal.judged.report is None else _proofs(proposal.judged.report),
            _suggested(proposal),
        )
    )


def verdict_line(proposal: Proposal) -> str:
    """Return the verdict in a line, with its scope."""
    report = proposal.judged.report
    if report is None or not proposal.is_proven:
        return f"NOT PROVEN: {reason_of(proposal.judged.failures[0], proposal.intent)}"
    count = dict.fromkeys(Verdict, 0)
    for one in report.checks:
        count[one.verdict] += 1
    held = f", {count[Verdict.HOLDS]} HOLDS on the corpus" if count[Verdict.HOLDS] else ""
    return f"{count[Verdict.PROVED]} PROVED for every trace{held}"


def asks_page(asks: Asks, text: str) -> str:
    """Return what is understood so far, what is not, and the questions."""
    known = [f"- {_partly(one)}" for one in asks.partly]
    unknown = [" ".join(text[start:end].split()) for start, end in asks.not_understood]
    named = ", ".join(f"`{one}`" for one in dict.fromkeys(unknown) if one)
    return paragraphs(
        (
            "\n".join(("So far this is understood:", "", *known)) if known else "",
            f"Not understood: {named}." if named else "",
            *(_question(one) for one in asks.questions),
            "Nothing is written: a policy must not rest on a guess.",
        )
    )


def refusal_page(refusal: Refuses) -> str:
    """Say that no policy does this, and what can be done."""
    return paragraphs((refusal.reason, "\n".join(f"- {one}" for one in refusal.instead)))


def failed_page(failed: Failed) -> str:
    """Say why the engine could not be asked, and what to do."""
    help_ = failed.help[:1].upper() + failed.help[1:]
    return paragraphs((f"{failed.reason[:1].upper()}{failed.reason[1:]}.", help_))


def _question(question: Question) -> str:
    words = f"**{question.words[:1].upper()}{question.words[1:]}**"
    choices = [
        f"{number}. `{answer}`: {meaning}"
        for number, (answer, meaning) in enumerate(question.choices, start=1)
    ]
    return paragraphs((words, "\n".join(choices)))


def _partly(clause: Clause) -> str:
    said = f' ("{escaped(clause.words)}")' if clause.words else ""
    return f"{escaped(clause.name)}: `{clause.what}`{said}"


def _reading(proposal: Proposal) -> str:
    used = proposal.used
    by = "the offline engine" if used.engine == "offline" else f"Claude ({escaped(used.model)})"
    rounds = f", in {used.rounds} rounds" if used.rounds > 1 else ""
    clauses = (
        "\n".join(_clause(number, said)) for number, said in enumerate(proposal.said, start=1)
    )
    asides = (
        f'Left aside, as it asks for nothing: "{escaped(one)}"' for one in proposal.intent.asides
    )
    notes = (f"Note: {one}" for one in (*proposal.intent.notes, *proposal.notes))
    head = f"Read by {by}{rounds}; a trace goes to the first clause about it:"
    return paragraphs((head, "\n".join(clauses), *asides, *notes))


def _clause(number: int, said: Said) -> Iterator[str]:
    clause = said.clause
    words = escaped(" ".join(clause.words.split()))
    source = f'"{words}"' if words else _ORIGINS.get(clause.origin, "")
    reason = f" ({said.wins})" if said.wins else ""
    yield f"{number}. **{escaped(clause.name)}**: {source}  "
    yield f"   {said.words}{reason}"
    if said.share is not None:
        traces = counted(said.traces, "trace")
        yield f"   - decides {share_words(said.share)} of the corpus: {traces}"
    for word, shown in (("about", said.about), ("not about", said.other)):
        if shown is not None:
            yield f"   - {word}: {_trace_words(shown)}"


def _trace_words(shown: Shown) -> str:
    facts = f": {escaped(shown.facts)}" if shown.facts else ""
    origin = f"trace {escaped(shown.id)}" if shown.id else "made up: none is recorded"
    return f"{escaped(shown.words)}{facts} ({origin})"


def _refused(proposal: Proposal) -> str:
    failures = proposal.judged.failures
    reasons = (_reason(one, proposal) for one in failures)
    return paragraphs(
        (
            f"**NOT PROVEN: nothing is written.** {counted(len(failures), 'reason')}:",
            *dict.fromkeys(reasons),
            "The refused policy:",
            fenced(without_head(proposal.text), "toon"),
        )
    )


def _reason(failure: Failure, proposal: Proposal) -> str:
    trace, near = failure.counterexample, failure.passing
    return paragraphs(
        (
            f"- {reason_of(failure, proposal.intent)}",
            failure.what,
            "On this trace:" if trace is not None else "",
            fenced("\n".join(small_trace_lines(trace)), "text") if trace is not None else "",
            "But not on this one:" if near is not None else "",
            fenced("\n".join(small_trace_lines(near)), "text") if near is not None else "",
        )
    )


def _proofs(report: ProveReport) -> str:
    rows = [_row(one, report) for one in report.checks if not one.name.startswith(_CLAUSE)]
    own = [one for one in report.checks if one.name.startswith(_CLAUSE)]
    if own:
        proved = sum(one.verdict is Verdict.PROVED for one in own)
        verdict = Verdict.PROVED if proved == len(own) else Verdict.REFUTED
        words = f"{proved} of {len(own)} properties that follow from your clauses"
        rows.append(f"| {verdict.value} | your words | {words} |")
    table = "\n".join(("| verdict | check | about |", "| --- | --- | --- |", *rows))
    no_corpus = (
        ""
        if report.corpus.traces
        else "There is no corpus: what this keeps of your traffic is unknown. Load traces with"
        " `nectarc ingest TRACES`."
    )
    return paragraphs((table, no_corpus))


def _row(check: CheckResult, report: ProveReport) -> str:
    about = about_words(check, has_assumptions=bool(report.assumptions))
    return f"| {check.verdict.value} | {escaped(check.name)} | {about} |".replace("\n", " ")


def _suggested(proposal: Proposal) -> str:
    lines = [f'- {one.words}  \n  say: "{one.say}"' for one in proposal.suggestions]
    return "\n".join(("Your traffic suggests:", "", *lines)) if lines else ""
