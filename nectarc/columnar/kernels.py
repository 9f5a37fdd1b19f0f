"""The kernels: spans in blocks, "any span" by carry, rules by blending.

Owns: the walk over a chunk of traces. Must not know: what columns and rules stand for. Compiled
once for every program: programs are data. The plain twin is nectarc/columnar/plain.py. Design and
costs: ../shared/reference/kernels.md and docs/evaluator.md.
"""

# ruff: noqa: PLR0913, PLR0917 - kernels take arrays and numbers, no objects
from __future__ import annotations

from typing import Final

import numpy as np

from nectarc.columnar import intrinsics, opcodes, row_kernels
from nectarc.columnar.columns import Bits, Floats, Int64s
from nectarc.columnar.intrinsics import (
    blend_bytes,
    blend_halves,
    compiled,
    compiled_once,
    count_ones,
    pack,
    put_byte,
)
from nectarc.columnar.row_kernels import TURN, run_rows

_ALL: Final = np.uint64(2**64 - 1)
_ONE: Final = np.uint64(1)
_LAST_BIT: Final = np.uint64(63)
_NO_BITS: Final = np.uint64(0)


@compiled
def _is_mostly_zero(words: Bits) -> bool:
    """Say whether words without a bit are so many that looking for them pays.

    A branch that nobody can foresee costs twice what the work costs that it saves.
    """
    bare = 0
    for w in range(words.size):
        bare += words[w] == 0
    return 4 * bare >= 3 * words.size


@compiled
def _any_of_slot(
    hits: Bits, ends: Bits, ends_before: Int64s, carry: np.uint64, found: Bits, position: int
) -> np.uint64:
    """Write to `found`, from bit `position` on, for each trace that ends here whether it has a hit.

    Adding the hits to the mask of the spans that end no trace lets each hit run up to the end of
    its trace, where the sum has a one; what runs out of a word is carried into the next, and what
    is left is returned. Traces do not touch each other: at an end the mask has a zero.
    """
    packed = found[position >> 6]
    place = position
    is_rare = _is_mostly_zero(hits)
    for w in range(ends_before.size - 1):
        word, behind = place >> 6, position + ends_before[w + 1]
        rest = _NO_BITS
        if (hits[w] | carry) != 0 or not is_rare:
            inner = ~ends[w]
            starts = hits[w] & inner
            half = starts + inner
            total = half + carry
            carry = np.uint64(half < starts) | np.uint64(total < half)
            verdicts = pack(total | hits[w], ends[w])
            shift = np.uint64(place & 63)
            packed |= verdicts << shift
            rest = (verdicts >> _ONE) >> (_LAST_BIT - shift)
        found[word] = packed  # stored each time: whether the word is full is hard to foresee
        packed = rest if behind >> 6 != word else packed
        place = behind
    found[place >> 6] = packed
    return carry


@compiled
def _own_bits(word: int, spans: tuple[int, int]) -> np.uint64:
    """Return the mask of the bits of a word that belong to spans[0]..spans[1] - 1."""
    own = _ALL
    if word == spans[0] >> 6:
        own &= _ALL << np.uint64(spans[0] & 63)
    if word == spans[1] >> 6:
        own &= ~(_ALL << np.uint64(spans[1] & 63))
    return own


@compiled
def _ends_of_block(
    all_ends: Bits, first_word: int, spans: tuple[int, int], ends: Bits, ends_before: Int64s
) -> None:
    """Copy the ends of traces that belong to spans[0]..spans[1] - 1, and count them."""
    ends_before[0] = 0
    for w in range(ends_before.size - 1):
        ends[w] = all_ends[first_word + w] & _own_bits(first_word + w, spans)
        ends_before[w + 1] = count_ones(ends[w], ends_before[w])


@compiled
def _blend(address: int, bits: np.uint64, value: int, size: int) -> None:
    if size == 1:
        blend_bytes(address, bits, value)
    else:
        blend_halves(address, bits, value)


@compiled
def _write(
    rules: Int64s,
    defaults: Int64s,
    verdicts: Bits,
    width: int,
    words: int,
    out: tuple[int, int, int],
) -> None:
    """Write, 64 traces a word, each list's default, then its rules, the last one first.

    rules: (rules, 3) list, number, register.   out: address of the first list's first trace, bytes
    from one list to the next, bytes an element (1 or 2).
    """
    address, stride, size = out
    for i in range(defaults.size):
        for w in range(words):
            _blend(address + i * stride + 64 * w * size, _ALL, defaults[i], size)
    for i in range(rules.shape[0]):
        begin, register = address + rules[i, 0] * stride, rules[i, 2] * width
        for w in range(words):
            bits = verdicts[register + w]
            if bits:
                _blend(begin + 64 * w * size, bits, rules[i, 1], size)


@compiled
def _write_last(
    rules: Int64s,
    defaults: Int64s,
    verdicts: Bits,
    width: int,
    traces: int,
    out: tuple[int, int, int],
) -> None:
    """Write as `_write` the first word's `traces`, fewer than 64, and nothing behind them."""
    address, stride, size = out
    scratch = np.zeros(64 * size * defaults.size, np.uint8)
    _write(rules, defaults, verdicts, width, 1, (scratch.ctypes.data, 64 * size, size))
    for i in range(defaults.size):
        for k in range(traces * size):
            put_byte(address + i * stride, k, scratch[64 * size * i + k])


@compiled_once(intrinsics, opcodes, row_kernels)
def run_chunk(
    rows: tuple[Int64s, Int64s],
    floats: tuple[Floats, Floats],
    rules: Int64s,
    defaults: Int64s,
    sizes: tuple[int, int, int, int, int],
    all_ends: Bits,
    chunk: tuple[int, int, int],
    out: tuple[int, int, int],
) -> None:
    """Decide the traces of one chunk.

    rows, floats: of spans, of traces.   rules, defaults: see `_write`.   all_ends: `Columns.ends`.
    sizes: words a block, slots ("any span"; the first registers of both kinds), registers of
           spans, registers of traces, columns of classes.
    chunk: first trace (a multiple of 64), first span, last span + 1.
    out:   address for trace 0, bytes from list to list, bytes an element.
    """
    block, slots, span_registers, trace_registers, class_columns = sizes
    trace, spans = chunk[0], (chunk[1], chunk[2])
    width = block + 2
    registers = np.zeros(max(1, span_registers) * block, np.uint64)
    verdicts = np.zeros(max(1, trace_registers) * width, np.uint64)
    classes = np.zeros(max(1, class_columns) * 64 * TURN, np.uint8)
    carries = np.zeros(max(1, slots), np.uint64)
    ends, counts = np.zeros(block, np.uint64), np.zeros(block + 1, np.int64)
    position = 0  # traces decided of the word of verdicts that is begun
    word, last = spans[0] >> 6, (spans[1] + 63) >> 6
    while word < last:
        words = min(block, last - word)
        ends_before = counts[: words + 1]
        _ends_of_block(all_ends, word, spans, ends, ends_before)
        octets, begun = classes.ctypes.data, registers.ctypes.data
        run_rows(rows[0], floats[0], octets, begun, block, 64 * word, words)
        own = (_own_bits(word, spans), _own_bits(word + words - 1, spans))
        for slot in range(slots):
            hits = registers[slot * block : slot * block + words]
            hits[0] &= own[0]
            hits[-1] &= own[1]
            found = verdicts[slot * width : (slot + 1) * width]
            carries[slot] = _any_of_slot(hits, ends, ends_before, carries[slot], found, position)
        word += words
        whole = (position + ends_before[words]) >> 6
        position = (position + ends_before[words]) & 63
        has_last = word >= last and position > 0
        filled = whole + has_last
        run_rows(rows[1], floats[1], octets, verdicts.ctypes.data, width, trace, filled)
        begin = out[0] + trace * out[2]
        _write(rules, defaults, verdicts, width, whole, (begin, out[1], out[2]))
        trace += 64 * whole
        if has_last:
            for register in range(trace_registers):
                verdicts[register * width] = verdicts[register * width + whole]
            begin = out[0] + trace * out[2]
            _write_last(rules, defaults, verdicts, width, position, (begin, out[1], out[2]))
        for slot in range(slots):
            verdicts[slot * width] = verdicts[slot * width + whole]
