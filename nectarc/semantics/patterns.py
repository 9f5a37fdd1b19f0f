"""Regular expressions of `matches`: read by RE2, and by Go's own reader of the same syntax.

Owns: the check. Must not know: policies. Cost: imports re2 on first use, about 5 ms.
Truth: docs/language.md, section 3 (RE2 as `google-re2` reads it).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

# Go has no budget of memory that a sane pattern could exceed; RE2's own is 8 MiB.
PATTERN_MEMORY: Final = 64 << 20


@lru_cache(maxsize=1024)
def pattern_error(pattern: str) -> str:
    """Return why `pattern` is none, in RE2's words; "" when it is one for RE2 and for Go."""
    import re2  # noqa: PLC0415 - only policies with `matches` pay for it

    if _has_any_byte(pattern):
        return r"`\C` (any byte) is unknown to Go, in which Refinery is written"
    options = re2.Options()
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        words = error.args[0] if error.args else "bad pattern"
        return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
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
