"""Expressions become rows for the kernels: which register holds what, and when.

Owns: registers. Must not know: the loops, columns. Truth: nectarc/columnar/opcodes.py.
INVARIANT: `Encoder.owners` keeps alive whatever an address points to; a table that was freed gives
wrong answers, not errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Final, NamedTuple, assert_never

import numpy as np

from nectarc.columnar import opcodes
from nectarc.columnar.answers import CodedTest, Key, Test
from nectarc.columnar.asking import Array, Asked, Question, asked, cost, of_bitmap
from nectarc.columnar.columns import Bits, CodedColumn, Floats, Int64s, Octets
from nectarc.columnar.nodes import AnySpan, Ask, Every, Negation, Node, Some, Spread, Truth

_TESTS_OF_CLASS: Final = 8  # bits of a byte
_COST_OF_CLASS: Final = 17  # in ps a row; the look-up itself is done once, before
_FILLS: Final[Mapping[type, int]] = {
    np.uint8: opcodes.FILL_BYTES,
    np.uint16: opcodes.FILL_HALVES,
    np.int32: opcodes.FILL_WORDS,
}


class Put(Enum):
    """What becomes of a register: WIDEN and KEEP of a row."""

    SET = (-1, 0)
    AND = (0, 0)
    OR = (-1, -1)


class Rows(NamedTuple):
    """rows: (rows, opcodes.COLUMNS); floats: (rows, 2); the registers and classes they take."""

    rows: Int64s
    floats: Floats
    registers: int
    class_columns: int


class Encoder:
    """Rows for expressions over the same rows, spans or traces.

    What several expressions ask is asked once and kept in a register.
    """

    def __init__(
        self,
        wanted: Iterable[Node],
        tests: Mapping[Key, Test],
        slots: Mapping[Node, int],
        spread: Callable[[Node], Bits],
    ) -> None:
        """Prepare for the expressions that will be wanted.

        slots:  the first registers; of traces, that of each `AnySpan`.
        spread: the bitmap over spans of an expression over traces.
        """
        self.owners: list[Array] = []
        self._tests = tests
        self._spread = spread
        self._rows: list[list[int]] = []
        self._floats: list[tuple[float, float]] = []
        self._known = dict(slots)
        self._register_count = len(slots)
        self._free: list[int] = []
        self._class_columns = 0
        self._uses: Counter[Node] = Counter()
        self._asked: dict[Key, Asked] = {}
        self._classes: dict[Key, tuple[int, int]] = {}
        for node in wanted:
            self._count(node)
        self._plan_tests()

    def reserve(self) -> int:
        """Return a register for good."""
        self._register_count += 1
        return self._register_count - 1

    def define(self, node: Node, register: int) -> None:
        """Let `register` hold the expression."""
        self._emit(node, register, Put.SET)

    def place(self, node: Node) -> int:
        """Return the register that holds the expression."""
        if node not in self._known:
            register = self.reserve()
            self._emit(node, register, Put.SET)
            self._known[node] = register
        return self._known[node]

    def encoded(self) -> Rows:
        """Return all rows."""
        return Rows(
            np.array(self._rows, np.int64).reshape(-1, opcodes.COLUMNS),
            np.array(self._floats, np.float64).reshape(-1, 2),
            self._register_count,
            self._class_columns,
        )

    def _count(self, node: Node) -> None:
        """Count how often each expression is needed by others that are distinct."""
        while isinstance(node, Negation):
            node = node.operand
        self._uses[node] += 1
        if self._uses[node] == 1 and isinstance(node, Every | Some):
            for operand in node.operands:
                self._count(operand)

    def _plan_tests(self) -> None:
        """Find out how to ask each test; one look-up of a column's codes serves eight of them."""
        groups: dict[int, list[Key]] = {}
        for node in self._uses:
            if not isinstance(node, Ask):
                continue
            test = self._tests[node.key]
            found = asked(test)
            if found is not None:
                self._asked[node.key] = found
            else:
                assert isinstance(test, CodedTest)
                groups.setdefault(id(test.column), []).append(node.key)
        for keys in groups.values():
            for start in range(0, len(keys), _TESTS_OF_CLASS):
                self._fill(keys[start : start + _TESTS_OF_CLASS])

    def _fill(self, keys: list[Key]) -> None:
        columns: list[CodedColumn] = []
        table: Octets | None = None
        for bit, key in enumerate(keys):
            test = self._tests[key]
            assert isinstance(test, CodedTest)
            columns.append(test.column)
            octets = test.truth.astype(np.uint8) << np.uint8(bit)
            table = octets if table is None else table | octets
            self._classes[key] = (self._class_columns, 1 << bit)
        assert table is not None
        codes = columns[0].codes
        question = Question(_FILLS[codes.dtype.type], codes, table)
        self._row(question, self._class_columns, Put.SET, is_flipped=False)
        self._class_columns += 1

    def _emit(self, node: Node, register: int, put: Put, *, is_flipped: bool = False) -> None:
        """Put the expression, or is_flipped its opposite, into a register."""
        if isinstance(node, Negation):
            self._emit(node.operand, register, put, is_flipped=not is_flipped)
            return
        if node not in self._known and self._uses[node] > 1 and not isinstance(node, Truth):
            shared = self.reserve()
            self._emit_itself(node, shared, Put.SET, is_flipped=False)
            self._known[node] = shared
        if node in self._known:
            self._copy(self._known[node], register, put, is_flipped=is_flipped)
        else:
            self._emit_itself(node, register, put, is_flipped=is_flipped)

    def _emit_itself(self, node: Node, register: int, put: Put, *, is_flipped: bool) -> None:
        match node:
            case Truth(value):
                self._constant(register, put, value=value is not is_flipped)
            case Ask(key) if key in self._asked:
                self._ask(self._asked[key], register, put, is_flipped=is_flipped)
            case Ask(key):
                column, mask = self._classes[key]
                self._class(column, mask, register, put, is_flipped=is_flipped)
            case Spread(body):
                found = Asked((of_bitmap(self._spread(body)),))
                self._ask(found, register, put, is_flipped=is_flipped)
            case Every() | Some():
                self._join(node, register, put, is_flipped=is_flipped)
            case AnySpan() | Negation():
                raise AssertionError(node)  # they are known, or taken apart
            case _:
                assert_never(node)

    def _join(self, node: Every | Some, register: int, put: Put, *, is_flipped: bool) -> None:
        # The opposite of a disjunction is the conjunction of the opposites, and the other way.
        joint = Put.AND if isinstance(node, Every) is not is_flipped else Put.OR
        if put not in (joint, Put.SET):
            aside = self._free.pop() if self._free else self.reserve()
            self._join(node, aside, Put.SET, is_flipped=is_flipped)
            self._copy(aside, register, put, is_flipped=False)
            self._free.append(aside)
            return
        for operand in sorted(node.operands, key=self._cost):
            self._emit(operand, register, put, is_flipped=is_flipped)
            put = joint

    def _ask(self, found: Asked, register: int, put: Put, *, is_flipped: bool) -> None:
        is_flipped = is_flipped is not found.is_opposite
        # Several runs are a disjunction; their opposite is a conjunction of opposites.
        joint = Put.AND if is_flipped else Put.OR
        if len(found.questions) > 1 and put not in (joint, Put.SET):
            aside = self._free.pop() if self._free else self.reserve()
            self._ask(Asked(found.questions), aside, Put.SET, is_flipped=False)
            self._copy(aside, register, put, is_flipped=is_flipped)
            self._free.append(aside)
            return
        for question in found.questions:
            self._row(question, register, put, is_flipped=is_flipped)
            put = joint

    def _cost(self, node: Node) -> int:
        """Return about what an expression costs; cheap ones first may save the others."""
        match node:
            case Ask(key) if node not in self._known:
                return cost(self._asked[key]) if key in self._asked else _COST_OF_CLASS
            case Negation(operand):
                return self._cost(operand)
            case Every(operands) | Some(operands) if node not in self._known:
                return sum(map(self._cost, operands))
            case _:
                return 1

    def _row(self, question: Question, register: int, put: Put, *, is_flipped: bool) -> None:
        self.owners.append(question.of)
        behind = 0
        if question.behind is not None:
            self.owners.append(question.behind)
            behind = question.behind.ctypes.data
        row = [question.opcode, question.of.ctypes.data, behind, question.first, question.length]
        self._append([*row, *question.edges], question.bounds, register, put, is_flipped)

    def _copy(self, source: int, register: int, put: Put, *, is_flipped: bool) -> None:
        self._append([opcodes.COPY, source, 0, 0, 0, 0, 0], (0, 0), register, put, is_flipped)

    def _constant(self, register: int, put: Put, *, value: bool) -> None:
        self._append([opcodes.NOTHING, *[0] * 6], (0, 0), register, put, value)

    def _class(self, column: int, mask: int, register: int, put: Put, *, is_flipped: bool) -> None:
        row = [opcodes.CLASSES, 0, column, mask, 0, 0, 0]
        self._append(row, (0, 0), register, put, is_flipped)

    def _append(
        self,
        row: list[int],
        bounds: tuple[float, float],
        register: int,
        put: Put,
        is_flipped: bool,  # noqa: FBT001
    ) -> None:
        self._rows.append([*row, register, -1 if is_flipped else 0, *put.value])
        self._floats.append(bounds)
