"""What an offer means, for the pane beside the list; made when it is looked at.

Owns: which words belong to a topic. Must not know: the protocol.
Truth: nectarc/report/language_words.py, nectarc/report/action_words.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.report.action_words import (
    ACTIONS,
    PARAMETERS,
    parameter_default,
    parameter_kind,
    parameter_of,
)
from nectarc.report.language_words import (
    COLUMNS,
    JOINERS,
    OPERATORS,
    PREDICATES,
    QUANTIFIERS,
    REQUIREMENTS,
    SECTIONS,
    TYPES,
    Meaning,
)
from nectarc.semantics.sampler_parameters import SAMPLERS
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.manifests import key_words
from nectarc_lsp.features.completion.offers import Topic
from nectarc_lsp.features.field_uses import FieldUse, Use
from nectarc_lsp.features.hover_field import field_words
from nectarc_lsp.features.hover_rule import rule_words
from nectarc_lsp.features.markdown import fenced, paragraphs


def documentation(view: View, topic: Topic) -> str:
    """Return Markdown about an offer, "" where there is nothing to say."""
    return paragraphs(_words(view, topic))


def _words(view: View, topic: Topic) -> Iterator[str]:
    match topic.kind:
        case "field":
            is_quoted = topic.of == "`"
            source = SourceSpan(view.text.file, 0, 0)
            yield from field_words(
                view,
                FieldUse(
                    name=topic.name,
                    use=Use.SPELLING if is_quoted else Use.READ,
                    source=source,
                    name_source=source,
                    is_quoted=is_quoted,
                ),
            )
        case "rule":
            yield from rule_words(view, topic.name)
        case "action":
            yield from _action(topic.name)
        case "parameter":
            yield from _parameter(topic)
        case "key":
            yield key_words(topic.of, topic.name)
        case _:
            yield from _meaning(_meaning_of(topic))


def _meaning_of(topic: Topic) -> Meaning | None:
    match topic.kind:
        case "section":
            return SECTIONS.get(topic.name)
        case "column":
            return COLUMNS.get((topic.of, topic.name))
        case "operator":
            return OPERATORS.get(topic.name) or JOINERS.get(topic.name)
        case "word":
            return QUANTIFIERS.get(topic.name) or PREDICATES.get(topic.name)
        case "requirement":
            return REQUIREMENTS.get(topic.name)
        case "type":
            return TYPES.get(topic.name)
        case _:
            return None


def _meaning(found: Meaning | None) -> Iterator[str]:
    if found is not None:
        yield found.words
        if found.example:
            yield fenced(found.example, "toon")


def _action(name: str) -> Iterator[str]:
    found = ACTIONS.get(name)
    yield from _meaning(found)
    kind = SAMPLERS.get(name)
    if kind is not None:
        yield f"In Refinery: `{kind.refinery}`"


def _parameter(topic: Topic) -> Iterator[str]:
    words = PARAMETERS.get(topic.name)
    if words is None:
        return
    yield words
    found = parameter_of(topic.of, topic.name)
    if found is None:
        yield "In Refinery: `FieldList`. It must be given."
        return
    default = parameter_default(found)
    told = f"default {default}" if default else "it must be given"
    yield f"In Refinery: `{found.refinery}`, {parameter_kind(found)}; {told}."
