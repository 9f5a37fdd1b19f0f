"""A reservoir that keeps some traces of each kind, and makes each weigh what it stands for.

Owns: the strata, how many traces of each stay, which ones. Must not know: how parts are written.
Truth: docs/decisions/0008-corpus-parquet.md. A trace's kind is the service and name of its root,
whether it has an error, whether it is in the slowest tenth of its like.
"""

from __future__ import annotations

import hashlib
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nectarc.corpus import arrow
from nectarc.corpus.arrow import Array, Bools, Float64s, Int64s
from nectarc.corpus.parts import Part
from nectarc.corpus.span_table import SpanTable
from nectarc.corpus.store_writer import Writer
from nectarc.records import record

_SERVICE: Final = "service.name"
_NAME: Final = "name"
_DURATION: Final = "duration_ms"
_ERROR: Final = "error"
_STATUS: Final = "status_code"
_HTTP_STATUS: Final = ("http.response.status_code", "http.status_code", "http.status")
_FIELDS: Final = (_SERVICE, _NAME, _DURATION, _ERROR, _STATUS, *_HTTP_STATUS)
_SLOW_SHARE: Final = 0.1
_SLOW_FROM: Final = 10  # fewer traces have no slowest tenth
# What tells strata apart, the finest first: a reservoir too small for one takes the next.
_LEVELS: Final = ((0, 1, 2, 3), (0, 2, 3), (2, 3), ())

_Keys: TypeAlias = npt.NDArray[np.int64]


@record
class Sample:
    """Keep `size` of the new traces, the same ones for the same `seed`."""

    size: int
    seed: int = 0


@record
class Drawn:
    """What a reservoir kept: `kept` of `traces` traces, some of each of `strata` strata."""

    kept: int
    traces: int
    strata: int


def draw(writer: Writer, sample: Sample) -> Drawn:
    """Thin the new traces of `writer`; 32 bytes of memory for each of them."""
    numbers: list[Int64s] = []
    priorities: list[Int64s] = []
    kinds: list[_Keys] = []
    durations: list[Float64s] = []
    codes: dict[str, int] = {}
    for part in writer.new_parts(_FIELDS):
        new = np.flatnonzero(part.numbers >= writer.first_number)
        if not len(new):
            continue
        numbers.append(part.numbers[new])
        ids = part.table.trace_ids.take(arrow.array_of_numbers(new)).to_pylist()
        priorities.append(np.array([_priority(one, sample.seed) for one in ids], np.int64))
        found, slowness = _kinds_of(part.table, codes)
        kinds.append(found[new])
        durations.append(slowness[new])
    count = sum(map(len, numbers))
    if count <= sample.size:
        return Drawn(count, count, 0)
    keys = np.concatenate(kinds)
    slow = _slowest(keys, np.concatenate(durations))
    strata = _strata(np.column_stack([keys, slow.astype(np.int64)]), sample.size)
    chosen, factors = _choose(strata, np.concatenate(priorities), sample.size)
    kept_numbers = np.concatenate(numbers)[chosen]
    order = np.argsort(kept_numbers)
    kept_numbers, factors = kept_numbers[order], factors[order]

    def choose(part: Part, new: Int64s) -> tuple[Int64s, Float64s]:
        at = np.searchsorted(kept_numbers, part.numbers[new])
        at = np.minimum(at, max(0, len(kept_numbers) - 1))
        stays = kept_numbers[at] == part.numbers[new] if len(kept_numbers) else at < 0
        return new[stays], factors[at[stays]]

    writer.thin(choose)
    return Drawn(len(chosen), count, int(strata.max()) + 1)


def allocate(sizes: Int64s, total: int) -> Int64s:
    """Return how many traces of each stratum stay: one at least, more by the square root of size.

    Large strata give way to small ones, which are the rare cases that a policy is judged by.
    sizes: (strata,), each > 0; there are at most `total` strata. Returns (strata,), sum `total`.
    """
    counts: Int64s = np.minimum(sizes, 1).astype(np.int64)
    remaining = min(total, int(sizes.sum())) - int(counts.sum())
    while remaining > 0:
        wish = np.sqrt(sizes) * (counts < sizes)
        wish *= remaining / wish.sum()
        more = np.minimum(np.floor(wish).astype(np.int64), sizes - counts)
        if not more.any():
            more[np.argsort(-wish, kind="stable")[:remaining]] = 1
            more = np.minimum(more, sizes - counts)
        counts += more
        remaining -= int(more.sum())
    return counts


def _choose(strata: Int64s, priorities: Int64s, total: int) -> tuple[Int64s, Float64s]:
    """Return the traces of lowest priority in each stratum, and how many each stands for."""
    sizes = np.bincount(strata)
    counts = allocate(sizes, total)
    order = np.lexsort((priorities, strata))
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(order)) - np.repeat(starts, sizes)
    chosen = order[rank < np.repeat(counts, sizes)]
    return chosen, (sizes / np.maximum(counts, 1))[strata[chosen]]


def _strata(keys: _Keys, total: int) -> Int64s:
    """Return the stratum of each trace, from 0; coarser ones where there are more than `total`."""
    found: Int64s = np.zeros(len(keys), np.int64)
    for level in _LEVELS:
        if not level:
            return np.zeros(len(keys), np.int64)
        _, found = np.unique(keys[:, list(level)], axis=0, return_inverse=True)
        if found.max() < total:
            break
    return found.reshape(-1)


def _slowest(keys: _Keys, durations: Float64s) -> Bools:
    """Say of each trace whether it is in the slowest tenth of its kind."""
    _, kind = np.unique(keys, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    sizes = np.bincount(kind)
    order = np.lexsort((durations, kind))
    starts = np.cumsum(sizes) - sizes
    threshold_at = starts + np.floor((1 - _SLOW_SHARE) * (sizes - 1)).astype(np.int64)
    thresholds = durations[order][threshold_at]
    found: Bools = (durations > thresholds[kind]) & (sizes[kind] >= _SLOW_FROM)
    return found


def _kinds_of(table: SpanTable, codes: dict[str, int]) -> tuple[_Keys, Float64s]:
    """Return service, name and error of each trace as (traces, 3) codes, and its duration."""
    starts, is_root = table.offsets[:-1], table.is_root
    rows = np.where(is_root, np.arange(table.span_count), -1)
    roots = np.maximum.reduceat(rows, starts)
    roots = np.where(roots >= 0, roots, starts)
    keys = np.zeros((table.trace_count, 3), np.int64)
    for column, name in enumerate((_SERVICE, _NAME)):
        found = table.columns.get(name)
        if found is not None and found.texts is not None:
            texts = arrow.python_values(found.texts.take(arrow.array_of_numbers(roots)))
            keys[:, column] = [codes.setdefault(text or "", len(codes)) for text in texts]
    keys[:, 2] = np.logical_or.reduceat(_is_error(table), starts)
    slowness = np.maximum.reduceat(_numbers(table, _DURATION), starts)
    return keys, slowness


def _is_error(table: SpanTable) -> Bools:
    found = np.zeros(table.span_count, np.bool_)
    error = table.columns.get(_ERROR)
    if error is not None and error.bools is not None:
        found |= arrow.bools(error.bools)
    found |= _numbers(table, _STATUS) == 2
    for name in _HTTP_STATUS:
        found |= _numbers(table, name) >= 500
    return found


def _numbers(table: SpanTable, name: str) -> Float64s:
    """Return a field's numbers, 0 where it has none."""
    found: Float64s = np.zeros(table.span_count, np.float64)
    columns = table.columns.get(name)
    if columns is None:
        return found
    parts: tuple[Array | None, ...] = (columns.ints, columns.floats)
    for values in parts:
        if values is not None:
            found = found + np.nan_to_num(arrow.float64s(values.cast(arrow.FLOAT64), 0.0))
    return found


def _priority(trace_id: str, seed: int) -> int:
    text = f"{seed}:{trace_id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little", signed=True)
