"""Corrections that say anew what is to be done: "hang on, keep 1 in 10 of those".

Owns: how such turns are put so that the clauses know them. Must not know: which clause is meant.
Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.offline.alignment import SELECTORS, View, parts_of
from nectarc.offline.contrasts import INSTEAD
from nectarc.offline.cues import HISTORY, Cue, cue_at
from nectarc.offline.mending import Edit

_PLAIN: Final = "Correction: "
_PRONOUNS: Final = frozenset({"it", "them", "those", "these", "they", "that", "this"})
_ACTS: Final = (
    r"(?:please |just |let's |we |do |rather |better |instead )*"
    r"(?:keep|retain|store|sample|drop|discard|delete|take|save|bin|leave|have|hold on to|throw)"
)
_ACT: Final = re.compile(_ACTS + r"\b", re.IGNORECASE)
_BE_DONE: Final = re.compile(
    r"(?:they|those|these|it|that|this|them)(?: ones?)?(?:'s|'re| is| are| should| must| can| may"
    r"| shall| stay| need| needs| go| get| gets| all)\b",
    re.IGNORECASE,
)
_NOT_DONE: Final = re.compile(
    r"(?:not|don't|do not|no need to|never) (?:be )?(?P<act>drop(?:ped|ping)?|discard(?:ed)?"
    r"|delet(?:e|ed)|throw(?:n)? away|keep|kept|sampled?)(?: (?:it|them|those|these|that))?"
    r"(?: all| entirely| completely)?\s*[,;\u2014\u2013-]+\s*(?:but |rather |instead |just )?",
    re.IGNORECASE,
)
_ALSO: Final = re.compile(r"also\b|in addition\b|additionally\b", re.IGNORECASE)
_FORGOT: Final = re.compile(
    r"(?:i|we) (?:almost |nearly |totally |completely )?(?:forgot|forget|missed|left out|omitted)"
    r"(?: (?:to (?:mention|say|add|include|list)(?: that)?|about))?\s*[:,\u2014\u2013-]*\s*"
    r"|one (?:more|other) thing\s*[:,\u2014\u2013-]*\s*|(?:and )?one more\s*[:,\u2014\u2013-]+\s*",
    re.IGNORECASE,
)
_TOO: Final = frozenset({"too", "also"})
_REST: Final = re.compile(
    r"(?:the |all |for the |of the )?(?:rest|others?|everything else|remainder|remaining)\b",
    re.IGNORECASE,
)


# Where one is named of which something else is wished now: "changed my mind about /ping: 5%".
_ABOUT: Final = re.compile(
    r"(?:(?:i(?:'ve| have)? )?changed my mind (?:about|on|regarding)|(?:please )?(?:ignore|forget"
    r"|scratch|strike|disregard) what i (?:said|wrote) (?:about|on|for)|(?:on second thoughts?"
    r"|thinking again) about|as for|regarding|concerning|as regards|with regard to|about)"
    r" (?P<np>(?:the |service |the service )?[\w./-]+(?: service| route| endpoint)?)"
    r"(?: again| after all)?\s*[,:;\u2014\u2013-]+\s*",
    re.IGNORECASE,
)
_AFTER_ALL: Final = re.compile(
    r"(?:actually,? |please )?(?:don't|do not|no need to|we shouldn't|never) (?:drop|discard"
    r"|bin|delete|throw away|keep|sample) (?P<np>(?:the |all |service |the service )?[\w./-]+"
    r"(?: service| route| endpoint)?)"
    r"(?: after all| anymore| entirely| completely)?\s*[,:;\u2014\u2013-]+\s*"
    r"(?:but |rather |instead |just )?",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"(?:let's |please |could you |can we |we should |we can |i'd |i would )*(?:change|lower|raise"
    r"|reduce|increase|bump|set|cut|turn|move|put|adjust|bring|push|take|get|go down with)"
    r" (?P<np>(?:the )?(?:rest|others|remainder|everything else)|(?:the |service |the service )?"
    r"[\w./-]+(?: service| route| endpoint)?)(?: down| up| back)? to "
    r"(?P<rate>(?:about |only |just )?\d+(?:\.\d+)?(?: ?%|/\d+"
    r"| in \w+(?: \w+)?| percent| per cent)?)",
    re.IGNORECASE,
)
_HISTORY_JOIN: Final = re.compile(
    r",?\s+(?:but|however|yet)\s+(?:now |please |let's |instead |rather |then |we )*", re.IGNORECASE
)
_OF_IT: Final = re.compile(r"\b(?:it|them|those|these)\b", re.IGNORECASE)


_ALL_OF: Final = re.compile(
    r"(?:keep |let's keep |take )?all of (?:them|those|these|it)(?: too| as well| please)?"
    r"|(?:please |just |let's )*(?:keep |retain |take |leave )?(?:it|them|those|these) all"
    r"(?: too| as well)?",
    re.IGNORECASE,
)
_RATED: Final = re.compile(
    r"(?P<np>(?:the |service |the service )?[\w./-]+(?: service| route| endpoint)?)"
    r"(?: (?:only|just|now|instead|should be|should get|must be"
    r"|gets?|is|are|at|to|with|rather|please))+ "
    r"(?:only |just |at )?(?P<rate>\d+(?:\.\d+)?(?: ?%|/\d+| in \w+(?: \w+)?| percent| per cent)?)"
    r"(?: only| instead| please| is enough| will do| then| now| is fine)*",
    re.IGNORECASE,
)


_OH: Final = re.compile(
    r"(?:(?:oh|ah|hm+|uh|um|er|well|ok|wait|oops|sorry|actually|yes)[, ]+)+and,? ", re.IGNORECASE
)
_I_FORGOT: Final = re.compile(
    r"(?:(?:oh|ah|and|oops|sorry|but|damn|wait|ok)[, ]+)*(?:i|we) (?:almost |nearly |totally "
    r"|completely )?(?:forgot|missed|left out|omitted)"
    r"(?: (?:to mention|to say|to add|to list|about)(?: that)?)?"
    r"\s*[:,\u2014\u2013-]*\s*",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"(?:(?:oh|and|please|actually|sorry|no|wait)[, ]+)*(?:(?P<out>remove|take|strike|delete|drop)"
    r"|add|append|put)(?: also)? (?:also )?(?P<np>(?:the |service )?[\w./-]+)"
    r" (?(out)(?:from|off|out of)|(?:to|on)) (?:that|this|the|my) list(?: again| too| as well)?"
    r"(?=\s*[.!;]|\s*$)",
    re.IGNORECASE,
)
_OF_THEM: Final = re.compile(
    r"(?:keep |only |just |sample |at |take )*(?:of (?:them|it|those|these|that))?"
    r"(?: ?(?:is|would be|will be|should be) (?:fine|enough|ok|okay|better|sufficient|plenty))?"
    r"(?: ?(?:will do|instead|please|rather|then|suffices))*",
    re.IGNORECASE,
)
_NOUNS: Final = frozenset(
    {"the", "service", "services", "and", "route", "requests", "to", "status"}
)


def headed(view: View) -> Edit | None:
    """Cut a label off the very beginning: before it nothing was said, so it corrects nothing."""
    cue = cue_at(view.text, view.words[0].start)
    if cue is None or not cue.is_label or cue.old is not None:
        return None
    return Edit(((cue.start, cue.end, "", 0),))


def named_again(view: View, at: int) -> Edit | None:
    """Read "changed my mind about /ping: keep 1 in 100 of it", "don't drop /a after all, ..."."""
    if at == 0 or not view.is_bound(at - 1) or not view.is_stop(at - 1):
        return None
    start = view.words[at].start
    end = view.chunk_end(at)
    changed = _CHANGED.match(view.text, start)
    if changed is not None:
        stop = view.word_from(changed.end())
        is_end = stop >= len(view.words) or view.is_bound(stop)
        np = changed["np"]
        is_known = np.lower() in view.text[:start].lower() or _REST.fullmatch(np)
        if is_end and is_known:
            return _said_anew(view, start, changed.span("np"), changed.end(), changed["rate"])
        return None
    found = _ABOUT.match(view.text, start) or _AFTER_ALL.match(view.text, start)
    if found is None or found["np"].lower() not in view.text[:start].lower():
        return None
    first = view.word_from(found.end())
    end = view.chunk_end(first)
    if first >= end:
        return None
    names = [one for one in view.values(first, end) if one.kind in SELECTORS]
    rates = [one for one in view.values(first, end) if one.kind == "rate"]
    said = view.said(first, end)
    if names or len(rates) > 1 or INSTEAD.search(said):
        return None
    stop = view.words[end - 1].end
    if rates and (end - first == 1 or (end - first == 2 and view.low(first) in ("at", "only"))):
        return _said_anew(view, start, found.span("np"), stop, view.words[rates[0].at].text)
    pronouns = list(_OF_IT.finditer(said))
    if len(pronouns) != 1 or _ACT.match(said) is None:
        return None
    np = found.span("np")
    begin = view.words[first].start
    one = pronouns[0].span()
    put = (begin + one[0], begin + one[1], view.text[np[0] : np[1]], np[0])
    return Edit((put, (start, begin, _PLAIN, start)))


def _said_anew(view: View, start: int, np: tuple[int, int], end: int, rate: str) -> Edit:
    return Edit(((start, end, f"{_PLAIN}{view.text[np[0] : np[1]]} at {rate}", start),))


def told_before(view: View, at: int) -> Edit | None:
    """Read "I said to drop /ping but please keep 1% of it": what was said is no wish any more."""
    if at and not view.is_stop(at - 1):
        return None
    start = view.words[at].start
    told = HISTORY.match(view.text, start)
    if told is None:
        return None
    first = view.word_from(told.end())
    stop = next((one for one in range(first, len(view.words)) if view.is_stop(one)), None)
    end = view.words[stop].start if stop is not None else len(view.text)
    joins = list(_HISTORY_JOIN.finditer(view.text, told.end(), end))
    if len(joins) != 1 or _ACT.match(view.text, told.end()) is None:
        return None
    said = view.text[joins[0].end() : end]
    if _ACT.match(said) is None or len(_OF_IT.findall(said)) != 1:
        return None
    put = (joins[0].start(), joins[0].end(), f". {_PLAIN}", joins[0].start())
    return Edit((put, (told.start(), told.end(), "", 0)))


def revoked(view: View, at: int, cue: Cue) -> Edit | None:
    """Return a cue in other words, where what follows says what is to be done; None elsewhere."""
    if cue.is_pronoun:
        start = view.word_from(cue.end)
        said = view.said(start, view.chunk_end(start)) if start < view.chunk_end(start) else ""
        return _rerated(view, at, cue, said)
    if cue.said.lower().startswith(_PLAIN.lower()):
        return None
    start = view.word_from(cue.end)
    end = view.chunk_end(start)
    if start >= end:
        return None
    begin = cue.end
    is_initial = view.is_bound(at - 1) and view.is_stop(at - 1)
    said = view.text[begin : view.words[end - 1].end]
    forgot = _FORGOT.match(said)
    lows = {view.low(one) for one in range(start, end)}
    is_more = _ALSO.match(said) is not None or _is_too(view, start, end)
    if cue.is_plain and is_initial and is_more and not lows & _PRONOUNS:
        return _edit(view, at, begin, "")
    if cue.is_plain and is_initial and forgot is not None and _ACT.match(said, forgot.end()):
        return _edit(view, at, begin + forgot.end(), "")
    stop = view.words[end - 1].end
    if _ALL_OF.fullmatch(said) is not None:
        return _edit(view, at, stop, f"{_PLAIN}keep them")
    rated = _RATED.fullmatch(said)
    rates = [one for one in view.values(start, end) if one.kind == "rate"]
    if rated is not None and cue.is_plain and len(rates) == 1:
        put = f"{_PLAIN}{_full(view, start, rated['np'])} at {rated['rate']}"
        return _edit(view, at, stop, put)
    found = _not_one(view, at, cue) if is_initial else None
    found = found or _all_anew(view, at, cue, said) or _rerated(view, at, cue, said)
    if found is not None:
        return found
    done = _done_instead(view, start)
    if done is not None:
        return _edit(view, at, *done)
    names = [one for one in view.values(start, end) if one.kind in SELECTORS]
    is_of_it = bool(lows & _PRONOUNS) and bool(_ACT.match(said) or _BE_DONE.match(said))
    known = {(one.kind, one.key) for one in view.values(0, at)}
    is_known = bool(names) and all((one.kind, one.key) in known for one in names)
    is_rated = is_known and len(rates) == 1 and is_initial and view.low(start) != "not"
    is_plainly = cue.is_plain and (is_rated or _REST.match(said) is not None)
    return _edit(view, at, begin, _PLAIN) if is_plainly or (is_of_it and not names) else None


def _not_one(view: View, at: int, cue: Cue) -> Edit | None:
    """Read "Oh no, not /b.": the clauses know it behind a plain word."""
    start = view.word_from(cue.end)
    end = view.chunk_end(start)
    if view.low(start) != "not" or not cue.is_hard:
        return None
    first = start + 2 if view.low(start + 1) in ("the", "service") else start + 1
    if first + 1 != end or (end < len(view.words) and not view.is_stop(end)):
        return None
    name = view.words[first].text
    if _full(view, first, name) != name:
        return _edit(view, at, view.words[first].start, f"{_PLAIN}not service ")
    return _edit(view, at, cue.end, _PLAIN) if view.value(first) is not None else None


def loses_one(view: View, at: int) -> bool:
    """Whether a wish was taken back, and only the rest is wished anew: "scratch that, rest 5%"."""
    cue = cue_at(view.text, view.words[at].start)
    if cue is None or cue.is_plain or cue.old is not None:
        return False
    start = view.word_from(cue.end)
    said = view.text[view.words[start].start :] if start < len(view.words) else ""
    end = at
    while end > 0 and view.is_bound(end - 1):
        end -= 1
    before = [view.low(one) for one in range(view.sentence_start(end), end)]
    is_rest = bool({"rest", "else", "others", "other", "remainder", "remaining"} & set(before))
    return _REST.match(said) is not None and not is_rest


def _full(view: View, at: int, name: str) -> str:
    """Return a bare name with "service" before it, where it was said so: "auth at 10%"."""
    named = [view.words[one].text for one in range(at) if "NAMED" in view.words[one].kinds]
    is_bare = "NAMED" not in view.words[at].kinds and name.lower() in map(str.lower, named)
    return f"service {name}" if is_bare else name


def _rerated(view: View, at: int, cue: Cue, said: str) -> Edit | None:
    """Read "that's overkill, half of them is fine", "make it 1% instead": of what was said last."""
    start = view.word_from(cue.end)
    end = view.chunk_end(start)
    old_end = at - 1 if view.is_bound(at - 1) else at
    rates = [one for one in view.values(start, end) if one.kind == "rate"]
    if len(rates) != 1 or len(view.values(start, end)) != 1:
        return None
    text = view.words[rates[0].at].text
    rest = said.replace(text, "", 1).strip()
    if said.startswith(("about", "maybe")) or _OF_THEM.fullmatch(rest) is None:
        return None
    before = view.values(view.sentence_start(old_end), old_end)
    if any(one.kind == "rate" for one in before) and not _OF_IT.search(rest):
        return None  # a new rate alone may be of any of these
    put = f"{_PLAIN}sample them at {text}"
    return Edit(((view.words[at].start, view.words[end - 1].end, put, view.words[at].start),))


def _all_anew(view: View, at: int, cue: Cue, said: str) -> Edit | None:
    """Read "scratch that, drop /b": the sentence before, of one wish, is as if never said."""
    if cue.is_plain or not cue.is_hard or cue.old is not None or not view.is_bound(at - 1):
        return None
    if _ACT.match(said) is None or _OF_IT.search(said) is not None:
        return None
    end = at
    while end > 0 and view.is_bound(end - 1):
        end -= 1
    begin = view.sentence_start(end)
    is_one = not any(view.is_bound(one) for one in range(begin, end))
    if begin == end or not is_one or len(parts_of(view, begin, end)) != 1:
        return None
    return Edit(
        ((view.words[begin].start, cue.end, "", 0),),
        f"`{view.said(begin, end)}`: your words take it back",
    )


def added(view: View, at: int) -> Edit | None:
    """Read "Oh and /b too", "I forgot /b": it adds to what was said."""
    if at == 0 or not view.is_stop(at - 1):
        return None
    start, end = view.words[at].start, view.chunk_end(at)
    oh = _OH.match(view.text, start)
    if oh is not None and _is_too(view, at, end):
        return Edit(((start, oh.end(), "and ", start),))
    listed = _LISTED.match(view.text, start)
    if listed is not None and listed["np"].lower() in view.text[:start].lower():
        put = f"{_PLAIN}not {listed['np']}"
        return Edit(((start, listed.end(), put, start),)) if listed["out"] else None
    if listed is not None and listed["out"] is None:
        return Edit(((start, listed.end(), f"{listed['np']} too", start),))
    forgot = _I_FORGOT.match(view.text, start)
    if forgot is None:
        return None
    first = view.word_from(forgot.end())
    stop = next((one for one in range(first, len(view.words)) if view.is_stop(one)), None)
    last_word = stop if stop is not None else len(view.words)
    if any(_ACT.match(view.text, view.words[one].start) for one in range(first, last_word)):
        return Edit(((start, view.words[first].start, "", 0),))
    plain = all(view.value(one) or view.low(one) in _NOUNS for one in range(first, end))
    is_stop = end >= len(view.words) or view.is_stop(end)
    if first >= end or not plain or not is_stop:
        return None
    last = view.words[end - 1].end
    return Edit(((start, view.words[first].start, "", 0), (last, last, " too", start)))


def _edit(view: View, at: int, end: int, put: str) -> Edit | None:
    start = view.words[at].start
    if view.text[start:end] == put:
        return None
    return Edit(((start, end, put, start),))


def _is_too(view: View, start: int, end: int) -> bool:
    """Whether it says that it adds to what was said: "drop /ping as well"."""
    last = [view.low(one) for one in range(max(start, end - 2), end)]
    return last == ["as", "well"] or last[-1] in _TOO


def _done_instead(view: View, start: int) -> tuple[int, str] | None:
    """Read "instead of dropping them keep 1 in 100", "not dropped, kept at 10%"."""
    begin = view.words[start].start
    found = INSTEAD.match(view.text, begin) or _NOT_DONE.match(view.text, begin)
    if found is None:
        return None
    first = view.word_from(found.end())
    if view.low(first) == "" or first >= len(view.words):
        return None
    if view.is_bound(first):
        first += 1
    stop = view.chunk_end(first)
    said = [view.low(one) for one in range(first, stop)]
    rates = [one for one in view.values(first, stop) if one.kind == "rate"]
    at = view.words[first].start
    if not said or len(rates) > 1 or len(view.values(first, stop)) != len(rates):
        return None
    if said[0] in ("kept", "sampled", "dropped"):
        return at, f"{_PLAIN}it is to be "
    if set(said) & _PRONOUNS and _ACT.match(view.text, at):
        return at, _PLAIN
    is_bare = len(said) == 2 and said[0] in ("keep", "sample", "retain", "store") and rates
    # "keep 1 in 100": of those, which are not to be dropped.
    return (view.words[first + 1].start, f"{_PLAIN}{said[0]} them at ") if is_bare else None
