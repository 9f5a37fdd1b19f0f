"""From policy texts to Refinery rules and a lock: the whole compiler, without a disk.

Owns: the order of the stages over several environments. Must not know: files, terminals.
Truth: docs/language.md, section 6; docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from nectarc import __version__
from nectarc.checking import Checked, check_text
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.ir.nodes import Policy
from nectarc.ir.verify import verify_policy
from nectarc.ir.walk import tests_of
from nectarc.lock import (
    Lock,
    LockedEnvironment,
    LockedProof,
    LockedRule,
    md5_of,
    render_lock,
    sha256_of,
)
from nectarc.logic.equivalence import (
    Equivalence,
    NotProven,
    ProvenAlike,
    ProvenDifferent,
    prove_alike,
    prove_keeps_as_much,
)
from nectarc.lowering.approximate import approximate
from nectarc.lowering.arrange import rules_limit
from nectarc.lowering.crosscheck import cross_check
from nectarc.lowering.lower import lower
from nectarc.lowering.refuse import refusals
from nectarc.project import Project
from nectarc.records import record
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import RulesConfig, RulesFile, TargetSampler
from nectarc.refinery.targets import TARGETS, Target
from nectarc.semantics.options import CorpusSchema
from nectarc.source import SourceText

ALL_ASSUMPTIONS: Final = frozenset(AssumptionKind)
_GROWTH_WARNED: Final = 2
_CLAIMS: Final = {
    True: "the rules decide as the policy, for every trace that meets the assumptions",
    False: "the rules keep no less than the policy, for every trace that meets the assumptions",
}


@record
class Source:
    """One environment: a Refinery target and the text of its policy.

    path: how the lock names the policy: relative to the project, with forward slashes.
    """

    target: str
    text: SourceText
    path: str


@record(kw_only=True)
class CompileOptions:
    """What a compilation may do.

    assume:         the assumptions that lowering may make.
    keep_more:      choose rules that keep a superset where nothing is exact.
    """

    target: str = "refinery-3"
    assume: frozenset[AssumptionKind] = ALL_ASSUMPTIONS
    keep_more: bool = False
    schema: CorpusSchema | None = None


@record
class Lowering:
    """How far the lowering of one policy came.

    lowered:  None when it was refused; the diagnostics say why. Otherwise it is proven.
    traces:   on how many boundary traces the plain evaluators compared rules and policy besides.
    is_exact: they decide alike; else the rules keep at least what the policy keeps.
    """

    lowered: Lowered | None
    diagnostics: tuple[Diagnostic, ...] = ()
    traces: int = 0
    is_exact: bool = True


@record
class CompiledEnvironment:
    """One environment as far as it came; `lowering` None when the policy has errors."""

    source: Source
    checked: Checked
    lowering: Lowering | None

    @property
    def lowered(self) -> Lowered | None:
        """The rules of the environment, if it came so far."""
        return self.lowering.lowered if self.lowering is not None else None


@record
class Compiled:
    """The result. `rules` and `lock` are texts, None when some environment has errors."""

    environments: tuple[CompiledEnvironment, ...]
    file: RulesFile | None
    rules: str | None
    lock: str | None
    diagnostics: tuple[Diagnostic, ...]


def options_of(project: Project, *, keep_more: bool = False) -> CompileOptions:
    """Return the compile options that the project asks for."""
    assume = frozenset(AssumptionKind(word) for word in project.assume)
    return CompileOptions(target=project.target, assume=assume, keep_more=keep_more)


def compile_sources(sources: Sequence[Source], options: CompileOptions) -> Compiled:
    """Compile every environment into one rules file. Raises InternalError on our own defects."""
    diagnostics: list[Diagnostic] = []
    environments: list[CompiledEnvironment] = []
    for source in sources:
        environment, found = _compile_one(source, options)
        environments.append(environment)
        diagnostics.extend(found)
    # One policy for several targets says its findings once.
    unique = tuple(dict.fromkeys(diagnostics))
    samplers: dict[str, TargetSampler] = {}
    for environment in environments:
        if environment.lowered is not None:
            samplers[environment.source.target] = environment.lowered.sampler
    if len(samplers) < len(environments) or not environments:
        return Compiled(tuple(environments), None, None, None, unique)
    file = RulesFile(samplers=samplers)
    rules = emit_rules(file)
    lock = render_lock(_lock(environments, rules, options))
    return Compiled(tuple(environments), file, rules, lock, unique)


def lower_policy(policy: Policy, options: CompileOptions) -> Lowering:
    """Lower a checked policy, prove the rules, and compare both on boundary traces.

    Raises InternalError when they differ: a defect of nectarc, whatever the policy says.
    """
    verify_policy(policy)
    unreadable = tuple(_unreadable(policy, TARGETS[options.target]))
    if unreadable:
        return Lowering(None, unreadable)
    found = lower(policy, options.assume)
    if isinstance(found, Lowered):
        bounded, diagnostics = _bounded(policy, found)
        if bounded is None:
            return Lowering(None, diagnostics)
        unproven = refuse_unproven(policy, prove_alike(policy, bounded))
        if unproven is not None:
            return Lowering(None, (*diagnostics, unproven))
        return Lowering(bounded, diagnostics, cross_check(policy, bounded).traces)
    rough = approximate(policy, options.assume) if options.keep_more else None
    if rough is None:
        return Lowering(None, refusals(policy, found, options.assume))
    unproven = refuse_unproven(policy, prove_keeps_as_much(policy, rough.lowered))
    if unproven is not None:
        return Lowering(None, (*rough.diagnostics, unproven))
    return Lowering(rough.lowered, rough.diagnostics, rough.traces, is_exact=False)


def _compile_one(
    source: Source, options: CompileOptions
) -> tuple[CompiledEnvironment, tuple[Diagnostic, ...]]:
    checked = check_text(source.text, options.schema)
    if checked.policy is None or checked.has_errors:
        return CompiledEnvironment(source, checked, None), checked.diagnostics
    lowering = lower_policy(checked.policy, options)
    found = (*checked.diagnostics, *lowering.diagnostics)
    return CompiledEnvironment(source, checked, lowering), found


def refuse_unproven(policy: Policy, answer: Equivalence) -> Diagnostic | None:
    """Refuse rules that nothing was proven of. Raises InternalError for rules proven wrong."""
    match answer:
        case ProvenAlike():
            return None
        case ProvenDifferent(trace, policy_rule, refinery_rule):
            spans = "; ".join(str(dict(span.fields)) for span in trace.distinct_spans)
            raise InternalError(
                f"the rules of policy `{policy.name}` decide `{refinery_rule}` where the policy"
                f" decides `{policy_rule}`, on a trace of {len(trace.spans)} with the spans {spans}"
            )
        case NotProven(reason):
            return finding(
                "NEC308",
                policy.rules[0].match.source,
                "the rules could not be proven to decide as the policy",
                why=f"{reason}; rules that are not proven are not written",
                help="ask with a simpler pattern, and report the policy: this is a gap of nectarc",
            )
        case _:
            assert_never(answer)


def _unreadable(policy: Policy, target: Target) -> Iterator[Diagnostic]:
    """Refuse span fields whose names mean something else, or nothing, in Refinery's conditions."""
    for rule in policy.rules:
        names = dict.fromkeys(
            name for test in tests_of(rule.match) for name in test.field.spellings
        )
        for name in names:
            if name.startswith(target.special_prefixes):
                why = "there such a name means a field of the root span, or a computed one"
            elif name in target.hidden_fields:
                why = "whether it is there depends on the way that the span took to the node"
            else:
                continue
            yield finding(
                "NEC307",
                rule.match.source,
                f"no condition of Refinery reads a span field named `{name}`",
                why=why,
                help="ask with `root.`, `has_root` or `is_root`, or rename the field in the sender",
            )


def _bounded(policy: Policy, lowered: Lowered) -> tuple[Lowered | None, tuple[Diagnostic, ...]]:
    """Warn of, or refuse, rules that are many more than the policy's (docs/language.md, 6)."""
    count = len(lowered.sampler.rules) if isinstance(lowered.sampler, RulesConfig) else 1
    own = len(policy.rules)
    if count <= _GROWTH_WARNED * own:
        return lowered, ()
    parts = {origin.rule: origin.parts for origin in lowered.origins}
    worst = max(policy.rules, key=lambda rule: parts.get(rule.name, 0))
    names = ", ".join(
        f"`{name}` ({number})"
        for name, number in sorted(parts.items(), key=lambda item: -item[1])[:3]
        if number > 1
    )
    is_refused = count > rules_limit(policy)
    growth = finding(
        "NEC302" if is_refused else "NEC301",
        worst.match.source,
        f"{own} policy rules become {count} Refinery rules",
        label=f"this rule becomes {parts.get(worst.name, 1)} rules",
        why=f"most come from {names}; Refinery tries rules one by one for every trace",
        help="ask with fewer alternatives, or put rules that are negated elsewhere first",
    )
    return (None if is_refused else lowered), (growth,)


def _lock(environments: Sequence[CompiledEnvironment], rules: str, options: CompileOptions) -> Lock:
    return Lock(
        nectarc=__version__,
        target=options.target,
        refinery=TARGETS[options.target].refinery,
        assume=tuple(kind.value for kind in AssumptionKind if kind in options.assume),
        rules_sha256=sha256_of(rules),
        rules_md5=md5_of(rules),
        environments=tuple(_locked(one) for one in environments),
    )


def _locked(environment: CompiledEnvironment) -> LockedEnvironment:
    lowering, policy = environment.lowering, environment.checked.policy
    assert lowering is not None
    assert policy is not None
    lowered = lowering.lowered
    assert lowered is not None
    text = environment.source.text
    lines = {rule.name: text.position(rule.source.start).line for rule in policy.rules}
    names = (
        [rule.name for rule in lowered.sampler.rules if rule is not None]
        if isinstance(lowered.sampler, RulesConfig)
        else [policy.rules[0].name]
    )
    return LockedEnvironment(
        target=environment.source.target,
        policy=environment.source.path,
        policy_sha256=sha256_of(text.text),
        assumptions=lowered.assumptions,
        rules=tuple(
            LockedRule(name=name, origin=origin, line=lines[origin.rule])
            for name, origin in zip(names, lowered.origins, strict=True)
        ),
        traces=lowering.traces,
        is_exact=lowering.is_exact,
        proofs=(LockedProof(claim=_CLAIMS[lowering.is_exact]),),
    )
