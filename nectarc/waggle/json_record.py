"""The waggle report for programs.

Owns: the keys (docs/explain.md, "JSON"). Must not know: how anything was counted.
Keys stay; new ones may be added. Amounts are real traces and events unless they say `corpus`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from nectarc.render.json import Json
from nectarc.waggle.clock import utc_words
from nectarc.waggle.records import (
    Amount,
    CorpusFacts,
    Example,
    Interval,
    Ledger,
    LintCount,
    LostErrors,
    LostGroup,
    Proofs,
    RuleReport,
    TargetReport,
    Timeline,
    Waggle,
)


def render_waggle_json(waggle: Waggle) -> str:
    """Return one object of one report; of several an object by file, or by target of one file."""
    records = {_key(one, waggle.reports): _report(one, waggle) for one in waggle.reports}
    whole: Json = dict(records)
    if len(waggle.reports) == 1:
        (whole,) = records.values()
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _key(report: TargetReport, reports: Iterable[TargetReport]) -> str:
    is_shared = sum(one.file == report.file for one in reports) > 1
    return report.title if is_shared else report.file


def _report(report: TargetReport, waggle: Waggle) -> dict[str, Json]:
    corpus = waggle.corpus
    return {
        "policy": report.title,
        "kind": "policy" if report.is_policy else "rules",
        "file": report.file,
        "sha256": report.digest,
        "targets": list(report.targets),
        "nectarc": waggle.version,
        "corpus_traces": corpus.traces,
        "corpus_sampling": corpus.presampled,
        "corpus": _corpus(corpus),
        "summary": list(report.summary),
        "traces": report.total.weight,
        "events": report.total.events,
        "kept": {
            "traces": _interval(report.kept.traces),
            "events": _interval(report.kept.events),
            "share_of_traces": _interval(report.kept_traces),
            "share_of_events": _interval(report.kept_events),
        },
        "rules": [_rule(rule) for rule in report.rules],
        "lost": _ledger(report.ledger),
        "over_time": None if report.timeline is None else _timeline(report.timeline),
        "no_times": report.no_timeline,
        "proofs": None if report.proofs is None else _proofs(report.proofs),
        "lint": None if report.lint is None else _lint(report.lint),
        "sampler": report.sampler,
        "refused": report.refused,
        "assumptions": [
            {"kind": one.kind, "field": one.field, "type": one.type or None}
            for one in report.assumptions
        ],
        "notes": list(report.notes),
        "intervals": waggle.interval_words,
    }


def _corpus(corpus: CorpusFacts) -> Json:
    return {
        "path": corpus.path,
        "traces": corpus.traces,
        "spans": corpus.spans,
        "weight": corpus.weight,
        "start": utc_words(corpus.start_ns) or None,
        "end": utc_words(corpus.end_ns) or None,
        "recorded_seconds": corpus.seconds,
    }


def _rule(rule: RuleReport) -> Json:
    return {
        "number": rule.number,
        "name": rule.name,
        "description": rule.description,
        "words": rule.words,
        "action": rule.action,
        "settings": rule.settings,
        "one_in": rule.one_in,
        "traces": rule.decided.weight,
        "events": rule.decided.events,
        "share": rule.share,
        "events_kept": None if rule.share is None else rule.kept.events.value,
        "corpus_traces": rule.decided.traces,
        "share_of_traces": _interval(rule.of_traces),
        "share_of_events": _interval(rule.of_events),
        "kept": {
            "traces": _interval(rule.kept.traces),
            "events": _interval(rule.kept.events),
            "known_by": rule.basis.value,
        },
        "lost_events": rule.lost_events,
        "reaching": _amount(rule.reaching),
        "left": _amount(rule.left),
        "unused": rule.is_unused,
        "examples": _examples(rule.examples),
        "refinery": list(rule.refinery),
    }


def _ledger(ledger: Ledger) -> Json:
    return {
        "events": ledger.events,
        "traces": ledger.traces,
        "share_of_events": ledger.of_events,
        "by_rule": [{"rule": rule, "events": events} for rule, events in ledger.by_rule],
        "groups": [_group(one) for one in ledger.groups],
        "groups_left": ledger.groups_left,
        "events_of_groups_left": ledger.left_events,
        "never_kept": [_group(one) for one in ledger.never],
        "never_kept_left": ledger.never_left,
        "errors": [_errors(one) for one in ledger.errors],
        "errors_left": ledger.errors_left,
        "error_traces": ledger.error_traces,
        "error_traces_kept": None if ledger.error_kept is None else _interval(ledger.error_kept),
    }


def _group(group: LostGroup) -> Json:
    return {
        "words": group.words,
        "service": group.service,
        "operation": group.operation,
        "status": group.status,
        "fails": group.fails,
        **_amount(group.traffic),
        "lost_traces": group.lost_traces,
        "lost_events": group.lost_events,
        "lost_share": group.share,
        "rules": list(group.rules),
        "examples": _examples(group.examples),
    }


def _errors(errors: LostErrors) -> Json:
    return {
        "words": errors.words,
        "service": errors.service,
        "rule": errors.rule,
        "action": errors.action,
        **_amount(errors.traffic),
        "lost_traces": errors.lost_traces,
        "lost_events": errors.lost_events,
        "examples": _examples(errors.examples),
    }


def _timeline(timeline: Timeline) -> Json:
    mean = timeline.mean
    return {
        "bucket_seconds": timeline.bucket_s,
        "scale": timeline.scale,
        "budget": timeline.budget,
        "buckets_over_budget": timeline.over,
        "arriving": mean.arriving,
        "kept": {"value": mean.kept, "low": mean.low, "high": mean.high},
        "peaks": [
            {"seconds": one.seconds, "value": one.kept, "low": one.low, "high": one.high}
            for one in timeline.peaks
        ],
        "basis": timeline.basis,
        "notes": list(timeline.notes),
        "buckets": [
            {
                "start": utc_words(one.start_ns),
                "start_ns": one.start_ns,
                "seconds": one.seconds,
                "arriving": one.arriving,
                "kept": one.kept,
                "after_break": one.after_break,
            }
            for one in timeline.buckets
        ],
    }


def _proofs(proofs: Proofs) -> Json:
    return {
        "headline": proofs.headline,
        "findings": proofs.findings,
        "checks": [
            {
                "name": one.name,
                "verdict": one.verdict.value,
                "claim": one.claim,
                "about": one.about,
                "reason": one.reason,
                "settle": one.settle,
                "counterexample": list(one.counterexample),
            }
            for one in proofs.checks
        ],
        "assumptions": list(proofs.assumptions),
        "not_asked": list(proofs.not_asked),
    }


def _lint(lint: LintCount) -> Json:
    return {
        "errors": lint.errors,
        "warnings": lint.warnings,
        "hints": lint.hints,
        "command": lint.command,
        "refused": lint.refused,
        "traps": list(lint.traps),
    }


def _amount(amount: Amount) -> dict[str, Json]:
    return {
        "corpus_traces": amount.traces,
        "traces": amount.weight,
        "events": amount.events,
    }


def _interval(found: Interval) -> Json:
    return {"value": found.value, "low": found.low, "high": found.high}


def _examples(examples: Iterable[Example]) -> list[Json]:
    return [{"trace": one.trace_id, "words": one.words} for one in examples]
