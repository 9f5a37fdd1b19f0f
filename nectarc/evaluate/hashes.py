"""Refinery's two hashes of a trace id: SHA-1 (deterministic sampler), wyhash (stress, workers).

Owns: bits only. Must not know: rules, traces. Truth: ../shared/reference/refinery-semantics.md,
4.2 and appendix A.1.
"""

from __future__ import annotations

import hashlib
from typing import Final

STRESS_RELIEF_SEED: Final = 34527861234
WORKER_SEED: Final = 7215963184435617557

_SHARDING_SALT: Final = b"5VQ8l2jE5aJLPVqk"
_MASK: Final = 2**64 - 1
_P0: Final = 0xA0761D6478BD642F
_P1: Final = 0xE7037ED1A0B428DB
_P2: Final = 0x8EBC6AF09C88C6E3
_P3: Final = 0x589965CC75374CC3
_P4: Final = 0x1D8E4E27C47D124F


def deterministic_hash(trace_id: str) -> int:
    """Return the 32 bits that the deterministic sampler compares with its bound."""
    digest = hashlib.sha1(_bytes(trace_id) + _SHARDING_SALT, usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big")


def deterministic_keeps(trace_id: str, rate: int) -> bool:
    """Say whether DeterministicSampler keeps the trace at `rate`.

    `rate` must not be 0 or a multiple of 2^32: Refinery's process ends on those (reference, 4.2).
    """
    if rate <= 1:
        return True
    return deterministic_hash(trace_id) <= (2**32 - 1) // (rate % 2**32)


def wyhash(key: bytes, seed: int) -> int:
    """Return the 64-bit hash of `key` as github.com/dgryski/go-wyhash computes it."""
    if not key:
        return seed
    state, rest, other = seed, key, seed
    while len(rest) > 256:
        for at in range(0, 256, 64):
            block = [_read8(rest, at + step) for step in range(0, 64, 8)]
            state = _mix(block[0] ^ state ^ _P0, block[1] ^ state ^ _P1) ^ _mix(
                block[2] ^ state ^ _P2, block[3] ^ state ^ _P3
            )
            other = _mix(block[4] ^ other ^ _P1, block[5] ^ other ^ _P2) ^ _mix(
                block[6] ^ other ^ _P3, block[7] ^ other ^ _P0
            )
        rest = rest[256:]
    while len(rest) > 32:
        state = _mix(_read8(rest, 0) ^ state ^ _P0, _read8(rest, 8) ^ state ^ _P1)
        other = _mix(_read8(rest, 16) ^ other ^ _P2, _read8(rest, 24) ^ other ^ _P3)
        rest = rest[32:]
    state, other = _finish(rest, state, other)
    return _mix(state ^ other, len(key) ^ _P4)


def _finish(rest: bytes, state: int, other: int) -> tuple[int, int]:
    """Mix in the last 1 to 32 bytes."""
    size = len(rest)
    if size < 4:
        packed = rest[0] << 16 | rest[size >> 1] << 8 | rest[size - 1]
        return _mix(packed ^ state ^ _P0, state ^ _P1), other
    if size <= 8:
        return _mix(_read4(rest, 0) ^ state ^ _P0, _read4(rest, size - 4) ^ state ^ _P1), other
    if size <= 16:
        return _mix(_swap8(rest, 0) ^ state ^ _P0, _swap8(rest, size - 8) ^ state ^ _P1), other
    state = _mix(_swap8(rest, 0) ^ state ^ _P0, _swap8(rest, 8) ^ state ^ _P1)
    if size <= 24:
        return state, _mix(_swap8(rest, size - 8) ^ other ^ _P2, other ^ _P3)
    return state, _mix(_swap8(rest, 16) ^ other ^ _P2, _swap8(rest, size - 8) ^ other ^ _P3)


def _mix(left: int, right: int) -> int:
    product = left * right
    return (product >> 64) ^ (product & _MASK)


def _read4(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _read8(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 8], "little")


def _swap8(data: bytes, at: int) -> int:
    return _read4(data, at) << 32 | _read4(data, at + 4)


def _bytes(trace_id: str) -> bytes:
    return trace_id.encode("utf-8", "surrogatepass")
