"""Where in the page a report stands.

Owns: ids, levels of headings, sections. Must not know: what is said.
"""

from __future__ import annotations

from nectarc.records import record
from nectarc.waggle.html_elements import Markup
from nectarc.waggle.records import Basis, CorpusFacts, TargetReport


@record(kw_only=True)
class Section:
    """A part of a report under a heading. kind: a class of the style."""

    id_: str
    title: str
    kind: str
    inside: tuple[Markup, ...]


@record(kw_only=True)
class Place:
    """Where a report stands.

    prefix: of its ids, unlike that of any other report.  level: of its own heading, 1 or 2.
    corpus: of the whole page.  rows: at most so many in a chart of rules.
    yaml:   at most so many characters of it stand a second time, after those by rule.
    """

    prefix: str
    level: int
    corpus: CorpusFacts
    rows: int
    yaml: int

    @property
    def has_corpus(self) -> bool:
        """Whether anything was counted."""
        return self.corpus.traces > 0

    def id_(self, what: str) -> str:
        """Return the id of a part of this report."""
        return f"{self.prefix}{what}"

    def section(self, what: str, title: str, *inside: Markup) -> Section:
        """Return a section with its id."""
        return Section(id_=self.id_(what), title=title, kind=what, inside=inside)

    def is_open(self, report: TargetReport) -> bool:
        """Say whether some rule may keep anything between none and all of what it decides."""
        return any(rule.basis is Basis.NOTHING and rule.decided.traces for rule in report.rules)
