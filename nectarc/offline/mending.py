"""A text with corrections carried out: what was cut, what was put in, where each sign stood.

Owns: the splicing, the way back to the author's own text. Must not know: which words correct.
Truth: docs/intent.md, "Corrections". INVARIANT: every sign has an origin in the author's text.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.intent.records import Asks, Clause, Intent, Place, Question, Reading, Understood
from nectarc.records import record, replace


@record
class Edit:
    """One correction. puts: (start, end, what stands there instead, where that was said).

    A place that nothing is put into is cut out. note: said back to the user.
    """

    puts: tuple[tuple[int, int, str, int], ...]
    note: str = ""


@record
class Mended:
    """A text with its corrections carried out. origins: of each sign, in the author's text."""

    text: str
    origins: tuple[int, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Mended:
        """Return `text` as it is."""
        return cls(text, tuple(range(len(text))))

    def changed(self, edit: Edit) -> Mended:
        """Return it with one more correction carried out."""
        text, origins = self.text, self.origins
        for start, end, said, at in sorted(edit.puts, reverse=True):
            is_moved = text[at : at + len(said)] == said
            places = [self.origins[at + one if is_moved else at] for one in range(len(said))]
            text = text[:start] + said + text[end:]
            origins = (*origins[:start], *places, *origins[end:])
        notes = (*self.notes, edit.note) if edit.note else self.notes
        return replace(self, text=text, origins=origins, notes=notes)

    def place(self, place: Place) -> Place:
        """Return where the author said what stands at `place`."""
        origins = self.origins[place[0] : place[1]]
        return (min(origins), max(origins) + 1) if origins else (0, 0)


def told_of(reading: Reading, mended: Mended, text: str) -> Reading:
    """Return what was read of a mended text as a reading of the author's own."""
    match reading:
        case Understood(intent=intent):
            return Understood(intent=_intent(intent, mended, text))
        case Asks():
            return replace(
                reading,
                questions=tuple(_question(one, mended) for one in reading.questions),
                partly=tuple(_clause(one, mended) for one in reading.partly),
                not_understood=_places(reading.not_understood, mended),
            )
        case _:
            return reading


def _intent(intent: Intent, mended: Mended, text: str) -> Intent:
    return replace(
        intent,
        text=text,
        clauses=tuple(_clause(one, mended) for one in intent.clauses),
        notes=(*intent.notes, *mended.notes),
    )


def _clause(clause: Clause, mended: Mended) -> Clause:
    if clause.place is None:
        return clause
    return replace(clause, place=mended.place(clause.place))


def _question(question: Question, mended: Mended) -> Question:
    return replace(question, places=_places(question.places, mended))


def _places(places: Sequence[Place], mended: Mended) -> tuple[Place, ...]:
    return tuple(mended.place(one) for one in places)
