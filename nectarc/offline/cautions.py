# ruff: noqa: E501 - patterns are read in one piece
"""Turns of phrase with two readings that a grammar of phrases would read in one: asked about.

Owns: which these are, and what is asked. Must not know: the chart, the vocabulary.
Truth: docs/intent.md, "It asks rather than guesses". Each was found by somebody who tried to
mislead the engine; a question costs a moment, a wrong policy costs the trace that mattered.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.intent.records import Question
from nectarc.offline.cautioning import ALL_ERRORS, FAILS, RATE, SLOWS, VERB, caution
from nectarc.offline.cautions_more import MORE

_CAUTIONS: Final = (
    caution(
        "sign",
        r"(?<=[^\n])(?<![\w\n-])[-\u2212]\d[\d.]*\s*(?:%|percent|per cent)",
        "is `{said}` a rate with a dash before it, or a reduction by that much? write the share that"
        " is to be kept, as in `keep 5%`",
    ),
    caution(
        "thousands",
        r"\b1\s*(?:in|of|out of|:|/)\s*\d{1,3}\.\d{3}\b|\b\d{1,3}\.\d{3}\s*(?:ms|millis\w*)\b",
        "is the dot in `{said}` for thousands or for decimals? write `1000` or `1.5`",
    ),
    caution(
        "by-percent",
        r"\b(?:lower|reduce|cut|shrink|decrease|trim|scale|thin|downsample|down-sample|sample|"
        r"throttle|bring|dial|limit)\b[^.;\n]{0,60}?\bby\s+(?:about |around )?" + RATE,
        "`{said}`: is that the share that is taken away, or the share that is kept? write the share"
        " that is to be kept, as in `keep 10% of the rest`",
    ),
    caution(
        "negated-rate",
        r"\b(?:don't|do not|dont|never|not)\s+" + VERB + r"\b[^.;,\n]{0,60}?" + RATE,
        "`{said}` says what is not wanted: which share of these traces is to be kept (for example"
        " `keep all of them`, `keep 1%`)?",
    ),
    caution(
        "no-need-of-all",
        r"(?:n't|\bnot|\bno)\s+(?:want|need|use|bother|keep|store)\b[^.;,\n]{0,30}?\b(?:all|every|each|everything|both|most|so|too)\b"
        r"(?! needed| necessary| important| remaining| other| else)",
        "`{said}`: which of these are not wanted, all of them or some? how much of each is kept?",
    ),
    caution(
        "not-in-full",
        r"\b(?:not|never|n't)\b[^.;,\n]{0,40}?\b(?:in full|completely|fully|entirely|wholly|in (?:all|every|each) (?:cases?|instances?|circumstances)|without (?:any )?exceptions?|at all times|every time)\b",
        "`{said}`: how much of these traces is kept, then, none or some of them?",
    ),
    caution(
        "loose-not",
        r"(?<!\bdo )(?<!\bdoes )(?<!\bshould )(?<!\bmust )(?<!\bshall )(?<!\bmay )(?<!\bcan )(?<!\bto )(?<!\bwe )(?<!\bplease )"
        r"\bnot\s+" + VERB + r"\b",
        "does `{said}` mean the opposite, or is the `not` left over? write `keep`, `drop`, or `do not"
        " keep`",
    ),
    caution(
        "stop-all",
        r"\b(?:stop|quit|avoid|refrain from|point in|sense in|sense to|use in|interest in|pointless to|useless to|"
        r"necessary to)\s+\w+\s+(?:all|every|each|everything|so (?:much|many))\b",
        "`{said}`: are all of them to go, or fewer to be kept? write `drop ...`, or the share to keep",
    ),
    caution(
        "including",
        r"\b(?:everything|anything|all)(?: \w+)?,? (?:including|incl\.?)\s",
        "`{said}`: of what is all of it? say it first, as in `keep everything on /a, errors or not`",
    ),
    caution(
        "not-over",
        r"\bnot\s+(?:over|above|under|below)\s+(?:\d|half|an?\b)[\w.]*",
        "is the `not` of `{said}` meant? write `at most` or `at least`",
    ),
    caution(
        "sampling-is",
        r"\bsampling\s+(?:of|for)\b[^.;,\n]{1,50}?\b(?:is|are|shall be|be)\s+(?:not\s+)?(?:required|mandatory|necessary|needed|obligatory|compulsory|essential|unnecessary)\b",
        "`{said}`: are they all kept, or sampled, and at which rate?",
    ),
    caution(
        "how-many",
        r"\b(?:" + VERB + r"|with|have|has|having)\s+(?:only |about |just |up to |at most )?[1-5]\d0\s+(?:traces|requests|calls|hits|queries)\b(?!\s*(?:per|an?|each|/|every)\s*s(?:ec(?:ond)?s?)?\b)",
        "is `{said}` a status or a number of traces? write `status 500`, or `100 events per second`",
    ),
    caution(
        "always-not",
        r"\b(?:always|ever|each|all|also)\s+not\s+(?:kept|retained|stored|saved|dropped|discarded|sampled|lost)\b",
        "does `{said}` mean never, or is the `not` left over? write `never`, or leave it out",
    ),
    caution(
        "not-all",
        r"\bnot\s+(?:all|every|each|any|everything|everyone|only)\b(?! needed| necessary| important)|\b(?:no circumstances|no (?:case|event)|at no time|on no account)\s+\w+\s+(?:all|every|each|both)\b",
        "`{said}`: which of them are, and what happens to the others, how much of each is kept?",
    ),
    caution(
        "but-clause",
        RATE + r"[^.;\n]{0,60}?\bbut\s+(?!" + ALL_ERRORS + r")(?:all|also|never|always|everything|anything|every|none|no|"
        r"half|any|keep|drop)\b",
        "what follows `but` in `{said}`: is it kept, dropped, or left out of the rate? write it as a"
        " sentence of its own, as in `keep all of /login`",
    ),
    caution(
        "rate-except",
        RATE + r"(?:\s+(?:of|for|from|on)\b)?[^.;,\n]{0,50}?,?\s+(?:except|excluding|besides|apart from|"
        r"other than|save for|but not|aside from)(?:\s+for)?\s+(?!(?:the\s+|all\s+|any\s+|for\s+|when\s+"
        r"(?:it|they)\s+|if\s+(?:it|they)\s+)?" + FAILS + r"\b)"
        r"(?![^.;\n]{1,60},\s+which\s+(?:are|is|shall|must|should|we|i|stay|go|may|can)\b)[^.;\n]{1,40}",
        "what happens to what `{said}` excepts: is it kept, dropped, or at another rate? say it in"
        " a clause of its own",
    ),
    caution(
        "apart-from",
        r",\s*(?:apart from|besides|other than|aside from)\s[^,.;\n]{1,40},",
        "does `{said}` belong to what stands before it or to what follows, and what happens to it,"
        " is it kept or dropped?",
    ),
    caution(
        "excepted-errors",
        r"(?<!\bclient )(?<!\bclient-side )\b" + FAILS + r"\b[^.;,\n]{0,40}?\b(?:unless|except|but not|apart from|other than|excluding|"
        r"besides)\b[^.;,\n]{1,50}",
        "`{said}`: the project's safety keeps every error; are the errors that are excepted here to"
        " be dropped all the same? then `[safety] error` of nectar.toml must say what an error is",
    ),
    caution(
        "but-it-when",
        r"\bbut\b[^.;,\n]{0,20}?\b" + VERB + r"\s+(?:it|them|those|these)\b[^.;,\n]{0,10}?\b(?:if|when|where|"
        r"unless|once)\b[^.;,\n]{1,60}",
        "in `{said}`, which traces are meant: say it with their name, as in `keep /healthz over 1s`",
    ),
    caution(
        "both-or-either",
        r"\b(?:that|which|who)\s+(?![^.;,\n]{0,60}\b(?:no|not|neither|without|never|zero)\b|[^.;,\n]{0,40}n't\b)"
        r"(?:are |were |is |have |has |had )?[^.;,\n]{0,40}?\b(?:"
        + FAILS + r"\b[^.;,\n]{0,30}?\band\b(?! (?:those|these|the ones|all|any|every|each|requests|traces|calls|anything|everything|whatever|also those)\b)[^.;,\n]{0,20}?\b" + SLOWS + r"|" + SLOWS
        + r"\b[^.;,\n]{0,30}?\band\b(?! (?:those|these|the ones|all|any|every|each|requests|traces|calls|anything|everything|whatever|also those)\b)[^.;,\n]{0,20}?\b" + FAILS + r")\b",
        "`{said}`: must one trace be both, or is either enough? write `slow errors over 2s`, or"
        " `errors, and requests over 2s`",
    ),
    caution(
        "each-service",
        r"\b(?:in|from|of|on)\s+(?:the\s+)?service\s+[\w.-]+\s+(?:and|or)\s+(?:the\s+)?service\s+[\w.-]+",
        "does what stands before `{said}` hold for both services? write `errors of checkout and"
        " cart`",
    ),
    caution(
        "each-limit",
        r"\bper\s+second\s+(?:per|for each|for every|each|in each|in every)\b|/s(?:ec)?\s+(?:per|for each|each)\b",
        "`{said}`: is the limit for each of them alone, or for all together, shared among them?"
        " a limit is for all together: write `100 events per second, shared by service`",
    ),
    caution(
        "pattern",
        r"\^/|/[\w/.-]*(?:\.\*|\$|\[|\(\?|\+/|\|/)[^\s,;]*|/[\w/.-]+\?[\w]+=[^\s,;]*",
        "is `{said}` a pattern or a path? a route is a path without a query: write `routes that"
        " begin with /api/`",
    ),
    caution(
        "which-services",
        r"\b(?:internal|external|public|private|noisy|chatty|important|critical|main|core|legacy"
        r"customer-facing|busy|small|big|large|slow|fast|new|old|key|side|certain|some|few|many|most|"
        r"(?!(?:\w*[a-z]{2}test|test|suggest|digest|ingest|request|harvest|forest|guest|invest|rest|manifest|quest)\b)"
        r"\w{3,}est)\s+services?\b(?=\s|[,;:]|\.(?!\w)|(?<!key service)\)|$)|\bservices?\s+(?:behind|without|like(?!\s+(?:the\s+)?[\w-]+\s+service\b)|near|under|around|"
        r"such as|whose (?:name|owner|team)s?)\b|\b(?:all|the|our|every|any|other|of|from) services?\s+except\b",
        "which services are `{said}`: name them, as in `services checkout and cart`?",
    ),
    caution(
        "emphasis",
        r"\b(?:especially|particularly|in particular|mainly|mostly|notably|primarily|chiefly|largely)\b[^.;\n]{0,30}",
        "`{said}`: a rule is about a trace or it is not; which traces are meant, those alone or all"
        " of them?",
    ),
    caution(
        "which-ones",
        r"(?<![\w/.=-])(?<!= )(?!(?-i:INTERNAL))(?:recent|latest|internal|external|certain|specific|particular|relevant|interesting|"
        r"unusual|suspicious|weird|strange)(?![\w/.-]|\s?[=<>])(?!\s+(?:and|so)\s+(?:must|should|can|shall|will|ha[sv]e?|need|are|is|may|we)\b)(?!(?:\s+[\w-]+){0,3}\s*\([^()]*[\w.](?:\s*[=<>]|\s+(?:is|exists)\b))(?:\s+[\w-]+)?",
        "which traces are `{said}`: which attribute, service or route says so, and with which value?",
    ),
    caution(
        "grpc-errors",
        r"\bgrpc\s+(?:errors?|failures?|failed\b)(?!\s*\(rpc\.)",
        "which status codes are `{said}`: write `rpc.grpc.status_code is not 0`, or the codes, as in"
        " `rpc.grpc.status_code in (13, 14)`",
    ),
    caution(
        "kind-of-traffic",
        RATE + r"\s+of\s+(?:the\s+|all\s+|our\s+)?(?:jobs?|quer(?:y|ies)|messages?|sessions?|logins?|data|visits?)"
        r"\s*(?:[.,;\n]|$)",
        "which traces are those in `{said}`: which service, route or attribute says so?",
    ),
    caution(
        "quantity-after-and",
        r"(?:" + RATE + r")[^.;,\n]{0,40}?\b(?:and|or)\s+(?:all|none|most|some|half(?!\s+of\s+(?:that|this)\b))\s+of\b[^.;,\n]{0,30}",
        "`{said}`: write each share as a clause of its own, as in `half of /a, keep all of /b`?",
    ),
    *MORE,
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
