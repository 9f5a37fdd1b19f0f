"""The typed intent: what both engines understand of a sentence, before any policy is written.

Owns: the records. Must not know: English, Claude, how a policy or its properties are derived.
Truth: docs/intent.md; ../shared/design/product.md (`propose`).

`what` of a clause and `when` of a property are match expressions of the policy language
(docs/language.md, 3), as text: the language is what engines, checker and prover have in common.
"""

from __future__ import annotations

from typing import TypeAlias

from nectarc.importing.records import FieldRow
from nectarc.records import part, record

__all__ = ["FieldRow"]

# A place in the intent's text: code points, half open.
Place: TypeAlias = tuple[int, int]


@record
class KeepAll:
    """Keep every such trace."""


@record
class DropAll:
    """Keep none."""


@record
class KeepOneIn:
    """Keep one in `one_in` (>= 2) of them, at random. words: the rate as it was said, "1%"."""

    one_in: int
    words: str = part(default="", compare=False)


@record
class LimitRate:
    """Keep at most about `per_second` events a second of them.

    by: span fields whose values share the limit fairly; never empty.
    """

    per_second: float
    by: tuple[str, ...]


@record
class AdaptRate:
    """Keep one in `one_in` of them on average, more of what is rare by the fields `by`."""

    one_in: int
    by: tuple[str, ...]


Wanted: TypeAlias = KeepAll | DropAll | KeepOneIn | LimitRate | AdaptRate


@record(kw_only=True)
class Clause:
    """One thing that is wanted of some traces.

    what:   a match expression, "true" for all traces that no clause before it is about.
    name:   of the rule it becomes: kebab case, unique in the intent, e.g. "keep-errors".
    words:  the user's own words for it; "" for what the project's safety adds.
    place:  where they stand in the text; None where they are not from the text.
    origin: "words", "safety" (the manifest's `[safety]`), "answer" (to a question),
            "policy" (a rule of the policy that is refined).
    wins:   why it stands where it stands, "" where no other clause is about the same traces:
            "errors are never dropped", "said first", "an exception of clause 3".
    """

    wanted: Wanted
    what: str
    name: str
    words: str = ""
    place: Place | None = None
    origin: str = "words"
    wins: str = ""

    @property
    def is_rest(self) -> bool:
        """Whether it is about everything that no other clause is about."""
        return self.what == "true"


@record(kw_only=True)
class Promise:
    """What must hold for every trace that `when` matches; said in so many words by the user.

    require: as in an `invariants` row: `keep`, `not drop`, `share >= 0.1`, `share <= 0.5`.
    words:   the user's own words for it ("never lose a failed checkout").
    sampler: Refinery's kind of sampler and its goal, where one must decide; None for any action.
    Clauses imply further properties: `properties_of` derives these.
    """

    name: str
    when: str
    require: str
    words: str = ""
    sampler: tuple[str, int] | None = None


@record(kw_only=True)
class Intent:
    """A sentence, understood.

    text:     as it was given.  answers: the questions' ids and what was answered, in order.
    clauses:  in order of precedence, the first that is about a trace wins; the last is the rest.
    budget_per_second: kept events per second at most; None where nothing was said.
    asides:   parts of the text that ask for nothing ("they're noisy"), as said back to the user.
    notes:    what was taken for granted, in sentences ("`slow` is about any span of the trace").
    """

    text: str
    clauses: tuple[Clause, ...]
    fields: tuple[FieldRow, ...] = ()
    promises: tuple[Promise, ...] = ()
    budget_per_second: float | None = None
    asides: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


@record(kw_only=True)
class Question:
    """What must be answered before the intent is clear.

    id:      short and stable for `--answer ID=TEXT`: "slow", "rest", "rate-of-checkout".
    words:   the question, one sentence with a question mark, naming the words it is about.
    choices: answers that settle it, as one would type them ("5s", "1 in 5", "keep them"), each
             with what it would mean; () where the answer is open.
    places:  the words it is about.
    """

    id: str
    words: str
    choices: tuple[tuple[str, str], ...] = ()
    places: tuple[Place, ...] = ()


@record(kw_only=True)
class Understood:
    """The engine knows what is wanted."""

    intent: Intent


@record(kw_only=True)
class Asks:
    """The engine needs answers. partly: clauses that were understood, to be said back."""

    questions: tuple[Question, ...]
    partly: tuple[Clause, ...] = ()
    not_understood: tuple[Place, ...] = ()


@record(kw_only=True)
class Refuses:
    """No policy can do this. reason: why, a sentence; instead: what can be done, sentences."""

    reason: str
    instead: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


Reading: TypeAlias = Understood | Asks | Refuses
