"""The offline engine: an intent's text into clauses, or the questions that would settle it.

Owns: the order of the steps, what is asked, what is answered. Must not know: corpora, terminals.
Truth: docs/intent.md; issue 6, 2: it answers only what it understood and never guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Final

from nectarc.intent.records import (
    Asks,
    DropAll,
    Intent,
    KeepAll,
    Place,
    Question,
    Reading,
    Refuses,
    Understood,
)
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.offline.alike import are_alike
from nectarc.offline.answers import Answers, read_answers
from nectarc.offline.background import without_background
from nectarc.offline.cautions import caution_of
from nectarc.offline.clauses import Said, Stuck, Unit
from nectarc.offline.complements import fast_as_a_whole
from nectarc.offline.composition import Composed
from nectarc.offline.corrections import Telling
from nectarc.offline.discourse import says_order
from nectarc.offline.doubts import doubt_about
from nectarc.offline.ellipsis import narrowed
from nectarc.offline.grammar import Chart, grammar
from nectarc.offline.intents import intent_of
from nectarc.offline.introductions import explained
from nectarc.offline.lattice import edges_of
from nectarc.offline.ledger import missing_from
from nectarc.offline.lexer import lex
from nectarc.offline.mending import Mended, told_of
from nectarc.offline.notation import plainer
from nectarc.offline.orders import out_of_order
from nectarc.offline.pieces import Reader
from nectarc.offline.precedence import (
    Asked,
    Placed,
    are_apart,
    have_thresholds,
    is_budget,
    is_part,
    leaves_errors_out,
    loses_errors,
    text_of,
    wanted_of,
)
from nectarc.offline.preferring import preferred
from nectarc.offline.questions import (
    of_conflict,
    of_errors,
    of_language,
    of_length,
    of_open,
    of_overlap,
    of_rate,
    of_readings,
    of_rest,
    of_words,
    slug,
)
from nectarc.offline.repairs import complains, mended
from nectarc.offline.scope import out_of_scope
from nectarc.offline.segments import Segment, segments_of
from nectarc.offline.selectors import Cond, is_never, opens_of
from nectarc.offline.settling import settled
from nectarc.offline.tokens import Lexed
from nectarc.offline.trees import BUILDS
from nectarc.offline.uses import unused
from nectarc.offline.words import SourceWords, words_of
from nectarc.records import replace

# Longer texts are no intents: nobody could check what is said back.
WORDS_MAX: Final = 700
WORD_MAX: Final = 200
# And longer sentences have too many readings to tell apart.
SENTENCE_MAX: Final = 90
_WORK_MAX: Final = 600_000
_PRODUCTS_MAX: Final = 24
# Corrections of a longer text are not carried out: its clauses may still be.
_MENDED_MAX: Final = 6_000
_QUESTIONS_MAX: Final = 6
_STOP: Final = re.compile(r"[.!?;](?=\s)|\n")


def read_intent(
    text: str, vocabulary: Vocabulary, safety: SafetyWords, answers: Mapping[str, str]
) -> Reading:
    """Read `text`. Deterministic; bounded work; a usual intent takes less than a second.

    A text whose corrections can be carried out is read both with and without them; what cannot be
    read as it is written, in plainer words, and then without what asks for nothing.
    """
    found = read_as_written(text, vocabulary, safety, answers)
    if not isinstance(found, Asks) or len(text) > _MENDED_MAX:
        return found
    for one in _otherwise(text, _sentences(text, found.not_understood)):
        again = told_of(read_as_written(one.text, vocabulary, safety, answers), one, text)
        if isinstance(again, Understood):
            return again
    return found


def _otherwise(text: str, stuck: Sequence[Place]) -> Iterator[Mended]:
    """Yield the text in other words: all of it, its stuck sentences, without what asks nothing."""
    tried = {text}
    for bare in (Mended.of(text), without_background(text)):
        if bare is None:
            return
        for one in (bare, plainer(bare), *([plainer(bare, stuck)] if stuck else [])):
            if one.text not in tried:
                tried.add(one.text)
                yield one


def _sentences(text: str, places: Sequence[Place]) -> tuple[Place, ...]:
    """Return the sentences, or lines, that the places are in."""
    ends = [0, *(one.end() for one in _STOP.finditer(text)), len(text)]
    rows = list(pairwise(ends))
    return tuple(
        (begin, stop)
        for begin, stop in rows
        if any(start < stop and end > begin for start, end in places)
    )


def read_as_written(
    text: str, vocabulary: Vocabulary, safety: SafetyWords, answers: Mapping[str, str]
) -> Reading:
    """Read it both with and without its corrections carried out."""
    found = _read(text, vocabulary, safety, answers)
    is_short = len(text) <= _MENDED_MAX
    changed = mended(text, vocabulary) if is_short else None
    if changed is None:
        is_clear = not isinstance(found, Understood) or not complains(text, vocabulary)
        return found if is_clear else _both(text)
    if complains(changed.text, vocabulary):
        return found if isinstance(found, Asks) else _both(text)
    again = told_of(_read(changed.text, vocabulary, safety, answers), changed, text)
    if isinstance(found, Understood):
        return found if not isinstance(again, Understood) or _agree(found, again) else _both(text)
    return again if isinstance(again, Understood) else found


def _agree(one: Understood, other: Understood) -> bool:
    return _meaning(one) == _meaning(other) or are_alike(one.intent, other.intent)


def _both(text: str) -> Asks:
    return Asks(questions=(of_words(text, "", (0, len(text))),))


def _read(
    text: str, vocabulary: Vocabulary, safety: SafetyWords, answers: Mapping[str, str]
) -> Reading:
    if not text.strip():
        return Asks(questions=(of_rest(),))
    longest = max(map(len, text.split()))
    if longest > WORD_MAX:
        return Refuses(
            reason=f"a word of {longest:,} characters is none that anybody reads",
            instead=(f"say it in words of at most {WORD_MAX} characters",),
        )
    lexed = lex(text, vocabulary)
    refusal = out_of_scope(lexed)
    if refusal is not None and "only English" in refusal.reason:
        return Asks(questions=(of_language(refusal.reason),), not_understood=refusal.places)
    if refusal is not None:
        return refusal
    caution = caution_of(text)
    if caution is not None:
        return Asks(questions=(caution,), not_understood=caution.places)
    words = words_of(lexed)
    if not any(one.kinds[0] not in ("BREAK", "_STOP", "ITEM") for one in words):
        return Asks(questions=(of_rest(),))
    if len(words) > WORDS_MAX:
        return Refuses(
            reason=f"the text has {len(words)} words; an intent of at most {WORDS_MAX} can be "
            "read and said back",
            instead=("say what is to be kept, dropped and sampled in a few sentences",),
        )
    whole = SourceWords(text, words)
    chart = Chart(edges_of(words, grammar()), BUILDS, _WORK_MAX)
    segments = segments_of(words)
    given = read_answers(answers, vocabulary)
    stuck: list[Question] = []
    places: list[Place] = []
    reader = Reader(chart, whole, lexed)
    pieces: list[tuple[Segment, tuple[tuple[Unit, ...], ...]]] = []
    for segment in segments:
        if segment.end - segment.start > SENTENCE_MAX:
            said = whole.said(segment.start, segment.end)
            stuck.append(of_length(said, whole.place(segment.start, segment.end)))
            continue
        for piece in reader.read(segment):
            if isinstance(piece.found, Stuck):
                stuck.append(_stuck_question(whole, piece.segment, piece.found))
                places += stuck[-1].places
            else:
                pieces.append((piece.segment, piece.found))
    if stuck:
        return Asks(questions=tuple(stuck[:_QUESTIONS_MAX]), not_understood=tuple(places))
    known = explained(chart, whole)
    return _doubted(_choose(whole, pieces, safety, given, known), lexed)


def _doubted(reading: Reading, lexed: Lexed) -> Reading:
    """Return what was understood, or a question where that cannot be all, or cannot be meant."""
    if not isinstance(reading, Understood):
        return reading
    question = missing_from(reading.intent, lexed) or doubt_about(reading.intent)
    if question is None:
        return reading
    return Asks(
        questions=(question,), partly=reading.intent.clauses, not_understood=question.places
    )


def _stuck_question(whole: SourceWords, segment: Segment, found: Stuck) -> Question:
    position = min(found.position, segment.end - 1)
    word = whole.words[position]
    said = whole.said(segment.start, segment.end)
    return of_words(said, word.text, (word.start, word.end))


def _choose(
    whole: SourceWords,
    pieces: list[tuple[Segment, tuple[tuple[Unit, ...], ...]]],
    safety: SafetyWords,
    given: Answers,
    known: tuple[tuple[str, Cond], ...],
) -> Reading:
    results: dict[object, Reading] = {}
    count = 1
    for _, one in pieces:
        count *= len(one)
    if count > _PRODUCTS_MAX:
        return Asks(questions=(of_words(whole.text, "", (0, len(whole.text))),))
    for choice in product(*(readings for _, readings in pieces)):
        folding = Telling()
        last: Said | None = None
        for (segment, _), said in zip(pieces, choice, strict=True):
            folding.begin()
            units, last = narrowed(whole, said, last)
            for number, unit in enumerate(units):
                is_last = number == len(units) - 1
                folding.add(unit, is_heading=segment.is_heading and is_last, role=segment.role)
        composed = folding.done()
        composed = replace(
            composed,
            is_ordered=says_order(whole.text),
            definitions=(*known, *composed.definitions),
        )
        result = _finished(whole, composed, safety, given)
        results.setdefault(_meaning(result), result)
    found = list(results.values())
    if len(found) == 1:
        return found[0]
    understood = [one for one in found if isinstance(one, Understood)]
    if len(understood) < len(found):
        asks = [one for one in found if isinstance(one, Asks)]
        return min(asks, key=lambda one: len(one.questions))
    distinct: list[Understood] = []
    for reading in understood:
        if not any(are_alike(reading.intent, other.intent) for other in distinct):
            distinct.append(reading)
    meant = distinct[0] if len(distinct) == 1 else preferred(distinct)
    return _differing(whole, distinct, given) if meant is None else meant


def _differing(whole: SourceWords, understood: list[Understood], given: Answers) -> Reading:
    choices = tuple(_told(one.intent) for one in understood)
    chosen = given.choice("reading", choices)
    if chosen is not None:
        return understood[chosen]
    return Asks(questions=(of_readings(whole.text, choices),))


def _told(intent: Intent) -> str:
    verbs = {KeepAll: "keep", DropAll: "drop"}
    return ", ".join(
        f"{verbs.get(type(one.wanted), 'sample')} `{one.what}`"
        for one in intent.clauses
        if not one.is_rest and one.origin != "safety"
    )


def _meaning(result: Reading) -> object:
    match result:
        case Understood(intent=intent):
            return tuple((one.wanted, one.what) for one in intent.clauses)
        case Asks(questions=questions):
            return tuple(one.words for one in questions)
        case _:
            return result


def _finished(
    whole: SourceWords, composed: Composed, safety: SafetyWords, given: Answers
) -> Reading:
    settled_items = settled(composed, safety, given.conds())
    if "span" not in whole.text.lower():
        settled_items = tuple(replace(one, cond=fast_as_a_whole(one.cond)) for one in settled_items)
    items = tuple(item for item in settled_items if not is_budget(item))
    budgets = [item.rate.per_second for item in settled_items if is_budget(item) and item.rate]
    asked: dict[str, Question] = {}
    for trouble in composed.troubles:
        said = whole.said(trouble.start, trouble.end)
        question = of_words(said, "", whole.place(trouble.start, trouble.end))
        asked[question.id] = question
    placed: list[Placed] = []
    for said_item in items:
        item = given.completed(said_item, slug(whole.said(said_item.start, said_item.end)))
        if is_never(item.cond):
            said = whole.said(item.start, item.end)
            asked["words-both"] = of_words(said, "", whole.place(item.start, item.end))
        for one in opens_of(item.cond):
            question = of_open(one)
            asked[question.id] = question
        wanted = wanted_of(item)
        if isinstance(wanted, Asked):
            said = whole.said(item.start, item.end)
            place = whole.place(item.start, item.end)
            question = of_rate(wanted.about, slug(said), said, wanted.words, place)
            asked[question.id] = question
        elif not opens_of(item.cond):
            placed.append(Placed(item, wanted, text_of(item)))
    spare = unused(composed, settled_items)
    if spare is not None:
        question = of_words(whole.text, spare, (0, len(whole.text)))
        asked[question.id] = question
    rest = given.rest()
    if not any(item.is_rest for item in items):
        of_others = wanted_of(rest) if rest is not None else None
        if rest is None or of_others is None or isinstance(of_others, Asked):
            asked["rest"] = of_rest()
        else:
            placed.append(Placed(rest, of_others, "true", "answer"))
    if composed.is_ordered:
        for question in out_of_order(whole, placed, safety):
            if not given.has(question.id):
                asked[question.id] = question
    for question in _conflicts(whole, placed, safety, given):
        asked[question.id] = question
    if asked:
        return Asks(questions=tuple(given.noted(asked.values()))[:_QUESTIONS_MAX])
    if len(budgets) > 1:
        return Asks(questions=(of_words(whole.text, "overall", (0, len(whole.text))),))
    intent = intent_of(whole, composed, placed, safety, given)
    budget = float(budgets[0]) if budgets else None
    return Understood(intent=replace(intent, budget_per_second=budget))


def _conflicts(
    whole: SourceWords, placed: list[Placed], safety: SafetyWords, given: Answers
) -> list[Question]:
    found: list[Question] = []
    for number, left in enumerate(placed):
        for right in placed[:number]:
            said = [whole.said(one.item.start, one.item.end) for one in (right, left)]
            places = tuple(whole.place(one.item.start, one.item.end) for one in (right, left))
            if left.wanted == right.wanted:
                if have_thresholds(left, right):
                    found.append(of_overlap(said[0], said[1], places))
                continue
            if left.text == right.text:
                found.append(of_conflict(said[0], said[1], places))
            elif _overlap(left, right):
                found.append(of_overlap(said[0], said[1], places))
        if isinstance(left.wanted, KeepAll):
            is_lossy = leaves_errors_out(left, safety)
        else:
            is_lossy = left.item.is_regardless or loses_errors(left, safety)
        if is_lossy and not given.has("errors"):
            said_one = whole.said(left.item.start, left.item.end)
            found.append(of_errors(said_one, whole.place(left.item.start, left.item.end)))
    return found


def _overlap(left: Placed, right: Placed) -> bool:
    kinds = ("KeepOneIn", "AdaptRate", "LimitRate")
    if type(left.wanted).__name__ not in kinds or type(right.wanted).__name__ not in kinds:
        return False
    if left.item.is_rest or right.item.is_rest:
        return False
    one, other = left.item.cond, right.item.cond
    return not (is_part(one, other) or is_part(other, one) or are_apart(one, other))
