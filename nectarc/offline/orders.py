"""What stands in the way of an order that the words state: "in this order: ...".

Owns: which stated orders are asked about. Must not know: English. Truth: docs/intent.md, "Which
clause wins": errors first by the project's safety, so an order that says otherwise is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.intent.records import KeepAll, Question
from nectarc.intent.vocabulary import SafetyWords
from nectarc.offline.precedence import Placed, is_about_errors, is_part
from nectarc.offline.questions import of_errors
from nectarc.offline.settling import error_of
from nectarc.offline.words import SourceWords


def out_of_order(
    whole: SourceWords, placed: Sequence[Placed], safety: SafetyWords
) -> Iterator[Question]:
    """Yield what to ask of clauses whose stated order would lose errors, or leave some dead."""
    error = error_of(safety)
    keeps_errors = False
    for one in placed:
        is_error = is_about_errors(one) or (
            isinstance(one.wanted, KeepAll) and is_part(error, one.item.cond)
        )
        keeps_errors = keeps_errors or is_error
        if not keeps_errors and not isinstance(one.wanted, KeepAll) and not one.item.is_rest:
            said = whole.said(one.item.start, one.item.end)
            yield of_errors(said, whole.place(one.item.start, one.item.end))
            return
    rests = [number for number, one in enumerate(placed) if one.item.is_rest]
    if rests and rests[0] < len(placed) - 1:
        first = placed[rests[0]]
        said = whole.said(first.item.start, first.item.end)
        yield Question(
            id="order",
            words=f"`{said}` stands before others, and nothing is left to these: is it what "
            "happens to all the rest? then say it last",
            places=(whole.place(first.item.start, first.item.end),),
        )
