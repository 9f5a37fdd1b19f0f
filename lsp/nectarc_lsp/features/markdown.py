"""Markdown for hovers, and the plain text of it for clients that want that.

Owns: escaping, the few marks that hovers use. Must not know: the protocol, what hovers say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_MARKS: Final = frozenset("\\`*_[]<>")
_LINK: Final = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_ESCAPE: Final = re.compile(r"\\([\\`*_\[\]<>])")


def escaped(text: str) -> str:
    """Return the text so that Markdown shows it as it is."""
    return "".join("\\" + one if one in _MARKS else one for one in text)


def paragraphs(parts: Iterable[str]) -> str:
    """Join paragraphs; empty ones are left out."""
    return "\n\n".join(one for one in parts if one)


def fenced(text: str, language: str) -> str:
    """Return a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def plain(markdown: str) -> str:
    """Return hover text without its marks: no fences, no bold, links as text with the address."""
    lines: list[str] = []
    is_code = False
    for line in markdown.split("\n"):
        if line.startswith("```"):
            is_code = not is_code
        else:
            lines.append(line if is_code else _plain_line(line))
    return "\n".join(lines)


def _plain_line(line: str) -> str:
    line = _LINK.sub(r"\1 (\2)", line.replace("**", ""))
    return _ESCAPE.sub(r"\1", line)
