"""Random values and random TOON: well formed, nearly so, and not at all."""

from __future__ import annotations

from collections.abc import Sized
from typing import Final

from hypothesis import strategies as st

from nectarc.toon import Json, encode
from nectarc.toon.document import Delimiter

_CHARS: Final = st.sampled_from(
    list(',:|"\\[]{}#-_. \t\n\r\x00\x1f') + list("abeE019+tnu\ufeff\xa0é\U0001f600")
)
_WORDS: Final = st.sampled_from(
    [
        *("", "a", "b", "key", "a.b", "my key", "true", "null", "-", "- a", "#", "1", "-0", "1e5"),
        *("01", "1.50", "1e999", "[]", "[2]", "{a}", "a,b", "a|b", "a: b", "x >= 500", "__proto__"),
    ]
)
TEXTS: Final = _WORDS | st.text(_CHARS, max_size=8) | st.text(max_size=8)
KEYS: Final = st.sampled_from(["a", "b", "c", "key", "x.y"]) | TEXTS
NUMBERS: Final = (
    st.integers(-20, 2000)
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
)
PRIMITIVES: Final = st.none() | st.booleans() | NUMBERS | TEXTS


def _grown(values: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Return arrays and objects of `values`, many of them tables."""
    rows = st.lists(KEYS, min_size=1, max_size=3, unique=True).flatmap(
        lambda keys: st.lists(
            st.fixed_dictionaries(dict.fromkeys(keys, PRIMITIVES)), min_size=1, max_size=4
        )
    )
    return st.one_of(
        st.lists(values, max_size=4),
        st.dictionaries(KEYS, values, max_size=4),
        st.lists(PRIMITIVES, max_size=4),
        rows,
        rows.flatmap(lambda r: st.builds(lambda ks: dict(zip(ks, r, strict=False)), _names(r))),
    )


def _names(rows: Sized) -> st.SearchStrategy[list[str]]:
    """Return as many keys as there are rows, for keyed tables."""
    return st.lists(KEYS, min_size=len(rows), max_size=len(rows), unique=True)


VALUES: Final[st.SearchStrategy[Json]] = st.recursive(PRIMITIVES, _grown, max_leaves=20)
DELIMITERS: Final = st.sampled_from(list(Delimiter))

_LINES: Final = st.sampled_from(
    [
        *("a: 1", "b: x y", "c:", "key: []", '"q k": "v\\n"', "name", ": x", '"a" : 1', "a:b:c"),
        *(
            "- 1",
            "-",
            "- a: 1",
            "- []",
            "- [2]: 1,2",
            "- b:",
            "- r[1]{a}:",
            "- r[2:]{a,b}:",
            "- - x",
        ),
        *(
            "r[2]{a,b}:",
            "r[1]{a}:",
            "r[0]{a}:",
            "r[2|]{a|b}:",
            "r[2\t]{a\tb}:",
            "[2]{a,b}:",
            "[1]:",
        ),
        *("k[2:]{a,b}:", "k[2:|]{a|b{c|d}}:", "[1:]{a}:", 'r[1]{"a b",c{d,e}}:', "l[2]:", "l[1]:"),
        *(
            "1,2",
            "x,y",
            "x|y",
            "x\ty",
            '"x,y",2',
            "a,b: c",
            "x: 1,2",
            'y: "1",2',
            ",",
            "1",
            "x,",
            '"x',
        ),
        *(
            "i[2]: 1,2",
            "i[3|]: a|b|c",
            "i[1]: \t",
            "i[2]:  x , y ",
            "[2]: 1,2",
            "[]",
            "[0]:",
            "z[0]:",
        ),
        *(
            "# note",
            "",
            "  ",
            'r[2]{a,"b":',
            "r[2] {a,b}:",
            "r [2]:",
            "r[02]:",
            "r[]:",
            "r[2]{a,a}:",
        ),
        *(
            "r[2]{a,b}: 1",
            "r[2,]{a,b}:",
            "r[1]{a|b}:",
            "r[1]{}:",
            "r[1]{a,}:",
            "r[2:]:",
            "r[1]",
            '"x" y: 1',
        ),
        *(
            'a: "x" y',
            'a: "x',
            'a: "\\q"',
            'a: "\\u0041\\u00e9"',
            'a: "\\ud800"',
            "a: x # y",
            "t: 1e5",
            "u: -0",
        ),
    ]
)
_INDENTS: Final = st.sampled_from([0, 0, 0, 2, 2, 2, 4, 4, 6, 1, 3])


@st.composite
def line_texts(draw: st.DrawFn) -> str:
    """Draw lines of all kinds, one below the other, mostly at plausible indents."""
    lines: list[str] = []
    column = 0
    for line in draw(st.lists(_LINES, min_size=1, max_size=9)):
        move = draw(st.sampled_from([0, 0, 0, 2, 2, 2, -2, -2, -4, 4, 1, -1]))
        column = max(0, min(column + move, 12))
        tab = "\t" if draw(st.integers(0, 60)) == 0 else ""
        lines.append(" " * column + tab + line)
    return draw(st.sampled_from(["\n", "\n", "\n", "\r\n"])).join(lines)


@st.composite
def mutated_texts(draw: st.DrawFn) -> str:
    """Draw well-formed TOON with a few characters or lines deleted, doubled or replaced."""
    text = encode(draw(VALUES), draw(DELIMITERS))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 4)))
        middle = draw(
            st.sampled_from(["", text[start:stop] * 2, "\n", "  ", "\n  ", ":", '"', "- "]) | _LINES
        )
        text = text[:start] + middle + text[stop:]
    return text


TOON: Final = line_texts() | mutated_texts()


@st.composite
def record_texts(draw: st.DrawFn) -> str:
    """Draw a record with values, headers and nested records, then perhaps break it."""
    lines = _record(draw, draw(st.sampled_from(["nectar_policy", "a", "my key"])), 0)
    if draw(st.booleans()):
        place = draw(st.integers(0, len(lines) - 1))
        lines[place] = draw(st.sampled_from(["", "  # note", lines[place] * 2]) | _LINES)
    return "\n".join(lines)


def _record(draw: st.DrawFn, key: str, depth: int) -> list[str]:
    """Draw the lines of a record."""
    names = draw(st.lists(st.sampled_from(["a", "b", "c d", "e"]), max_size=4, unique=True))
    lead = "  " * (depth + 1)
    lines = [f"{'  ' * depth}{key}{{{','.join(names)}}}:"]
    for name in names:
        kind = draw(st.integers(0, 5))
        if kind == 0 and depth < 3:
            lines += _record(draw, name, depth + 1)
        elif kind == 1:
            lines += [f"{lead}{name}[2]{{x,y}}:", f"{lead}  1,", f'{lead}  "a:b",z']
        elif kind == 2:
            lines.append(f"{lead}{name}[2]: 1,b")
        else:
            lines.append(lead + draw(st.sampled_from(["1", "a, b", '"x: y"', "[]", "true", "a b"])))
    return lines
