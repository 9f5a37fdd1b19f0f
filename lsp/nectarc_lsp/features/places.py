"""What stands under the cursor in a policy, also while it is being typed.

Owns: `place_at`. Must not know: what a cell says (places_match.py, places_action.py), the protocol.
Truth: ../shared/design/language.md, section 2 (both TOON forms, tables and lists).
"""

from __future__ import annotations

from nectarc.source import SourceText
from nectarc.syntax.policy import WRAPPER
from nectarc.toon.layout import STEP
from nectarc.toon.outline import Header, Level, content_of, entry_on, levels, line_of
from nectarc_lsp.database.view import View
from nectarc_lsp.features.places_kinds import NOWHERE, BlankPlace, CommentPlace, Place
from nectarc_lsp.features.places_line import LinePlace
from nectarc_lsp.features.places_outline import outline


def place_at(view: View, offset: int) -> Place:
    """Return what stands at an offset of a policy. Never raises; O(lines above)."""
    text = view.text
    offset = max(0, min(offset, len(text.text)))
    line = line_of(text, offset)
    content, column = content_of(text, line)
    start = text.line_starts[line]
    if not content:
        return _blank(view, line, offset)
    if content[0] == "#":
        at = start + column
        source = text.span(at, at + len(content))
        return CommentPlace(source=source, text=content) if offset > at else NOWHERE
    if offset < start + column:
        return NOWHERE
    return LinePlace(view, line, offset).place()


def _blank(view: View, line: int, offset: int) -> BlankPlace:
    text, known = view.text, view.derive(outline)
    start = text.line_starts[line]
    found = _open_levels(text, line)
    if known.wrapper is not None and found and _key_of(found[0]) == WRAPPER:
        found = found[1:]
    inner = found[-1] if found else None
    header = next((h for one in reversed(found) if (h := _header(one)) is not None), None)
    return BlankPlace(
        source=text.span(start, offset),
        levels=tuple(reversed(found)),
        section=header.key.text if header is not None else "",
        row=len(inner.lines) if inner is not None else 0,
        written=known.names,
        indent=known.indent,
    )


def _open_levels(text: SourceText, line: int) -> tuple[Level, ...]:
    """Return the blocks that a blank line may be a line of: those of the line above it."""
    above = next((n for n in range(line - 1, -1, -1) if _has_text(text, n)), None)
    if above is None:
        return ()
    _, deepest = content_of(text, above)
    opens = next(iter(entry_on(text, above)), None)
    content, column = content_of(text, above)
    is_opener = opens is not None and (
        opens.size is not None or opens.braces is not None or content.endswith(":")
    )
    if opens is not None and is_opener:
        deepest = max(deepest, opens.column + 1)
    if content.startswith("- "):
        deepest = max(deepest, column + STEP)
    return levels(text, line, deepest)


def _has_text(text: SourceText, line: int) -> bool:
    content, _ = content_of(text, line)
    return bool(content) and content[0] != "#"


def _header(level: Level) -> Header | None:
    return level.opener if isinstance(level.opener, Header) else None


def _key_of(level: Level) -> str:
    return level.opener.key.text if isinstance(level.opener, Header) else ""
