"""Words by which an author takes something back: "no, wait", "make that", "EDIT:".

Owns: the closed classes of such words, how they follow each other. Must not know: what is taken
back. Truth: docs/intent.md, "Corrections": what is none of these is left to the clauses.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.records import record

_END: Final = r"(?![\w'\u2019-])"
# Noises: they correct nothing by themselves.
_WEAK: Final = (
    r"a+h+|o+h+|argh|ugh|gah|ok|okay|well|please|now|in fact|damn|yikes|so"
    r"|you know what|let me see|let's see|at that|after all|though|then again|again|thanks"
)
NOISE: Final = re.compile(_WEAK + r"|hm+|uhm*|um+|er+m?|ehm|eh", re.IGNORECASE)
_JOINS: Final = r"and|but|or"
# They take back what was said last, whatever it was.
_HARD: Final = (
    r"(?:no|nope|nah)(?=\s*[,:;!\u2014\u2013-])|(?:no|nope|nah)(?=\s+(?:wait|sorry|hang|hold|make"
    r"|i mean|i meant|actually|scratch|strike|not|it's|it should|that's|that should|let's|let me"
    r"|rather|better|on second|correction)\b)"
    r"|(?:no|nope)(?=\s+(?:\d|over|above|under|below|slower|longer|fewer|more than|less than))"
    r"|i mean(?:t)?(?: to (?:say|write|type|put))?|what i meant (?:is|was)|i should have (?:said"
    r"|written)|i wanted to (?:say|write)|scratch that|strike that|forget that|cancel that"
    r"|delete that|never ?mind(?: that)?|i take (?:that|it) back|(?:i(?:'ve| have)? )?changed my"
    r" mind|(?:that's|that is|that was|this is|this was|it's|it was) (?:wrong|not right|incorrect"
    r"|a (?:mistake|typo)|my mistake|an error)|i was wrong|i (?:misspoke|mistyped|miscounted"
    r"|misread(?: that)?)|typo|wrong(?=\s*[!:,.])|undo (?:that|this|it)"
    r"|(?:i|we) (?:swapped|mixed|confused|mixed up)"
    r" (?:them|it|that|these|those)(?: up)?|(?:don't|do not)(?=\s*[.!;\u2014\u2013])"
    r"|my (?:mistake|bad|fault|error)|sorry(?: about that)?|apologies"
    r"|my apologies|pardon(?: me)?|excuse me|correction|corrected|erratum|or rather|rather"
    r"|uhm*|um+|er+m?|ehm|eh|(?:better|rather|maybe|perhaps) not(?=\s*[,.;:!\u2014\u2013-])"
    r"|let me (?:correct|rephrase|fix)(?: that| this| myself)?|i stand corrected|wait,? no|no wait"
)
_SOFT: Final = (
    r"(?:or |and )?(?:to be (?:more )?(?:precise|exact|specific)|more (?:precisely|exactly"
    r"|specifically))|hm+|or (?:let's say|let me say|say|better|rather say)"
    r"|wait(?: a (?:minute|second|sec|moment))?"
    r"|hang on(?! to)|hold on(?! to)|oops|ooops|whoops"
    r"|actually|on second thoughts?|on reflection|thinking about it(?: again)?|come to think (?:of"
    r"|about) it|having thought about it|edit(?:ed)?|update|amendment|addendum|better"
    r"|(?:this|that|it) (?:was|has been|is) (?:later |now |since |then )*(?:amended|corrected"
    r"|changed|revised)(?=\s*[:;\u2014\u2013])|better still|even better"
    r"|all things considered|on balance"
)
# They name the value only by a pronoun, which must be the one said just before.
_PRONOUN: Final = (
    r"(?:let's )?make (?:it|that|this)|let me say|(?:it|that|this) (?:should|must|ought to|needs to"
    r"|has to"
    r"|was supposed to|was meant to|is supposed to|is meant to) (?:really |actually |rather "
    r"|better )?(?:be|read|say)|(?:it|that) should have (?:been|read|said)|should be|should read"
    r"|should have been|call it"
    r"|but (?:now |rather )?(?:let's (?:say|go with|do|take|make it)|i'd (?:rather )?(?:say|have)"
    r"|make it|i now want|we now want|i want|we want|i'd prefer|i'd rather have)"
    r"|(?:(?:in the meantime|meanwhile|since then|later(?: on)?|by now|afterwards|then),? )?"
    r"(?:we|i)(?:'ve| have)? (?:since |later |now |then )?(?:changed|lowered|raised|reduced"
    r"|increased|cut|amended|adjusted|corrected|set) (?:it|that|this) (?:down |up )?to"
    r"|(?:this|that|it) (?:was|has been|is|is to be|shall be) (?:later |now |since |then "
    r"|afterwards )*(?:changed|lowered|raised|reduced|increased|cut|amended|adjusted|corrected"
    r"|set) to|(?:let's )?(?:change|bump|lower|raise|reduce|increase|set|turn|cut"
    r"|move|push|adjust|correct) (?:it|that|this) (?:up |down |back )?to|now (?:it's|it is)"
)
_WHO: Final = (
    r"(?:finance|legal|ops|compliance|marketing|(?:my|our|the) (?:sre|sres|devs?|pm|boss|manager"
    r"|colleague"
    r"|team|lead"
    r"|cto|pm|team lead|finance team|security team|platform team|customer|client|teammate)"
    r"|they|people|someone|somebody|boss|management|my cto|cfo"
    r"|(?-i:[A-Z][a-z]+)(?= (?:just |rightly )?(?:says?|said"
    r"|thinks?|told|pointed|noted|mentioned|reminded|corrected)\b))"
)
# These go before what is wanted, and correct nothing by themselves.
_WANTS: Final = (
    rf"as {_WHO} (?:just |rightly |already )?(?:pointed out|noted|said|mentioned|told me"
    r"|reminded me)|let's (?:say|go with|go for|do|take|use|try|have)"
    r"|let us (?:say|go with|take)|i'd (?:rather )?(?:say"
    r"|go with|take|have|prefer)|i would (?:rather )?(?:say|go with|take|have|prefer)|(?:it's|it is"
    r"|that's|that is)(?: now)?|we want|i want|we need|i'd like|we'd like|i think|we'll take"
    r"|i'll take|go with|we'd rather have|i was thinking of"
)
_TOO: Final = (
    r"(?:(?:way|far|much|still|a bit|a little|bit|probably|really|clearly|rather|just|quite|simply"
    r"|certainly) )*(?:too (?:much|many|few|little|low|high|strict|slow|fast|long|short|generous"
    r"|expensive|aggressive|greedy|noisy|tight|loose|big|small"
    r"|important|valuable|critical|sensitive|risky|harsh)|not (?:quite )?enough|a lot"
    r"|overkill|excessive|generous|the old (?:one|value|number|figure)|wrong|a typo|a mistake)"
    r"(?: (?:for (?:us|me|now|that|our (?:budget|bill|quota)))| after all)?"
)
_IS: Final = r"(?:is|was|seems|sounds|would be|feels|looks|might be|may be|could be)"
_REASON: Final = (
    r"(?:maybe |perhaps |i guess |i think )?(?:(?:that's|that is|that was|this is|it's|it is"
    r"|that seems"
    r"|that sounds|which is"
    r"|that would be|that'd be)|(?P<old>(?:the )?[\w%/.]*[\w%](?: [\w/.-]*\w){0,5}?)"
    rf" {_IS}) {_TOO}"
    rf"|(?:dropping|keeping|sampling|storing) [\w/.-]+(?: \w+)? {_IS} (?:{_TOO}|(?:too |a bit )"
    r"(?:harsh|radical|much|drastic|risky|strict))"
)
# What follows a value that is wrong.
WRONG: Final = re.compile(rf" {_IS} {_TOO}", re.IGNORECASE)
_AFTER: Final = (
    r"(?:after|following|per|as per) (?:(?:the|our|a|an|my|this|talking|talk|talks|discussion"
    r"|discussions|discussing|chat|chatting|feedback|with|to|from|by|morning|review|meeting|call"
    r"|standup|stand-up|retro|comments?|team|boss|manager|ops|legal|finance|platform|security"
    r"|look|looking|at|seeing|bill|bills|invoice|costs?|budget|numbers|usage|more|some|thought"
    r"|today's|yesterday's|it|this|(?-i:[A-Z][a-z]+))(?![\w'-]) ?)+"
)
_SAYS: Final = (
    rf"{_WHO} (?:just |now |rightly )*(?:says?|said|thinks?|thought|told me|tells me|insists?"
    r"|corrected me|reminded me|complains?|complained|pointed out|points out|wants?|prefers?"
    r"|asks? for|asked for)(?: that)?"
    r"(?:(?: it's| that's| it is| that is| this is)? (?:too (?:expensive|much|little|low|high|many"
    r"|few)|not enough|better|rather|wrong|overkill))?"
)
_LABEL: Final = (
    r"(?:(?:small|quick|minor|one|another|last|late|final|important|slight) )?"
    r"(?:edit|update|correction|amendment|addendum|erratum|p\.?s|nb|n\.b|change of plans?|change"
    r"|(?:please )?(?:change|update|correct|amend|adjust) my (?:earlier|first|previous|last"
    r"|original) (?:request|mail|message|wish|ticket|rule|note)(?: as follows)?)"
    r"(?: ?\(?(?:\d{1,2}|\d{1,2}[:.]\d\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\)?"
    r"| no\.? \d| \(?(?:after|following|per) "
    r"(?:(?:the|our|a|my|this|talking|talk|discussion|discussions|chat|feedback|with|to|from|by|morning"
    r"|review|meeting|call|standup|stand-up|retro|comments?|team|boss|manager|ops|legal|finance"
    r"|platform|security|today's|yesterday's|(?-i:[A-Z][a-z]+)) ?)+\)?"
    r"| from (?:today|yesterday|(?:the|my|our) (?:boss|manager|team|pm|cto|lead))"
    r"| (?:today|yesterday))?\s*[:\u2014\u2013]"
)
# How a wish is told that does not hold any more.
HISTORY: Final = re.compile(
    r"(?:in my (?:first|last|previous|earlier|original) (?:mail|email|message|ticket|request"
    r"|version|draft|note|comment),? )?(?:(?:at first|initially|originally|first|previously|before"
    r"|earlier|so far|until now),? )?"
    r"(?:i|we) (?:had |have |also )*(?:(?:first|initially|originally|previously|used to|earlier) )?"
    r"(?:wanted|said|asked for|had|wrote|planned|thought(?: of| about)?|considered"
    r"|(?:was|were) thinking(?: of| about)?|say|have|ask for|put|suggested|proposed|mentioned"
    r"|wrote(?: that)?|typed|went with)(?: (?:to(?= (?:keep|sample|retain|drop)\b)|of))? ",
    re.IGNORECASE,
)
_ATOMS: Final = tuple(
    (name, re.compile(rf"(?:{pattern}){end}", re.IGNORECASE))
    for name, pattern, end in (
        ("label", _LABEL, ""),
        ("after", _AFTER, r"(?<! )"),
        ("says", _SAYS, _END),
        ("reason", _REASON, _END),
        ("hard", _HARD, _END),
        ("soft", _SOFT, _END),
        ("pronoun", _PRONOUN, _END),
        ("want", _WANTS, _END),
        ("weak", _WEAK, _END),
        ("join", _JOINS, _END),
    )
)
_APART: Final = re.compile(r"[\s,:;\u2014\u2013-]*")
_STOPS: Final = re.compile(r"\s*(?:[.!\u2026]+|\.\.\.)(?=\s|$)")
_COLON: Final = re.compile(r":\s*$")
_IT_IS: Final = re.compile(r"\b(?:it's|it is|that's)\s*$", re.IGNORECASE)
_TURN: Final = re.compile(
    r"\b(?:corrected|better|rather|too|enough|wrong|overkill)\b", re.IGNORECASE
)
_TAKES_ALL: Final = re.compile(
    r"\b(?:scratch|strike|undo|forget|cancel|delete|mind|back|wrong|mistake|changed|incorrect"
    r"|not right|not|don't)\b",
    re.IGNORECASE,
)
_SURELY: Final = re.compile(r"\b(?:correction|erratum)\b", re.IGNORECASE)
# No cue holds a wish: whatever went wrong, none is lost in it.
_WISHES: Final = re.compile(
    r"\b(?:keep|kept|drop|dropped|sample|sampled|retain|discard|store|errors?|failed|failing|rest"
    r"|everything|others?|always|never|except|unless|only|if|when)\b",
    re.IGNORECASE,
)
_HELPS: Final = frozenset({"weak", "join", "want", "after", "says"})
_ENDS_SENTENCE: Final = frozenset({"hard", "soft", "reason", "weak"})


@record
class Cue:
    """Words that take something back. start, end: in the text; the new words follow at `end`.

    old: where a reason names the value that is wrong ("5% is too much"). is_bare_no: "no" alone,
    without a comma. is_hard: something is surely taken back. is_pronoun: nothing but "make it".
    is_plain: it neither takes a wish back as a whole ("scratch that") nor says why.
    """

    start: int
    end: int
    is_hard: bool
    is_soft: bool
    old: tuple[int, int] | None = None
    is_bare_no: bool = False
    is_label: bool = False
    is_plain: bool = False
    said: str = ""

    @property
    def is_pronoun(self) -> bool:
        """Whether only a pronoun tells what is taken back."""
        return not (self.is_hard or self.is_soft)


_REASONS: Final = re.compile(rf"\s*(?:{_REASON})", re.IGNORECASE)


def _is_turn(found: tuple[str, re.Match[str]], text: str) -> bool:
    """Whether somebody says that something is wrong, and not only what they want."""
    match = found[1]
    reason = _REASONS.match(text, match.end())
    return _TURN.search(match[0]) is not None or reason is not None


def cue_at(text: str, start: int) -> Cue | None:
    """Return the cue that begins at `start`; None where none does."""
    at = start
    kinds: list[str] = []
    old: tuple[int, int] | None = None
    while at < len(text):
        is_first = not kinds
        found = next(
            ((name, match) for name, one in _ATOMS if (match := one.match(text, at))), None
        )
        if found is None or (found[0] == "says" and is_first and not _is_turn(found, text)):
            break
        if found[0] == "join" and set(kinds) - {"weak", "join", "reason"}:
            break
        name, match = found
        if name == "reason" and match["old"]:
            old = match.span("old")
        kinds.append("soft" if name == "says" and _is_turn(found, text) else name)
        at = match.end()
        stop = _STOPS.match(text, at)
        if stop is not None and name in _ENDS_SENTENCE:
            at = stop.end()
        apart = _APART.match(text, at)
        at = apart.end() if apart is not None else at
    said = text[start:at]
    if kinds and kinds[0] == "after" and _COLON.search(said) is not None:
        kinds.append("label")
    if "weak" in kinds and "want" in kinds and _IT_IS.search(said) is not None:
        kinds.append("pronoun")
    if not kinds or _HELPS.issuperset(kinds) or at >= len(text):
        return None
    if "\n" in said.strip() or _WISHES.search(said) is not None:
        return None
    if kinds[-1] == "join":
        return None  # "sorry, and 5% of /b": one more wish
    is_bare_no = re.fullmatch(r"(?:no|nope|nah)\s*", said, re.IGNORECASE) is not None
    return Cue(
        start=start,
        end=at,
        is_hard="hard" in kinds or _SURELY.search(said) is not None,
        is_soft=bool({"soft", "reason", "label"} & set(kinds)),
        old=old,
        is_bare_no=is_bare_no,
        is_label="label" in kinds,
        is_plain="reason" not in kinds and _TAKES_ALL.search(said) is None,
        said=said,
    )
