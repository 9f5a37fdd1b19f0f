"""Corrections carried out before the text is read: "5%, no wait, 10%" is "10%".

Owns: which value the new one stands for. Must not know: clauses, what the values are of.
Truth: docs/intent.md, "Corrections". What is replaced must be certain: the only value of its kind
in the words before, or one in words that are said again. Else the text stays, and is asked about.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.alignment import (
    SELECTORS,
    Pair,
    Value,
    View,
    aligned,
    chunks_of,
    parts_of,
    retraced,
)
from nectarc.offline.anew import AT, Anew, anew_at, cue_behind, is_rate
from nectarc.offline.contrasts import contrast
from nectarc.offline.cues import HISTORY, WRONG, Cue, cue_at
from nectarc.offline.discourse import is_empty_talk
from nectarc.offline.lexer import lex
from nectarc.offline.mending import Edit, Mended
from nectarc.offline.revoking import added, headed, loses_one, named_again, revoked, told_before
from nectarc.offline.words import words_of

_STEPS_MAX: Final = 8
# Behind such a cue no comma is needed: "5% no wait 10%".
_UNMARKED: Final = frozenset({"no", "sorry", "i", "scratch", "or", "oops", "wait", "correction"})
# What may follow a new value without a sign between: "over 3s, no, 5s are kept".
_GO_ON: Final = frozenset(
    {"are", "is", "should", "must", "will", "can", "may", "get", "gets", "stay", "stays", "go",
     "goes", "shall", "and", "or"}
)  # fmt: skip
_JOINED: Final = frozenset({"of", "to", "at"})
_OF: Final = frozenset({"of", "for", "from", "on", "in", "to", "with"})
# What a clause may begin with: before a share it says nothing of what it is a share of.
_VERBS: Final = frozenset(
    {"keep", "sample", "retain", "store", "let's", "please", "i", "we", "want", "take", "need",
     "like", "would", "i'd", "we'd", "to", "at", "and", "only", "about", "first", "said", "wanted"}
)  # fmt: skip
# One word that takes back, before one that may be a name, may as well address somebody.
_NAMES_SURELY: Final = re.compile(
    r"\b(?:mean|meant|no|rather|make|correction|typo|should|scratch|strike|wrong|said|written)\b",
    re.IGNORECASE,
)


_KINDS_CALLED: Final = {
    "service": "name", "route": "path", "path": "path", "endpoint": "path", "field": "field",
    "attribute": "field", "threshold": "length", "method": "method", "status": "status",
    "code": "status",
}  # fmt: skip


def mended(text: str, vocabulary: Vocabulary) -> Mended | None:
    """Return `text` with its corrections carried out; None where none is certain."""
    found = Mended.of(text)
    for _ in range(_STEPS_MAX):
        edit = _first(View(found.text, words_of(lex(found.text, vocabulary))))
        if edit is None:
            break
        found = found.changed(edit)
    return found if found.text != text else None


def complains(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a value is said to be wrong that was wished for: "5% of /a. 5% is too low."."""
    view = View(text, words_of(lex(text, vocabulary)))
    for at in range(1, len(view.words)):
        if view.is_bound(at - 1) and loses_one(view, at):
            return True
        old = view.value(at)
        if old is None or not is_rate(old) or WRONG.match(view.text, view.words[at].end) is None:
            continue
        if any((one.kind, one.key) == (old.kind, old.key) for one in view.values(0, at)):
            return True
    return False


def _first(view: View) -> Edit | None:
    read = 0
    for at in range(len(view.words)):
        edit = contrast(view, at) or named_again(view, at) or told_before(view, at)
        edit = edit or added(view, at)
        if edit is not None:
            return edit
        is_marked = at == 0 or view.is_bound(at - 1)
        if at == 0:
            edit = headed(view)
            if edit is not None:
                return edit
        if at == 0 or at < read or not (is_marked or view.low(at) in _UNMARKED):
            continue
        cue = cue_at(view.text, view.words[at].start) or cue_behind(view, at)
        if cue is None or not (is_marked or cue.is_hard):
            continue
        read = view.word_from(cue.end)
        edit = _edit(view, at, cue) or revoked(view, at, cue)
        if edit is not None:
            return edit
    return None


def _edit(view: View, at: int, cue: Cue) -> Edit | None:
    """Return what the correction at `at` does; None where that is not certain."""
    again = anew_at(view, cue, at)
    if again is None:
        return None
    is_initial = view.is_bound(at - 1) and view.is_stop(at - 1)
    if view.text[view.words[again.stop - 1].end :].lstrip()[:1] == "?":
        return None
    pairs = _of_value(view, at, cue, again, is_initial=is_initial)
    if pairs is None:
        pairs = _of_phrase(view, at, cue, again, is_initial=is_initial)
    if pairs is not None:
        return _replacing(view, at, again, pairs)
    listed = _listed(view, at, cue, again)
    if listed is not None:
        return listed
    going_on = _going_on(view, at, cue, again)
    if going_on is not None:
        return going_on
    if again.called:
        return None
    return _again_longer(view, at, again)


def _listed(view: View, at: int, cue: Cue, again: Anew) -> Edit | None:
    """Read "/a and /b, I mean /c and /d": one list in place of another, or of one value."""
    old_end = at - 1 if view.is_bound(at - 1) else at
    begin = view.sentence_start(old_end)
    fresh = view.values(again.start, again.end)
    kinds = {one.kind for one in fresh}
    if len(fresh) < 2 or len(kinds) != 1 or not kinds <= SELECTORS or not cue.is_hard:
        return None
    known = [one for one in view.values(begin, old_end) if one.kind in kinds]
    if not known or again.olds or not _is_listed(view, again.start, again.end):
        return None
    start, end = known[0].at, known[-1].at + 1
    is_other = not {one.key for one in fresh} & {one.key for one in known}
    if not _is_listed(view, start, end) or not is_other or start < view.chunk_start(old_end):
        return None
    words = view.words
    put = (words[start].start, words[end - 1].end, view.said(again.start, again.end),
           words[again.start].start)  # fmt: skip
    return Edit(
        (put, _cut(view, at, again.stop)), _note(view, (start, end), (again.start, again.end))
    )


def _is_listed(view: View, start: int, end: int) -> bool:
    return all(
        view.value(one) is not None or view.low(one) in ("and", "or", "the")
        for one in range(start, end)
    )


def _again_longer(view: View, at: int, again: Anew) -> Edit | None:
    """Read "from cart; no, from cart and card": the same words with more of them."""
    old_end = at - 1 if view.is_bound(at - 1) else at
    begin = retraced(view, (again.start, again.end), old_end) if not again.olds else None
    if begin is None:
        return None
    words = view.words
    put = (words[begin].start, words[old_end - 1].end, view.said(again.start, again.end),
           words[again.start].start)  # fmt: skip
    cut = _cut(view, at, again.stop)
    return Edit((put, cut), _note(view, (begin, old_end), (again.start, again.end)))


def _of_value(
    view: View, at: int, cue: Cue, again: Anew, *, is_initial: bool
) -> tuple[Pair, ...] | None:
    """Return what a value that is said alone stands for: "no wait, 10%"."""
    first = again.start
    while first < again.end - 1 and view.low(first) in AT:
        first += 1
    if again.end - first != 1:
        return None
    old_end = at - 1 if view.is_bound(at - 1) else at
    value = view.value(first)
    if value is None or (value.kind == "name" and not is_initial):
        tested = _of_test(view, cue, first, old_end)
        if tested is not None and not again.olds:
            return tested
    if again.called and value is not None:
        kind = _KINDS_CALLED.get(again.called.lower(), value.kind)
        return _of_called(view, again, value, old_end) if kind == value.kind else None
    if value is None or value.kind == "field":
        return None
    if again.olds:
        return _of_named(view, again.olds, value, old_end)
    if value.kind in SELECTORS and not cue.is_hard:
        return None
    if value.kind == "name" and not _may_be_name(view, cue, first):
        return None
    found = _candidates(view, value, cue, old_end, is_initial=is_initial)
    return (Pair(found.at, first),) if found is not None and found.key != value.key else None


def _of_called(view: View, again: Anew, value: Value, old_end: int) -> tuple[Pair, ...] | None:
    """Return the one value that is called otherwise: a name stands for the same all over."""
    found = [one for one in view.values(0, old_end) if one.kind == value.kind]
    if again.olds:
        found = [one for one in found if one.key in {it.key for it in again.olds}]
    if len({one.key for one in found}) != 1 or found[0].key == value.key:
        return None
    return tuple(Pair(one.at, value.at) for one in found)


def _may_be_name(view: View, cue: Cue, at: int) -> bool:
    said = view.said(at, at + 1)
    if is_empty_talk(said, is_heading=False):
        return False
    return _NAMES_SURELY.search(cue.said) is not None or not said.isalpha()


def _of_test(view: View, cue: Cue, new: int, old_end: int) -> tuple[Pair, ...] | None:
    """Return "free - sorry, premium" for what a field is compared with, just before."""
    old = old_end - 1
    is_good = view.is_tested(old) and view.is_free_name(new) and not cue.is_pronoun
    if not is_good or is_empty_talk(view.said(new, new + 1), is_heading=False):
        return None
    return (Pair(old, new),)


def _of_named(
    view: View, olds: tuple[Value, ...], value: Value, old_end: int
) -> tuple[Pair, ...] | None:
    """Return the one place where what is said to be wrong stands."""
    if len({(one.kind, one.key) for one in olds}) != 1 or olds[0].kind != value.kind:
        return None
    found = [one for one in view.values(0, old_end)
             if (one.kind, one.key) == (olds[0].kind, olds[0].key)]  # fmt: skip
    last = [one for one in found if one.at >= view.chunk_start(old_end)]
    if len(found) > 1 and len(last) == 1:
        found = last
    is_new = value.key != olds[0].key
    new = value.at
    return (Pair(found[0].at, new),) if len(found) == 1 and is_new else None


def _candidates(
    view: View, value: Value, cue: Cue, old_end: int, *, is_initial: bool
) -> Value | None:
    """Return the one value that a new one may stand for."""
    start = view.chunk_start(old_end)
    every = [one for one in view.values(0, old_end) if one.kind == value.kind]
    found = [one for one in every if one.at >= start]
    if value.kind == "length" and is_initial:
        return every[0] if len(every) == 1 else None
    if value.kind in SELECTORS or value.kind == "number":
        inside = [one for one in every if one.at >= view.sentence_start(old_end)]
        if value.kind in ("number", "status"):
            # "over 3 s and 100 spans, make it 200": of what?
            inside += [one for one in view.values(start, old_end) if is_rate(one)]
        return found[0] if len(found) == 1 and len(inside) == 1 else None
    if len(found) > 1:
        part = parts_of(view, start, old_end)[-1]
        found = [one for one in found if part[0] <= one.at < part[1]]
    if len(found) == 1:
        return found[0]
    if found or cue.is_pronoun or not (cue.is_hard or cue.is_label):
        return None
    if value.kind == "length" or cue.is_label:
        return every[0] if len(every) == 1 else None
    return every[0] if len(every) == 1 and _is_list(view, every[0].at, old_end) else None


def _is_list(view: View, at: int, end: int) -> bool:
    """Whether behind the chunk of `at` only names follow: "5% of /a, /b, and /c"."""
    return (
        all(
            view.is_bound(one)
            or view.value(one) is not None
            or view.low(one) in ("and", "or", "the")
            for one in range(view.chunk_end(at), end)
        )
        and view.sentence_start(end) <= at
    )


def _of_phrase(
    view: View, at: int, cue: Cue, again: Anew, *, is_initial: bool
) -> tuple[Pair, ...] | None:
    """Return what words replace that say others again: "10% of search", "fewer than 2"."""
    old_end = at - 1 if view.is_bound(at - 1) else at
    new = (again.start, again.end)
    found: list[tuple[tuple[Pair, ...], bool, bool]] = []
    for start, end in chunks_of(view, 0, old_end):
        options = [aligned(view, new, part) for part in parts_of(view, start, end)]
        good = [one for one in options if one is not None]
        if not good:
            whole = aligned(view, new, (start, end))
            good = [] if whole is None else [whole]
        if good and any(one[0] != good[0][0] for one in good):
            return None
        if good:
            found.append((*good[0], end == old_end))
    sure = [one for one in found if one[1]]
    last = [one for one in found if one[2]]
    if len(sure) == 1:
        chosen = sure[0]
    elif not is_initial and len(last) == 1:
        chosen = last[0]
    else:
        return None
    pairs = chosen[0]
    kinds = {one.kind for pair in pairs if (one := view.value(pair.new)) is not None}
    if kinds & SELECTORS and not cue.is_hard:
        return None
    if not chosen[1] and not (chosen[2] and cue.is_hard):
        return None
    return pairs if _fit(view, pairs, again) else None


def _fit(view: View, pairs: tuple[Pair, ...], again: Anew) -> bool:
    """Whether the values that are said to be wrong are those that are replaced."""
    olds = {one.key for one in again.olds}
    return not olds or olds == {one.key for it in pairs if (one := view.value(it.old)) is not None}


def _going_on(view: View, at: int, cue: Cue, again: Anew) -> Edit | None:
    """Read a value just behind the old one, with more words: "3s, no, 5s are kept"."""
    old_end = at - 1 if view.is_bound(at - 1) else at
    new, old = view.value(again.start), view.value(old_end - 1)
    if new is None or old is None or new.kind != old.kind or new.key == old.key or again.olds:
        return None
    if not (cue.is_hard or cue.is_soft or new.kind == "rate"):
        return None
    following = view.low(again.start + 1)
    begin = view.chunk_start(old_end)
    is_bare = all(view.low(one) in _VERBS for one in range(begin, old_end - 1))
    before = view.text[view.words[begin].start : view.words[old_end - 1].start]
    is_bare = is_bare or HISTORY.fullmatch(before) is not None
    is_inline = not (view.is_bound(at - 1) and view.is_stop(at - 1))
    if new.kind in SELECTORS and following in ("and", "or"):
        return None  # "/a and /b, I mean /c and /d"
    is_good = (following in _GO_ON and (is_inline or new.kind not in SELECTORS)) or (
        following in _OF
        and (is_bare if new.kind == "rate" else new.kind in SELECTORS and cue.is_hard)
    )
    if not is_good:
        return None
    short = Anew(again.start, again.start + 1, again.start + 1)
    return _replacing(view, at, short, (Pair(old_end - 1, again.start),))


def _replacing(view: View, at: int, again: Anew, pairs: tuple[Pair, ...]) -> Edit | None:
    words = view.words
    cut = _cut(view, at, again.stop)
    if cut[0] < 0:
        return None
    puts = [
        (words[one.old].start, words[one.old].end, words[one.new].text, words[one.new].start)
        for one in pairs
    ]
    first = view.sentence_start(pairs[0].old)
    told = HISTORY.match(view.text, words[first].start)
    if told is not None and told.end() <= words[pairs[0].old].start:
        puts.append((told.start(), told.end(), "", 0))
    old, new = pairs[0].old, pairs[0].new
    return Edit((*puts, cut), _note(view, (old, old + 1), (new, new + 1)))


def _cut(view: View, at: int, stop: int) -> tuple[int, int, str, int]:
    """Return the place of the correction itself, with the signs around it."""
    words = view.words
    before = words[at - 1] if view.is_bound(at - 1) else None
    kind = before.kinds[0] if before is not None else ""
    following = words[stop].kinds[0] if stop < len(words) else "_STOP"
    start, end = words[at].start, words[stop - 1].end
    if kind in ("_STOP", "BREAK", "ITEM", "_PIPE"):
        if following in ("_STOP", "_COMMA", "_SEMICOLON") and stop < len(words):
            end = words[stop].end
        return (start, end, "", 0)
    if before is not None:
        start = before.start
    if kind == "_LPAR":
        return (start, words[stop].end, "", 0) if following == "_RPAR" else (-1, -1, "", 0)
    if kind == "_DASH" and following == "_DASH":
        end = words[stop].end
    goes_on = stop + 1 < len(words) and view.low(stop + 1) in _GO_ON - {"and", "or"} | _JOINED
    if kind == "_COMMA" and following == "_COMMA" and goes_on:
        end = words[stop].end
    return (start, end, "", 0)


def _note(view: View, old: tuple[int, int], new: tuple[int, int]) -> str:
    return f"`{view.said(*new)}` stands for `{view.said(*old)}`, which your words take back"
