"""Broken policies without end: random bytes, truncated and mutated policies.

Owns: where seeds come from and how they are broken. Must not know: what is done with them.
The same seed gives the same inputs on every machine that has the same files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from nectarc.toon import encode
from tests.shared_data import ROOT, SHARED, read_vectors

Mutation: TypeAlias = Callable[[Random, str], str]

_FENCED: Final = re.compile(r"```toon\n(.*?)```", re.DOTALL)
_TEXT: Final = r"""
any( all( none( exists( ( ) [ ] { } , : | - " ' ` \ # ! = < > / ; & . * ? + @ %
&& || == != <= >= => =< true false null root root. has_root is_root span_count
in not contains starts_with ends_with matches and or xor if when keep drop
sample(0.01) sample(1/3) sample(0) sample(1/0) sample( deterministic(1/10) share
ema_dynamic(goal_sample_rate: dynamic( fields: [a] total_throughput( share>=0.1
500 -0 1e999 1e-999 0x10 1_000 99999999999999999999999 0.1e1 .5 5. 007 NaN inf
5s 1m30s 1.5h 5S 3parsecs 250ms -1s 9999999999999h http.status duration service
name description match action priority version fields invariants tests spans
rules[3]{name,match}: rules[2:]{a,b}: nectar_policy{version,rules}: x[2]: - [] {}
\n \u0041 \ud800 \x \\ '(a+)+$' '[z-a]' '(?i)x' '\pN' '(((((' 'a{9999}'
"""
_WORDS: Final = (
    *_TEXT.split(),
    " ", "  ", "\t", "\n", "\r\n", "\r", "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u00a0",
    "\ufeff", "\u200b", "\u202e", "\u201c", "e\u0301", "\U0001f41d", "\uffff", "\u0660", "\u00df",
)  # fmt: skip
_DEEP: Final = ("(", "!", "any(", "[", "{", "((a == 1 || ", "a{", "- ", "x:\n  ", '"', "\\")
_LONG_MAX: Final = 3000
_DEEP_MAX: Final = 400


@cache
def seeds() -> tuple[str, ...]:
    """Return whole policies and pieces of documentation; those of ../shared where it is there."""
    files = [ROOT / "examples" / "shop" / "policy.toon"]
    pages = [ROOT / "docs" / "language.md", *sorted((ROOT / "docs" / "codes").glob("NEC*.md"))]
    pages.append(SHARED / "design" / "language.md")
    texts = [path.read_text(encoding="utf-8") for path in files]
    for page in pages:
        if page.is_file():
            texts += _FENCED.findall(page.read_text(encoding="utf-8"))
    if (SHARED / "vectors").is_dir():
        texts += [encode(record["policy"]) for record in read_vectors("policies.jsonl")]
    return tuple(dict.fromkeys(texts))


def hostile_inputs(seed: int) -> Iterator[bytes]:
    """Yield inputs without end; the one at each place depends on `seed` and the place alone."""
    place = 0
    while True:
        yield hostile_input(seed, place)
        place += 1


def hostile_input(seed: int, place: int) -> bytes:
    """Return the input at `place`: one in ten is random, the others are broken policies."""
    random = Random(f"{seed}:{place}")
    kind = random.random()
    if kind < 0.05:
        return random.randbytes(random.randrange(200))
    if kind < 0.1:
        return "".join(_word(random) for _ in range(random.randrange(80))).encode(errors="replace")
    text = random.choice(seeds())
    for _ in range(1 + int(random.expovariate(0.5))):
        text = random.choice(_MUTATIONS)(random, text)
    data = text.encode("utf-8", errors="replace")
    return _bytes_broken(random, data) if random.random() < 0.03 else data


def _bytes_broken(random: Random, data: bytes) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.randbytes(random.randrange(1, 4)) + data[at + random.randrange(4) :]


def _word(random: Random) -> str:
    return random.choice(_WORDS)


def _insert_word(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + _word(random) + text[at:]


def _replace_word(random: Random, text: str) -> str:
    """Put another word in the place of one: the mutation that gets furthest into the compiler."""
    words = list(re.finditer(r"[\w.]+|[^\w\s]+", text))
    if not words:
        return _word(random)
    found = random.choice(words)
    return text[: found.start()] + _word(random) + text[found.end() :]


def _swap_words(random: Random, text: str) -> str:
    words = re.split(r"(\W+)", text)
    one, other = random.randrange(len(words)), random.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return "".join(words)


def _insert_char(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return (
        text[:at]
        + chr(random.choice((random.randrange(128), random.randrange(0xD800))))
        + text[at:]
    )


def _delete(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at + 1 + int(random.expovariate(0.3)) :]


def _truncate(random: Random, text: str) -> str:
    return text[: random.randint(0, len(text))]


def _repeat_piece(random: Random, text: str) -> str:
    start, end = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
    return text[:end] + text[start:end] + text[end:]


def _repeat_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    return "".join([*lines[:at], *[lines[at]] * random.choice((2, 3, 20)), *lines[at + 1 :]])


def _move_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randint(0, len(lines)), line)
    return "".join(lines)


def _indent_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    lines[at] = random.choice(("", " ", "  ", "   ", "    ", "\t", " \t")) + lines[at].lstrip()
    return "".join(lines)


def _graft(random: Random, text: str) -> str:
    """Put a piece of another policy in."""
    other = random.choice(seeds())
    start = random.randint(0, len(other))
    at = random.randint(0, len(text))
    return text[:at] + other[start : start + random.randrange(120)] + text[at:]


def _number(random: Random, text: str) -> str:
    found = list(re.finditer(r"\d+", text))
    if not found:
        return text
    one = random.choice(found)
    digits = random.choice(("0", "-1", "1", "2", "99", "1e400", "9" * random.randrange(1, 400)))
    return text[: one.start()] + digits + text[one.end() :]


def _deepen(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(_DEEP) * random.randrange(2, _DEEP_MAX) + text[at:]


def _lengthen(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    piece = random.choice((_word(random), text[at : at + 1], ",", "\n", '"', "a || ", " && b"))
    return text[:at] + piece * random.randrange(2, _LONG_MAX // max(1, len(piece))) + text[at:]


def _line_ends(_random: Random, text: str) -> str:
    return text.replace("\n", "\r\n")


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(_replace_word,) * 4,
    *(_insert_word, _swap_words, _delete, _number) * 2,
    _insert_char, _truncate, _repeat_piece, _repeat_line, _move_line, _indent_line, _graft,
    _deepen, _lengthen, _line_ends,
)  # fmt: skip


def save(data: bytes, folder: Path, name: str) -> Path:
    """Write an input that failed, for the next run; return where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toon"
    path.write_bytes(data)
    return path
