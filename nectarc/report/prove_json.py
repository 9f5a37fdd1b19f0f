"""The report of `prove` for programs.

Owns: the shape of the JSON (docs/prove.md, "JSON"). Must not know: how anything was checked.
"""

from __future__ import annotations

import json

from nectarc.corpus.typed_trace import encode_trace
from nectarc.prove.confidence import CONFIDENCE
from nectarc.prove.shares import action_words
from nectarc.prove.verdicts import CheckResult, Counterexample, ProveReport, Sample
from nectarc.render.json import Json
from nectarc.trace import Trace


def report_record(report: ProveReport) -> dict[str, Json]:
    """Return the report as a JSON object; its findings are rendered with all diagnostics."""
    corpus = report.corpus
    return {
        "policy": report.policy,
        "refuted": report.is_refuted,
        "corpus": {
            "traces": corpus.traces,
            "spans": corpus.spans,
            "weight": corpus.weight,
            "presampled": corpus.presampled or None,
        },
        "assumptions": list(report.assumptions),
        "checks": [_check_json(check) for check in report.checks],
        "not_asked": list(report.not_asked),
        "rare_failures": [
            {
                "root": one.root,
                "service": one.service,
                "kind": one.kind,
                "traces": one.traces,
                "weight": one.weight,
                "lost": one.lost,
            }
            for one in report.rare
        ],
    }


def trace_json(trace: Trace) -> Json:
    """Return a trace as in the typed trace lines."""
    record: Json = json.loads(json.dumps(encode_trace(trace)))
    return record


def _check_json(check: CheckResult) -> Json:
    return {
        "name": check.name,
        "claim": check.claim,
        "verdict": check.verdict.value,
        "reason": check.reason,
        "under_assumptions": check.is_about_rules,
        "corpus": _sample_json(check.sample),
        "figures": dict(check.figures),
        "counterexample": _counterexample_json(check.counterexample),
    }


def _sample_json(sample: Sample | None) -> Json:
    if sample is None:
        return None
    return {
        "traces": sample.traces,
        "weight": sample.weight,
        "failing": sample.failing,
        "upper_bound": sample.upper,
        "confidence": CONFIDENCE,
    }


def _counterexample_json(shown: Counterexample | None) -> Json:
    if shown is None:
        return None
    return {
        "trace": trace_json(shown.trace),
        "from": shown.origin or None,
        "file": shown.file or None,
        "rule": shown.rule,
        "action": action_words(shown.action),
        "expected": shown.expected or None,
    }
