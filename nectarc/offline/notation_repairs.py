# ruff: noqa: E501 - patterns are read in one piece
"""Corrections in plainer words: "5s is too long, take 3s" is "change the 5s to 3s".

Owns: which turns of phrase correct. Must not know: what is replaced (repairs.py finds out).
Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

Put: TypeAlias = tuple[int, int, str, int]

_RATE: Final = r"(?:\d+(?:[.,]\d+)? ?(?:%|percent\b|pct\b)|(?:1|one) ?(?:in|of|out of|/|:) ?[\w,]+|half|a tenth|a quarter)"
_LENGTH: Final = r"\d+(?:\.\d+)? ?(?:milliseconds?|millis|ms|seconds?|secs?|minutes?|mins?|s|m)\b"
_THING: Final = r"(?:/[\w./*{}-]*[\w*}]|[A-Za-z][\w.-]*\w)"
_FRONT: Final = r"(?:(?<=[.!?;\n])|(?<=^))[ \t]*"
_END: Final = r"[ \t]*(?=[.!;\n]|$)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_LET_US_SAY: Final = _compiled(
    rf"[ \t]*(?:\.\.\.|\u2026|,|-|\u2013)[ \t]*(?:let'?s say|say|make that|nah|nope|hmm?,?|well,?|oops,?|err?,?|uh,?)[ \t]+(?={_RATE}{_END})"
)
_INLINE_EDIT: Final = _compiled(
    rf"(?<=%)[ \t]+(?:edit|correction|update|oops|whoops|err|nope|nah)[ \t]*[:,]?[ \t]+(?P<new>{_RATE})(?={_END})"
)
_POSTSCRIPT: Final = _compiled(r"(?:(?<=[.!?\n])|(?<=^))[ \t]*p\.[ \t]?s\.?:?[ \t]+(?=\w|/)")
_FORGOT: Final = _compiled(
    _FRONT
    + r"(?:(?:ah|oh|oops|ps|hm+|uh|right|damn|sorry),?[ \t]+(?:and|also|yes|btw)[ \t,]+|(?:i )?(?:(?:almost|nearly|also|totally|just|completely) )?forgot(?: to (?:say|mention|add|write))?(?: that)?[ \t]*[:,-][ \t]*"
    r"|(?:i )?(?:(?:almost|nearly|also|totally|just) )?forgot to (?:say|mention|add) (?:that )?)(?=\w|/)"
)
_FROM_TO: Final = _compiled(
    rf"(?P<front>\b(?:change|move|set|lower|raise|reduce|increase|bump|bring|put|turn|drop|take)[ \t]+(?P<what>{_THING}))[ \t]+(?:up |down )?from[ \t]+(?P<old>{_RATE})(?=[ \t]+to[ \t]+{_RATE})"
)
_RATHER: Final = _compiled(
    rf"{_FRONT}(?:i'd|we'd|i would|we would)[ \t]+(?:rather|prefer to|actually|better)[ \t]+(?:have|keep|see|take|like)?[ \t]*(?P<new>{_RATE})[ \t]+(?:for|of|on)[ \t]+(?P<what>{_THING}){_END}"
)
_SHOULD: Final = _compiled(
    rf"{_FRONT}(?P<what>{_THING})[ \t]+(?:should|must|ought to|needs to)[ \t]+(?:rather |actually |better )?be(?: at)?[ \t]+(?P<new>{_RATE})[ \t]*,?[ \t]*(?:actually|instead|rather|sorry|of course|really)?{_END}"
)
_IT_IS: Final = _compiled(
    rf"{_FRONT}(?:(?:sorry|oops|ah|no|hm+|wait|btw),?[ \t]+)?(?:it(?:'s| is)|that(?:'s| is)|the (?:service|route|field|attribute|name|path|endpoint)(?: is|'s)(?: called| named)?)[ \t]+(?P<new>{_THING}),?[ \t]+(?:and )?not[ \t]+(?P<old>{_THING}){_END}"
)
_BY_THE_WAY: Final = _compiled(
    rf",?[ \t]+(?:by the way|btw|actually|to be precise|to be exact|in fact){_END}"
)
_TOO_LONG: Final = _compiled(
    rf"{_FRONT}(?P<old>{_LENGTH}|{_RATE})[ \t]+(?:is|are|was|seems|looks|might be|may be)[ \t]+(?:still |probably |maybe |a bit |a little |far |way |much )*too[ \t]+(?:long|short|high|low|much|many|little|few|strict|generous|expensive|slow)[,;.:-]*[ \t]+(?:so |please |then |better |rather |let'?s )*(?:take|make it|use|go with|do|say|have|try|set it to|make that|only|better)?[ \t]*(?P<new>{_LENGTH}|{_RATE})(?: instead| rather| then| is enough| please)?{_END}"
)
_INSTEAD: Final = _compiled(
    rf"{_FRONT}(?:let'?s |please |we'?ll |i'?d |better |rather )*(?:do|take|make it|use|go with|have|say|with|make that)?[ \t]*(?P<new>{_LENGTH}|{_RATE})[ \t]+(?:instead of|rather than|in place of|and not|,? not)[ \t]+(?:the )?(?P<old>\d+(?:\.\d+)?(?: ?(?:%|ms|s|seconds?|percent))?){_END}"
)
_THRESHOLD: Final = _compiled(
    rf"{_FRONT}(?:please |let'?s |better |and |actually |sorry,? |no,? )*(?:(?:make|set|put|move|lower|raise|change)[ \t]+(?:the |that )?(?:threshold|limit|cut-?off|bar)(?:[ \t]+(?:for slow|of slow))?(?:[ \t]+(?:to|at|be))?|(?:the |that )?(?:threshold|cut-?off)(?: for slow)?[ \t]+(?:should be|must be|is|shall be|ought to be|should have been)(?: actually| rather)?|make it|make that)[ \t]+(?P<new>{_LENGTH})(?: please| instead| actually)?{_END}"
)
_NOT_THAT: Final = _compiled(
    rf"{_FRONT}(?:and |but |well,? |hm+,? |oh,? |ah,? )*not[ \t]+(?P<old>{_THING})(?:[ \t]*,[ \t]*(?:sorry|though|after all|of course|my mistake|my bad)|[ \t]+(?:though|after all)){_END}"
)
_THEN: Final = _compiled(
    rf"(?<=%)[.,;]?[ \t]+(?:is that )?too (?:much|many|high|low|little)\?[ \t]+(?:then|ok(?:ay)?,?|so|make it|let'?s say|well,?)*[ \t]*(?P<new>{_RATE})(?={_END})"
)
_THOSE_ALL: Final = _compiled(
    rf"{_FRONT}(?:except|but|only|apart from|other than|save for)(?: for)?[ \t]+(?P<what>(?:the )?(?:errors?|failures|failed ones|[45]xx|{_THING}))[ \t]*[,:-][ \t]*(?:(?:of )?(?:those|these|them|which|that one|that|it)[ \t]+)?(?:we[ \t]+(?:want|keep|need|take)[ \t]+)?(?:in[ \t]+)?(?P<does>all|everything|every one|in full|full|completely){_END}"
)
_ALSO: Final = _compiled(
    rf"(?P<sep>:)[ \t]+(?:also|as well|likewise|too)[ \t]+(?=(?:all|everything|none|keep|drop|{_RATE}){_END})"
)

_READ_AS: Final = _compiled(
    rf"{_FRONT}(?:[^.!?\n]{{0,40}}[:,][ \t]*)?(?:please )?(?:read[ \t]+(?P<new>{_THING})[ \t]+(?:wherever|where|whenever|everywhere|instead of|for)[ \t]+(?:i|we|it)?[ \t]*(?:wrote|said|say|says|put|have|typed)?[ \t]*(?P<old>{_THING})|(?:replace|substitute)[ \t]+(?P<old2>{_THING})[ \t]+(?:everywhere[ \t]+)?(?:by|with)[ \t]+(?P<new2>{_THING})){_END}\.?"
)
_FIELD_IS: Final = _compiled(
    rf"{_FRONT}(?:(?:ah|oh|sorry|oops|wait|hm+|no|btw)[ \t,]+)*(?:the|that|our)[ \t]+(?:attribute|field|key|tag)(?:[ \t]+name)?[ \t]+(?:is|is called|is named|must be|should be|is actually|is really)[ \t]+(?P<new>[a-z][a-z0-9]*(?:[._][a-z0-9]+)+)(?:,? sorry|,? actually|,? by the way)?{_END}\.?"
)
_A_FIELD: Final = re.compile(r"(?<![\w./-])[a-z][a-z0-9]*(?:[._][a-z0-9]+)+(?![\w/])")
_A_PATH: Final = re.compile(r"(?<![\w/.])/[\w./*{}-]*[\w*}]")
_ROUTE_IS: Final = _compiled(
    r"(?:(?<=[.!?;\n])|(?<=^))[ \t]*(?:typo(?: above)?|correction|sorry|oops|edit)[ \t]*[:,][ \t]*(?:the |that )?(?:route|path|endpoint)[ \t]+(?:is|should be|must be|is called)[ \t]+(?P<new>/[\w./*{}-]*[\w*}])[ \t]*(?:[.;!]|$)"
)
_MAKE_IT: Final = _compiled(
    rf"{_FRONT}(?:(?:hm+|no|ah|oh|well|ok|sorry)[ \t,]+)*(?:make|let's make)[ \t]+(?:it|that)[ \t]+(?:only |just )?(?P<new>{_RATE}){_END}"
)
_NOT_NUMBER: Final = _compiled(
    rf"(?:(?<=[.!?;\n])|(?<=^))[ \t]*(?:--?[ \t]*)?(?:typo|correction|oops|sorry|i mean|i meant|erratum|edit)[ \t]*[,:]?[ \t]*(?:it's |it is |that's |should be )?(?P<new>\d+(?:\.\d+)?)(?: ?[a-z%/]+(?: per \w+)?)?[ \t]*,?[ \t]+(?:and )?not[ \t]+(?P<old>\d+(?:\.\d+)?)(?: ?[a-z%/]+)?{_END}\.?"
)
_Turn: TypeAlias = Callable[[re.Match[str], str], "str | None"]


def _changed(found: re.Match[str], before: str) -> str | None:
    """Return it as "change the 5s to 3s", where the 5s were spoken of."""
    old = found["old"]
    unit = re.search(r"(?:%|[a-z]+)$", old)
    whole = old if unit else re.sub(r"^[\d.]+", "", found["new"]).strip()
    said = (
        old
        if unit
        else next((one for one in (f"{old}{whole}", f"{old} {whole}") if one in before), "")
    )
    if not said:
        short = re.search(
            rf"(?<![\w.]){re.escape(old)} ?(?:s|seconds?|secs?|ms|%|percent|minutes?)(?!\w)", before
        )
        said = short[0] if short is not None else ""
    return f" Change the {said} to {found['new']}" if said and said in before else None


def _threshold(found: re.Match[str], before: str) -> str | None:
    lengths = {one[0] for one in re.finditer(_LENGTH, before, re.IGNORECASE)}
    return f" Change the {lengths.pop()} to {found['new']}" if len(lengths) == 1 else None


def _one_rate(found: re.Match[str], before: str) -> str | None:
    rates = {one[0] for one in re.finditer(_RATE, before, re.IGNORECASE)} - {"100%", "100 %"}
    return f" Change the {rates.pop()} to {found['new']}" if len(rates) == 1 else None


def _named(found: re.Match[str], before: str) -> str | None:
    is_said = re.search(rf"(?<![\w./-]){re.escape(found['old'])}(?![\w/-])", before) is not None
    return f" Typo: {found['new']}, not {found['old']}" if is_said else None


def _set_to(found: re.Match[str], before: str) -> str | None:
    is_said = re.search(rf"(?<![\w./-]){re.escape(found['what'])}(?![\w/-])", before) is not None
    return f" Change {found['what']} to {found['new']}" if is_said else None


def _from_to(found: re.Match[str], before: str) -> str | None:
    return found["front"] if found["old"] in before else None


def _scratched(found: re.Match[str], before: str) -> str | None:
    return f" Scratch {found['old']}" if found["old"] in before else None


_TURNS: Final[tuple[tuple[re.Pattern[str], _Turn], ...]] = (
    (_LET_US_SAY, lambda _found, _before: ", no, "),
    (_INLINE_EDIT, lambda found, _before: f", no, {found['new']}"),
    (_THEN, lambda found, _before: f", no, {found['new']}"),
    (_POSTSCRIPT, lambda _found, _before: " PS: "),
    (_FORGOT, lambda _found, before: " Also " if before.strip() else None),
    (_FROM_TO, _from_to),
    (_RATHER, _set_to),
    (_SHOULD, _set_to),
    (_TOO_LONG, _changed),
    (_INSTEAD, _changed),
    (_THRESHOLD, _threshold),
    (_MAKE_IT, _one_rate),
    (_IT_IS, _named),
    (_NOT_THAT, _scratched),
    (_THOSE_ALL, lambda found, _before: f" {found['what']}: {found['does']}"),
    (_ALSO, lambda _found, _before: ": "),
    (_BY_THE_WAY, lambda _found, _before: ""),
)


def _read_as(text: str) -> list[Put]:
    """Read "read postgresql wherever I wrote mysql": the one word for the other, all over."""
    for found in _FIELD_IS.finditer(text):
        fields = {one[0] for one in _A_FIELD.finditer(text, 0, found.start())}
        if len(fields) == 1 and fields != {found["new"]}:
            puts = [
                (*one.span(), found["new"], one.start())
                for one in _A_FIELD.finditer(text, 0, found.start())
            ]
            return [*puts, (*found.span(), "", found.start())]
    for found in _ROUTE_IS.finditer(text):
        paths = list(_A_PATH.finditer(text, 0, found.start()))
        if len({one[0] for one in paths}) == 1:
            puts = [(*one.span(), found["new"], one.start()) for one in paths]
            return [*puts, (*found.span(), "", found.start())]
    for found in _READ_AS.finditer(text):
        old, new = found["old"] or found["old2"], found["new"] or found["new2"]
        said = re.compile(rf"(?<![\w./-]){re.escape(old)}(?![\w/-])")
        puts = [(*one.span(), new, one.start()) for one in said.finditer(text, 0, found.start())]
        if puts:
            return [*puts, (*found.span(), "", found.start())]
    return []


def _number_again(text: str) -> list[Put]:
    """Read "typo, 150 events/sec not 50": the number where the other one was said."""
    for found in _NOT_NUMBER.finditer(text):
        said = re.compile(rf"(?<![\w.]){re.escape(found['old'])}(?![\w.]*\d)")
        places = list(said.finditer(text, 0, found.start()))
        if len(places) == 1:
            one = places[0]
            return [(*one.span(), found["new"], one.start()), (*found.span(), "", found.start())]
    return []


def reworded(text: str) -> list[Put]:
    """Return the first correction in other words: those behind it are found in the text after."""
    everywhere = _read_as(text) or _number_again(text)
    if everywhere:
        return everywhere
    for pattern, turn in _TURNS:
        for found in pattern.finditer(text):
            said = turn(found, text[: found.start()])
            if said is not None:
                return [(found.start(), found.end(), said, found.start())]
    return []
