"""The key by which a dynamic sampler counts a trace.

Owns: the key's text. Must not know: rates, rules files.
Truth: ../shared/reference/refinery-semantics.md, 4.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nectarc.evaluate.values import plain_float_text, text_of
from nectarc.refinery.rules import ROOT_PREFIX
from nectarc.trace import Trace, Value

_VALUE_END: Final = "•"
_DISTINCT_MAX: Final = 100  # the attempt to store the 100th distinct value ends the collecting


def trace_key(field_list: Iterable[str], trace: Trace, *, use_trace_length: bool = False) -> str:
    """Return the key of `trace` for a sampler's FieldList; "" when no field has a value."""
    names = sorted(field_list)
    shared = [name for name in names if not name.startswith(ROOT_PREFIX)]
    parts = [
        "".join(text + _VALUE_END for text in sorted(texts) if text) + ","
        for texts in _distinct_texts(shared, trace)
        if texts
    ]
    root = trace.root
    if root is not None:
        for name in names:
            own = name.removeprefix(ROOT_PREFIX)
            if name.startswith(ROOT_PREFIX) and own in root.fields:
                parts.append(text_of(root.fields[own]) + ",")
    if use_trace_length:
        parts.append(str(len(trace.spans)))
    return "".join(parts)


def _distinct_texts(names: list[str], trace: Trace) -> list[set[str]]:
    """Collect each field's distinct values until the budget of the whole trace is spent."""
    collected: list[set[str]] = []
    attempts = 0
    for name in names:
        texts: set[str] = set()
        collected.append(texts)
        for span in trace.spans:
            if name not in span.fields:
                continue
            text = _key_text(span.fields[name])
            if text in texts:
                continue
            attempts += 1
            if attempts >= _DISTINCT_MAX:
                return collected
            texts.add(text)
    return collected


def _key_text(value: Value) -> str:
    return plain_float_text(value) if isinstance(value, float) else text_of(value)
