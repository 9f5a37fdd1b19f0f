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
from nectarc.offline.headings import heading_act, is_beside_rate, items_are
from nectarc.offline.lexicon import word_lists
from nectarc.offline.phrases import Act, Definition, Phrase, Rate
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import EVERY, Cond, Test, opens_of
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
# The head of a table: its first column names services.
_SERVICE_COLUMN: Final = re.compile(
    r"services?\s*\|\s*(?:(?:sample|sampling|keep|kept|rate|share|percent|percentage|how much|%)"
    r"\s*)+",
    re.IGNORECASE,
)
_IN_OR_OUT: Final[dict[str, Literal["keep", "drop"]]] = {"in": "keep", "out": "drop"}
_SEPARATORS: Final = ("_COLON", "_DASH", "ARROW", "COMPARE", "_PIPE")
# Kinds of words that say by themselves of which traces they are: never a bare name.
_SAYS: Final = word_lists()["lists_says"]


class Lists:
    """Reads the items of one text's lists."""

    def __init__(self, chart: Chart, whole: SourceWords) -> None:
        """Take the text in, and look for the field that its words name."""
        self._chart, self._whole = chart, whole
        self._per, self._has_act = "", False
        self._more: Said | None = None
        self._field = self._only_field()

    def read(self, segment: Segment) -> tuple[Unit, ...] | None:
        """Return what an item, or "keep: a, b", says; None for all other stretches."""
        said = self._whole.said(segment.start, segment.end)
        is_more = self._more is not None and self._is_after_semicolon(segment)
        if not is_more:
            self._more = None
        if segment.is_heading:
            self._more = None
            does = self._heading(segment)
            if does is not None:
                self._per = items_are(said)
                self._has_act = True
                return (replace(does, start=segment.start, end=segment.end),)
            self._has_act = False
            found = _PER.fullmatch(said.strip(" :"))
            self._per = self._of(found["what"] or found["kind"]) if found is not None else ""
            return (Aside(segment.start, segment.end),) if self._per else None
        if _SERVICE_COLUMN.fullmatch(said.strip(" |")):
            self._per = "service"
            return (Aside(segment.start, segment.end),)
        if not segment.is_item and not self._is_line(segment):
            self._per, self._has_act = "", False
        if self._per and self._has_act:
            name = self._bare(segment)
            if name is not None:
                return (name,)
        if self._per or (segment.is_item and self._field):
            item = self._item(segment, self._per or self._field)
            if item is not None:
                return (item,)
        if self._more is not None:
            more = self._each(self._more, segment.start, segment.end)
            if more is not None:
                return more
        return self._acted(segment)

    def _is_after_semicolon(self, segment: Segment) -> bool:
        """Whether it goes on with what "Keep: errors; 429s" began."""
        return segment.start > 0 and self._whole.words[segment.start - 1].kinds[0] == "_SEMICOLON"

    def _bare(self, segment: Segment) -> Said | None:
        """Read "ads" under "Drop these services:": one word that names nothing else."""
        name = self._whole.words[segment.start]
        if segment.end != segment.start + 1 or re.fullmatch(r"[A-Za-z][\w.-]*", name.text) is None:
            return None
        names = self._chart.names_at(segment.start)
        if not _SAYS.isdisjoint(names) or names.isdisjoint({"WORD", "SVC_NAME"}):
            return None
        literal = string_literal(name.text)
        about = Test(f"{self._per} == {literal}", self._per, (literal,))
        return Said(np=Phrase(about), start=segment.start, end=segment.end)

    def _is_line(self, segment: Segment) -> bool:
        """Whether it stands on a line of its own."""
        words = self._whole.words
        at = segment.start - 1
        while at > 0 and words[at].kinds[0] == "_PIPE":
            at -= 1
        return at >= 0 and words[at].kinds[0] == "BREAK"

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

    def _heading(self, segment: Segment) -> Said | None:
        """Read what a heading does to its items: "To be dropped", "In", "Sometimes (10 %)"."""
        act = dict(self._acts(segment)).get(segment.end)
        act = act or heading_act(self._whole.said(segment.start, segment.end))
        if act is not None:
            return Said(act=act)
        words = self._whole.words
        at = [one for one in range(segment.start, segment.end) if words[one].kinds[0] == "SHARE"]
        signs = ("_LPAR", "_RPAR", "_COMMA", "_DASH", "_COLON")
        others = [
            words[one].text
            for one in range(segment.start, segment.end)
            if one not in at and words[one].kinds[0] not in signs
        ]
        if len(at) != 1 or not is_beside_rate(" ".join(others)):
            return None
        rates = {
            one for one in self._chart.read("exact_rate", at[0]).get(at[0] + 1, ())
            if isinstance(one, Rate)
        }  # fmt: skip
        return Said(rate=rates.pop()) if len(rates) == 1 else None

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
        colon = next(
            (one for one in range(segment.start + 1, segment.end - 1)
             if words[one].kinds[0] == "_COLON"), 0,
        )  # fmt: skip
        does = self._heading(replace(segment, end=colon)) if colon else None
        if does is None:
            return None
        found = self._each(does, colon + 1, segment.end)
        self._more = does if found is not None else None
        return found

    def _each(self, does: Said, first: int, last: int) -> tuple[Unit, ...] | None:
        """Read "5xx, /login, service auth": each is a noun phrase that the same is done to."""
        words = self._whole.words
        if words[first].kinds[0] == "_LBRACKET" and words[last - 1].kinds[0] == "_RBRACKET":
            first, last = first + 1, last - 1
        if all("PATH" in one.kinds for one in words[first:last]):
            edges, stops = list(range(first, last)), list(range(first + 1, last + 1))
        else:
            commas = [one for one in range(first, last) if words[one].kinds[0] == "_COMMA"]
            edges, stops = [first, *(one + 1 for one in commas)], [*commas, last]
        found: list[Unit] = []
        for start, end in zip(edges, stops, strict=True):
            begin = start + (words[start].text.lower() in ("and", "plus", "also"))
            cond = self._thing(begin, end)
            if cond is None:
                return None
            found.append(replace(does, np=Phrase(cond), start=begin, end=end))
        return tuple(found)

    def _thing(self, start: int, end: int) -> Cond | None:
        """Return the traces that an item names, None where it names none, or all that is left."""
        conds = {
            one.cond
            for one in self._chart.read("np", start).get(end, ())
            if isinstance(one, Phrase) and not one.is_rest
        }
        cond = conds.pop() if len(conds) == 1 else None
        if cond is None or cond == EVERY or any(one.about == "group" for one in opens_of(cond)):
            return None
        return cond
