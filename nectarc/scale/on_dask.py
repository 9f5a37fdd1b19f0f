"""Dask as the engine: partitions become tasks of a client, on whatever workers it has.

Owns: the tie to Dask, imported where a client is made. Must not know: what becomes of the answers.
Workers need nectarc, of the same version, and the corpus under the same path. `pip install
'nectarc[scale]'`; docs/scale.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from nectarc.prove.corpus_decisions import Asked, Decisions, Partition, TraceSource
from nectarc.scale.one_partition import answer_partition, joined, portable
from nectarc.scale.tally import WINDOW_S, Tally
from nectarc.scale.tallying import merged_all, tally_partition

_Answer = TypeVar("_Answer")
_Future = TypeVar("_Future")


class Client(Protocol[_Future]):
    """What is asked of `distributed.Client`, which has no types."""

    def map(
        self, func: Callable[[Partition], object], *iterables: Sequence[Partition], pure: bool
    ) -> list[_Future]:
        """Start `func` on each partition."""

    def gather(self, futures: list[_Future]) -> list[Any]:
        """Wait for the results, in order; raises what a task raised."""


def dask_tally(
    source: TraceSource, asked: Asked, client: Client[_Future], window_s: int = WINDOW_S
) -> Tally:
    """Add up a corpus on the workers of `client`: the value of `tally_corpus`.

    A few kilobytes come back for each partition, however many traces it has.
    """
    task = partial(tally_partition, asked=portable(asked), window_s=window_s)
    return merged_all(source, asked, _mapped(task, source, client), window_s)


def dask_decisions(source: TraceSource, asked: Asked, client: Client[_Future]) -> Decisions:
    """Decide every trace on the workers of `client`: the value of `decide_corpus`.

    Some 30 bytes come back for each trace; budgets, intervals and claims are made of them here.
    """
    task = partial(answer_partition, asked=portable(asked))
    return joined(source, asked, _mapped(task, source, client))


@contextmanager
def local_client(workers: int) -> Iterator[Client[Any]]:
    """Start so many processes here, which only this machine can reach. Takes some seconds.

    A worker decides with as many threads as there are processors: Dask gets one thread of each.
    """
    from distributed import Client as Connected  # noqa: PLC0415 - the extra `scale`, 1 s
    from distributed import LocalCluster  # noqa: PLC0415

    with (
        LocalCluster(  # type: ignore[no-untyped-call]  # Dask has no types
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Connected(cluster) as client,  # type: ignore[no-untyped-call]  # Dask has no types
    ):
        yield client


@contextmanager
def remote_client(address: str) -> Iterator[Client[Any]]:
    """Connect to the scheduler of a running cluster, e.g. `tcp://10.0.0.5:8786`."""
    from distributed import Client as Connected  # noqa: PLC0415 - the extra `scale`, 1 s

    with Connected(address) as client:  # type: ignore[no-untyped-call]  # Dask has no types
        yield client


def _mapped(
    task: Callable[[Partition], _Answer], source: TraceSource, client: Client[_Future]
) -> list[_Answer]:
    """Run `task` on every partition; answers in the order of partitions."""
    # Not pure: a partition's files may have changed since its task's name was last seen.
    futures = client.map(task, list(source.partitions()), pure=False)
    answers: list[_Answer] = client.gather(futures)
    return answers
