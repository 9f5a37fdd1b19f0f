"""Lists whose items name things: "Rates per service:" and `feed: 1 in 50` below it, "keep: a, b".

Owns: what an item's bare name is of. Must not know: what clauses do to each other.
Truth: docs/intent.md. A name is one only under a heading that says of what, or beside a field.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from nectarc.intent.matches import string_literal
from nectarc.offline.clauses import Aside, Said, Unit
from nectarc.offline.grammar import Chart
from nectarc.offline.lexicon import word_lists
from nectarc.offline.phrases import Act, Definition, Phrase, Rate
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import EVERY, Test, opens_of
from nectarc.offline.words import SourceWords
from nectarc.records import replace

_PER: Final = re.compile(
    r"(?:(?:the |our |my |sampling |sample |keep |retention |trace )*(?:rates?|sampling|shares?"
    r"|percentages?|rules?|"
    r"policy|quotas?|budgets?)?\s*(?:are |is )?(?:per|by|for each|for the|for our|of the|of our"
    r"|for)\s+)"
    r"(?P<what>[\w-]+)(?: rates?| sampling)?(?: as follows| are| in percent)?"
    r"|per[ -](?P<kind>[\w-]+)(?: (?:sampling|rates?|sample rates?|shares?|rules?|policy))+",
    re.IGNORECASE,
)
_SERVICES: Final = frozenset({"service", "services", "microservice", "app", "apps"})
_FIELDS: Final = {
    "tenant": "", "tenants": "", "customer": "", "customers": "", "plan": "", "plans": "",
    "region": "", "regions": "", "team": "", "teams": "", "account": "", "accounts": "",
    "client": "", "clients": "", "org": "", "orgs": "", "tier": "", "tiers": "",
}  # fmt: skip
_IN_OR_OUT: Final[dict[str, Literal["keep", "drop"]]] = {"in": "keep", "out": "drop"}
_SEPARATORS: Final = ("_COLON", "_DASH", "ARROW", "COMPARE", "_PIPE")
# Kinds of words that say by themselves of which traces they are: never a bare name.
_SAYS: Final = word_lists()["lists_says"]


class Lists:
    """Reads the items of one text's lists."""

    def __init__(self, chart: Chart, whole: SourceWords) -> None:
        """Take the text in, and look for the field that its words name."""
        self._chart, self._whole = chart, whole
        self._per = ""
        self._field = self._only_field()

    def read(self, segment: Segment) -> tuple[Unit, ...] | None:
        """Return what an item, or "keep: a, b", says; None for all other stretches."""
        said = self._whole.said(segment.start, segment.end)
        if segment.is_heading:
            act = self._heading(segment)
            if act is not None:
                return (Said(act=act, start=segment.start, end=segment.end),)
            found = _PER.fullmatch(said.strip(" :"))
            self._per = self._of(found["what"] or found["kind"]) if found is not None else ""
            return (Aside(segment.start, segment.end),) if self._per else None
        if not segment.is_item and not self._is_line(segment):
            self._per = ""
        if self._per or (segment.is_item and self._field):
            item = self._item(segment, self._per or self._field)
            if item is not None:
                return (item,)
        return self._acted(segment)

    def _is_line(self, segment: Segment) -> bool:
        """Whether it stands on a line of its own."""
        words = self._whole.words
        return segment.start > 0 and words[segment.start - 1].kinds[0] == "BREAK"

    def _of(self, what: str) -> str:
        if what.lower() in _SERVICES:
            return "service"
        return self._field if what.lower() in _FIELDS else ""

    def _only_field(self) -> str:
        fields = {
            one.name
            for start in range(len(self._whole.words))
            for meanings in self._chart.read("definition", start).values()
            for one in meanings
            if isinstance(one, Definition) and one.kind == "field"
        }
        return fields.pop() if len(fields) == 1 else ""

    def _item(self, segment: Segment, field: str) -> Said | None:
        """Read "feed: 1 in 50": one word, a separator, an action or a rate."""
        words = self._whole.words
        name = words[segment.start]
        at = segment.start + 1
        if at >= segment.end - 1 or words[at].kinds[0] not in _SEPARATORS:
            return None
        is_name = re.fullmatch(r"[A-Za-z][\w.-]*", name.text) is not None
        if not is_name or not _SAYS.isdisjoint(self._chart.names_at(segment.start)):
            return None
        meant = {
            one
            for symbol in ("exact_rate", "act")
            for one in self._chart.read(symbol, at + 1).get(segment.end, ())
            if isinstance(one, Act | Rate)
        }
        if len(meant) != 1:
            return None
        one = meant.pop()
        literal = string_literal(name.text)
        about = Test(f"{field} == {literal}", field, (literal,))
        said = Said(np=Phrase(about), start=segment.start, end=segment.end)
        return replace(said, act=one) if isinstance(one, Act) else replace(said, rate=one)

    def _heading(self, segment: Segment) -> Act | None:
        """Read what a heading does to its items: "To be dropped", "In", "Always out"."""
        acts = dict(self._acts(segment))
        return acts.get(segment.end)

    def _acts(self, segment: Segment) -> list[tuple[int, Act]]:
        """Return where what is done to the things behind may end, and what it is."""
        first = self._whole.words[segment.start].text.lower()
        found: list[tuple[int, Act]] = []
        if first in _IN_OR_OUT:
            found.append((segment.start + 1, Act(_IN_OR_OUT[first])))
        for symbol in ("act", "passive", "verdict"):
            for stop, meanings in self._chart.read(symbol, segment.start).items():
                acts = {one for one in meanings if isinstance(one, Act)}
                known = [one for one in acts if one.kind in ("keep", "drop")]
                if len(acts) == 1 and known:
                    found.append((stop, known[0]))
        return found

    def _acted(self, segment: Segment) -> tuple[Unit, ...] | None:
        """Read "keep: 5xx, /login, service auth", "out: [/a, /b]": each of them."""
        words = self._whole.words
        for stop, act in self._acts(segment):
            if stop >= segment.end - 1 or words[stop].kinds[0] != "_COLON":
                continue
            first, last = stop + 1, segment.end
            if words[first].kinds[0] == "_LBRACKET" and words[last - 1].kinds[0] == "_RBRACKET":
                first, last = first + 1, last - 1
            commas = [one for one in range(first, last) if words[one].kinds[0] == "_COMMA"]
            edges = [first, *(one + 1 for one in commas)]
            found: list[Unit] = []
            for start, end in zip(edges, [*commas, last], strict=True):
                conds = {
                    one.cond
                    for one in self._chart.read("np", start).get(end, ())
                    if isinstance(one, Phrase) and not one.is_rest
                }
                if len(conds) != 1:
                    return None
                cond = conds.pop()
                if cond == EVERY or any(one.about == "group" for one in opens_of(cond)):
                    return None
                found.append(Said(act=act, np=Phrase(cond), start=start, end=end))
            return tuple(found)
        return None
