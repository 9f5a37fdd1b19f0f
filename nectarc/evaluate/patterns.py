r"""Patterns of `matches`: RE2, set up so that it says what Go's `regexp` would say.

Owns: which patterns Go refuses, the compiled ones. Must not know: policies, rules files.
Truth: docs/language.md, section 3 (RE2 as `google-re2` reads it); Go's regexp/syntax.
Known difference: names of Unicode classes that only one of the two libraries knows are not looked
for. Cost: the first pattern imports re2, 25 ms.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import re2

# Go has no budget of memory that a sane pattern could exceed; RE2's own is 8 MiB.
_MEMORY_BYTES: Final = 64 << 20


class PatternError(ValueError):
    """The text is no pattern; the message says why, in RE2's words."""


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> re2.Pattern:
    """Return the pattern over UTF-8 bytes; raises PatternError where Go would refuse it."""
    import re2 as engine  # noqa: PLC0415 - only who asks for a pattern pays for it

    if _has_any_byte(text):
        raise PatternError(r"`\C` (any byte) is unknown to Go, in which Refinery is written")
    options = engine.Options()
    options.log_errors = False
    options.max_mem = _MEMORY_BYTES
    try:
        return engine.compile(text.encode("utf-8", "surrogatepass"), options)
    except engine.error as error:
        words = error.args[0] if error.args else "bad pattern"
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        raise PatternError(said) from error


def pattern_error(text: str) -> str:
    """Return why `text` is no pattern; "" when it is one for RE2 and for Go."""
    try:
        compile_pattern(text)
    except PatternError as error:
        return str(error)
    return ""


def _has_any_byte(pattern: str) -> bool:
    r"""Say whether `\C` stands in the pattern outside of `\Q...\E`."""
    index, is_literal = 0, False
    while index < len(pattern) - 1:
        pair = pattern[index : index + 2]
        if is_literal:
            is_literal = pair != r"\E"
            index += 1 if is_literal else 2
            continue
        if pair == r"\C":
            return True
        is_literal = pair == r"\Q"
        index += 2 if pair[0] == "\\" else 1
    return False
