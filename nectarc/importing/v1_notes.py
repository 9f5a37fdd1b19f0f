"""What is said about rules of Refinery 1.x: how 2.x reads them, and what is left behind.

Owns: the words. Must not know: how rules are decoded.
Truth: Refinery's release notes for 2.0; ../shared/reference/refinery-semantics.md, section 10.
"""

from __future__ import annotations

from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label, Severity
from nectarc.records import replace
from nectarc.source import SourceSpan

_READ_OTHERWISE: Final = "NEC598"
_LEFT_BEHIND: Final = "NEC599"
_RELATED_MAX: Final = 4
_NO_START: Final = "Refinery 1.x does not start with it"


class Notes:
    """Gathers notes; what is said twice of one file is said once, with all its places."""

    def __init__(self) -> None:
        """Begin without any."""
        self._found: dict[tuple[str, str], tuple[Diagnostic, list[SourceSpan]]] = {}

    def add(self, note: Diagnostic) -> None:
        """Add `note`, as another place of an equal one where there is one."""
        _, places = self._found.setdefault((note.code, note.headline), (note, []))
        if note.source not in places:
            places.append(note.source)

    def all(self) -> tuple[Diagnostic, ...]:
        """Return the notes in the file's order."""
        merged = (
            replace(note, related=tuple(Label(at, "here, too") for at in places[1:_RELATED_MAX]))
            for note, places in self._found.values()
        )
        return tuple(sorted(merged, key=lambda note: note.source.start))


def counts_spans(kind: str, goal: str, source: SourceSpan) -> Diagnostic:
    """Of a dynamic sampler, at its goal."""
    is_throughput = kind == "TotalThroughputSampler"
    return finding(
        _READ_OTHERWISE,
        source,
        f"`{kind}` counts spans in 2.x, it counts traces in 1.x",
        label="a goal for spans in 2.x" if is_throughput else "an average over spans in 2.x",
        why="the same goal keeps a smaller share of long traces than before",
        help=f"multiply `{goal}` by the number of spans of a usual trace"
        if is_throughput
        else "compare what is kept in a dry run before you rely on the rate",
    )


def tracks_fewer_keys(kind: str, source: SourceSpan) -> Diagnostic:
    """Of a sampler without a limit of keys."""
    return finding(
        _READ_OTHERWISE,
        source,
        f"`{kind}` tracks 500 keys in 2.x, any number in 1.x",
        label="no `MaxKeys` above 0",
        why="traces with further keys are all kept",
        help="write `MaxKeys: -1` for no limit",
    )


def key_field_moves(field: str, source: SourceSpan) -> Diagnostic:
    """Of `AddSampleRateKeyToTrace: true`."""
    was = f", not to `{field}`" if field else ""
    return finding(
        _LEFT_BEHIND,
        source,
        f"the sampler's key goes to `meta.refinery.sample_key` in 2.x{was}",
        label="left out of the rules",
        help="set `AddRuleReasonToTrace: true` under `RefineryTelemetry` in the main configuration",
        severity=Severity.HINT,
    )


def dry_run_moves(source: SourceSpan, *, is_on: bool) -> Diagnostic:
    """Of `DryRun` at the top."""
    return finding(
        _LEFT_BEHIND,
        source,
        "`DryRun: true` is no part of rules in 2.x, so these rules drop for real"
        if is_on
        else "`DryRun` is no part of rules in 2.x",
        label="left out of the rules",
        help="set `DryRun: true` under `Debugging` in the main configuration"
        if is_on
        else "leave it out, or set it under `Debugging` in the main configuration",
        severity=None if is_on else Severity.HINT,
    )


def dry_run_field_is_fixed(source: SourceSpan) -> Diagnostic:
    """Of `DryRunFieldName`."""
    return finding(
        _LEFT_BEHIND,
        source,
        "a dry run's field is always `meta.refinery.dryrun.kept` in 2.x",
        label="left out",
        help="use that name in queries",
        severity=Severity.HINT,
    )


def names_are_exact(source: SourceSpan) -> Diagnostic:
    """Of the targets' names."""
    return finding(
        _READ_OTHERWISE,
        source,
        "names of targets count letter by letter in 2.x, 1.x ignores upper and lower case",
        label="matched in any case by 1.x",
        why="data of a target spelled otherwise gets the default sampler",
        help="spell each name as the environment or dataset is spelled",
    )


def missing_field_holds(field: str, source: SourceSpan) -> Diagnostic:
    """Of a comparison with `Datatype: string`."""
    return finding(
        _READ_OTHERWISE,
        source,
        f"a span without `{field}` satisfies this in 2.x, it does not in 1.x",
        label="compares the text `<nil>` there",
        why="2.x compares a missing field as the text `<nil>` under `Datatype: string`",
        help="leave `Datatype` out, or add a condition that the field exists",
    )


def order_is_untyped(source: SourceSpan) -> Diagnostic:
    """Of `>=` with `Datatype: string`, which 1.x forgets."""
    return finding(
        _READ_OTHERWISE,
        source,
        "`>=` compares texts in 2.x, in 1.x it ignores `Datatype: string`",
        label="compares numbers with numbers in 1.x",
        why="`9` is above `10` as a text",
    )


def false_holds(field: str, source: SourceSpan) -> Diagnostic:
    """Of `Datatype: bool` that asks for a false value."""
    return finding(
        _READ_OTHERWISE,
        source,
        f"a false `{field}` satisfies this in 2.x, in 1.x nothing does",
        label="`Datatype: bool` in 1.x sees true values only",
        why="the rule never fires in 1.x, and fires in 2.x",
    )


def operator_is_new(operator: str, source: SourceSpan) -> Diagnostic:
    """Of an operator that 2.x brought."""
    return finding(
        _READ_OTHERWISE,
        source,
        f"2.x knows the operator `{operator}`, 1.x does not",
        label="never true in 1.x",
        why="the rule never fires in 1.x, and fires in 2.x",
    )


def setting_is_new(name: str, source: SourceSpan) -> Diagnostic:
    """Of a setting that 2.x brought."""
    return finding(
        _READ_OTHERWISE,
        source,
        f"2.x reads `{name}`, 1.x does not",
        label="no effect in 1.x",
        help="leave it out to keep what 1.x does",
    )


def field_is_special(field: str, source: SourceSpan) -> Diagnostic:
    """Of `root.` names and computed fields."""
    what = "counts the spans" if field.startswith("?.") else "asks the root span"
    return finding(
        _READ_OTHERWISE,
        source,
        f"`{field}` {what} in 2.x, in 1.x it is an ordinary field",
        label="a field that no span has, in 1.x",
    )


def parent_field_is_unsure(field: str, source: SourceSpan) -> Diagnostic:
    """Of `trace.parent_id` in a condition."""
    return finding(
        _READ_OTHERWISE,
        source,
        f"`{field}` is missing in 3.x on spans that came through a peer",
        label="always there in 1.x",
        why="the same trace can match on one node and not on another",
        help="ask the root span with a name like `root.http.route`",
    )


def never_fires(cause: str, source: SourceSpan) -> Diagnostic:
    """Of a rule with a condition that 1.x never finds true; `cause` says why."""
    return finding(
        _LEFT_BEHIND,
        source,
        f"a rule is left out, as {cause}, so it never fires",
        label="never true in 1.x, refused by 2.x",
        help="correct the condition and import again, or remove the rule",
    )


def scope_is_unknown(scope: str, source: SourceSpan) -> Diagnostic:
    """Of a scope that is none: 1.x takes the rule as matching."""
    return finding(
        _LEFT_BEHIND,
        source,
        f"the conditions of a rule are left out, as `{scope}` is no scope",
        label="1.x logs it and lets every trace match",
        help="write `trace` or `span`",
    )


def datatype_is_unknown(datatype: str, source: SourceSpan) -> Diagnostic:
    """Of a datatype that is none."""
    return finding(
        _LEFT_BEHIND,
        source,
        f"`{datatype}` is no datatype, so the condition compares untyped",
        label="1.x logs it and ignores it",
        help="write `string`, `int`, `float` or `bool`",
    )


def rule_sampler_is_unusable(source: SourceSpan) -> Diagnostic:
    """Of a rule's sampler that 1.x cannot make."""
    return finding(
        _LEFT_BEHIND,
        source,
        "a rule keeps all its traces, as its sampler is none that a rule can have",
        label="1.x logs it and keeps every trace",
        help="name a `DynamicSampler`, `EMADynamicSampler` or `TotalThroughputSampler`",
    )


def sampler_is_not_read(key: str, source: SourceSpan, *, drops: bool) -> Diagnostic:
    """Of `sampler.X` or `downstream` in a rule: no release of 1.x reads it."""
    effect = "so the rule drops: it has no rate" if drops else "so the rule's own rate decides"
    is_dotted = "." in key
    return finding(
        _LEFT_BEHIND,
        source,
        f"1.x ignores `{key}`, {effect}",
        label="one name with a dot in it" if is_dotted else "never read by a release of 1.x",
        why="the sampler that is meant here never ran",
        help="nest it: `sampler:`, and below it the sampler's name"
        if is_dotted
        else "name it `sampler` and import again",
    )


def key_is_not_read(
    key: str, meant: str | None, source: SourceSpan, *, is_grave: bool
) -> Diagnostic:
    """Of any other key that 1.x has no use for."""
    return finding(
        _LEFT_BEHIND,
        source,
        f"1.x ignores `{key}`",
        label="left out",
        help="" if meant is None else f"write `{meant}` if that is meant, and import again",
        severity=None if is_grave else Severity.HINT,
    )


def list_is_one_text(name: str, part: str, source: SourceSpan) -> Diagnostic:
    """Of a `FieldList` with brackets inside a text."""
    return finding(
        _LEFT_BEHIND,
        source,
        f"`{name}` is a text, which 1.x splits at commas: it names a field `{part}`",
        label="the brackets are part of the name",
        why="no trace has such a field, so all traces get the same key",
        help="write a list without quotes around it",
    )


def table_is_no_target(name: str, source: SourceSpan) -> Diagnostic:
    """Of a table without `Sampler`."""
    return finding(
        _LEFT_BEHIND,
        source,
        f"`{name}` has no `Sampler`, so 1.x gives it the default one",
        label="left out",
        help="name its `Sampler` and import again, if it is to have one of its own",
        severity=Severity.HINT,
    )


def target_is_refused(target: str, cause: str, source: SourceSpan, help: str = "") -> Diagnostic:  # noqa: A002
    """Of a target that 1.x does not run."""
    return finding(
        _LEFT_BEHIND,
        source,
        f"target `{target}` is not imported: {cause}",
        why=_NO_START,
        help=help,
    )
