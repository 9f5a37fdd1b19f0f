# ruff: noqa: E501 - patterns are read in one piece
"""Turns of phrase with two readings that a grammar of phrases would read in one: asked about.

Owns: which these are, and what is asked. Must not know: the chart, the vocabulary.
Truth: docs/intent.md, "It asks rather than guesses". Each was found by somebody who tried to
mislead the engine; a question costs a moment, a wrong policy costs the trace that mattered.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from nectarc.intent.records import Question

_VERB: Final = r"(?:keep|retain|store|save|sample|drop|discard|take|send|throw away|lose)"
_RATE: Final = (
    r"(?:\d[\d.,]*\s*(?:%|percent|per cent|pct)|1\s*(?:in|of|out of|:|/)\s*\d+|half|a \w+th)"
)
_FAILS: Final = r"(?:errors?|failures?|failed|failing|fail|fails|errored|broken|5xx)"
# Errors are kept wherever that is said, so `but` may take nothing else back.
_ALL_ERRORS: Final = (
    r"(?:always |also |please |do |we |i )*(?:keep |retain |hold on to |want )*(?:all |every |any |the |always |of )*"
    r"(?:errors?|failures?|failed requests|failed traces|5xx)(?: always| kept| stay)?\s*(?:[.;,\n]|$)"
)
_SLOWS: Final = r"(?:slow(?:er)?|took|takes?|longer|over|above|exceed\w*)"


class _Caution(NamedTuple):
    """A turn of phrase. asks: the question; `{said}` is the user's words."""

    id: str
    pattern: re.Pattern[str]
    asks: str


def _caution(name: str, pattern: str, asks: str) -> _Caution:
    return _Caution(name, re.compile(pattern, re.IGNORECASE), asks)


_CAUTIONS: Final = (
    _caution(
        "sign",
        r"(?<=[^\n])(?<![\w\n-])[-\u2212]\d[\d.]*\s*(?:%|percent|per cent)",
        "is `{said}` a rate with a dash before it, or a reduction by that much? write the share that"
        " is to be kept, as in `keep 5%`",
    ),
    _caution(
        "thousands",
        r"\b1\s*(?:in|of|out of|:|/)\s*\d{1,3}\.\d{3}\b|\b\d{1,3}\.\d{3}\s*(?:ms|millis\w*)\b",
        "is the dot in `{said}` for thousands or for decimals? write `1000` or `1.5`",
    ),
    _caution(
        "by-percent",
        r"\b(?:lower|reduce|cut|shrink|decrease|trim|scale|thin|downsample|down-sample|sample|"
        r"throttle|bring|dial|limit)\b[^.;\n]{0,60}?\bby\s+(?:about |around )?" + _RATE,
        "`{said}`: is that the share that is taken away, or the share that is kept? write the share"
        " that is to be kept, as in `keep 10% of the rest`",
    ),
    _caution(
        "negated-rate",
        r"\b(?:don't|do not|dont|never|not)\s+" + _VERB + r"\b[^.;,\n]{0,60}?" + _RATE,
        "`{said}` says what is not wanted: which share of these traces is to be kept (for example"
        " `keep all of them`, `keep 1%`)?",
    ),
    _caution(
        "no-need-of-all",
        r"(?:n't|\bnot|\bno)\s+(?:want|need|use|bother|keep|store)\b[^.;,\n]{0,30}?\b(?:all|every|each|everything|both|most|so|too)\b"
        r"(?! needed| necessary| important| remaining| other| else)",
        "`{said}`: which of these are not wanted, all of them or some? how much of each is kept?",
    ),
    _caution(
        "no-sampling-needed",
        r"\bsampling (?:of|for)\b[^.;\n]{0,80}?(?:\bnot |n't |\bun)(?:required|needed|necessary|desired|wanted)\b",
        "`{said}`: are these all kept, or are they not needed at all?",
    ),
    _caution(
        "not-in-full",
        r"\b(?:not|never|n't)\b[^.;,\n]{0,40}?\b(?:in full|completely|fully|entirely|wholly)\b",
        "`{said}`: how much of these traces is kept, then, none or some of them?",
    ),
    _caution(
        "loose-not",
        r"(?<!\bdo )(?<!\bdoes )(?<!\bshould )(?<!\bmust )(?<!\bshall )(?<!\bmay )(?<!\bcan )(?<!\bto )(?<!\bwe )(?<!\bplease )"
        r"\bnot\s+" + _VERB + r"\b",
        "does `{said}` mean the opposite, or is the `not` left over? write `keep`, `drop`, or `do not"
        " keep`",
    ),
    _caution(
        "stop-all",
        r"\b(?:stop|quit|avoid|refrain from|point in|sense in|sense to|use in|interest in|pointless to|useless to|"
        r"necessary to)\s+\w+\s+(?:all|every|each|everything|so (?:much|many))\b",
        "`{said}`: are all of them to go, or fewer to be kept? write `drop ...`, or the share to keep",
    ),
    _caution(
        "including",
        r"\b(?:everything|anything|all)(?: \w+)?,? (?:including|incl\.?)\s",
        "`{said}`: of what is all of it? say it first, as in `keep everything on /a, errors or not`",
    ),
    _caution(
        "not-over",
        r"\bnot\s+(?:over|above|under|below)\s+(?:\d|half|an?\b)[\w.]*",
        "is the `not` of `{said}` meant? write `at most` or `at least`",
    ),
    _caution(
        "always-not",
        r"\b(?:always|ever|each|all|also)\s+not\s+(?:kept|retained|stored|saved|dropped|discarded|sampled|lost)\b",
        "does `{said}` mean never, or is the `not` left over? write `never`, or leave it out",
    ),
    _caution(
        "not-all",
        r"\bnot\s+(?:all|every|each|any|everything|everyone|only)\b(?! needed| necessary| important)",
        "`{said}`: which of them are, and what happens to the others, how much of each is kept?",
    ),
    _caution(
        "but-clause",
        _RATE + r"[^.;\n]{0,60}?\bbut\s+(?!" + _ALL_ERRORS + r")(?:all|also|never|always|everything|anything|every|none|no|"
        r"half|any|keep|drop)\b",
        "what follows `but` in `{said}`: is it kept, dropped, or left out of the rate? write it as a"
        " sentence of its own, as in `keep all of /login`",
    ),
    _caution(
        "rate-except",
        _RATE + r"(?:\s+(?:of|for|from|on)\b)?[^.;,\n]{0,50}?,?\s+(?:except|excluding|besides|apart from|"
        r"other than|save for|but not|aside from)(?:\s+for)?\s+(?!(?:the\s+|all\s+|any\s+|for\s+|when\s+"
        r"(?:it|they)\s+|if\s+(?:it|they)\s+)?" + _FAILS + r"\b)"
        r"(?![^.;\n]{1,60},\s+which\s+(?:are|is|shall|must|should|we|i|stay|go|may|can)\b)[^.;\n]{1,40}",
        "what happens to what `{said}` excepts: is it kept, dropped, or at another rate? say it in"
        " a clause of its own",
    ),
    _caution(
        "apart-from",
        r",\s*(?:apart from|besides|other than|aside from)\s[^,.;\n]{1,40},",
        "does `{said}` belong to what stands before it or to what follows, and what happens to it,"
        " is it kept or dropped?",
    ),
    _caution(
        "excepted-errors",
        r"(?<!\bclient )(?<!\bclient-side )\b" + _FAILS + r"\b[^.;,\n]{0,40}?\b(?:unless|except|but not|apart from|other than|excluding|"
        r"besides)\b[^.;,\n]{1,50}",
        "`{said}`: the project's safety keeps every error; are the errors that are excepted here to"
        " be dropped all the same? then `[safety] error` of nectar.toml must say what an error is",
    ),
    _caution(
        "but-it-when",
        r"\bbut\b[^.;,\n]{0,20}?\b" + _VERB + r"\s+(?:it|them|those|these)\b[^.;,\n]{0,10}?\b(?:if|when|where|"
        r"unless|once)\b[^.;,\n]{1,60}",
        "in `{said}`, which traces are meant: say it with their name, as in `keep /healthz over 1s`",
    ),
    _caution(
        "both-or-either",
        r"\b(?:that|which|who)\s+(?![^.;,\n]{0,60}\b(?:no|not|neither|without|never|zero)\b|[^.;,\n]{0,40}n't\b)"
        r"(?:are |were |is |have |has |had )?[^.;,\n]{0,40}?\b(?:"
        + _FAILS + r"\b[^.;,\n]{0,30}?\band\b(?! (?:those|these|the ones|all|any|every|each|requests|traces|calls|anything|everything|whatever|also those)\b)[^.;,\n]{0,20}?\b" + _SLOWS + r"|" + _SLOWS
        + r"\b[^.;,\n]{0,30}?\band\b(?! (?:those|these|the ones|all|any|every|each|requests|traces|calls|anything|everything|whatever|also those)\b)[^.;,\n]{0,20}?\b" + _FAILS + r")\b",
        "`{said}`: must one trace be both, or is either enough? write `slow errors over 2s`, or"
        " `errors, and requests over 2s`",
    ),
    _caution(
        "each-service",
        r"\b(?:in|from|of|on)\s+(?:the\s+)?service\s+[\w.-]+\s+(?:and|or)\s+(?:the\s+)?service\s+[\w.-]+",
        "does what stands before `{said}` hold for both services? write `errors of checkout and"
        " cart`",
    ),
    _caution(
        "each-limit",
        r"\bper\s+second\s+(?:per|for each|for every|each|in each|in every)\b|/s(?:ec)?\s+(?:per|for each|each)\b",
        "`{said}`: is the limit for each of them alone, or for all together, shared among them?"
        " a limit is for all together: write `100 events per second, shared by service`",
    ),
    _caution(
        "pattern",
        r"\^/|/[\w/.-]*(?:\.\*|\$|\[|\(\?|\+/|\|/)[^\s,;]*|/[\w/.-]+\?[\w]+=[^\s,;]*",
        "is `{said}` a pattern or a path? a route is a path without a query: write `routes that"
        " begin with /api/`",
    ),
    _caution(
        "which-services",
        r"\b(?:internal|external|public|private|noisy|chatty|important|critical|main|core|legacy"
        r"customer-facing|busy|small|big|large|slow|fast|new|old|key|side|certain|some|few|many|most|"
        r"\w{3,}est)\s+services?\b(?=\s|[,.;:)]|$)|\bservices?\s+(?:behind|without|like|near|under|around|"
        r"such as|whose (?:name|owner|team)s?)\b|\b(?:all|the|our|every|any|other|of|from) services?\s+except\b",
        "which services are `{said}`: name them, as in `services checkout and cart`?",
    ),
    _caution(
        "emphasis",
        r"\b(?:especially|particularly|in particular|mainly|mostly|notably|primarily|chiefly|largely)\b[^.;\n]{0,30}",
        "`{said}`: a rule is about a trace or it is not; which traces are meant, those alone or all"
        " of them?",
    ),
    _caution(
        "which-ones",
        r"(?<![\w/.=-])(?:recent|latest|internal|external|certain|specific|particular|relevant|interesting|"
        r"unusual|suspicious|weird|strange)(?![\w/.-])(?!\s+(?:and|so)\s+(?:must|should|can|shall|will|ha[sv]e?|need|are|is|may|we)\b)(?!(?:\s+[\w-]+){0,3}\s*\([^()]*[\w.](?:\s*[=<>]|\s+(?:is|exists)\b))(?:\s+[\w-]+)?",
        "which traces are `{said}`: which attribute, service or route says so, and with which value?",
    ),
    _caution(
        "grpc-errors",
        r"\bgrpc\s+(?:errors?|failures?|failed\b)(?!\s*\(rpc\.)",
        "which status codes are `{said}`: write `rpc.grpc.status_code is not 0`, or the codes, as in"
        " `rpc.grpc.status_code in (13, 14)`",
    ),
    _caution(
        "kind-of-traffic",
        _RATE + r"\s+of\s+(?:the\s+|all\s+|our\s+)?(?:jobs?|quer(?:y|ies)|messages?|sessions?|logins?|data|visits?)"
        r"\s*(?:[.,;\n]|$)",
        "which traces are those in `{said}`: which service, route or attribute says so?",
    ),
    _caution(
        "quantity-after-and",
        r"(?:" + _RATE + r")[^.;,\n]{0,40}?\b(?:and|or)\s+(?:all|none|most|some|half(?!\s+of\s+(?:that|this)\b))\s+of\b[^.;,\n]{0,30}",
        "`{said}`: write each share as a clause of its own, as in `half of /a, keep all of /b`?",
    ),
    _caution(
        "share-of-what",
        _RATE + r"\s+(?:\d{3}s?|/[\w/-]+)\s+of\b[^.;,\n]{0,30}",
        "of what is the share in `{said}`?",
    ),
    _caution(
        "as-before",
        r"\b(?:as|like)\s+(?:before|now|today|usual|currently|it (?:was|is)|until now|so far|always)\b",
        "what is `{said}`: how much of these traces is kept, in percent or `1 in n`?",
    ),
    _caution(
        "no-limit",
        r"(?<![\d.,])0\s*(?:events?|traces?|spans?|requests?)?\s*(?:/|per\s+)\s*s(?:ec(?:ond)?)?\b",
        "`{said}` would keep nothing: is that meant? then write `drop ...`",
    ),
    _caution(
        "what-is-counted",
        r"\d\s*(?:requests?|reqs?|messages?|calls?|transactions?)\s*(?:/|per\s+|a\s+)\s*(?:s|sec|second)\b",
        "a limit counts events (spans, span events, links), not what `{said}` says: how many events"
        " per second may be kept?",
    ),
    _caution(
        "share-per",
        r"(?s)^(?!.*\b(?:average|adapt\w*|dynamic\w*)\b).*?(?P<said>" + _RATE + r"\s+(?:per|for each|for every)\s+(?:service|"
        r"route|endpoint|tenant|customer|user|method)s?\b)",
        "`{said}`: is that the share of each, or an average that adapts? write `10% of /a`, or `an"
        " average of 1 in 10, adapting by service`",
    ),
    _caution(
        "two-tests",
        # In parentheses, and behind "where", "with" and the like, both are of one trace.
        r"(?:^|(?<=[.;,\n]))(?:(?!\b(?:where|whose|if|when|which|that|who|with|having|has|have|unless|provided)\b)[^.;,\n(]"
        r"|(?<=\w)\.(?=\w))*?(?<![\w.])(?P<said>[\w.]+\s*=\s*[^\s,;)]+\s+(?:and|&)\s+(?:with\s+)?(?:[\w.]+\s*=\s*[^\s,;]+"
        r"|(?:[<>]|over|above|under|below|slower|longer|faster|more than|less than)[^.;,\n]{1,20}))",
        "`{said}`: must one trace have both, or is either enough?",
    ),
    _caution(
        "span-count",
        r"\bspan_?counts?\s*[<>=]+\s*\d+|\bspans\s*[<>=]+\s*\d+",
        "`{said}`: write it in words, as in `traces with more than 5 spans`",
    ),
    _caution(
        "leading-zero",
        r"=\s*0\d+\b",
        "is `{said}` a number or a text? a text stands in quotes, as in `tenant = '05'`",
    ),
    _caution(
        "but-share",
        r"(?<!\ball )\bbut\s+(?:only\s+|just\s+)?" + _RATE + r"[^.;,\n]{0,30}",
        "is `{said}` about what stands before it alone, or about everything? write it as a clause of"
        " its own that says which traces",
    ),
    _caution(
        "which-trace",
        r"\bthe\s+(?!whole|same|entire|rest|other|remaining|root|full|first|last|failing|failed|slow)[\w-]+\s+trace\b",
        "which trace is `{said}`: which service or route says so?",
    ),
    _caution(
        "look-alike",
        r"[^\s]*[\u0370-\u052f\uff01-\uff5e\u202a-\u202e\u2066-\u2069\u200b-\u200f][^\s]*",
        "`{said}` holds letters of another script, or that cannot be seen: what is the name, in plain"
        " letters?",
    ),
    _caution(
        "writes-of-what",
        r"\b(?:writes?|reads?|mutations?)\s+(?!requests|calls|traffic|only)[\w-]+\s*\(",
        "which traces are `{said}...)`: which service, and which methods?",
    ),
    _caution(
        "what-an-error-is",
        r"(?<!\bclient )(?<!\bclient-side )\b" + _FAILS + r"\s*\([^)]*\b(?:[1-4]xx|[1-4]\d\d)\b[^)]*\)|\b(?:fast|quick)\w*\s*\(\s*(?:over|above|slower|longer|>)[^)]*\)",
        "does the parenthesis in `{said}` say what the word means, or which of them are meant? write"
        " the condition alone, as in `keep 4xx`",
    ),
    _caution(
        "wildcard",
        r"\*/[\w-]+|/\*/[\w-]*|(?<=[\w/])\*\.\w+",
        "`{said}`: a `*` is read at the end of a path only; write `routes that end with /healthz`, or"
        " `.js`",
    ),
    _caution(
        "hash",
        r"#\d+",
        "what is `{said}`: a status, a value of which attribute?",
    ),
    _caution(
        "which-of-those",
        r"[.;\n]\s*(?:and\s+)?(?:please\s+)?(?:" + _VERB + r"\s+)?(?:those|these|ones|the ones)\s+(?!in full\b|in any case)(?:in|from|with|of|on|"
        r"that|which|where)\b[^.;,\n]{0,40}",
        "`{said}`: are those all such traces, or only those of what was said before?",
    ),
    _caution(
        "corrected-name",
        r"(?:/[\w/.-]+|\b[\w-]+)\s*,\s*(?:actually|rather|or rather|i mean)\s+(?!\d|one\b|make)[\w/.-]+",
        "does `{said}` take the first back, or name both? write what is meant alone",
    ),
    _caution(
        "past",
        r"\b(?:was|were|has been|have been|had been|used to be|(?:is|are) already)\s+(?:\w+ly\s+)?(?:kept|dropped|"
        r"sampled|discarded|retained|stored|thrown (?:away|out))\b",
        "`{said}` tells what was: what is to become of these traces now?",
    ),
    _caution(
        "is-it-asked",
        r"(?:^|(?<=[.;!\n]))\s*(?:shall|should)\s+(?:we|i)\b[^.;!?\n]*\?|(?:^|(?<=[.;!\n]))\s*"
        r"(?![^.;!?\n]*\b(?:can|could|would|will|possible|please)\b)[^.;!?\n]*\b" + _VERB + r"\b[^.;!?\n]*\?",
        "is `{said}` a wish or a question? write it as a wish, as in `drop /a`",
    ),
    _caution(
        "quoted",
        r"(?m)^\s*>\s*[A-Za-z][^\n]{0,60}",
        "is `{said}` quoted from somebody else, or wished? write it without `>`",
    ),
    _caution(
        "before-one-head",
        r"\b(?:slow|" + _FAILS + r")\b[^.;,\n]{0,25}?\b(?:and|or)\s+(?:slow|" + _FAILS + r")\b(?:\s*\([^)]*\))?[^.;,\n]{0,20}?"
        r"\s(?:(?:on|to|from|in|of)\s+)?(?:/[\w/.-]+|service\s+[\w-]+)",
        "does `{said}` mean both kinds of that one alone, or one kind of everything? write each as a"
        " clause of its own",
    ),
    _caution(
        "opinion",
        r"(?s)^(?!.*\b(?:drop|discard|toss|bin|remove|throw|delete|ditch|get rid|skip|filter)).*?\b(?:is|are)\s+(?:useless|"
        r"worthless|boring|noise|noisy|spam|garbage|irrelevant|unimportant)\b"
        r"(?![^.;\n]{0,30}(?:,|\band\b|\bso\b|-|:)[^.;\n]*(?:\b(?:keep|go|need|samples?|sampled|enough|kept|only)\b|\d ?%))",
        "what is to become of these traces: are they dropped (`drop ...`), or how much of them is kept?",
    ),
    _caution(
        "not-a-service",
        r"\bservices?\s+not\s+[\w.-]+",
        "`{said}`: traces without that service, or traces in which some other service takes part?",
    ),
    _caution(
        "what-is-taken-back",
        r"(?:^|(?<=[.;!?\n(\u2014\u2013-]))\s*(?:(?:actually|no|wait|sorry|hm+|oh|ok|please)[\s,]+)*(?:(?:scratch|strike|forget|"
        r"ignore|disregard|cancel|undo|delete)\s+(?:that|this|it|the above|all that|all of that)|never ?mind(?: that)?|i take (?:that|it) back)"
        r"\s*(?:[.!)\n]|$)",
        "`{said}`: which of the wishes before it holds no more, and what holds in its place?",
    ),
    _caution(
        "forgotten",
        r"(?s)(?<![\w/])(?P<name>/[\w/.-]*\w|service [\w-]+)(?![\w/-]).*?(?:[.;!\n]\s*)(?P<said>(?:please\s+)?(?:forget|ignore|skip)"
        r"(?:\s+about)?\s+(?:the\s+)?(?P=name)(?![\w/-]))",
        "`{said}`: is it dropped, or treated like the rest? write `drop ...`, or leave it out",
    ),
    _caution(
        "is-it-corrected",
        r"(?:^|(?<=[.;!?\n]))\s*(?:(?:no|wait|sorry|actually|hm+|or|maybe|perhaps|rather|better)[\s,]+)+" + _RATE + r"\s*\?",
        "`{said}`: is that a wish or a question?",
    ),
)  # fmt: skip


def _is_named(said: str, text: str) -> bool:
    """Whether the text says which services are called so: "call these the core services: a, b"."""
    name = re.escape(" ".join(said.split()))
    return (
        re.search(
            rf"\bcall (?:these|them|those|the following)[^.;\n:]{{0,20}}{name}|{name}\W{{0,3}}(?:\bare\b|:|=)"
            rf"|\bare (?:called|named|our|the)\W{{0,3}}{name}",
            text,
            re.IGNORECASE,
        )
        is not None
    )


# "It would be nice if they were kept" tells of no past.
_WISHED: Final = re.compile(r"(\b(?:would|'d)\b[^.;!?\n]*\bif\b[^.;!?\n]*?\b)were\b", re.IGNORECASE)


def caution_of(text: str) -> Question | None:
    """Return the question that the first such turn of `text` asks for; None without one."""
    asked = _WISHED.sub(lambda found: f"{found[1]}are ", text)  # as long as before
    for one in _CAUTIONS:
        found = one.pattern.search(asked)
        if found is not None and not (one.id == "which-services" and _is_named(found[0], text)):
            group = "said" if "said" in found.groupdict() else 0
            said = " ".join(found.group(group).split())
            place = found.span(group)
            return Question(id=one.id, words=one.asks.format(said=said), places=(place,))
    return None
