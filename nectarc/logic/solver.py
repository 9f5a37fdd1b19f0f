"""The SAT solver: clauses in, a model or a core out.

Owns: the only use of python-sat. Must not know: what variables stand for.
Truth: proof-method.md, section 3. Variables are 1, 2, ...; a negative number is a negation.

CaDiCaL 1.5.3, by the functions under python-sat's classes: its package costs 20 ms at start-up, the
functions 3, and a clause half as much. The pinned version of python-sat has both. Beside it,
glucose4, minisat22 and cadical195 took about as long for 200 rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, Final

# Python-sat's flag "handle Ctrl-C": only in the main thread, and a question takes milliseconds.
_NO_SIGNALS: Final = 0
# Guess "false", and not what a variable was in an earlier question: a guess "true" forbids a class
# or asks for a language that nothing needs, and each such whim costs a search for texts.
_OPTIONS: Final = (("phase", 0), ("forcephase", 1))


class Solver:
    """An incremental solver. Its variables are false where nothing asks for more."""

    def __init__(self) -> None:
        """Start without clauses."""
        self._functions: Any = import_module("pysolvers")
        self._solver: Any = self._functions.cadical153_new()
        for option, value in _OPTIONS:
            self._functions.cadical153_set(self._solver, option, value)
        # Bound once: tens of thousands of calls a session.
        self.add: Callable[[Sequence[int]], object] = partial(
            self._functions.cadical153_add_cl, self._solver
        )
        self.variables = 0
        self._model: Sequence[int] = ()
        self._assumed: Sequence[int] = ()

    def __del__(self) -> None:
        """Give its memory back; it is not Python's."""
        self._functions.cadical153_del(self._solver, None)

    def new(self) -> int:
        """Return a new variable."""
        self.variables += 1
        return self.variables

    def new_block(self, count: int) -> int:
        """Return the first of `count` new variables in a row."""
        first = self.variables + 1
        self.variables += count
        return first

    def solve(self, assumptions: Sequence[int]) -> bool:
        """Say whether the clauses and `assumptions` have a model."""
        self._assumed = list(assumptions)
        if not self._functions.cadical153_solve(self._solver, self._assumed, _NO_SIGNALS):
            self._model = ()
            return False
        self._model = self._functions.cadical153_model(self._solver)
        return True

    def is_true(self, variable: int) -> bool:
        """Say whether the last model makes a variable true; one in no clause is false."""
        return variable <= len(self._model) and self._model[variable - 1] > 0

    def indices_of_false(self, first: int, size: int) -> int:
        """Return a mask: bit i is set where the last model makes `first + i` false."""
        found = 0
        for index, literal in enumerate(self._model[first - 1 : first - 1 + size]):
            if literal < 0:
                found |= 1 << index
        known = len(self._model) - first + 1
        return found if known >= size else found | (1 << size) - (1 << max(known, 0))

    def core(self) -> list[int]:
        """Return assumptions of the last `solve` that have no model together."""
        found: list[int] | None = self._functions.cadical153_core(self._solver, self._assumed)
        return found or []
