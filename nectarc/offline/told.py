"""What is told of a thing before it is said what becomes of it: "/a is noisy and can go".

Owns: the words that describe and ask for nothing; whose subject the clause behind has.
Must not know: what clauses do to each other. Truth: docs/intent.md, "Topics".
A closed vocabulary: a word that is not of it may narrow ("slow", "at night"), and is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nectarc.offline.chat import refers, topic_before
from nectarc.offline.clauses import Aside, Said, Stuck, Unit, read_segment
from nectarc.offline.grammar import Chart
from nectarc.offline.lexicon import word_lists
from nectarc.offline.phrases import Definition, Phrase
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import EVERY, Cond, opens_of
from nectarc.offline.words import SourceWords, Word
from nectarc.records import record, replace

_VERBS: Final = word_lists()["told_verbs"]
_WORDS: Final = word_lists()["told_words"]
_JOINERS: Final = frozenset({"and", "so", "thus", "therefore", "hence", "which", "that's", "why"})
_POLITE: Final = frozenset({"please", "just", "simply", "then", "we", "can", "you", "could"})
_SUBJECT_MAX: Final = 4
# What may be told of a part of them only.
_SOME: Final = frozenset(
    {"some", "most", "many", "few", "several", "certain", "half", "part", "parts", "any", "not",
     "only", "even", "sometimes", "if", "when", "unless", "until", "neither", "whether"}
)  # fmt: skip
_SUBJECTS: Final = frozenset({"WORD", "PLAINWORD", "OUR", "PEOPLE", "TEAM_OF", "SVC_NAME"})
_ARTICLES: Final = frozenset({"DET", "ANYWORD", "SOME_DET", "OUR"})
_SIGNS: Final = frozenset({"_COMMA", "_DASH", "_COLON"})
_FRONTS: Final = frozenset({"because", "since", "as", "so", "honestly", "frankly", "basically"})
# How much of all traffic a thing is: it says nothing of how much of it is kept.
_SHARE_OF: Final = re.compile(
    r"(?:is|are|makes? up|accounts? for|is responsible for|are responsible for|causes?|produces?"
    r"|generates?|creates?|eats?(?: up)?|makes?|brings in) (?:about |roughly |almost |nearly "
    r"|over "
    r"|some |around |like |easily |more than )*(?:\d+(?:\.\d+)? ?%|\d+ percent|half|most|a third"
    r"|two thirds|three quarters|the bulk|the majority|the lion's share) of (?:all |our |the |my "
    r"|total |whole |overall |entire )*(?:traffic|volume|bill|spans|traces|events|data|load|costs?"
    r"|noise|total|telemetry|quota|budget|requests)",
    re.IGNORECASE,
)
# Sentences that name their topic last: "nobody looks at /a", "we are drowning in traces from /a".
_BEFORE: Final = re.compile(
    r"(?:(?:because|since|as|honestly|frankly|basically|in fact|to be honest|tbh|so|right now"
    r"|at the moment|currently)[ ,]+)*(?:"
    r"(?:nobody|no one|no-one|none of us|hardly anyone|hardly anybody|almost nobody|we never"
    r"|we hardly ever|we rarely|we almost never|i never|we don't|we do not|i don't|they don't)"
    r"(?: ever| really| actually| even| much| has| have)*"
    r" (?:look(?:s|ed)? at|cares? (?:about|for)|needs?|needed|reads?|uses?|used|checks?|checked"
    r"|opens?|opened|miss(?:es)?|look(?:s|ed)? into|is interested in|wants to see|asks for"
    r"|is looking at|debugs?|touched)"
    r"|(?:we are|we're|i am|i'm) (?:drowning|swimming|buried|flooded)(?: in| with| by| under)"
    r"|(?:we|i) (?:get|have|receive|see|store|collect) (?:way |far |much )*(?:too many|too much"
    r"|tons of|a lot of|lots of|loads of|heaps of|so many|so much|plenty of|millions of)"
    r"|there (?:are|is) (?:way |far |much )*(?:too many|too much|tons of|a lot of|lots of|so many"
    r"|so much)"
    r"|(?:most|the bulk|half|the majority|a lot|much) of (?:the|our) (?:noise|traffic|volume|bill"
    r"|data|load|spans|traces|cost) (?:is|are|comes from|come from|is caused by|stems from)"
    r"|(?:let's not|we shouldn't|no need to|we should not|don't) (?:waste|spend|burn)"
    r"(?: any| our| more| the)* (?:money|storage|space|budget|quota|time|bytes) on"
    r"|(?:we're|we are) (?:wasting|spending|burning)(?: a lot of| too much| so much| our)?"
    r" (?:money|storage|space|budget|quota|time) on"
    r"|(?:we|i) (?:have|see|get) no (?:use for|value in|benefit from)"
    r"|(?:please )?be careful with|(?:i'm|i am|we're|we are|nobody is|no one is) not (?:really "
    r"|that |very )*interested in"
    r"|there's no (?:use for|value in)|there is no (?:use for|value in)"
    r"|(?:we|i) (?:have |'ve )?(?:just |recently |only |now |also |finally )*(?:launched|released"
    r"|deployed|rolled out|introduced|added|shipped|built|migrated|rewrote|refactored|changed"
    r"|fixed|enabled|started))\s+",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"\s*(?:(?:any ?more|at all|anyway|these days|nowadays|lately|right now|at the moment"
    r"|in months"
    r"|for months|in ages|for ages|in years|for years|in a long time|for a long time|last week"
    r"|last month|yesterday|today|this week|this month|recently|so far|, really|either|too much)"
    r"\b\s*)*"
    r"(?:and (?:want|need|would like|'d like) to (?:watch|observe|monitor|debug|follow|see"
    r"|keep an eye on|look at) (?:it|them|that|this)(?: very| more| really| a bit)*(?: closely"
    r"| carefully| for a while| at first| now)*)?",
    re.IGNORECASE,
)
# What is denied of a thing: "not that useful" tells no more than "useless".
_DENIED: Final = re.compile(
    r"(?:not|n't) (?:(?:that|so|very|really|all|too|particularly|terribly|of|much|any|even|at|to"
    r"|us|me|anyone|anybody) )*(?:useful|important|interesting|relevant|valuable|helpful|critical"
    r"|use|interest|exciting|value|importance)\b",
    re.IGNORECASE,
)
_LESS: Final = re.compile(
    r"(?:not so much|not that much|less so|not really|not as much|not so important)(?=\s*[,:;-])",
    re.IGNORECASE,
)


_TIMES: Final = re.compile(
    r"(?:[a-z]+ ){0,2}(?:weekends?|nights?|evenings?|mornings?|holidays?|hours|weekdays?"
    r"|[a-z]+days?|months?|summers?|winters?|christmas)\b",
    re.IGNORECASE,
)
# "Errors are what we care about the most": it says nothing of how many are kept.
_MATTERS: Final = re.compile(
    r"(?:is|are) (?:obviously |really |of course |naturally |clearly |mostly |always |usually "
    r"|basically |honestly )*(?:what (?:we|i|people|our customers|everybody|everyone) (?:really "
    r"|all |always )*(?:cares? about|worr(?:y|ies) about|looks? at|complains? about|fear"
    r"|struggle with"
    r"|debug)(?: the)?(?: most)?(?: often)?|our (?:biggest|main|worst) (?:problem|worry|concern"
    r"|headache|pain)|the ones? (?:that|which) (?:really )?(?:matters?|counts?|hurts?)(?: to us)?"
    r"|where (?:the money is|our money comes from|the problems are))(?= ?[,:;.-]|$)",
    re.IGNORECASE,
)
# What a thing has been like: every trace of it may be meant, at any time.
_ACTS: Final = re.compile(
    r"(?:has been |have been |is |are |was |were |keeps |keep |just |always |constantly |often "
    r"|really |sometimes |a bit |very |quite |pretty |also )*(?:acts? up|acting up"
    r"|misbehav(?:es?|ing)|crash(?:es|ing)?|flaky|unstable|unreliable|fragile|shaky|wobbly"
    r"|having (?:problems"
    r"|issues|trouble)|giv(?:e|es|ing) us (?:trouble|headaches|grief|a hard time|problems)"
    r"|caus(?:e|es|ing) (?:us )?(?:a lot of |lots of |some |many )*(?:trouble|problems|issues"
    r"|incidents|headaches|outages|pain|alerts)"
    r"|(?:don't|do not|doesn't|does not) (?:really |even )*(?:pay(?: us)?|bring in|bring us"
    r"|cost us|tell us|give us) (?:anything|much|a cent|any money|much money|a thing)"
    r"|pays? (?:us )?(?:the most|a lot|our salaries|our bills|the bills|good money|nothing))"
    r"(?: (?:a lot|lately|recently|all the time|constantly|again|these days|right now|now|often"
    r"|at the moment|last week|last month|this week|from time to time|every now and then))*"
    r"(?= ?[,:;.-]| so\b| and\b|$)",
    re.IGNORECASE,
)
_SINCE: Final = re.compile(
    r"(?:ever )?since (?:the|our|last|we) [\w-]+(?: (?:of|to) [\w-]+)?,? (?=\S)"
    r"|(?:every now and then|from time to time|(?:every )?once in a while|lately|recently|nowadays"
    r"|these days|for some reason|(?:it )?turns out(?: that)?|apparently"
    r"|as you (?:may |might )?know|at the moment|right now|in my experience|to be honest|well"
    r"|the thing is(?: that)?),? (?=\S)",
    re.IGNORECASE,
)


@record
class Told:
    """A topic and what comes behind it. cond: of which traces; behind: where that begins."""

    cond: Cond
    behind: int


def told_units(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Unit, ...] | None:
    """Return the clauses of a segment that first tells of what they are about, else None."""
    if whole.words[segment.start].text.lower() in _SOME:
        return None
    told = _told(chart, whole, segment)
    if told is None:
        before = topic_before(chart, whole, segment)
        if before is None:
            return _background(chart, whole, segment)
        told = Told(*before)
    words = whole.words
    if told.behind >= segment.end:
        if opens_of(told.cond):
            return None
        name = whole.said(segment.start, segment.end).lower()
        return (Aside(segment.start, segment.end), Definition("topic", name, told.cond))
    first = _after_joiners(words, told.behind, segment.end)
    if first is None:
        return None
    theirs = _referring(chart, whole, segment, told, first)
    if theirs is not None and refers(theirs, is_by_name=True):
        return theirs  # "..., so I want all of its errors": not all of it
    for start in dict.fromkeys((first, _after_polite(words, first, segment.end))):
        for about in (None, Phrase(told.cond)):
            found = read_segment(chart, words, start, segment.end, about)
            if isinstance(found, Stuck) or len(found) != 1 or not found[0]:
                continue
            units = _of_topic(found[0], told.cond)
            if units is not None:
                return (Aside(segment.start, told.behind), *units)
            if about is None and _is_about_others(found[0][0]) and not refers(found[0]):
                return None  # "... and everything else 1%"
    return _referring(chart, whole, segment, told, first)


def _referring(
    chart: Chart, whole: SourceWords, segment: Segment, told: Told, first: int
) -> tuple[Unit, ...] | None:
    """Read what comes behind a topic where its first clause refers to the topic by a word."""
    found = read_segment(chart, whole.words, first, segment.end)
    if isinstance(found, Stuck):
        start = _after_polite(whole.words, first, segment.end)
        found = read_segment(chart, whole.words, start, segment.end)
    if isinstance(found, Stuck) or len(found) != 1 or not refers(found[0]):
        return None
    name = whole.said(segment.start, told.behind).lower()
    topic = Definition("topic", name, told.cond)
    return (Aside(segment.start, told.behind), topic, *found[0])


def _background(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Unit, ...] | None:
    """Read "our checkout has been flaky, so keep all of /pay": who is told of asks for nothing."""
    words = whole.words
    if _TIMES.match(whole.text, words[segment.start].start) is not None:
        return None
    for at in range(segment.start + 1, min(segment.start + _SUBJECT_MAX + 1, segment.end - 2)):
        behind = _description(whole, at, segment.end) if _plain(words[at]) in _VERBS else 0
        if not behind or behind >= segment.end:
            continue
        if not all(_is_subject(chart, one) for one in range(segment.start, at)):
            return None
        first = _after_joiners(words, behind, segment.end)
        if first is None or words[first - 1].text.lower() == "and":
            return None
        found = read_segment(chart, words, first, segment.end)
        if isinstance(found, Stuck) or len(found) != 1 or not all(map(_is_clause, found[0])):
            return None
        return (Aside(segment.start, behind), *found[0])
    return None


def _is_subject(chart: Chart, at: int) -> bool:
    """Whether a word may stand in the name of somebody or something that is only told of."""
    names = chart.names_at(at)
    if not names.isdisjoint({"GROUP_NOUN", "GROUP_HEAD"}):
        return False  # of customers, more may be meant than is said of them
    return not _SUBJECTS.isdisjoint(names) or names <= _ARTICLES


def _is_clause(one: Unit) -> bool:
    if not isinstance(one, Said) or (one.act is None and one.rate is None):
        return False
    is_named = one.np is not None and not any(
        part.about == "group" for part in opens_of(one.np.cond)
    )
    return is_named or one.is_rest


def _is_about_others(head: Unit) -> bool:
    if not isinstance(head, Said):
        return False
    return head.is_rest or (head.np is not None and head.np.cond != EVERY)


def _of_topic(units: Sequence[Unit], cond: Cond) -> tuple[Unit, ...] | None:
    """Return the units, the first of them about the topic; None where it is about others."""
    head = units[0]
    if not isinstance(head, Said) or head.is_rest or head.is_theirs:
        return None
    is_about = head.np == Phrase(cond) or (head.np is None and head.when is None)
    if not is_about or (head.act is None and head.rate is None):
        return None
    return (replace(head, is_it=False, refers="", np=Phrase(cond)), *units[1:])


def _told(chart: Chart, whole: SourceWords, segment: Segment) -> Told | None:
    words = whole.words
    said = whole.text[words[segment.start].start : words[segment.end - 1].end]
    nobody = _BEFORE.match(said)
    if nobody is not None:
        begin = words[segment.start].start + nobody.end()
        at = next(
            (one for one in range(segment.start, segment.end) if words[one].start >= begin), 0
        )
        return _named_last(chart, whole, at, segment.end) if at else None
    start = segment.start
    since = _SINCE.match(said)
    if since is not None:
        start = _word_from(words, start, segment.end, words[start].start + since.end())
    while start < segment.end - 2 and (
        words[start].text.lower() in _FRONTS or words[start].kinds[0] == "_COMMA"
    ):
        start += 1
    for stop, cond in sorted(_topics(chart, start, segment.end), reverse=True):
        behind = _description(whole, stop, segment.end)
        if behind:
            return Told(cond, behind)
    return None


def _named_last(chart: Chart, whole: SourceWords, at: int, end: int) -> Told | None:
    """Read what nobody looks at, and how long that has been so."""
    words = whole.words
    for stop, cond in sorted(_topics(chart, at, end + 1), reverse=True):
        behind = stop
        if stop < end:
            tail = _BEHIND.match(whole.text, words[stop].start)
            reach = words[stop].start if tail is None else tail.end()
            behind = _word_from(words, stop, end, reach)
        if behind == end or words[behind].kinds[0] in _SIGNS or _is_joiner(words[behind]):
            return Told(cond, behind)
    return None


def _word_from(words: Sequence[Word], start: int, end: int, place: int) -> int:
    """Return the first word from `start` on that begins at `place` of the text, or behind it."""
    return next((one for one in range(start, end) if words[one].start >= place), end)


def _topics(chart: Chart, start: int, end: int) -> list[tuple[int, Cond]]:
    found: list[tuple[int, Cond]] = []
    for stop, meanings in chart.read("np", start).items():
        conds = {
            one.cond for one in meanings
            if isinstance(one, Phrase) and not one.is_rest and not one.is_other
            and not any(part.about in ("group", "system", "number") for part in opens_of(one.cond))
        }  # fmt: skip
        cond = conds.pop() if len(conds) == 1 else EVERY
        if cond != EVERY and stop < end:
            found.append((stop, cond))
    return found


def _description(whole: SourceWords, start: int, end: int) -> int:
    """Return where what is told of a thing ends, 0 where nothing is told from `start` on."""
    words = whole.words
    text = whole.text[: words[end - 1].end]
    for pattern in (_SHARE_OF, _LESS, _MATTERS, _ACTS):
        found = pattern.match(text, words[start].start)
        if found is not None:
            return _word_from(words, start, end, found.end())
    at = start
    while at < end and _plain(words[at]) in _VERBS:
        first = at + 1
        at = _words_told(whole, first, end)
        if at == first:
            return 0
        # "run all night and produce tons of spans"
        if at < end - 1 and _is_joiner(words[at]) and _plain(words[at + 1]) in _VERBS:
            at += 1
            continue
        break
    is_whole = at == end or words[at].kinds[0] in _SIGNS or _is_joiner(words[at])
    return at if is_whole and at > start + 1 else 0


def _words_told(whole: SourceWords, start: int, end: int) -> int:
    """Return where the words of a description end that begins at `start`."""
    words, at = whole.words, start
    while at < end:
        denied = _DENIED.match(whole.text, words[at].start)
        if denied is not None:
            at = _word_from(words, at, end, denied.end())
        elif _plain(words[at]) in _WORDS or (
            words[at].text.lower() == "and"
            and at + 1 < end
            and (_plain(words[at + 1]) in _WORDS or _DENIED.match(whole.text, words[at + 1].start))
        ):
            at += 1
        else:
            break
    while at > start and _is_joiner(words[at - 1]):
        at -= 1
    return at


def _plain(word: Word) -> str:
    return word.text.lower().replace("\u2019", "'")


def _is_joiner(word: Word) -> bool:
    return word.text.lower() in _JOINERS


def _after_joiners(words: Sequence[Word], at: int, end: int) -> int | None:
    """Return where the clause behind "and", ", so", ":" begins; None where nothing joins."""
    first = at
    if [one.text.lower() for one in words[at + 1 : at + 4]] == ["which", "is", "why"]:
        first = at + 4
    while first < end and (words[first].kinds[0] in _SIGNS or _is_joiner(words[first])):
        first += 1
    return first if at < first < end else None


def _after_polite(words: Sequence[Word], at: int, end: int) -> int:
    while at < end - 1 and words[at].text.lower() in _POLITE:
        at += 1
    return at
