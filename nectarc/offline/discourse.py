"""What a stretch of words is for: clauses, a heading, a correction, an exception, or background.

Owns: the cuts inside a sentence that its words announce ("EDIT:", "because ...", "Rules:").
Must not know: what clauses do to each other. Truth: docs/intent.md; issue 6, 2: closed classes
only, all else is left to the clauses, and asked about there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from nectarc.offline.asides import is_background_stretch
from nectarc.offline.lexicon import word_lists
from nectarc.offline.segments import Segment
from nectarc.offline.words import SourceWords, Word
from nectarc.records import replace

# A heading made of nothing but these announces what follows, and narrows nothing.
_HEADING: Final = word_lists()["discourse_heading"]
_TABLE: Final = word_lists()["discourse_table"]
_SIGN_OFF: Final = re.compile(
    r"(?:(?:ok |okay |so |and )?(?:ta|tia|thx|thanks?|thank you|thank u|cheers|many thanks"
    r"|much obliged|"
    r"(?:kindly|please|pls) do the needful|"
    r"much appreciated|appreciated|regards|kind regards|best regards|best|sincerely|yours"
    r"|greetings|"
    r"bye|have a (?:nice|good|great) (?:day|one|weekend|evening)|hope (?:that|this) helps|"
    r"hope (?:that|this|it) is clear|hope (?:that|this|it) makes sense|let me know|that's (?:it"
    r"|all)|"
    r"that is (?:it|all)|that would be (?:it|all)|sorry for my english|quick one|quick question|"
    r"a quick one|pm here|heyho|hiya|howdy|hi|hello|hey|yo|morning|good (?:morning|afternoon"
    r"|evening)|"
    r"dear (?:all|team|colleagues)|folks|team|all|everyone|everybody|guys|mate|a million|a lot"
    r"|a bunch|"
    r"so much|very much|in advance|again|everyone|there|and|you|for your help|for the help"
    r"|to you)\b"
    r"[\s,!:;-]*)+",
    re.IGNORECASE,
)
_REGARDS: Final = re.compile(
    r"(?:(?:kind|best|warm|many) )*(?:regards|sincerely|greetings)[\s,-]+[^\W\d_]+(?: [^\W\d_]+)?"
)
_ORDER: Final = re.compile(
    r"\b(?:the )?order (?:matters|is important|counts|is significant)\b|\bin (?:this|that"
    r"|the following"
    r"|exactly this) (?:exact )?order(?: of (?:priority|precedence|importance))?\b|"
    r"\bin order(?! (?:to|that|for)\b)(?: of (?:priority|precedence|importance))?\b"
    r"|\bfirst (?:match(?:ing)?|hit)(?: rule)? wins\b"
    r"|\b(?:from )?top(?: to |-to-)bottom\b|\bby (?:priority|precedence|order)\b"
    r"|\border of (?:priority|"
    r"precedence|importance|evaluation)\b|\bfirst rule that (?:matches|applies)(?: wins)?\b"
    r"|\bin sequence\b|\b(?:else|otherwise),? if\b|\bels?if\b"
    r"|\bhighest priority first\b|\bpriorit(?:y|ies|ised|ized)\b|\bone after (?:the other"
    r"|another)\b",
    re.IGNORECASE,
)
_ORDER_WORDS: Final = word_lists()["discourse_order_words"]
_TICKET: Final = re.compile(
    r"(?:(?:step|policy|ticket|issue|req|requirement|jira|section|re|subject|topic|title|story|task|"
    r"rfc)\b[ #]*[\w.-]{0,12}|(?!HTTP|GRPC|RPC)[A-Z]{2,8}-\d{1,6})\s*$",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"(?:(?:ah|oh|hmm|uh|ok|and|but)[\s,]+)?(?:(?:no[\s,]+)?(?:wait|hang on(?! to)"
    r"|hold on(?! to)|sorry|oops|ooops|whoops)|"
    r"no[\s,]+that(?:'s| is| was) (?:wrong|not right|a mistake)|(?:i was|that's|that was"
    r"|that is) wrong|"
    r"my (?:mistake|bad|fault|error)|correction|edit|edited|update|amendment|erratum|"
    r"scratch that|strike that|forget that|actually|on second thoughts?|typo|changed my mind|"
    r"on reflection|wrong(?=\s*[!:,])|apologies|my apologies|change of plans?|thinking about it|"
    r"let me (?:correct|rephrase) (?:that|this)|"
    r"i changed my mind|i (?:meant|mean)|i meant to (?:say|write))\b"
    r"(?:(?: (?:from|of) (?:today|yesterday|the pm|my boss|the team)| again| in the first (?:part"
    r"|line|sentence)|"
    r" above| no| wait| i meant| i mean| sorry)\b)*[\s,:;\u2014\u2013-]*",
    re.IGNORECASE,
)
_TAKES: Final = re.compile(
    r"(?:(?:please )?(?:scratch|strike|cross out|take back|forget(?: about)?)\s+"
    r"(?!that\b|this\b|it\b)"
    r"|not\s+)(?:the\s+)?",
    re.IGNORECASE,
)
_EXCEPTION: Final = re.compile(
    r"(?:(?:with )?(?:the |one |only |an |the only |the one )*exceptions?(?: (?:is|are|to that"
    r"|to this))?)\s*[:,\u2013-]?\s*",
    re.IGNORECASE,
)
# Why something is taken back: it asks for nothing by itself.
_WE_NEED: Final = re.compile(
    r"(?:as |because |since )?(?:we|i|they|people|ops|someone) (?:still |do |actually "
    r"|really )*(?:need|needs|want|use|uses)"
    r" (?:it|them|that|those)(?: (?:for|in) (?:the |our |an? )?[\w-]+(?: [\w-]+)?)?",
    re.IGNORECASE,
)
_IS_ONLY: Final = re.compile(
    r"(?:the |those |these |they |it |that )*[\w/.-]*\s?(?:is|are|was|were|'s|'re) (?:just "
    r"|only |all |way |far |much |too |simply )*"
    r"(?:bots?|noise|noisy|scanners?|crawlers?|spam|fine|harmless|huge|too much|too many"
    r"|too little|too few|"
    r"gone|deprecated|dead|decommissioned|irrelevant|boring|cheap|expensive|big|small|low|high"
    r"|important)"
    r"|[\w.-]+ (?:churned|left|moved|died|is gone|was removed)",
    re.IGNORECASE,
)
_TOO_MANY: Final = re.compile(
    r"(?:i explained badly|that(?:'s| is| was) (?:way |far |much |still |a bit "
    r"|a little )*(?:too (?:many|much|few|"
    r"little|low|high|strict|slow|fast|long|short|generous)|wrong|not enough|a typo"
    r"|the old (?:one|value)|a mistake))",
    re.IGNORECASE,
)
# What it is all for: how much it is to save is said nowhere, so it asks for nothing.
_AIM: Final = (
    r"(?:reduce|cut|cut down(?: on)?|lower|save(?: on)?|shrink|trim|control|tame|bring down"
    r"|keep down|slash|curb|contain|optimi[sz]e|decrease|get down|push down|rein in|lessen)"
    r"(?: (?:our|the|my|some|a bit of|on|this|that|all|of|overall|total|honeycomb|telemetry|traces?"
    r"|tracing|observability|events?|ingest|storage|monthly|cloud|sampling|span|data|vendor|team))*"
    r" (?:costs?|bills?|spend|spending|expenses|volumes?|noise|money|quota|budget|usage|footprint"
    r"|amount|overhead|ingestion)(?: (?:a bit|a little|somewhat|again|this quarter|this month"
    r"|this year))?"
)
_TITLE: Final = re.compile(
    rf"(?:goal|aim|purpose|objective|idea)?\W*(?:is )?(?:to )?{_AIM}", re.IGNORECASE
)
_PURPOSE: Final = re.compile(
    rf"(?:(?:in order |so as )?to|for us to|(?:i|we) (?:want|need|would like|'d like) to"
    rf"|(?:i|we)'d like to) {_AIM}(?:\s*[,:;\u2014\u2013-]+\s*(?:so )?"
    r"|(?= (?:please|we|i|you|let|keep|drop|sample)\b))",
    re.IGNORECASE,
)
# "Quick request from support:", "let me know if this works": they announce, and narrow nothing.
_NOTE: Final = re.compile(
    r"(?:(?:so|and|here's|here is|here are|this is|just|a|one|my|our|the|another) )*"
    r"(?:(?:quick|short|small|little|new|simple|easy|tiny|first|next) )*"
    r"(?:request|wish|ask|note|message|reminder|thing|idea|proposal|suggestion|heads[- ]up|summary"
    r"|plan|task|job|to-?do|wishlist|wish list|question)"
    r"(?: (?:from|for|by) (?:the |our |my )?(?:support|ops|sre|platform|product|security|finance"
    r"|legal|management|compliance|you|us|today|now|me)(?: team)?)?"
    r"|let me know if (?:this|that|it|you|anything) (?:works|helps|is (?:ok|okay|fine|clear"
    r"|unclear|possible|enough)|have (?:any )?questions|need (?:more|anything)"
    r"(?: else| info| details)?)(?: for you)?",
    re.IGNORECASE,
)
# "As agreed with Tom in stand-up:" says who wishes, and nothing else.
_AGREED: Final = re.compile(
    r"as you (?:all )?(?:may |might |probably |surely |certainly )*know\s*[,:]\s*"
    r"|after (?:the|our|last) [\w-]+(?: (?:last|this) (?:week|month|night|year)| yesterday| today"
    r"| on [a-z]+day)?,? (?=(?:we|i)(?: have|'ve)? (?:decided|agreed)\b)"
    r"|(?:as|like) (?:we |i |was |just |already )*(?:discussed|agreed|decided|requested|promised"
    r"|mentioned|said|asked|planned|announced|proposed|suggested|outlined|noted|explained)"
    r"(?: (?:in|with|at|by|during|on|for|from|yesterday|today|earlier|before|above|this morning"
    r"|last (?:week|month|time|friday|monday)|the|our|a|an|to|upon|you|me|us|team"
    r"|stand-?up|daily|meeting|retro(?:spective)?|call|sync|review|planning|slack|chat|thread|ticket|post-?mortem"
    r"|incident|management|finance|legal|security|everyone|(?-i:[A-Z][a-z]+)))*\s*[,:\u2014\u2013-]\s*",
    re.IGNORECASE,
)
_REASONS: Final = frozenset({"because", "since", "while", "cause", "cos", "cuz"})
_JOINS: Final = frozenset({"so", "and", "but", "please"})


def says_order(text: str) -> bool:
    """Whether the words say that clauses hold in the order in which they stand."""
    return _ORDER.search(text) is not None


def is_empty_talk(said: str, *, is_heading: bool) -> bool:
    """Whether a whole stretch greets, signs off, or announces what follows."""
    plain = said.strip(" \t\n,.!:;-|").lower()
    words = re.findall(r"[\w'#%]+", plain)
    if not words:
        return False
    if is_heading and _HEADING.issuperset(words):
        return True
    if _ORDER.search(plain) is not None and _ORDER_WORDS.issuperset(words):
        return True
    if "|" in said and _TABLE.issuperset(words) and len(words) > 1:
        return True
    return any(one.fullmatch(plain) is not None for one in (_SIGN_OFF, _TITLE, _REGARDS, _NOTE))


def cut(whole: SourceWords, segment: Segment, kinds: Mapping[int, Sequence[str]]) -> list[Segment]:
    """Return `segment` in pieces: leads and background apart, each piece with its role."""
    found: list[Segment] = []
    start = segment.start
    role = segment.role
    while start < segment.end:
        stop, said_role = _lead(whole, start, segment.end)
        if stop == start:
            break
        found.append(Segment(start, stop, role="aside"))
        start, role = stop, said_role or role
    if start >= segment.end:
        return found
    body = replace(segment, start=start, role=role)
    if found and not role and is_empty_talk(whole.said(start, segment.end), is_heading=False):
        return [*found, replace(body, role="aside")]
    middle = _in_the_middle(whole, body, kinds)
    if middle:
        return [*found, *middle]
    if taken_back(whole, body) and not body.role:
        body = replace(body, role="takes-back")
    parts = [_narrowed(whole, one) for one in _at_commas(whole, body, kinds)]
    if len(parts) > 1 or parts[0].role == "restriction":
        return [*found, *parts]
    front, body = _background_front(whole.words, body, kinds)
    back, body = _background_back(whole.words, body, kinds)
    return [*found, *front, body, *back]


def _in_the_middle(
    whole: SourceWords, body: Segment, kinds: Mapping[int, Sequence[str]]
) -> list[Segment]:
    """Cut out a correction between dashes, or to the end: "... -- no wait, 2s -- and errors"."""
    words = whole.words
    if body.role:
        return []
    for at in range(body.start + 1, body.end - 2):
        kind = words[at].kinds[0]
        if kind not in ("_DASH", "_COMMA", "_LPAR"):
            continue
        match = _CORRECTS.match(whole.text[words[at + 1].start : words[body.end - 1].end])
        if match is None:
            continue
        begin = _position(whole, at + 1, body.end, words[at + 1].start + match.end())
        closing = "_RPAR" if kind == "_LPAR" else "_DASH"
        stop = body.end
        if kind != "_COMMA":
            ends = [one for one in range(begin, body.end) if words[one].kinds[0] == closing]
            stop = ends[0] if ends else body.end
        if begin >= stop:
            return []
        parts = _at_commas(whole, Segment(begin, stop, role="correction"), kinds)
        found = [replace(body, end=at), Segment(at + 1, begin, role="aside")]
        found += [_narrowed(whole, one) for one in parts]
        following = stop + 1
        while following < body.end - 1 and words[following].kinds[0] == "_COMMA":
            following += 1
        if following < body.end:
            found.append(replace(body, start=following))
        return found
    return []


def _at_commas(
    whole: SourceWords, body: Segment, kinds: Mapping[int, Sequence[str]]
) -> list[Segment]:
    """Cut a correction at its commas, and before "so only", "so just": each part corrects."""
    if body.role not in ("correction", "takes-back"):
        return [body]
    words = whole.words
    inside = range(body.start + 1, body.end - 1)
    marks = [one for one in inside if words[one].kinds[0] == "_COMMA"]
    if not marks:
        return [body]
    edges = [body.start, *(one + 1 for one in marks)]
    stops = [*marks, body.end]
    parts: list[Segment] = []
    for start, stop in zip(edges, stops, strict=True):
        first = start
        while first < stop - 1 and words[first].text.lower() in _JOINS:
            first += 1
        said = whole.said(first, stop)
        is_reason = any(one.fullmatch(said) for one in (_WE_NEED, _IS_ONLY, _TOO_MANY))
        is_told = start > body.start and is_background_stretch(words[first:stop], kinds)
        role = "aside" if is_reason or is_told else body.role
        parts.append(Segment(first, stop, role=role))
    return parts


def _narrowed(whole: SourceWords, part: Segment) -> Segment:
    """Take "only" and "just" off a correction that leaves a part of what was said."""
    words = whole.words
    at = part.start
    while at < part.end - 1 and words[at].text.lower() in ("so", "only", "just", "to", "the"):
        at += 1
    texts = {words[one].text.lower() for one in range(part.start, at)}
    if part.role in ("correction", "takes-back") and texts & {"only", "just"}:
        return replace(part, start=at, role="restriction")
    return part


def _lead(whole: SourceWords, start: int, end: int) -> tuple[int, str]:
    """Return where what stands before a clause ends, and the role that it gives: "" for none."""
    said = whole.text[whole.words[start].start : whole.words[end - 1].end]
    for colon in range(start + 1, min(start + 9, end - 1)):
        if whole.words[colon].kinds[0] == "_COLON":
            before = whole.said(start, colon)
            if is_empty_talk(before, is_heading=True) or _TICKET.fullmatch(before):
                return colon + 1, ""
            break
    for pattern, role in (
        (_EXCEPTION, "exception"),
        (_CORRECTS, "correction"),
        (_PURPOSE, ""),
        (_AGREED, ""),
    ):
        match = pattern.match(said)
        if match is not None and (role != "exception" or match[0].rstrip()[-1:] in ":,-\u2013s"):
            stop = _position(whole, start, end, whole.words[start].start + match.end())
            if start < stop < end:
                return stop, role
    return start, ""


def _position(whole: SourceWords, start: int, end: int, at: int) -> int:
    """Return the first word that begins at `at` or after."""
    return next((one for one in range(start, end) if whole.words[one].start >= at), end)


def taken_back(whole: SourceWords, segment: Segment) -> int:
    """Return where the name of what is taken back begins: "scratch /status"; 0 for no such."""
    said = whole.text[whole.words[segment.start].start : whole.words[segment.end - 1].end]
    match = _TAKES.match(said)
    if match is None or (match[0][:3].lower() in ("not", "for") and segment.role != "correction"):
        return 0
    at = whole.words[segment.start].start + match.end()
    stop = _position(whole, segment.start, segment.end, at)
    return stop if stop < segment.end else 0


def _background_front(
    words: Sequence[Word], body: Segment, kinds: Mapping[int, Sequence[str]]
) -> tuple[list[Segment], Segment]:
    """Cut off what tells of circumstances before a clause: "our bill doubled, so keep ..."."""
    for stop in range(body.end - 1, body.start + 2, -1):
        word = words[stop]
        is_join = word.text.lower() == "so" or word.kinds[0] in ("_COMMA", "_DASH", "_COLON")
        if is_join and is_background_stretch(words[body.start : stop], kinds):
            following = stop
            while following < body.end - 1 and (
                words[following].kinds[0] in ("_COMMA", "_DASH", "_COLON")
                or words[following].text.lower() in _JOINS
            ):
                following += 1
            return [Segment(body.start, stop, role="aside")], replace(body, start=following)
    return [], body


def _background_back(
    words: Sequence[Word], body: Segment, kinds: Mapping[int, Sequence[str]]
) -> tuple[list[Segment], Segment]:
    """Cut off the reason behind a clause: "... because we are rolling it out"."""
    for start in range(body.start + 2, body.end - 1):
        word = words[start]
        is_reason = word.text.lower() in _REASONS
        if word.text.lower() == "while" and words[start + 1].text.lower() in ("it", "they", "this"):
            continue
        is_told = word.kinds[0] in ("_COMMA", "_DASH")
        first = start + 1
        if (is_reason or is_told) and is_background_stretch(
            words[first : body.end], kinds, is_reason=is_reason
        ):
            end = start
            while end > body.start + 1 and words[end - 1].kinds[0] in ("_COMMA", "_DASH"):
                end -= 1
            return [Segment(first, body.end, role="aside")], replace(body, end=end)
    return [], body
