"""The fields that the manifest's `[safety]` matches read, with their places.

Owns: places in `nectar.toml`. Must not know: the protocol. Truth: nectarc/safety.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.records import record
from nectarc.source import NOWHERE, SourceSpan
from nectarc_lsp.database.view import View
from nectarc_lsp.features.cell_tokens import Part, pieces_of
from nectarc_lsp.features.field_uses import read_token


@record(kw_only=True)
class SafetyUse:
    """A field that a match of `[safety]` reads.

    source: the name alone, in the manifest; NOWHERE where the match is the default, or written with
            escapes, so that no place in it is known.
    """

    name: str
    is_quoted: bool
    source: SourceSpan


def safety_uses(view: View) -> tuple[SafetyUse, ...]:
    """Return the fields of both matches of the view's project, each place once."""
    project = view.project
    if project is None:
        return ()
    matches = (
        (project.safety_error, project.safety_error_source),
        (project.safety_critical, project.safety_critical_source),
    )
    found = [use for text, value in matches for use in _of_match(view, text, value)]
    return tuple(dict.fromkeys(found))


def _of_match(view: View, text: str, value: SourceSpan) -> Iterator[SafetyUse]:
    written = "" if view.manifest is None else view.manifest.text[value.start : value.end]
    is_plain = len(written) > 1 and written[0] == written[-1] and written[1:-1] == text
    for part, token, start, _ in pieces_of("match", text):
        if part is not Part.FIELD:
            continue
        inside = SourceSpan(
            value.file, value.start + 1 + start, value.start + 1 + start + len(token)
        )
        name, place, _, is_quoted = read_token(token, inside)
        yield SafetyUse(name=name, is_quoted=is_quoted, source=place if is_plain else NOWHERE)
