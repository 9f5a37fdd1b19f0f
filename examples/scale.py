# ruff: noqa: INP001 - a program, not a package
"""What a policy does to a corpus of any size: in this process, on local workers, or on a cluster.

    python examples/scale.py examples/shop/policy.toon examples/shop/corpus
    python examples/scale.py policy.toon corpus --workers 2
    python examples/scale.py policy.toon /shared/corpus --scheduler tcp://scheduler:8786

The answers are the same bytes each time; `--json` writes them. With workers or a scheduler it needs
`pip install 'nectarc[scale]'`. docs/scale.md says how it works.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from nectarc.checking import check_text
from nectarc.corpus.store import CorpusStore, open_traces
from nectarc.diagnostic import Diagnostic
from nectarc.files import read_text
from nectarc.ir.nodes import Policy
from nectarc.prove.corpus_decisions import Asked
from nectarc.render.terminal import render_diagnostics
from nectarc.scale.figures import busiest_window, kept_events, kept_weight
from nectarc.scale.on_dask import dask_tally, local_client, remote_client
from nectarc.scale.tally import Counts, Tally, tally_json
from nectarc.scale.tallying import tally_corpus
from nectarc.source import SourceText


def main() -> int:
    """Tally the corpus and print what the policy keeps of it."""
    arguments = _arguments()
    text = read_text(arguments.policy)
    if isinstance(text, Diagnostic):
        _report([text])
        return 1
    checked = check_text(text)
    _report(checked.diagnostics, text)
    if checked.policy is None or checked.has_errors:
        return 1
    with open_traces(arguments.corpus) as store:
        tally = _tally(store, Asked(lists=(checked.policy,)), arguments)
        _report(store.diagnostics())
        if arguments.json:
            sys.stdout.write(tally_json(tally))
        else:
            _write(checked.policy, tally, store.sampling_words)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("policy", help="a policy.toon")
    parser.add_argument("corpus", help="a folder that `nectarc ingest` made, or raw exports")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, default=0, help="processes here; 0: this one")
    where.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster")
    parser.add_argument("--json", action="store_true", help="the whole tally, exact")
    return parser.parse_args()


def _tally(store: CorpusStore, asked: Asked, arguments: argparse.Namespace) -> Tally:
    if arguments.scheduler is not None:
        with remote_client(arguments.scheduler) as client:
            return dask_tally(store, asked, client)
    if arguments.workers:
        with local_client(arguments.workers) as client:
            return dask_tally(store, asked, client)
    return tally_corpus(store, asked)


def _report(found: Iterable[Diagnostic], text: SourceText | None = None) -> None:
    texts = {} if text is None else {text.file: text}
    sys.stderr.write(render_diagnostics(found, texts, use_colour=False))


def _write(policy: Policy, tally: Tally, sampling: str) -> None:
    total = tally.whole.total
    words = f" ({sampling})" if sampling else ""
    lines = [f"{total.traces:,} traces, {total.spans:,} events{words}"]
    for index, rule in enumerate(policy.rules):
        volume = tally.whole.rules[0].get(index)
        if volume is not None:
            kept = kept_events(policy, {index: volume.events})
            lines.append(
                f"  {rule.name}: decides {volume.traces:,} traces,"
                f" keeps {float(kept):,.0f} of {float(volume.events):,.0f} events"
            )
    busiest = busiest_window(policy, tally)
    if busiest is not None:
        lines.append(
            f"busiest {tally.window_s} s: {float(busiest.per_second):,.1f} events a second kept"
        )
    if tally.failing.total.traces:
        lines.append(f"traces with an error: {_coverage(policy, tally.failing)}")
        lines += [
            f"  {service or '(no service name)'}: {_coverage(policy, tally.services[service])}"
            for service in sorted(tally.services)
        ]
    sys.stdout.write("\n".join(lines) + "\n")


def _coverage(policy: Policy, counts: Counts) -> str:
    kept = kept_weight(policy, counts.rules[0]) / counts.total.weight
    return f"{float(kept):.1%} of {float(counts.total.weight):,.0f} kept"


if __name__ == "__main__":
    raise SystemExit(main())
