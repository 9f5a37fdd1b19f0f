"""What numba lacks: 64 rows at an address become 64 bits, 64 results are written at once.

Owns: the vector instructions, as LLVM's portable vectors (and x86's `pext`). Must not know: what
rows mean. Addresses are int64, bits uint64 with the first row lowest. Each function says what it
does in one line of Python; nectarc/columnar/plain.py and the property tests hold them to it.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

# llvmlite and numba have no types of their own.
_Builder: TypeAlias = Any
_Value: TypeAlias = Any
_Intrinsic: TypeAlias = Any
_Body: TypeAlias = Callable[[_Builder, Sequence[_Value]], _Value]
_Function = TypeVar("_Function", bound=Callable[..., object])

_ROWS: Final = 64
_BYTE, _HALF, _WORD, _LONG = (ir.IntType(width) for width in (8, 16, 32, 64))
_FLOAT: Final = ir.DoubleType()
_INT64, _UINT64, _FLOAT64 = types.int64, types.uint64, types.float64
# Eight doubles become eight bits by few instructions, with AVX2 and with AVX-512; 64 at once do
# not: LLVM then shuffles their masks.
_LANES: Final = 8


def compiled(function: _Function) -> _Function:
    """Compile a function that only compiled ones call."""
    found: _Function = njit(function)
    return found


def compiled_once(*parts: ModuleType) -> Callable[[_Function], _Function]:
    """Compile a function that Python calls, for all times, to run beside Python's other threads.

    parts: the modules that its code comes from besides its own. Numba's cache looks at the
    function's own file and name only; after a change elsewhere it would go on to run the old code.
    """
    text = "".join(map(inspect.getsource, parts))
    digest = hashlib.sha256(text.encode()).hexdigest()

    def decorated(function: _Function) -> _Function:
        function.__qualname__ += f"_{digest[:16]}"
        found: _Function
        try:
            found = njit(function, cache=True, nogil=True)
        except RuntimeError:  # no folder to cache in: it compiles each time
            found = njit(function, nogil=True)
        return found

    return decorated


def _vector(element: _Value, count: int = _ROWS) -> _Value:
    return ir.VectorType(element, count)


def _load(builder: _Builder, address: _Value, of_type: _Value) -> _Value:
    found = builder.load(builder.inttoptr(address, of_type.as_pointer()))
    found.align = 1
    return found


def _splat(builder: _Builder, value: _Value, count: int = _ROWS) -> _Value:
    empty = ir.Constant(_vector(value.type, count), ir.Undefined)
    first = builder.insert_element(empty, value, _WORD(0))
    return builder.shuffle_vector(first, first, ir.Constant(_vector(_WORD, count), [0] * count))


def _made(body: _Body, result: _Value, *arguments: _Value) -> _Intrinsic:
    """Return `body` as a function of numba's with these types; 2 or 3 arguments."""
    signature = result(*arguments)

    def code(_context: Any, builder: _Builder, _signature: Any, given: _Value) -> _Value:  # noqa: ANN401
        return body(builder, given)

    if len(arguments) == 2:
        return intrinsic(lambda _typing, _first, _second: (signature, code))
    return intrinsic(lambda _typing, _first, _second, _third: (signature, code))


def _within(element: _Value) -> _Body:
    def body(builder: _Builder, given: Sequence[_Value]) -> _Value:
        address, first, length = given
        codes = _load(builder, address, _vector(element))
        steps = builder.sub(codes, _splat(builder, builder.trunc(first, element)))
        bound = _splat(builder, builder.trunc(length, element))
        return builder.bitcast(builder.icmp_unsigned("<=", steps, bound), _LONG)

    return body


def _by_lanes(
    builder: _Builder, address: _Value, element: _Value, test: Callable[[_Value], _Value]
) -> _Value:
    """Join what `test` says of eight numbers at a time."""
    bits = _LONG(0)
    for lane in range(0, _ROWS, _LANES):
        numbers = _load(builder, builder.add(address, _LONG(8 * lane)), _vector(element, _LANES))
        octet = builder.zext(builder.bitcast(test(numbers), _BYTE), _LONG)
        bits = builder.or_(bits, builder.shl(octet, _LONG(lane)))
    return bits


def _at_least(builder: _Builder, given: Sequence[_Value]) -> _Value:
    low = _splat(builder, given[1], _LANES)
    return _by_lanes(
        builder, given[0], _FLOAT, lambda numbers: builder.fcmp_ordered(">=", numbers, low)
    )


def _between(builder: _Builder, given: Sequence[_Value]) -> _Value:
    low, high = _splat(builder, given[1], _LANES), _splat(builder, given[2], _LANES)
    return _by_lanes(
        builder,
        given[0],
        _FLOAT,
        lambda numbers: builder.and_(
            builder.fcmp_ordered(">=", numbers, low), builder.fcmp_ordered("<=", numbers, high)
        ),
    )


def _between_ints(builder: _Builder, given: Sequence[_Value]) -> _Value:
    low, high = _splat(builder, given[1], _LANES), _splat(builder, given[2], _LANES)
    return _by_lanes(
        builder,
        given[0],
        _LONG,
        lambda numbers: builder.and_(
            builder.icmp_signed(">=", numbers, low), builder.icmp_signed("<=", numbers, high)
        ),
    )


def _is_nan(builder: _Builder, given: Sequence[_Value]) -> _Value:
    return _by_lanes(
        builder, given[0], _FLOAT, lambda numbers: builder.fcmp_unordered("uno", numbers, numbers)
    )


def _has_mask(builder: _Builder, given: Sequence[_Value]) -> _Value:
    classes = _load(builder, given[0], _vector(_BYTE))
    met = builder.and_(classes, _splat(builder, builder.trunc(given[1], _BYTE)))
    none = ir.Constant(_vector(_BYTE), [0] * _ROWS)
    return builder.bitcast(builder.icmp_unsigned("!=", met, none), _LONG)


def _word(builder: _Builder, given: Sequence[_Value]) -> _Value:
    return _load(builder, builder.add(given[0], given[1]), _LONG)


def _element(element: _Value) -> _Body:
    def body(builder: _Builder, given: Sequence[_Value]) -> _Value:
        return builder.zext(_load(builder, builder.add(given[0], given[1]), element), _LONG)

    return body


def _blend(element: _Value) -> _Body:
    def body(builder: _Builder, given: Sequence[_Value]) -> _Value:
        address, bits, value = given
        mask = builder.bitcast(bits, _vector(ir.IntType(1)))
        news = _splat(builder, builder.trunc(value, element))
        old = _load(builder, address, _vector(element))
        place = builder.inttoptr(address, _vector(element).as_pointer())
        builder.store(builder.select(mask, news, old), place).align = 1
        return _LONG(0)

    return body


def _put(element: _Value) -> _Body:
    def body(builder: _Builder, given: Sequence[_Value]) -> _Value:
        place = builder.inttoptr(builder.add(given[0], given[1]), element.as_pointer())
        value = given[2] if element is _LONG else builder.trunc(given[2], element)
        builder.store(value, place).align = 1
        return _LONG(0)

    return body


def _pack(builder: _Builder, given: Sequence[_Value]) -> _Value:
    name = "llvm.x86.bmi.pext.64"
    function = builder.module.globals.get(name) or ir.Function(
        builder.module, ir.FunctionType(_LONG, [_LONG, _LONG]), name
    )
    return builder.call(function, given)


def _fetch(builder: _Builder, given: Sequence[_Value]) -> _Value:
    place = builder.inttoptr(builder.add(given[0], given[1]), _BYTE.as_pointer())
    name = f"llvm.prefetch.{place.type.intrinsic_name}"
    function = builder.module.globals.get(name) or ir.Function(
        builder.module, ir.FunctionType(ir.VoidType(), [place.type, _WORD, _WORD, _WORD]), name
    )
    to_read, nearest_cache, data = _WORD(0), _WORD(3), _WORD(1)
    builder.call(function, [place, to_read, nearest_cache, data])
    return _LONG(0)


def _ones(builder: _Builder, given: Sequence[_Value]) -> _Value:
    return builder.add(builder.ctpop(given[0]), given[1])


_Bits3: TypeAlias = Callable[[int, int, int], np.uint64]
_Bits2: TypeAlias = Callable[[int, int], np.uint64]
_At: TypeAlias = Callable[[int, int], int]
_Blend: TypeAlias = Callable[[int, np.uint64, int], int]

# bits of `first <= code <= first + length`, at 64 codes
run_of_bytes: _Bits3 = _made(_within(_BYTE), _UINT64, _INT64, _INT64, _INT64)
run_of_halves: _Bits3 = _made(_within(_HALF), _UINT64, _INT64, _INT64, _INT64)
# bits of `low <= number`, of `low <= number <= high`, at 64 numbers
at_least: Callable[[int, float], np.uint64] = _made(_at_least, _UINT64, _INT64, _FLOAT64)
between: Callable[[int, float, float], np.uint64] = _made(
    _between, _UINT64, _INT64, _FLOAT64, _FLOAT64
)
between_ints: _Bits3 = _made(_between_ints, _UINT64, _INT64, _INT64, _INT64)
# bits of `number != number`, at 64 numbers; the second argument says nothing
is_nan: _Bits2 = _made(_is_nan, _UINT64, _INT64, _INT64)
# bits of `class & mask != 0`, at 64 bytes
has_mask: _Bits2 = _made(_has_mask, _UINT64, _INT64, _INT64)
# the 64 bits, the code of 1, 2 or 4 bytes, at address + offset
word_at: _Bits2 = _made(_word, _UINT64, _INT64, _INT64)
byte_at: _At = _made(_element(_BYTE), _INT64, _INT64, _INT64)
half_at: _At = _made(_element(_HALF), _INT64, _INT64, _INT64)
code_at: _At = _made(_element(_WORD), _INT64, _INT64, _INT64)
# write `value` to those of the 64 elements at the address whose bit is set
blend_bytes: _Blend = _made(_blend(_BYTE), _INT64, _INT64, _UINT64, _INT64)
blend_halves: _Blend = _made(_blend(_HALF), _INT64, _INT64, _UINT64, _INT64)
# let the line of address + offset, which may be behind the array, come into the cache
fetch: _At = _made(_fetch, _INT64, _INT64, _INT64)
# write a byte, 64 bits, to address + offset
put_byte: Callable[[int, int, int], int] = _made(_put(_BYTE), _INT64, _INT64, _INT64, _INT64)
put_word: Callable[[int, int, np.uint64], int] = _made(_put(_LONG), _INT64, _INT64, _INT64, _UINT64)
# the bits of `bits` where `mask` has some, side by side, the lowest first
pack: Callable[[np.uint64, np.uint64], np.uint64] = _made(_pack, _UINT64, _UINT64, _UINT64)
# how many bits of `bits` are set, plus `more`
count_ones: Callable[[np.uint64, int], int] = _made(_ones, _INT64, _UINT64, _INT64)
