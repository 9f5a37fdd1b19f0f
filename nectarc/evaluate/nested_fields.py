r"""Look up a field by a path inside a span, as `CheckNestedFields` does: gjson on the span's JSON.

Owns: the part of gjson 1.18 that field names can sensibly use: dots, `\` escapes, the wildcards
`*` and `?`, array indexes, `#` counts, `#.key` collections, `..`, and `|`. Not read: `#(...)`
queries, `{...}` and `[...]` selectors, `!` literals and every `@modifier` but `@this`; those paths
find nothing here. Must not know: rules. Truth: reference 2.9; tidwall/gjson v1.18.0.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from nectarc.evaluate.values import MISSING, Missing, json_number_text, plain_float_text
from nectarc.trace import Fields, Float32, Uint64, Value


class _Number(NamedTuple):
    """A JSON number by its text."""

    text: str


_Json: TypeAlias = "dict[str, _Json] | list[_Json] | _Number | str | bool | None"
_Found: TypeAlias = "_Json | Missing"


class _Hit(NamedTuple):
    """What a path leads to: null is a find, and a pipe behind a find may lead nowhere."""

    found: _Json | Missing


class _Step(NamedTuple):
    """One component of a path. `rest` is None at its end, `pipe` what follows a `|`."""

    name: str
    is_wild: bool
    rest: str | None
    pipe: str | None


_MODIFIERS: Final = frozenset({"pretty", "ugly", "reverse", "this", "flatten", "join", "valid"}) | {
    *("keys", "values", "tostr", "fromstr", "group", "dig")
}


def find_nested(fields: Fields, names: tuple[str, ...]) -> str | Missing:
    """Return the text at the first path of `names` that exists in the span's JSON."""
    try:
        document = _encode(fields)
    except ValueError:  # NaN and infinities have no JSON: Refinery then finds nothing at all
        return MISSING
    for name in names:
        found = _get(document, name)
        if not isinstance(found, Missing):
            return _text(found)
    return MISSING


def _encode(value: Value) -> _Json:
    match value:
        case None | bool() | str():
            return value
        case int():
            return _Number(str(value))
        case Uint64():
            return _Number(str(value.value))
        case float() | Float32():
            if not math.isfinite(value if isinstance(value, float) else value.value):
                raise ValueError("no JSON number")
            return _Number(json_number_text(value))
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case Mapping():
            return {name: _encode(value[name]) for name in sorted(value)}
        case _:
            return [_encode(item) for item in value]


def _text(found: _Json) -> str:
    """Return gjson's `Result.String()`: null is empty, containers are their JSON."""
    match found:
        case None:
            return ""
        case bool():
            return "true" if found else "false"
        case str():
            return found
        case _Number():
            is_whole = re.fullmatch("-?[0-9]+", found.text) is not None
            return found.text if is_whole else plain_float_text(float(found.text))
        case _:
            return _raw(found)


def _raw(found: _Json) -> str:
    """Return the JSON text as Go's encoding/json writes it, HTML characters escaped."""
    match found:
        case None:
            return "null"
        case bool():
            return "true" if found else "false"
        case _Number():
            return found.text
        case str():
            text = json.dumps(found, ensure_ascii=False)
            return re.sub("[<>&\u2028\u2029\x7f]", _escaped, text)
        case list():
            return "[" + ",".join(map(_raw, found)) + "]"
        case dict():
            return "{" + ",".join(f"{_raw(k)}:{_raw(v)}" for k, v in found.items()) + "}"


def _escaped(match: re.Match[str]) -> str:
    return match[0] if match[0] == "\x7f" else f"\\u{ord(match[0]):04x}"


def _get(document: _Found, path: str) -> _Found:
    if isinstance(document, Missing):
        return MISSING
    if path.startswith("@") and len(path) > 1:
        name = re.split("[.|:]", path[1:], maxsplit=1)[0]
        if name in _MODIFIERS:
            rest = path[1 + len(name) :]
            if name != "this" or rest.startswith(":"):
                return MISSING
            return _get(document, rest[1:]) if rest else document
    if path.startswith(".."):
        document, path = [document], path[2:]
    step = _parse_array_step(path) if isinstance(document, list) else _parse_step(path)
    hit = _descend(document, step)
    found = MISSING if hit is None else hit.found
    if step.rest is None and step.pipe is not None:
        return _get(found, step.pipe)
    return found


def _descend(container: _Json, step: _Step) -> _Hit | None:
    """Return what lies behind `step`; None when no member of `container` leads anywhere."""
    if isinstance(container, dict):
        for name, member in container.items():
            if _matches_glob(name, step.name) if step.is_wild else name == step.name:
                if step.rest is None:
                    return _Hit(member)
                deeper = _descend_into(member, step.rest)
                if deeper is not None:
                    return deeper
        return None
    if not isinstance(container, list):
        return None
    if "#" in step.name:
        return _of_all(container, step)
    if not re.fullmatch("[0-9]+", step.name) or int(step.name[-18:]) >= len(container):
        return None
    member = container[int(step.name[-18:])]
    return _Hit(member) if step.rest is None else _descend_into(member, step.rest)


def _descend_into(member: _Json, path: str) -> _Hit | None:
    if not isinstance(member, dict | list):
        return None
    step = _parse_array_step(path) if isinstance(member, list) else _parse_step(path)
    deeper = _descend(member, step)
    if deeper is not None and step.rest is None and step.pipe is not None:
        return _Hit(_get(deeper.found, step.pipe))
    return deeper


def _of_all(items: list[_Json], step: _Step) -> _Hit | None:
    if step.name != "#":
        return None
    if step.rest is None:
        return _Hit(_Number(str(len(items))))
    path, _, pipe = step.rest.partition("|")
    found = [_get(item, path) for item in items if isinstance(item, dict | list)]
    collected: _Json = [item for item in found if not isinstance(item, Missing)]
    return _Hit(_get(collected, pipe) if pipe else collected)


def _parse_array_step(path: str) -> _Step:
    """Split off a component inside an array: nothing is escaped, nothing is wild."""
    end = re.search(r"[.|]", path)
    if end is None:
        return _Step(path, is_wild=False, rest=None, pipe=None)
    return _step(path[: end.start()], path, end.start(), is_wild=False)


def _parse_step(path: str) -> _Step:
    name: list[str] = []
    is_wild = False
    i = 0
    while i < len(path):
        if path[i] in ".|":
            return _step("".join(name), path, i, is_wild=is_wild)
        if path[i] == "\\":
            i += 1
            if i == len(path):
                break
        elif path[i] in "*?":
            is_wild = True
        name.append(path[i])
        i += 1
    return _Step("".join(name), is_wild, None, None)


def _step(name: str, path: str, end: int, *, is_wild: bool) -> _Step:
    rest = path[end + 1 :]
    is_modifier = rest.startswith("@") and re.split("[.|:]", rest[1:])[0] in _MODIFIERS
    if path[end] == "|" or is_modifier or rest.startswith(("[", "{")):
        return _Step(name, is_wild, None, rest)
    return _Step(name, is_wild, rest, None)


def _matches_glob(text: str, pattern: str) -> bool:
    """Match `*` (any run) and `?` (any one character); linear in practice, never exponential."""
    at = start = 0
    star, resume = -1, 0
    while at < len(text):
        if start < len(pattern) and pattern[start] == "*":
            star, resume = start, at
            start += 1
        elif start < len(pattern) and pattern[start] in ("?", text[at]):
            at, start = at + 1, start + 1
        elif star >= 0:
            resume += 1
            at, start = resume, star + 1
        else:
            return False
    return pattern[start:].strip("*") == ""
