"""Links: files that a document names, pages of codes.

Owns: where they stand and where they lead. Must not know: the protocol.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import CODES
from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.code_pages import page_address
from nectarc_lsp.features.manifest import path_of, setting_places, value_source
from nectarc_lsp.features.nodes import places

_CODE: Final = re.compile(r"\bNEC\d{3}\b")
_COMMENT: Final = re.compile(r"#.*$", re.MULTILINE)


@record
class Link:
    """A link at `source`. Either `path`, to open, or `address`, on the web, is set."""

    source: SourceSpan
    tooltip: str
    path: str = ""
    address: str = ""


def links(view: View) -> tuple[Link, ...]:
    """Return the links of a document, in order."""
    found = [*_pages(view)]
    match view.kind:
        case Kind.POLICY:
            found += _of_policy(view)
        case Kind.MANIFEST:
            found += _of_manifest(view)
        case Kind.RULES | Kind.OTHER:
            pass
    return tuple(sorted(found, key=lambda one: one.source.start))


def _of_policy(view: View) -> Iterator[Link]:
    folder = os.path.dirname(view.text.file)
    if not os.path.isabs(folder):
        return
    for cell in places(view).cells:
        if (cell.section, cell.column) == ("tests", "file") and cell.scalar.text.strip():
            inside = cell.scalar.span_of(0, len(cell.scalar.text))
            path = os.path.normpath(os.path.join(folder, cell.scalar.text))
            yield Link(inside, "the trace of this test", path=path)


def _of_manifest(view: View) -> Iterator[Link]:
    if not os.path.isabs(view.text.file):
        return
    for one in setting_places(view):
        path = path_of(view, one)
        if path:
            yield Link(value_source(view, one), f"open {os.path.basename(path)}", path=path)


def _pages(view: View) -> Iterator[Link]:
    """Yield the codes that comments name."""
    for comment in _COMMENT.finditer(view.text.text):
        for code in _CODE.finditer(comment.group()):
            if code.group() in CODES:
                start = comment.start() + code.start()
                span = view.text.span(start, start + len(code.group()))
                title = CODES[code.group()].title
                yield Link(span, title, address=page_address(code.group()))
