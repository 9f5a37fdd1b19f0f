"""What phrases mean that speak of one span: some span of a trace, its root, a route, a gRPC code.

Owns: the functions of these aliases. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nectarc.intent.matches import string_literal
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_conditions import rooted
from nectarc.offline.meanings_tests import cond, equals, leaf, name_of, service_is
from nectarc.offline.phrases import Values
from nectarc.offline.selectors import (
    Cond,
    Each,
    Same,
    Some,
    Test,
    is_on_span,
    same,
    some,
)

# The codes of gRPC whose names are no English words that people also write in capitals
# (https://github.com/grpc/grpc/blob/master/doc/statuscodes.md).
GRPC_CODES: Final = {
    "INVALID_ARGUMENT": 3, "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5, "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7, "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9,
    "OUT_OF_RANGE": 11, "UNIMPLEMENTED": 12, "UNAVAILABLE": 14, "DATA_LOSS": 15,
    "UNAUTHENTICATED": 16,
}  # fmt: skip
# Plain words of English, too: codes only in capitals, beside what says that they are.
_GRPC_WORDS: Final = {"CANCELLED": 1, "CANCELED": 1, "UNKNOWN": 2, "ABORTED": 10, "INTERNAL": 13}
_CODE: Final = "rpc.grpc.status_code"


def _flat(one: Meaning) -> Iterator[Cond]:
    """Yield what is asked of the span, one by one."""
    if isinstance(one, tuple):
        for inner in one:
            yield from _flat(inner)
    elif isinstance(one, Leaf | Values) or one == "":
        return
    else:
        found = cond(one)
        yield from found.parts if isinstance(found, Each | Same) else (found,)


def span_body(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Return that one span is all of it; None where a part is about the trace."""
    found = list(_flat(parts))
    return same(found) if found and all(map(is_on_span, found)) else None


def _span_vp(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "some span is of pay and took over 2s": one span is both."""
    found = cond(parts[-1])
    if not isinstance(found, Each):
        return found
    return same(found.parts) if all(map(is_on_span, found.parts)) else None


def suffix(one: Cond) -> Cond | None:
    """Return a test for paths as one for what ends so."""
    match one:
        case Test(text, field) if " == " in text:
            return Test(text.replace(" == ", " ends_with ", 1), field)
        case Some(parts):
            found = [suffix(inner) for inner in parts]
            return None if None in found else some(one for one in found if one is not None)
        case _:
            return None


def _contains(parts: tuple[Meaning, ...]) -> Meaning | None:
    one = cond(parts[-1])
    if not isinstance(one, Test) or " == " not in one.text:
        return None
    return Test(one.text.replace(" == ", " contains ", 1), one.field)


def _root_service(parts: tuple[Meaning, ...]) -> Meaning | None:
    values = next(one for one in parts if isinstance(one, Values))
    return rooted(service_is(values))


def _grpc_name(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "UNAVAILABLE": None where it is no code's name."""
    code = GRPC_CODES.get(leaf(parts, -1).text)
    return None if code is None else Test(f"{_CODE} == {code}", _CODE, (str(code),))


def _root_method(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "root GET /a"."""
    method = next(one for one in parts if isinstance(one, Leaf) and one.name == "METHOD")
    inner = same((Test(f"method == '{method.value}'", "method"), cond(parts[-1])))
    return rooted(inner)


def _grpc_word(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "INTERNAL" in capitals; "internal" is no code."""
    code = _GRPC_WORDS.get(leaf(parts, -1).text)
    return None if code is None else Test(f"{_CODE} == {code}", _CODE, (str(code),))


def _service_both(parts: tuple[Meaning, ...]) -> Meaning:
    texts = tuple(text for one in parts if isinstance(one, Values) for text in one.texts)
    return service_is(Values(tuple(map(string_literal, texts)), texts))


def _plain_or(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "app.plan pro or team": both are values of the one field."""
    field, *values = [one for one in parts if isinstance(one, Values)]
    if name_of(field) in ("duration", "http.status", "http.route"):
        return None
    literals = tuple(text for one in values for text in one.literals)
    return equals(name_of(field), Values(literals, tuple(t for one in values for t in one.texts)))


SPAN_PARTS: Final[Mapping[str, Build]] = {
    "span_body": span_body,
    "span_vp": _span_vp,
    "suffix_": lambda parts: suffix(cond(parts[-1])),
    "route_has": _contains,
    "root_service": _root_service,
    "root_pre": lambda parts: rooted(cond(parts[-1])),
    "root_method": _root_method,
    "grpc_name": _grpc_name,
    "grpc_word": _grpc_word,
    "service_both": _service_both,
    "f_plain_or": _plain_or,
}
