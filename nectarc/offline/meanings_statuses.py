"""What phrases mean about statuses and methods: "non-2xx", "the 500 range", "gRPC status 13".

Owns: the functions of these aliases. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nectarc.intent.matches import string_literal
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_conditions import status_class
from nectarc.offline.meanings_tests import (
    cond,
    equals,
    name_of,
    number,
    number_text,
)
from nectarc.offline.phrases import Values
from nectarc.offline.selectors import (
    Test,
    same,
    some,
)
from nectarc.offline.tokens import Number, StatusClass

_CODE_MIN, _CODE_END, _HUNDRED = 100, 600, 100
_GRPC_MAX: Final = 16


def _code_field(parts: tuple[Meaning, ...]) -> Meaning:
    """Read "status code 14 (rpc.grpc.status_code)"."""
    field = next(name_of(one) for one in parts if isinstance(one, Values))
    value = next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Number))
    text = number_text(value)
    return equals(field, Values((text,), (text,)))


def _f_class(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "the status is 5xx", "status != 2xx"."""
    field = next(name_of(one) for one in parts if isinstance(one, Values))
    leaves = [one for one in parts if isinstance(one, Leaf)]
    signs = {str(one.value) for one in leaves if one.name == "COMPARE"}
    value = leaves[-1].value
    if field != "http.status" or not isinstance(value, StatusClass) or signs - {"==", "!="}:
        return None
    return _not_class(parts) if "!=" in signs else status_class(value.hundred)


def _codes_field(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "a gRPC status of 13 or 14 (rpc.grpc.status_code)"."""
    field = name_of([one for one in parts if isinstance(one, Values)][-1])
    codes = next(one for one in parts if isinstance(one, Values))
    return equals(field, codes)


def _grpc_codes(parts: tuple[Meaning, ...]) -> Meaning | None:
    codes = next(one for one in parts if isinstance(one, Values))
    if any(int(one) > _GRPC_MAX for one in codes.literals):
        return None
    return equals("rpc.grpc.status_code", codes)


def _numbers(parts: tuple[Meaning, ...]) -> Meaning:
    first = number_text(
        next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Number))
    )
    rest = next(one for one in parts if isinstance(one, Values))
    return Values((first, *rest.literals), (first, *rest.texts))


def _not_method(parts: tuple[Meaning, ...]) -> Meaning | None:
    names = [str(one.value) for one in parts if isinstance(one, Leaf) and one.name == "METHOD"]
    literals = ", ".join(map(string_literal, names))
    if len(names) > 1:
        return Test(f"method not in [{literals}]", "method")
    return Test(f"method != {literals}", "method")


def _not_class(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "non-2xx": a status of another class."""
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "STATUS_CLASS")
    assert isinstance(one.value, StatusClass)
    hundred = one.value.hundred
    low = Test(f"http.status < {hundred}00", "http.status")
    high = Test(f"http.status >= {hundred + 1}00", "http.status")
    return low if hundred == 5 else high if hundred == 1 else some([low, high])


def _codes(parts: tuple[Meaning, ...]) -> list[str]:
    found: list[str] = []
    for one in parts:
        if isinstance(one, Leaf) and isinstance(one.value, Number):
            found.append(number_text(one))
        elif not isinstance(one, Leaf | Values) and one != "":
            tests = getattr(cond(one), "parts", (cond(one),))
            found += [value for test in tests if isinstance(test, Test) for value in test.values]
    return found


def _not_code(parts: tuple[Meaning, ...]) -> Meaning | None:
    codes = _codes(parts)
    if not codes or not all(_CODE_MIN <= int(one) < _CODE_END for one in codes):
        return None
    if len(codes) > 1:
        return Test(f"http.status not in [{', '.join(codes)}]", "http.status")
    return Test(f"http.status != {codes[0]}", "http.status")


def _client_but(parts: tuple[Meaning, ...]) -> Meaning | None:
    other = _not_code(parts)
    return None if other is None else same([status_class(4), cond(other)])


def _class_of_number(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "the 500 range": a class of statuses."""
    one = next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Number))
    value = number(one)
    if value.denominator != 1 or value % _HUNDRED or not _CODE_MIN <= value < _CODE_END:
        return None
    return status_class(int(value) // _HUNDRED)


STATUSES: Final[Mapping[str, Build]] = {
    "code_field": _code_field,
    "codes_field": _codes_field,
    "grpc_codes": _grpc_codes,
    "num_more": _numbers,
    "not_method": _not_method,
    "not_class": _not_class,
    "class_not": _not_class,
    "f_class": _f_class,
    "f_class_not": lambda parts: _not_class(parts) if _f_class(parts) is not None else None,
    "not_code": _not_code,
    "code_not": _not_code,
    "client_but": _client_but,
    "class_of_number": _class_of_number,
    "client_errors": lambda _parts: status_class(4),
}
