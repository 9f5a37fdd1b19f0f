"""What a completion offers, in no protocol's terms.

Owns: the records, texts with stops (snippets). Must not know: what is offered where, the protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from nectarc.diagnostic import Edit
from nectarc.records import record
from nectarc.source import SourceSpan

_BRIEF_MIN: Final = 12


class Kind(Enum):
    """What an offer is; editors show a sign for each."""

    SECTION = "section"
    COLUMN = "column"
    ROW = "row"
    FIELD = "field"
    VALUE = "value"
    CONSTANT = "constant"
    OPERATOR = "operator"
    FUNCTION = "function"
    ACTION = "action"
    PARAMETER = "parameter"
    TYPE = "type"
    RULE = "rule"
    WORD = "word"
    FILE = "file"


class Stop(NamedTuple):
    """A place of a text where the user goes on typing. `choices`: what it may be."""

    number: int
    text: str = ""
    choices: tuple[str, ...] = ()


Template: TypeAlias = "tuple[str | Stop, ...]"


class Topic(NamedTuple):
    """What the documentation of an offer is about: JSON between the two requests.

    kind: "field", "section", "column", "operator", "word", "action", "parameter", "type",
          "value", "key" (of the manifest).
    name: what is offered.  of: what it belongs to: a section, an action, a table.
    """

    kind: str
    name: str
    of: str = ""


@record(kw_only=True)
class Offer:
    """One item.

    label:       what people see and type.
    template:    what is written.
    source:      the text that it takes the place of; up to `cursor` where it is inserted only.
    extra:       edits elsewhere in the line (quotes around the cell).
    detail:      behind the label: the type.   description: at the end of the line: the share.
    rank:        smaller ones stand higher.
    filter:      what the typed text is compared with, "" for the label.
    commits:     characters that accept the offer and are typed behind it.
    is_whole:    what it writes is a whole token, with nothing left to fill in.
    asks_again:  what comes next is offered at once.
    may_insert:  what stands behind the cursor may stay, if the user wants that.
    """

    label: str
    kind: Kind
    template: Template
    source: SourceSpan
    cursor: int
    extra: tuple[Edit, ...] = ()
    detail: str = ""
    description: str = ""
    rank: int = 50
    filter: str = ""
    topic: Topic | None = None
    commits: tuple[str, ...] = ()
    is_whole: bool = True
    is_deprecated: bool = False
    asks_again: bool = False
    may_insert: bool = True


@record
class Completion:
    """What there is at a place. `is_incomplete`: typing on may bring other offers."""

    offers: tuple[Offer, ...] = ()
    is_incomplete: bool = False


NOTHING = Completion()


def text_of(template: Template) -> str:
    """Return the text with what stands at its stops."""
    return "".join(one if isinstance(one, str) else one.text for one in template)


def snippet_of(template: Template) -> str:
    """Return the text in the protocol's snippet syntax."""
    return "".join(
        _escaped(one, "$}\\") if isinstance(one, str) else _stop(one) for one in template
    )


def has_stops(template: Template) -> bool:
    """Say whether there is anything to fill in."""
    return any(isinstance(one, Stop) for one in template)


def mapped(template: Template, change: Callable[[str], str]) -> Template:
    """Return the template with all of its texts changed."""
    return tuple(
        change(one)
        if isinstance(one, str)
        else Stop(one.number, change(one.text), tuple(change(choice) for choice in one.choices))
        for one in template
    )


def brief(words: str) -> str:
    """Return what a line has room for: the first sentence, up to its colon."""
    sentence = words.split(". ", maxsplit=1)[0].rstrip(".")
    before, _, _ = sentence.partition(": ")
    return before if len(before) >= _BRIEF_MIN else sentence


def _stop(stop: Stop) -> str:
    if stop.choices:
        choices = ",".join(_escaped(one, "$}\\,|") for one in stop.choices)
        return f"${{{stop.number}|{choices}|}}"
    if stop.text:
        return f"${{{stop.number}:{_escaped(stop.text, '$}' + chr(92))}}}"
    return f"${stop.number}" if not stop.number else f"${{{stop.number}}}"


def _escaped(text: str, marks: str) -> str:
    return "".join("\\" + one if one in marks else one for one in text)
