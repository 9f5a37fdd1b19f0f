"""What people say around a wish: "to be honest,", "I'm new here, but", "we get paged a lot, so".

Owns: which stretches are talk, and what a stretch of talk names for the wish behind it.
Must not know: what clauses do to each other. Truth: docs/intent.md, "Topics".
Closed vocabularies: talk of traffic, of conditions or of quantities of it is left to the clauses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nectarc.intent.matches import string_literal
from nectarc.offline.clauses import Aside, Said, Stuck, Unit, read_segment
from nectarc.offline.grammar import Chart
from nectarc.offline.lexicon import word_lists
from nectarc.offline.phrases import Phrase
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import EVERY, Cond, Some, Test, opens_of
from nectarc.offline.words import SourceWords, Word
from nectarc.records import record, replace

_WORDS: Final = word_lists()["chat_words"]
_WHO: Final = word_lists()["chat_who"]
_NO_NAME: Final = word_lists()["introductions_no_name"]
_SIGNS: Final = frozenset({"_COMMA", "_DASH", "_COLON"})
_JOINS: Final = frozenset({"so", "but", "and", "please", "hence", "therefore"})
# Fronts that say nothing at all; a comma, a colon or a dash stands behind them.
_LEAD: Final = re.compile(
    r"(?:(?:ok|okay|so|well|and|but|hi|hey|hello|yes|right|alright)[ ,]+)*(?:"
    r"to be (?:honest|fair|frank|clear|precise)|long story short|in a nutshell|you know what"
    r"|let me explain|let me put it (?:this|that) way|to put it simply|simply put|look|listen|see"
    r"|(?:so )?here's (?:the deal|the thing|the situation|my wish|what i'd like|what we'd like"
    r"|what i need|what we need|the story|the plan)|the (?:deal|thing|point|idea) is"
    r"|(?:so )?here goes|first of all|first things first|just so you know|for what it's worth"
    r"|in my (?:humble )?opinion|imho|imo|if you ask me|from my point of view|as you (?:may|might"
    r"|can|probably) (?:know|imagine|guess)|as you know|as (?:i|we) said|like i said"
    r"|needless to say|believe me|trust me|guess what|no surprise here|no surprises here"
    r"|hope this is ok(?:ay)?|quick one(?: from me| from us)?|one more thing|last but not least"
    r"|yes|yeah|yep|alright|all right|so yeah|anyway|anyways|now|luckily|unfortunately|sadly"
    r"|frankly|honestly|obviously|naturally|clearly|of course|to cut a long story short"
    r"|with that in mind|that said|that being said|having said that|all in all|in other words"
    r"|if i may|if that's ok(?:ay)?|if possible|if you can|if you don't mind|if at all possible"
    r"|if that's possible|hi (?:all|there|team|folks|everyone)|hey (?:all|there|team|folks)"
    r"|hello (?:all|there|team|folks|everyone)|dear (?:all|team)|hi|hey|hello"
    r")\s*[,:!\u2014\u2013-]+\s*",
    re.IGNORECASE,
)
# Talk of oneself that holds a word which would ask for something elsewhere.
_OF_ONESELF: Final = re.compile(
    r"\b(?:not (?:really |quite |entirely |exactly |at all |very |so |that )*(?:sure|(?:a "
    r"|an )?(?:[a-z]+ )?experts?|technical|familiar|an engineer|a developer|a native speaker"
    r"|experienced)"
    r"|no (?:idea|expert|clue|engineer|developer|native speaker)|don't (?:really |quite |fully )?"
    r"(?:know|understand) (?:how|what) (?:this|it|any of this) (?:all )?(?:works|does|means)"
    r"|(?:keeping|storing|paying|spending|collecting) (?:way |far |much )*too much"
    r"|(?:way |far |much )*too (?:high|expensive|much|big|large)"
    r"|keeps? (?:asking|complaining|telling|nagging|bugging|pestering|reminding|pinging)"
    r"(?: us| me)?(?: about (?:it|this|that|them|this topic))?"
    r"|what (?:i|we) (?:need|want|have in mind) is (?:very |really |pretty |quite )*simple"
    r"|it's simple|it's quite simple|the idea is simple"
    r"|sorry for the (?:long|late|short) (?:message|mail|email|text|note|story)"
    r"|storage (?:is|gets) (?:very |really |pretty |quite |so |too )*expensive"
    r"|(?:in|on|for) (?:the|our|my) [a-z]+ team|on call)\b",
    re.IGNORECASE,
)
# "We get paged a lot because of ...": what it is about is named last.
_PEOPLE: Final = (
    r"(?:we|i|you|people|customers|users|clients|everyone|everybody|(?:the|our|my|some|many|most"
    r"|a few|several|lots) (?:of )?(?:our |the )?(?:[a-z-]+ )?(?:team|teams|customers|users"
    r"|clients"
    r"|people|colleagues|boss|manager|managers|folks|engineers|developers|devs))"
)
_OFTEN: Final = (
    r"(?: (?:a lot|all the time|constantly|quite often|often|again and again|every week|regularly"
    r"|recently|lately|last week|last month|yesterday|this week|this month|now|today|currently"
    r"|right now|heavily|every day|each week|quite a bit|too often|so much|way too often))*"
)
_TROUBLE: Final = (
    r"(?:incidents?|outages?|problems?|issues?|complaints?|trouble|tickets?|alerts?|alarms?"
    r"|downtime|bugs?|a hard time|post-?mortems?|pages)"
)
_MANY: Final = (
    r"(?:a few|a couple of|some|several|lots of|many|a lot of|tons of|an?|another|two|three"
    r"|so many|constant|recurring|big|nasty|serious|major|regular|frequent|ongoing|weird)"
)
_ABOUT: Final = re.compile(
    r"(?:(?:since|because|as|so|well|ok|okay|honestly|currently|lately|recently|right now"
    r"|at the moment|as you know)[ ,]+)*(?:"
    r"(?:please )?(?:don't|do not|no need to) (?:worry|bother)(?: too much)? about"
    rf"|{_PEOPLE}(?:'re|'ve| are| have| had| get| got| keep| kept| always)*(?: being| been"
    rf"| getting)*"
    r"(?: constantly| often| always| regularly)* (?:paged|woken up|called|alerted|burned|bitten)"
    rf"{_OFTEN} (?:because of|due to|by|for|over|about)"
    rf"|{_PEOPLE}(?:'ve| have)?(?: just| recently| already| been)* (?:had|have|see|saw|seen|seeing"
    rf"|having|get|got|getting) (?:{_MANY} )*{_TROUBLE}{_OFTEN}"
    r" (?:with|from|about|caused by|because of|due to|around|involving|concerning)"
    rf"|{_PEOPLE}(?:'re| are| have| keep| kept| always| often| constantly| been)*"
    rf" (?:complain|complained|complaining|complains){_OFTEN} about"
    rf"|{_PEOPLE}(?:'re| are)?(?: really| heavily| all| currently| always| still| now| mostly)*"
    r" (?:debugging|investigating|working on|relies on|rely on|relying on|depends on|depend on"
    r"|depending on|works on|work on|maintains|maintain|owns|own|worried about|worry about"
    r"|struggling with|fighting with|looking into|looking closely at|watching|chasing a bug in"
    r"|chasing bugs in)"
    r") ",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:(?:and|so|well|also|ok|okay)[ ,]+)*(?:(?:we|i|they)(?: also| currently)?"
    r"(?: have| run| own| operate| maintain|'ve got| have got)|there(?:'s| is)(?: also)?)"
    r" (?:a|an|this|one|another)(?: (?:little|small|old|big|new|legacy|internal|critical|tiny"
    r"|noisy"
    r"|important|central|huge|chatty|very|really|pretty|quite))* (?:micro)?service"
    r"(?: of ours)? (?:called|named)"
    r" (?P<name>[a-z](?:[\w.-]*\w)?)(?P<told>,? (?:which|that) [^,;:.!?()]{3,80})?(?=\s*(?:,|\."
    r"|-|$| so ))",
    re.IGNORECASE,
)
_NO_TELLING: Final = re.compile(
    r"\b(?:not|only|unless|except|if|when|must|should|shall|keep|kept|drop|dropped|sample|sampled"
    r"|want|need|needs|wants|per|percent|and|or|but|so|errors?|traces?|spans?|requests?|calls?"
    r"|fails?|failed|slow|rest|others?|please|\d+)\b|[%=<>/]|n't\b",
    re.IGNORECASE,
)
_NOBODY: Final = re.compile(
    r",? (?:which|that) (?:nobody|no one|hardly anyone|we never|we hardly ever) (?:ever |really "
    r"|actually )*(?:looks? at|uses?|cares? about|needs?|touch(?:es)?|reads?)(?: any ?more)?$",
    re.IGNORECASE,
)
# What is told of the rest before it is said how much of it is kept.
_OF_REST: Final = re.compile(
    r"(?:is|are|'s|isn't|aren't|is not|are not|doesn't|does not|don't|do not)"
    r"(?: (?:just|mostly|basically|really|pretty much|mainly|largely|all|only|that|so|very|too"
    r"|quite|rather|not|particularly|terribly|nothing but|much|kind of|sort of|honestly|probably"
    r"|frankly|worth|of|usually|a bit|fairly))*"
    r" (?:noise|boring|interesting|important|relevant|useful|valuable|critical|exciting|matter"
    r"|irrelevant|unimportant|uninteresting|useless|junk|routine|business as usual|nothing special"
    r"|much|a lot|anything|interest|noisy|less important|less interesting|not much use"
    r"|(?:stuff|traffic|things|noise|data)(?: that| which)? (?:we|nobody|no one|i)(?: never"
    r"| hardly"
    r" ever| rarely| ever| really)* (?:looks?|cares?) (?:at|about))"
    r"(?: (?:to|for) (?:us|me|anyone|anybody))?(?: anyway| really| at all| too much| much)*",
    re.IGNORECASE,
)


_AT_FIRST: Final = re.compile(
    r"(?:(?:so|well|ok|okay|since|because|as|right now|at the moment|currently|lately|recently"
    r"|these days|now|honestly|frankly|basically|as you know|for some reason"
    r"|it turns out(?: that)?"
    r"|turns out(?: that)?|apparently|in general|last week|last month|yesterday)[ ,]+)+",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"(?:first of all[, ]+)?(?:many )?(?:thanks|thank you|thx)(?: (?:so much|a lot|again|very much"
    r"|in advance|already|once more))*(?: for(?: (?:your|the|taking|helping|looking|doing|all|this"
    r"|that|it|on|out|into|time|help|patience|support|work|quick|setting|making|possible|with"
    r"|us|me"
    r"|up|care|of|answer|reading|so far|understanding))+)?",
    re.IGNORECASE,
)
# How much of all traffic something is says nothing of how much of it is kept.
_SHARE: Final = re.compile(
    r"(?:they|it|these|those|both|these two|those two) (?:all |together |alone |probably "
    r"|easily )*"
    r"(?:makes? up|accounts? for|causes?|are|is|eats? up|eats?|generates?|produces?|creates?)"
    r" (?:about |roughly |almost |nearly |over |some |around |like |easily |more than )*"
    r"(?:\d+(?:\.\d+)? ?%|\d+ percent|half|most|a third|two thirds|three quarters|the bulk"
    r"|the majority|a lot|a big part|a large part) of (?:all |our |the |my |total |whole "
    r"|overall )*"
    r"(?:traffic|volume|bill|spans|traces|events|data|load|costs?|noise|quota|budget|requests)"
    r"(?: already| these days| anyway| right now| at the moment)?",
    re.IGNORECASE,
)


_OF_THEM: Final = re.compile(
    rf"(?:{_AT_FIRST.pattern})?(?:they|he|she|it|that|this|those|these)\b", re.IGNORECASE
)


@record
class Talk:
    """Talk in front of a wish. stop: where it ends; behind: where the wish begins."""

    stop: int
    behind: int


def is_talk(said: str) -> bool:
    """Whether a stretch tells of people and their circumstances, in words that name no traffic."""
    plain = said.strip(" \t\n,.!:;-\u2013\u2014").lower().replace("\u2019", "'")
    if _THANKS.fullmatch(plain) or _SHARE.fullmatch(plain):
        return True
    plain = _AT_FIRST.sub("", plain, count=1) if _AT_FIRST.match(plain) else plain
    bare, count = _OF_ONESELF.subn(" ", plain)
    words = re.findall(r"[\w'/=<>%.@&-]+", bare)
    if not words:
        return count > 0
    first = plain.split()[0]
    is_said = first.strip(",") in _WHO or (count > 0 and first == "sorry")
    return is_said and len(plain.split()) > 1 and _WORDS.issuperset(words)


def talk_before(whole: SourceWords, segment: Segment) -> Talk | None:
    """Return the talk that a segment begins with, None where it begins with none."""
    words = whole.words
    begin = words[segment.start].start
    said = whole.text[begin : words[segment.end - 1].end].replace("\u2019", "'")
    lead = _LEAD.match(said)
    if lead is not None:
        stop = _word_from(words, segment, begin + lead.end())
        if segment.start < stop < segment.end:
            return Talk(stop, stop)
    for stop in range(segment.end, segment.start + 1, -1):
        behind = _joined(words, stop, segment.end)
        if not behind:
            continue
        # Whom "they pay a lot, so ..." is of, is said elsewhere: the wish may be about them.
        is_of_them = behind < segment.end and _OF_THEM.match(said) is not None
        if not is_of_them and is_talk(whole.said(segment.start, stop)):
            return Talk(stop, behind)
    return None


def topic_before(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Cond, int] | None:
    """Return what talk in front of a wish names last, and where that talk ends."""
    for stop in range(segment.end, segment.start + 2, -1):
        if _joined(whole.words, stop, segment.end):
            cond = _topic(chart, whole, segment, stop)
            if cond is not None:
                return cond, stop
    return None


def refers(units: Sequence[Unit], *, is_by_name: bool = False) -> bool:
    """Whether the first clause is of what was named before; is_by_name: "its errors", not "it"."""
    first = next((one for one in units if isinstance(one, Said)), None)
    if first is None or first.is_rest:
        return False
    cond = EVERY if first.np is None else first.np.cond
    parts = cond.parts if isinstance(cond, Some) else (cond,)
    is_open = all(any(one.about.startswith("ref.") for one in opens_of(part)) for part in parts)
    if first.is_theirs and isinstance(cond, Some):
        return False  # "its errors and everything over 2 s": of all, or its own?
    return first.is_theirs or is_open or (not is_by_name and (first.is_it or bool(first.refers)))


def rest_told(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Unit, ...] | None:
    """Read "the rest isn't that interesting, 1 % will do": what is told of it asks for nothing."""
    words = whole.words
    text = whole.text[: words[segment.end - 1].end].replace("\u2019", "'")
    for stop, meanings in chart.read("np", segment.start).items():
        if stop >= segment.end - 1:
            continue
        found = [one for one in meanings if isinstance(one, Phrase) and one.is_rest]
        told = _OF_REST.match(text, words[stop].start)
        if len(found) != 1 or found[0].cond != EVERY or told is None:
            continue
        behind = _word_from(words, segment, told.end())
        first = _joined(words, behind, segment.end)
        if not first or first >= segment.end or words[behind].text.lower() in ("and", "but"):
            continue
        read = read_segment(chart, words, first, segment.end)
        if isinstance(read, Stuck) or len(read) != 1:
            continue
        head = read[0][0]
        if isinstance(head, Said) and (head.rate is not None or head.act is not None):
            is_of_it = head.is_rest or (head.np is None and head.when is None)
            if is_of_it and not head.is_theirs and not head.refers:
                whole_rest = replace(head, is_rest=True, is_it=False, np=found[0])
                return (Aside(segment.start, behind), whole_rest, *read[0][1:])
    return None


def _topic(chart: Chart, whole: SourceWords, segment: Segment, stop: int) -> Cond | None:
    words = whole.words
    begin = words[segment.start].start
    said = whole.text[begin : words[stop - 1].end].replace("\u2019", "'")
    named = _NAMED.match(said)
    if named is not None and named.end() == len(said) and named["name"].lower() not in _NO_NAME:
        told = named["told"] or ""
        if _NOBODY.match(told) is None and _NO_TELLING.search(told) is not None:
            return None
        literal = string_literal(named["name"])
        return Test(f"service == {literal}", "service", (literal,))
    about = _ABOUT.match(said)
    if about is None:
        return None
    at = _word_from(words, replace(segment, end=stop), begin + about.end())
    conds: set[Cond] = set()
    for end, meanings in chart.read("np", at).items():
        tail = whole.said(end, stop).lower() if end < stop else ""
        if end > stop or re.fullmatch(_OFTEN, f" {tail}" if tail else "") is None:
            continue
        conds |= {one.cond for one in meanings if isinstance(one, Phrase) and not one.is_rest}
    if len(conds) != 1:
        return None
    cond = conds.pop()
    return None if opens_of(cond) or cond == EVERY else cond


def _joined(words: Sequence[Word], stop: int, end: int) -> int:
    """Return where the wish behind a joiner at `stop` begins; `end` at the end, 0 for none."""
    if stop == end:
        return end
    texts = [one.text.lower() for one in words[stop : min(stop + 4, end)]]
    is_sign = words[stop].kinds[0] in _SIGNS
    if not is_sign and texts[0] not in ("so", "but", "and"):
        return 0
    at = stop
    while at < end - 1 and words[at].kinds[0] in _SIGNS:
        at += 1
    if [one.text.lower() for one in words[at : at + 3]] == ["which", "is", "why"]:
        at += 3
    elif [one.text.lower() for one in words[at : at + 2]] == ["that's", "why"]:
        at += 2
    while at < end - 1 and words[at].text.lower() in _JOINS:
        at += 1
    return at if at < end else 0


def _word_from(words: Sequence[Word], segment: Segment, place: int) -> int:
    inside = range(segment.start, segment.end)
    return next((one for one in inside if words[one].start >= place), segment.end)
