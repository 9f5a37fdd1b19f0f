"""The stages of finding out: verdicts, figures, the Refinery rules.

Owns: which question belongs to which stage, and what it adds to what is known.
Must not know: processes, the protocol. Truth: `nectarc prove`, whose checks and findings these are.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, assert_never

from nectarc.checking import Checked, check_text
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import DecisionList, list_of_policy
from nectarc.logic.questions import Found, Prover
from nectarc.logic.small_traces import made_small
from nectarc.pipeline import Lowering, lower_policy, options_of
from nectarc.project import DEFAULT_TARGET
from nectarc.records import record, replace
from nectarc.refinery.emit import emit_rules, emit_rules_of
from nectarc.refinery.lowered import Lowered
from nectarc.refinery.rules import RulesFile
from nectarc.source import SourceText
from nectarc.trace import Trace
from nectarc_lsp.background.jobs import Job, Subject
from nectarc_lsp.background.memory import Memory
from nectarc_lsp.database.knowledge import Knowledge, Progress, Reach, RuleKnowledge, Share

if TYPE_CHECKING:
    from nectarc.prove.corpus_decisions import Decisions
    from nectarc.prove.evidence import Questions
    from nectarc.prove.live import LiveReport
    from nectarc.prove.verdicts import CheckResult
    from nectarc.proving import ToProve

# What `prove` says of a rule that can never decide, and what the checker says where it sees that.
_DEAD: Final = "NEC454"
_DEAD_BY_CHECK: Final = frozenset({"NEC211", "NEC214"})
_RULES_CHECK: Final = "rules"
_SPANS_MAX: Final = 12  # a larger trace shows nobody what a rule is for


@record
class _Ready:
    """A policy without errors, and what is asked of it."""

    one: ToProve
    policy: Policy
    questions: Questions


def found_by(job: Job, memory: Memory) -> Knowledge:
    """Do the job's stage."""
    ready = _ready(job, memory)
    if isinstance(ready, str):
        return Knowledge(digest=job.subject.digest, progress=job.stage, error=ready)
    match job.stage:
        case Progress.VERDICTS:
            return _verdicts(ready, job.subject, memory)
        case Progress.FIGURES:
            return _figures(ready, job, memory)
        case Progress.LOWERED:
            return _lowered(ready, job, memory)
        case _:
            assert_never(job.stage)


def targets_of(subject: Subject) -> tuple[str, ...]:
    """Return the Refinery targets that the policy decides for; alone, it is for all."""
    environments = subject.project.environments
    path = os.path.realpath(subject.path)
    own = tuple(one.target for one in environments if os.path.realpath(one.policy) == path)
    return own or (DEFAULT_TARGET,)


def _ready(job: Job, memory: Memory) -> _Ready | str:
    """Return what to ask; or why nothing can be asked."""
    from nectarc.proving import ToProve, questions_of  # noqa: PLC0415 - brings NumPy

    subject = job.subject
    one = ToProve(
        text=SourceText.of(subject.path, subject.text),
        checked=_checked(job, memory),
        project=subject.project,
        manifest=subject.manifest,
    )
    questions, problems = questions_of(one)
    if questions is None or one.checked.policy is None:
        errors = (found for found in problems if found.severity is Severity.ERROR)
        first = next(errors, None)
        return first.headline if first is not None else "the policy has errors"
    return _Ready(one, one.checked.policy, questions)


def _checked(job: Job, memory: Memory) -> Checked:
    text = SourceText.of(job.subject.path, job.subject.text)
    if job.stage is Progress.VERDICTS:
        return memory.document(job.subject.uri).check.check(text)
    return check_text(text)


def _verdicts(ready: _Ready, subject: Subject, memory: Memory) -> Knowledge:
    from nectarc.prove.live import LiveProofs  # noqa: PLC0415

    document = memory.document(subject.uri)
    proofs, document.proofs = document.proofs or LiveProofs(), None  # kept only if all goes well
    found = proofs.report(ready.policy, ready.questions)
    document.proofs = proofs
    return Knowledge(
        digest=subject.digest,
        progress=Progress.VERDICTS,
        rules=tuple(_rules(ready.policy, found)),
        checks=found.report.checks,
        findings=_unsaid(found.report.findings, ready),
    )


def _rules(policy: Policy, found: LiveReport) -> list[RuleKnowledge]:
    names = [rule.name for rule in policy.rules]
    dead = {one.rule: tuple(names[above] for above in one.shadows) for one in found.dead}
    rules: list[RuleKnowledge] = []
    for number in file_order(policy):
        name = names[number]
        reach = Reach.UNKNOWN if number in found.unsure else Reach.POSSIBLE
        reach = Reach.NEVER if number in dead else reach
        rules.append(RuleKnowledge(name=name, reach=reach, shadowed_by=dead.get(number, ())))
    return rules


def file_order(policy: Policy) -> tuple[int, ...]:
    """Return the indices of the rules, which stand in order of decision, in order of writing."""
    rules = policy.rules
    return tuple(sorted(range(len(rules)), key=lambda index: rules[index].source.start))


def _figures(ready: _Ready, job: Job, memory: Memory) -> Knowledge:
    from nectarc.proving import prove_questions  # noqa: PLC0415

    known = _known(job)
    proved = prove_questions(ready.one, ready.questions, memory.evidence(job.subject))
    corpus = proved.ground.corpus
    rules = known.rules
    if len(corpus):
        shares = _shares(ready.policy, corpus)
        order = file_order(ready.policy)
        rules = tuple(
            replace(one, share=shares[number])
            for one, number in zip(known.rules, order, strict=True)
        )
    return replace(
        known,
        progress=Progress.FIGURES,
        rules=rules,
        checks=proved.report.checks,
        findings=_unsaid(proved.report.findings, ready),
        corpus_traces=len(corpus),
        schema=memory.counted_schema(job.subject),
    )


def _shares(policy: Policy, corpus: Decisions) -> list[Share]:
    import numpy as np  # noqa: PLC0415

    from nectarc.prove.shares import expected_share  # noqa: PLC0415

    place = corpus.rules[0].astype(np.int64)
    length = len(policy.rules)
    events = corpus.weights * corpus.span_counts
    traces = np.bincount(place, minlength=length)
    weights = np.bincount(place, corpus.weights, length)
    of_events = np.bincount(place, events, length)
    shares: list[Share] = []
    for number, rule in enumerate(policy.rules):
        kept = expected_share(rule.action)
        weight, brought = float(weights[number]), float(of_events[number])
        shares.append(
            Share(
                traces=int(traces[number]),
                of_traces=len(corpus),
                weight=weight,
                of_weight=float(corpus.weights.sum()),
                events=brought,
                of_events=float(events.sum()),
                kept_traces=None if kept is None else weight * kept,
                kept_events=None if kept is None else brought * kept,
            )
        )
    return shares


def _lowered(ready: _Ready, job: Job, memory: Memory) -> Knowledge:
    known = _known(job)
    lowering = lower_policy(ready.policy, options_of(job.subject.project))
    lowered = lowering.lowered
    known = replace(
        known,
        progress=Progress.LOWERED,
        rules=_with_examples(known.rules, ready.policy),
        findings=(*known.findings, *_unsaid(lowering.diagnostics, ready)),
        refused=_refused(lowering),
    )
    if lowered is None:
        return known
    checks, found = _checks_of_rules(ready, lowering, job.subject, memory)
    return replace(
        known,
        rules=tuple(
            replace(one, refinery="".join(emit_rules_of(one.name, lowered))) for one in known.rules
        ),
        checks=_after_reach(known.checks, checks),
        findings=(*known.findings, *_unsaid(found, ready)),
        rules_text=rules_text(lowered, job.subject),
    )


def rules_text(lowered: Lowered, subject: Subject) -> str:
    """Return the rules file that this policy alone becomes."""
    samplers = dict.fromkeys(targets_of(subject), lowered.sampler)
    return emit_rules(RulesFile(samplers=samplers))


def _checks_of_rules(
    ready: _Ready, lowering: Lowering, subject: Subject, memory: Memory
) -> tuple[tuple[CheckResult, ...], tuple[Diagnostic, ...]]:
    from nectarc.evaluate.assume import Assume  # noqa: PLC0415
    from nectarc.prove.corpus_decisions import Asked, decide_corpus  # noqa: PLC0415
    from nectarc.prove.ground import Ground  # noqa: PLC0415
    from nectarc.prove.rules_alike import PROVEN_ALIKE, check_assumptions  # noqa: PLC0415

    lowered = lowering.lowered
    if lowered is None or not lowering.is_exact:
        return (), ()
    asked = Asked(lists=(ready.policy,), assume=Assume.of(lowered.assumptions))
    evidence = memory.evidence(subject)
    rules = list_of_policy(ready.policy)
    ground = Ground(
        policy=ready.policy,
        rules=rules,
        prover=Prover((rules,)),
        corpus=decide_corpus(evidence.corpus, asked),
        must_keep=decide_corpus(evidence.must_keep, asked),
        root=evidence.root,
    )
    assumed, found = check_assumptions(ground, lowered)
    return (PROVEN_ALIKE, assumed), found


def _after_reach(
    checks: Sequence[CheckResult], more: Sequence[CheckResult]
) -> tuple[CheckResult, ...]:
    """Put the checks of the rules where `prove` has them."""
    names = [one.name for one in checks]
    at = names.index(_RULES_CHECK) + 1 if _RULES_CHECK in names else len(names)
    return (*checks[:at], *more, *checks[at:])


def _with_examples(rules: tuple[RuleKnowledge, ...], policy: Policy) -> tuple[RuleKnowledge, ...]:
    """Add a small trace to each rule that can decide one."""
    decisions = list_of_policy(policy)
    prover = Prover((decisions,))
    examples = (
        None if one.reach is Reach.NEVER else _example(number, decisions, prover)
        for number, one in zip(file_order(policy), rules, strict=True)
    )
    return tuple(
        replace(one, example=example) for one, example in zip(rules, examples, strict=True)
    )


def _example(number: int, decisions: DecisionList, prover: Prover) -> Trace | None:
    answer = prover.find({0: (number,)})
    if not isinstance(answer, Found) or len(answer.trace.spans) > _SPANS_MAX:
        return None

    def is_decided(trace: Trace) -> bool:
        return decisions.decide(trace) == number

    return made_small(answer.trace, is_decided)


def _refused(lowering: Lowering) -> str:
    if lowering.lowered is not None:
        return ""
    errors = (one for one in lowering.diagnostics if one.severity is Severity.ERROR)
    first = next(errors, None)
    return first.headline if first is not None else "the policy has no Refinery rules"


def _unsaid(findings: Sequence[Diagnostic], ready: _Ready) -> tuple[Diagnostic, ...]:
    """Leave out what the checker has said already, and what is about no place of the policy."""
    said = ready.one.checked.diagnostics
    dead = [one.source for one in said if one.code in _DEAD_BY_CHECK]
    return tuple(
        one
        for one in dict.fromkeys(findings)
        if one not in said
        and not (
            one.code == _DEAD
            and any(place.start < one.source.end and one.source.start < place.end for place in dead)
        )
    )


def _known(job: Job) -> Knowledge:
    assert job.known is not None
    return job.known
