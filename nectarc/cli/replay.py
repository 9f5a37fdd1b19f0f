"""What a policy, or a Refinery rules file, decides trace by trace."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from nectarc.checking import check_text
from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINDINGS, FINE, WRONG_USE, Console, status_of
from nectarc.cli.progress import progress_line
from nectarc.cli.rules_words import is_rules, read_rules
from nectarc.corpus.store import CorpusStore, open_traces
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.evaluate import policy as policy_evaluator
from nectarc.evaluate.refinery_rules import compile_target, select_target
from nectarc.evaluate.sampler_start import ProcessExit
from nectarc.files import STDIN, STDIN_NAME, read_bytes, text_of_bytes
from nectarc.ir import nodes as ir
from nectarc.project import DEFAULT_TARGET
from nectarc.refinery.rules import RulesFile
from nectarc.render.counting import counted
from nectarc.trace import Trace


class Decision(NamedTuple):
    """One line: `record` for tools, `words` for people, `rule` for the count at the end."""

    record: Mapping[str, object]
    words: str
    rule: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a policy (.toon) or Refinery rules (.yaml)")
    parser.add_argument(
        "--traces",
        metavar="PATH",
        action="append",
        required=True,
        help="what `ingest` reads, or a corpus folder; may be given several times",
    )
    parser.add_argument("--target", default=DEFAULT_TARGET, help="of a rules file; __default__")
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Decide every trace by the plain evaluators, one line each on stdout."""
    if arguments.file == STDIN and STDIN in arguments.traces:
        raise UsageError("stdin can be the file or the traces, not both: name one of them")
    with progress_line(console) as progress:
        store = open_traces(arguments.traces, progress=progress)
    with store:
        return _replay(arguments, store, console)


def _replay(arguments: argparse.Namespace, store: CorpusStore, console: Console) -> int:
    """Decide trace by trace; one partition is in memory at a time."""
    found: list[Diagnostic] = []
    traces = (stored.trace for stored in store.iter_traces())
    decisions = _decisions(arguments, traces, found, console)
    if decisions is None:
        found += store.diagnostics()
        console.findings(found, to_result=False)
        return status_of(found) or FINDINGS
    counts = Counter(_print(decision, console) for decision in decisions)
    found += store.diagnostics()
    console.findings(found, to_result=False)
    if store.sampling_words:
        console.message(f"these traces are {store.sampling_words}; below, each counts once")
    for rule, count in counts.most_common():
        console.message(f"{rule}: {counted(count, 'trace')}")
    return WRONG_USE if status_of(found) == WRONG_USE else FINE


def _print(decision: Decision, console: Console) -> str:
    if console.is_json:
        console.result(json.dumps(decision.record, ensure_ascii=False) + "\n")
    else:
        console.result(decision.words + "\n")
    return decision.rule


def _decisions(
    arguments: argparse.Namespace,
    traces: Iterable[Trace],
    found: list[Diagnostic],
    console: Console,
) -> Iterator[Decision] | None:
    """Return what the file decides; None where it cannot be read, and `found` says why."""
    data = read_bytes(arguments.file)
    if isinstance(data, Diagnostic):
        found.append(data)
        return None
    name = STDIN_NAME if arguments.file == STDIN else arguments.file
    if is_rules(name, data):
        loaded = read_rules(name, data, console, found)
        found += loaded.exits
        if loaded.rules is None:
            return None
        return _decide_by_rules(loaded.rules, arguments.target, traces)
    text = text_of_bytes(name, data)
    if isinstance(text, Diagnostic):
        found.append(text)
        return None
    console.know([text])
    checked = check_text(text)
    if checked.policy is None or has_errors(checked.diagnostics):
        found += checked.diagnostics
        return None
    rows = checked.written.rules if checked.written else ()
    actions = {row.name.text: row.action_cell.text for row in rows if row.action_cell is not None}
    return _decide_by_policy(checked.policy, actions, traces)


def _decide_by_policy(
    policy: ir.Policy, actions: dict[str, str], traces: Iterable[Trace]
) -> Iterator[Decision]:
    for trace in traces:
        rule = policy.rules[policy_evaluator.decide(policy, trace)]
        low, high = policy_evaluator.share(rule.action)
        # A dynamic sampler's share depends on the traffic.
        share = float(low) if low == high else None
        action = actions.get(rule.name, "")
        record = {"trace": trace.trace_id, "rule": rule.name, "action": action, "share": share}
        yield Decision(record, f"{trace.trace_id}  {rule.name}  {action}", rule.name)


def _decide_by_rules(rules: RulesFile, target: str, traces: Iterable[Trace]) -> Iterator[Decision]:
    sampler = select_target(rules, target)
    decide = compile_target(sampler)
    for trace in traces:
        outcome = decide(trace)
        record: dict[str, object] = {"trace": trace.trace_id}
        if isinstance(outcome, ProcessExit):
            record |= {"exit": outcome.status, "reason": outcome.cause}
            words = f"Refinery's process ends: {outcome.cause}"
        else:
            keep, rate = outcome.keep, outcome.rate
            record |= {"rule": outcome.rule, "rate": rate, "keep": keep, "reason": outcome.reason}
            if outcome.key:
                record["key"] = outcome.key
            fate = f"1 in {rate}" if keep is None else "kept" if keep else "dropped"
            words = f"{outcome.reason}  {fate}"
        yield Decision(record, f"{trace.trace_id}  {words}", words)
