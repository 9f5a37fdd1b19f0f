"""Random JSON and random TOON, ours against the reference implementation."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from nectarc.source import SourceText
from nectarc.toon import Json, Value, encode, read, to_value
from nectarc.toon.document import Delimiter
from nectarc.toon.headers import brace_of, bracket_of
from tests.toon.reference import Reference
from tests.toon.strategies import DELIMITERS, TOON, VALUES

# The process is shared by all examples on purpose: it has no state.
relaxed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


def exact(value: Json | Value) -> object:
    """Return `value` so that equality tells booleans from numbers, and not ints from floats."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return ("number", float(value))
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    return [exact(item) for item in value]


def has_record_header(text: str) -> bool:
    """Say whether a line could be a header of our own dialect."""
    for line in text.split("\n"):
        content = line.strip(" \t\r\ufeff")
        for part in (content, content.removeprefix("-").lstrip(" ")):
            if brace_of(part) > 0 and bracket_of(part) < 0:
                return True
    return False


@given(value=VALUES, delimiter=DELIMITERS)
@relaxed
def test_encodes_as_the_reference_does(
    reference: Reference, value: Json, delimiter: Delimiter
) -> None:
    theirs = reference.encode(value, delimiter.value)
    assume(theirs is not None)
    assert theirs is not None

    ours = encode(json.loads(theirs.json), delimiter)

    assert ours == theirs.text


@given(value=VALUES, delimiter=DELIMITERS)
@relaxed
def test_reads_what_the_reference_writes(
    reference: Reference, value: Json, delimiter: Delimiter
) -> None:
    theirs = reference.encode(value, delimiter.value)
    assume(theirs is not None)
    assert theirs is not None

    document, diagnostics = read(SourceText.of("a.toon", theirs.text))

    assert diagnostics == ()
    assert exact(to_value(document.root)) == exact(json.loads(theirs.json))


@given(value=VALUES, delimiter=DELIMITERS)
@relaxed
def test_the_reference_reads_what_we_write(
    reference: Reference, value: Json, delimiter: Delimiter
) -> None:
    theirs = reference.encode(value, delimiter.value)
    assume(theirs is not None)
    assert theirs is not None

    read_back = reference.decode(encode(json.loads(theirs.json), delimiter))

    assert read_back is not None
    assert exact(json.loads(read_back)) == exact(json.loads(theirs.json))


@given(text=TOON | st.text(max_size=40))
@example(text="a: 1\r\n\r\nb: 2\r")
@example(text="\ufeff# c\na: 1")
@example(text="r[2]{a}:\n  1\n\n  2")
@example(text='"a"[1]: 1\n"b" [1]: 2')
@relaxed
def test_accepts_and_reads_what_the_reference_does(reference: Reference, text: str) -> None:
    assume(not has_record_header(text))
    theirs = reference.decode(text)

    document, diagnostics = read(SourceText.of("a.toon", text))

    if theirs is None:
        assert diagnostics
    else:
        assert diagnostics == ()
        assert exact(to_value(document.root)) == exact(json.loads(theirs))
