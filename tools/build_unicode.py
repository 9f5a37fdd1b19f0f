r"""Build `nectarc/tables/unicode_classes.json`: what google-re2 means by `\p{Lu}` or `\p{Greek}`.

Run after google-re2 was upgraded: `python -m tools.build_unicode`. `--check` only says whether the
table is what the installed google-re2 says (exit status 1 when it is not). Both take a minute.
Names are those that the library's own binary holds and accepts; members are asked one code point
after the other. Decision: docs/decisions/0011-unicode-classes.md.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from string import ascii_letters, ascii_uppercase
from typing import Final

import re2

from nectarc.automata.charsets import merged
from nectarc.automata.language import LAST_CODE_POINT, SURROGATES, Ranges

TARGET: Final = Path(__file__).resolve().parent.parent / "nectarc/tables/unicode_classes.json"
# Each version of Unicode with a letter that it was the first to have.
_FIRST_OF_VERSION: Final = (
    ("14.0", 0x10570),
    ("15.0", 0x11F04),
    ("15.1", 0x2EBF0),
    ("16.0", 0x1C89),
    ("17.0", 0x323B0),
)
_NAME_IN_BINARY: Final = re.compile(rb"(?=([A-Z][A-Za-z_]+)\0)")  # tails of other names, too
# True of all code points, not of those that some version of Unicode has: no table is needed.
ANY_NAME: Final = "Any"


def names() -> tuple[str, ...]:
    r"""Return all `name` for which google-re2 accepts `\p{name}`, but for `Any`."""
    spec = find_spec("re2._re2")
    assert spec is not None
    assert spec.origin is not None
    binary = Path(spec.origin).read_bytes()
    candidates = {match.group(1).decode() for match in _NAME_IN_BINARY.finditer(binary)}
    candidates |= {*ascii_uppercase, *map("".join, product(ascii_uppercase, ascii_letters))}
    return tuple(sorted(name for name in candidates if name != ANY_NAME and _is_accepted(name)))


def members(name: str, points: Iterable[int]) -> set[int]:
    r"""Return those of `points`, surrogates left out, that `\p{name}` matches."""
    text = "".join(chr(point) for point in points if not _is_surrogate(point)).encode()
    found = re2.compile(rf"\p{{{name}}}+".encode(), _options()).finditer(text)
    return {ord(character) for match in found for character in match.group().decode()}


def unicode_version() -> str:
    """Return the newest version of Unicode of which google-re2 knows a letter."""
    return max(
        (version for version, point in _FIRST_OF_VERSION if members("L", (point,))), key=float
    )


def build() -> str:
    """Return the text of the table, the same for the same google-re2."""
    every = range(LAST_CODE_POINT + 1)
    known = {name: _ranges(members(name, every)) for name in names()}
    # A category of one letter is the union of those whose names it begins, and is not written.
    for name in [name for name in known if len(name) == 1]:
        parts = [known[part] for part in known if len(part) == 2 and part.startswith(name)]
        assert known.pop(name) == merged(pair for ranges in parts for pair in ranges), name
    lines = [f'"{name}": {json.dumps(_gaps(ranges))}' for name, ranges in known.items()]
    classes = ",\n".join(lines)
    return f'{{"unicode": "{unicode_version()}", "classes": {{\n{classes}\n}}}}\n'


def main(arguments: list[str]) -> int:
    """Build the table, or check it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether it is stale")
    is_check = parser.parse_args(arguments).check
    text = build()
    if is_check:
        is_stale = not TARGET.exists() or TARGET.read_text("ascii") != text
        sys.stdout.write("stale Unicode classes\n" if is_stale else "")
        return int(is_stale)
    TARGET.write_text(text, "ascii")
    return 0


def _gaps(ranges: Ranges) -> list[int]:
    """Write ranges as the gap before each and its length, by turns: small numbers."""
    found = []
    end = 0
    for first, last in ranges:
        found += [first - end, last - first + 1]
        end = last + 1
    return found


def _ranges(points: set[int]) -> Ranges:
    return merged((point, point) for point in points)


def _is_surrogate(point: int) -> bool:
    return SURROGATES[0] <= point <= SURROGATES[1]


def _is_accepted(name: str) -> bool:
    try:
        re2.compile(rf"\p{{{name}}}".encode(), _options())
    except re2.error:
        return False
    return True


@cache
def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
