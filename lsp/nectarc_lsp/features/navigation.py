"""From a name to what it names, and to all that name it: also across the files of a project.

Owns: definitions, references. Must not know: the protocol, which files there are.
Truth: features/occurrences.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from nectarc.source import NOWHERE, SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.manifest import path_of, setting_places, value_source
from nectarc_lsp.features.nodes import cell_at
from nectarc_lsp.features.occurrences import Named, Target, occurrences, target_at
from nectarc_lsp.features.safety_uses import safety_uses


def definitions(view: View, offset: int, policies: Iterable[View]) -> tuple[SourceSpan, ...]:
    """Return where what is named at `offset` is made: a row, or a file (its beginning).

    policies: of the project, for names in its manifest.
    """
    if view.kind is Kind.MANIFEST:
        return tuple(_from_manifest(view, offset, policies))
    file = _file_of_test(view, offset)
    if file:
        return (SourceSpan(file, 0, 0),)
    target = target_at(view, offset)
    return () if target is None else tuple(_made(view, target))


def references(
    view: View, offset: int, policies: Iterable[View], *, with_declaration: bool
) -> tuple[SourceSpan, ...]:
    """Return every place that names what is named at `offset`, the manifest's included."""
    if view.kind is Kind.MANIFEST:
        targets = _safety_target(view, offset)
        pairs = [
            (one, Target(_as_read_in(one, target), target.name, target.source))
            for target in targets
            for one in policies
        ]
        found = [*_in_safety(view, targets[0].name, is_quoted=False)] if targets else []
        return tuple(dict.fromkeys((*found, *_all(pairs, with_declaration=with_declaration))))
    target = target_at(view, offset)
    if target is None:
        return ()
    places = list(_all([(view, target)], with_declaration=with_declaration))
    if target.named in {Named.FIELD, Named.BUILT_IN, Named.SPAN_FIELD}:
        places += _in_safety(view, target.name, is_quoted=target.named is Named.SPAN_FIELD)
    return tuple(dict.fromkeys(places))


def highlights(view: View, offset: int) -> tuple[tuple[SourceSpan, bool], ...]:
    """Return the places in this document that name the same; True where it is made."""
    target = target_at(view, offset)
    if target is None:
        return ()
    return tuple((one.source, one.is_declaration) for one in occurrences(view, target))


def _all(pairs: Iterable[tuple[View, Target]], *, with_declaration: bool) -> Iterator[SourceSpan]:
    for view, target in pairs:
        for one in occurrences(view, target):
            if with_declaration or not one.is_declaration:
                yield one.source


def _made(view: View, target: Target) -> Iterator[SourceSpan]:
    for one in occurrences(view, target):
        if one.is_declaration:
            yield one.source


def _file_of_test(view: View, offset: int) -> str:
    """Return the trace file that a test names at `offset`, "" for anything else."""
    cell = cell_at(view, offset)
    if cell is None or (cell.section, cell.column) != ("tests", "file"):
        return ""
    name = cell.scalar.text
    path = os.path.normpath(os.path.join(os.path.dirname(view.text.file), name))
    return path if name.strip() and os.path.isfile(path) else ""


def _from_manifest(view: View, offset: int, policies: Iterable[View]) -> Iterator[SourceSpan]:
    for place in setting_places(view):
        value = value_source(view, place)
        if place.table and value.start <= offset <= value.end:
            path = path_of(view, place)
            if path and os.path.isfile(path):
                yield SourceSpan(path, 0, 0)
    others = tuple(policies)
    for target in _safety_target(view, offset):
        for one in others:
            yield from _made(one, Target(Named.FIELD, target.name, target.source))


def _safety_target(view: View, offset: int) -> tuple[Target, ...]:
    """Return the field that a `[safety]` match names at `offset`."""
    for use in safety_uses(view):
        if use.source != NOWHERE and use.source.start <= offset <= use.source.end:
            named = Named.SPAN_FIELD if use.is_quoted else Named.FIELD
            return (Target(named, use.name, use.source),)
    return ()


def _as_read_in(view: View, target: Target) -> Named:
    """Return what kind of name it is to a policy: its row declares it, or it reads a span field."""
    if target.named is Named.SPAN_FIELD:
        return target.named
    kinds = (Named.FIELD, Named.BUILT_IN, Named.SPAN_FIELD)
    found = (one for one in kinds if occurrences(view, Target(one, target.name, target.source)))
    return next(found, Named.FIELD)


def _in_safety(view: View, name: str, *, is_quoted: bool) -> Iterator[SourceSpan]:
    for use in safety_uses(view):
        # An undeclared name reads the same span field with backticks and without.
        if use.source != NOWHERE and use.name == name and (is_quoted or not use.is_quoted):
            yield use.source
