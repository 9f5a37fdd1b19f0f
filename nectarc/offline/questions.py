"""The questions that would settle what is open, in words, with the user's words in them.

Owns: ids, sentences, choices. Must not know: the chart, how answers are read.
Truth: docs/intent.md, "Questions".
"""

from __future__ import annotations

import re
from fractions import Fraction

from nectarc.intent.records import Place, Question
from nectarc.offline.selectors import Open


def slug(text: str) -> str:
    """Return a text as a part of an id."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return "-".join(plain.split("-")[:4]) or "it"


def of_open(one: Open) -> Question:
    """Return what to ask about a word that leaves open which traces are meant."""
    places: tuple[Place, ...] = ((one.start, one.end),) if one.end else ()
    about = one.about.removeprefix("root.")
    words = " ".join(one.words.split())
    match about:
        case "slow":
            return Question(
                id="slow",
                words=f"from which duration on is a trace `{words}`: what is the threshold, in "
                "seconds or ms (for example `2s`)?",
                places=places,
            )
        case "threshold":
            return Question(
                id="threshold",
                words=f"what is `{words}` as a fixed duration, in seconds or ms? a rule needs a "
                "number and cannot follow a percentile or an average",
                places=places,
            )
        case "number":
            number = words.split()[-1]
            choices = (
                (f"{number}ms", f"traces with a span of more than {number} ms"),
                (f"{number}s", f"traces with a span of more than {number} seconds"),
                (f"status > {number}", f"traces with an HTTP status above {number}"),
                (f"more than {number} spans", f"traces of more than {number} spans"),
            )
            return Question(
                id=slug(words),
                words=f"`{words}` of what: a duration in ms or seconds, an HTTP status, a number "
                "of spans?",
                choices=choices,
                places=places,
            )
        case "health":
            return Question(
                id="health",
                words=f"which routes are the `{words}` (for example `/healthz, /ready`)?",
                places=places,
            )
        case "static":
            return Question(
                id="static",
                words=f"which routes are `{words}` (for example `.js, .css, .png`)?",
                places=places,
            )
        case _:
            return Question(
                id=f"which-{slug(words)}",
                words=f"which traces are `{words}`: which attribute, service or route says so, "
                "and with which value (for example `tenant.tier = gold`)?",
                places=places,
            )


def of_rate(about: str, name: str, said: str, rate: str, place: Place) -> Question:
    """Return what to ask about a rate. name: of the clause; said: its words; rate: its words."""
    key = f"rate-of-{name}"
    match about:
        case "rate-number":
            choices = (
                (f"{rate} percent", f"keep {rate} % of them"),
                (f"1 in {rate}", f"keep one in {rate}"),
            )
            return Question(
                id=key, words=f"`{rate}` of what in `{said}`: {rate} percent (`{rate}%`), or one "
                f"in {rate} (`1 in {rate}`)?", choices=choices, places=(place,),
            )  # fmt: skip
        case "rate-choice":
            return Question(
                id=key, words=f"which rate is meant in `{said}`: `{rate}` leaves it open, is it "
                "one percent or another (for example `1%` or `1 in 50`)?",
                choices=tuple((one, f"keep {one}") for one in _each_rate(rate)), places=(place,),
            )  # fmt: skip
        case "rate-near":
            return Question(
                id=key, words=f"a rule keeps one in n for a whole n, so `{rate}` in `{said}` "
                "cannot be had: keep all of them, or one in two (`1 in 2`, 50%)?",
                choices=(("all", "keep every one"), ("1 in 2", "keep half")), places=(place,),
            )  # fmt: skip
        case "by":
            return Question(
                id="by", words=f"by which fields is `{rate}` to be shared (for example `by "
                "route` or `by service`)?", places=(place,),
            )  # fmt: skip
        case "rate-traces" | "rate-limit":
            return Question(
                id=key, words=f"how many events per second may `{said}` send (for example `100 "
                "events per second`)?", places=(place,),
            )  # fmt: skip
        case _:
            return Question(
                id=key, words=f"how much of `{said}` is to be kept: at which rate (for example "
                "`5 percent`, `1 in 50`, `all`, `none`)?", places=(place,),
            )  # fmt: skip


def _each_rate(rate: str) -> list[str]:
    return [
        one if "%" in one or "in" in one else f"{one} percent" if "perc" in rate else f"{one}%"
        for one in (re.sub(r"\s*(?:%|perc\w*)", "", part).strip() for part in rate.split(" or "))
    ]


def of_rest() -> Question:
    """Return the question what happens to everything that no clause is about."""
    return Question(
        id="rest",
        words="what happens to the rest, all other traces: how much of everything else is to be "
        "kept (for example `5 percent`, `1 in 100`, `all`, `none`)?",
    )


def of_words(segment: str, word: str, place: Place) -> Question:
    """Return what to ask where words were not understood."""
    about = f"`{word}`" if word else "it"
    return Question(
        id=f"words-{slug(word or segment)}",
        words=f"what does {about} mean in `{_short(segment)}`: which traces (by service, route, "
        "status, attribute or seconds), and what percent of them is to be kept?"
        if word
        else f"what is meant by `{_short(segment)}`: which traces (by service, route, status, "
        "attribute or seconds), and what percent of them is to be kept?",
        places=(place,),
    )


def of_conflict(left: str, right: str, places: tuple[Place, ...]) -> Question:
    """Return what to ask about two clauses that contradict each other."""
    return Question(
        id="conflict",
        words=f"`{_short(left)}` and `{_short(right)}` contradict each other about the same "
        "traces (a conflict): which of the two is to hold?",
        choices=((left, "the first holds"), (right, "the second holds")),
        places=places,
    )


def of_overlap(left: str, right: str, places: tuple[Place, ...]) -> Question:
    """Return what to ask about two rates for traces that are both."""
    return Question(
        id=f"order-{slug(left)}",
        words=f"which rate wins for a trace that is about both `{_short(left)}` and "
        f"`{_short(right)}`: the first or the second?",
        choices=(("first", left), ("second", right)),
        places=places,
    )


def of_errors(said: str, place: Place) -> Question:
    """Return what to ask where the words would lose errors that the project keeps."""
    return Question(
        id="errors",
        words=f"`{_short(said)}` would lose failed traces too, and this project keeps every error "
        "(`[safety]` of its manifest): keep the errors all the same?",
        choices=(("keep errors", "errors are kept before anything else"),),
        places=(place,),
    )


def of_length(segment: str, place: Place) -> Question:
    """Return what to ask about a sentence that is too long to read."""
    return Question(
        id="sentence",
        words=f"can you say `{_short(segment)}` in several shorter sentences?",
        places=(place,),
    )


def of_language(reason: str) -> Question:
    """Return what to ask where the words are of another language."""
    return Question(id="language", words=f"{reason}: can you say it in English?")


def of_readings(words: str, choices: tuple[str, ...]) -> Question:
    """Return what to ask where words have several readings."""
    numbered = tuple((str(number), one) for number, one in enumerate(choices, 1))
    return Question(
        id="reading",
        words=f"`{_short(words)}` can be read in several ways: which is meant, "
        + "; ".join(f"({number}) {one}" for number, one in numbered) + "?",
        choices=numbered,
    )  # fmt: skip


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 160 else plain[:157] + "..."


ONE: Fraction = Fraction(1)
