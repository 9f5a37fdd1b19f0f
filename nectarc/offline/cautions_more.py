# ruff: noqa: E501 - patterns are read in one piece
"""More turns of phrase with two readings: of references, names, and what is told.

Owns: these patterns. Must not know: the chart. Truth: docs/intent.md, "It asks rather than guesses".
"""

from __future__ import annotations

from typing import Final

from nectarc.offline.cautioning import AN_PREDICATE, FAILS, PREDICATE, RATE, VERB, caution

MORE: Final = (
    caution(
        "share-of-what",
        RATE + r"\s+(?:\d{3}s?|/[\w/-]+)\s+of\b[^.;,\n]{0,30}",
        "of what is the share in `{said}`?",
    ),
    caution(
        "as-before",
        r"\b(?:as|like)\s+(?:before|now|today|usual|currently|it (?:was|is)|until now|so far|always)\b",
        "what is `{said}`: how much of these traces is kept, in percent or `1 in n`?",
    ),
    caution(
        "no-limit",
        r"(?<![\d.,])0\s*(?:events?|traces?|spans?|requests?)?\s*(?:/|per\s+)\s*s(?:ec(?:ond)?)?\b",
        "`{said}` would keep nothing: is that meant? then write `drop ...`",
    ),
    caution(
        "what-is-counted",
        r"\d\s*(?:requests?|reqs?|messages?|calls?|transactions?)\s*(?:/|per\s+|a\s+)\s*(?:s|sec|second)\b",
        "a limit counts events (spans, span events, links), not what `{said}` says: how many events"
        " per second may be kept?",
    ),
    caution(
        "share-per",
        r"(?s)^(?!.*\b(?:average|adapt\w*|dynamic\w*)\b).*?(?P<said>" + RATE + r"\s+(?:per|for each|for every)\s+(?:service|"
        r"route|endpoint|tenant|customer|user|method)s?\b)",
        "`{said}`: is that the share of each, or an average that adapts? write `10% of /a`, or `an"
        " average of 1 in 10, adapting by service`",
    ),
    caution(
        "two-tests",
        # In parentheses, and behind "where", "with" and the like, both are of one trace.
        r"(?:^|(?<=[.;,\n]))(?:(?!\b(?:where|whose|if|when|which|that|who|with|having|has|have|unless|provided)\b)[^.;,\n(]"
        r"|(?<=\w)\.(?=\w))*?(?<![\w.])(?P<said>" + PREDICATE + r"\s+(?:and|&)\s+(?!(?P=field)\s*=)(?:with\s+)?(?:" + AN_PREDICATE
        + r"|(?:[<>]|over|above|under|below|slower|longer|faster|more than|less than)[^.;,\n]{0,14}?\d[^.;,\n]{0,12}|(?:errors?|status)\b[^.;,\n]{0,20}))",
        "`{said}`: must one trace have both, or is either enough?",
    ),
    caution(
        "place-and-length",
        r"(?P<said>(?:(?<![\w.])/[\w/*.-]+|\bservices? [\w.-]+)\s+(?:and|&)\s+(?:[<>]=?\s*\d|(?:over|above|longer|slower|more)\s+(?:than\s+)?\d)[\w.]*)",
        "`{said}`: must one trace be both, or is either enough?",
    ),
    caution(
        "the-span",
        r"\b(?:where|whose|if|when|with|whenever)\b(?:[^.;\n]|\.(?=\w)){3,80}?\band (?P<said>(?:the|that|this) span\b[^.,;:\n]{0,25})(?!.*same span)",
        "is `{said}` the span that was spoken of just before, or any span of the trace? write `a span"
        " where ... and ...`, or `a trace where ...`",
    ),
    caution(
        "not-mandatory",
        r"(?P<said>\b(?:is|are)(?: not|n't) (?:mandatory|obligatory|compulsory))\b",
        "`{said}`: are these traces dropped, or kept as the rest is? write `drop ...`, or leave it"
        " out",
    ),
    caution(
        "nice-to-have",
        r"(?P<said>\b(?:nice|good) to haves?\b)[ \t]*:?[ \t]*\n[ \t]*[-*\u2022+][^\n\d%]*(?:\n|$)",
        "`{said}`: how much of these is kept, all, none, or which share?",
    ),
    caution(
        "some-of-them",
        r"(?:^|(?<=[.;,:\n(]))[ \t]*(?P<said>some[ \t]+(?:errors?|failures|(?:slow|failed|failing|successful)[ \t]\w+|/[\w/-]+|requests|calls|traces)[^.;,:\n(]{0,30})[ \t]*(?::|\()",
        "`{said}`: which of them, and how much of these is kept?",
    ),
    caution(
        "forget-it",
        r"(?s)\b(?:keep|save|retain|store)\b.*[.;\n][ \t]*(?P<said>forget (?:about )?(?!it\b|them\b|that\b|those\b|the rest|everything|all\b)[^.;,\n]{2,30})",
        "`{said}`: is it to be dropped, or is what was said of it taken back? write `drop ...`, or leave"
        " it out",
    ),
    caution(
        "place-and-what",
        r"(?:^|(?<=[.;\n]))[ \t]*(?P<said>(?:(?:(?:the )?services? [\w.-]+|(?:the )?[\w-]+ service),[ \t]*(?:route[ \t]+|endpoint[ \t]+)?/[\w/*.-]+"
        r"|(?:(?:the )?services? [\w.-]+|(?:the )?[\w-]+ service|/[\w/*.-]+),[ \t]*(?:errors?|errs|failures|[45]xx|slow\w*|over|above|[<>]|longer|POSTs?|PUTs?|GETs?|DELETEs?)[^,;:.\n]*))"
        r"(?=[ \t]*:)",
        "`{said}`: must one trace be both, or is either enough? write `errors of /a`, or each as a"
        " clause of its own",
    ),
    caution(
        "leading-zero",
        r"=\s*0\d+\b",
        "is `{said}` a number or a text? a text stands in quotes, as in `tenant = '05'`",
    ),
    caution(
        "but-share",
        r"(?<!\ball )\bbut\s+(?:only\s+|just\s+)?" + RATE + r"[^.;,\n]{0,30}",
        "is `{said}` about what stands before it alone, or about everything? write it as a clause of"
        " its own that says which traces",
    ),
    caution(
        "which-trace",
        r"\bthe\s+(?!whole|complete|same|entire|rest|other|remaining|root|full|first|last|failing|failed|slow)[\w-]+\s+trace\b",
        "which trace is `{said}`: which service or route says so?",
    ),
    caution(
        "look-alike",
        r"[^\s]*[\u0370-\u052f\uff01-\uff5e\u202a-\u202e\u2066-\u2069\u200b-\u200f][^\s]*",
        "`{said}` holds letters of another script, or that cannot be seen: what is the name, in plain"
        " letters?",
    ),
    caution(
        "writes-of-what",
        r"\b(?:writes?|reads?|mutations?)\s+(?!requests|calls|traffic|only)[\w-]+\s*\(",
        "which traces are `{said}...)`: which service, and which methods?",
    ),
    caution(
        "what-an-error-is",
        r"(?<!\bclient )(?<!\bclient-side )\b" + FAILS + r"\s*\([^)]*\b(?:[1-4]xx|[1-4]\d\d)\b[^)]*\)|\b(?:fast|quick)\w*\s*\(\s*(?:over|above|slower|longer|>)[^)]*\)",
        "does the parenthesis in `{said}` say what the word means, or which of them are meant? write"
        " the condition alone, as in `keep 4xx`",
    ),
    caution(
        "wildcard",
        r"\*/[\w-]+|/\*/[\w-]*|(?<=[\w/])\*\.\w+",
        "`{said}`: a `*` is read at the end of a path only; write `routes that end with /healthz`, or"
        " `.js`",
    ),
    caution(
        "hash",
        r"#\d+",
        "what is `{said}`: a status, a value of which attribute?",
    ),
    caution(
"which-of-those",
        # "Those with tenant.id = b as well" are others than those before: they were not in it.
        r"[.;\n]\s*(?:and\s+)?(?:please\s+)?(?:" + VERB + r"\s+(?:those|these|ones|the ones)\s+(?!in full\b|in any case)"
        r"|(?:those|these|ones|the ones)\s+(?!in full\b|in any case)"
        r"(?!(?:(?!%|percent|\bin \d|\bhalf\b)(?:[^.;\n]|\.(?=\w)))*?\b(?:as well|too)\s*(?:[.;\n]|$)))(?:in|from|with|of|on|"
        r"that|which|where)\b[^.;,\n]{0,40}",
        "`{said}`: are those all such traces, or only those of what was said before?",
    ),
    caution(
        "corrected-name",
        r"(?:/[\w/.-]+|\b[\w-]+)\s*,\s*(?:actually|rather|or rather|i mean)\s+(?!\d|one\b|make)[\w/.-]+",
        "does `{said}` take the first back, or name both? write what is meant alone",
    ),
    caution(
        "flag-set",
        r"\berror flag (?:is |are |was )?(?:set|on|present|there)\b",
        "`{said}`: an error, or any value of a field `error`? write `errors`, or `error = true`",
    ),
    caution(
        "one-or-both",
        r"\b(?:keep|store|retain|save)\s+(?:service )?[\w/*.-]+,\s*(?:service )?[\w/*.-]+\s+at\s+"
        r"(?:\d+(?:\.\d+)? ?%|1 in \d+|one in \w+),\s*(?:and\s+)?(?:service )?[\w/*.-]+\s+"
        r"(?:at\s+(?:\d+(?:\.\d+)? ?%|1 in \d+|one in \w+)|not at all)",
        "`{said}`: is the first to be kept whole, or at the rate behind the second? write each share as a clause of "
        "its own",
    ),
    caution(
        "where-it-holds",
        r"(?:^|(?<=[.;!\n]))\s*(?:all )?(?:this|these rules|it|that|the rules?|the policy)\s+(?:is|are|applies|apply|holds?|counts?)"
        r"\s+(?:only )?(?:for|to|about|in|on)\s+(?:the |our |my |all )*[\w-]+(?: [\w-]+)?\s+"
        r"(?:clusters?|environments?|envs?|stages?|regions?|deployments?|namespaces?|datacent(?:er|re)s?)\b",
        "`{said}`: is the policy to be about those traces alone? say which field tells them apart, as in "
        "`for env = prod keep ...`",
    ),
    caution(
        "past",
        r"\b(?:was|were|has been|have been|had been|used to be|(?:is|are) already)\s+(?:\w+ly\s+)?(?:kept|dropped|"
        r"sampled|discarded|retained|stored|subject(?:ed)? to|set (?:to|at)|thrown (?:away|out))\b",
        "`{said}` tells what was: what is to become of these traces now?",
    ),
    caution(
        "is-it-asked",
        r"(?:^|(?<=[.;!\n]))\s*(?:shall|should)\s+(?:we|i)\b[^.;!?\n]*\?|(?:^|(?<=[.;!\n]))\s*"
        r"(?![^.;!?\n]*\b(?:can|could|would|will|possible|please)\b)[^.;!?\n]*\b" + VERB + r"\b[^.;!?\n]*\?",
        "is `{said}` a wish or a question? write it as a wish, as in `drop /a`",
    ),
    caution(
        "quoted",
        r"(?m)^\s*>\s*[A-Za-z][^\n]{0,60}",
        "is `{said}` quoted from somebody else, or wished? write it without `>`",
    ),
    caution(
        "before-one-head",
        r"\b(?:slow|" + FAILS + r")\b[^.;,\n]{0,25}?\b(?:and|or)\s+(?:slow|" + FAILS + r")\b(?:\s*\([^)]*\))?[^.;,\n]{0,20}?"
        r"\s(?:(?:on|to|from|in|of)\s+)?(?:/[\w/.-]+|service\s+[\w-]+)",
        "does `{said}` mean both kinds of that one alone, or one kind of everything? write each as a"
        " clause of its own",
    ),
    caution(
        "opinion",
        r"(?s)^(?!.*\b(?:drop|discard|toss|bin|remove|throw|delete|ditch|get rid|skip|filter)).*?\b(?:is|are)\s+(?:useless|"
        r"worthless|boring|noise|noisy|spam|garbage|irrelevant|unimportant)\b"
        r"(?![^.;\n]{0,30}(?:,|\band\b|\bso\b|-|:)[^.;\n]*(?:\b(?:keep|go|need|samples?|sampled|enough|kept|only)\b|\d ?%))",
        "what is to become of these traces: are they dropped (`drop ...`), or how much of them is kept?",
    ),
    caution(
        "not-a-service",
        r"\bservices?\s+not\s+[\w.-]+",
        "`{said}`: traces without that service, or traces in which some other service takes part?",
    ),
    caution(
        "what-is-taken-back",
        r"(?:^|(?<=[.;!?\n(\u2014\u2013-]))\s*(?:(?:actually|no|wait|sorry|hm+|oh|ok|please)[\s,]+)*(?:(?:scratch|strike|forget|"
        r"ignore|disregard|cancel|undo|delete)\s+(?:that|this|it|the above|all that|all of that)|never ?mind(?: that)?|i take (?:that|it) back)"
        r"\s*(?:[.!)\n]|$)",
        "`{said}`: which of the wishes before it holds no more, and what holds in its place?",
    ),
    caution(
        "forgotten",
        r"(?s)(?<![\w/])(?P<name>/[\w/.-]*\w|service [\w-]+)(?![\w/-]).*?(?:[.;!\n]\s*)(?P<said>(?:please\s+)?(?:forget|ignore|skip)"
        r"(?:\s+about)?\s+(?:the\s+)?(?P=name)(?![\w/-]))",
        "`{said}`: is it dropped, or treated like the rest? write `drop ...`, or leave it out",
    ),
    caution(
        "taken-out",
        r"\b(?:take|leave|move|kick|pull)\s+(?:/[\w/.-]+|service [\w-]+|them|it|those)\s+out\b(?:\s+again)?"
        r"|\b(?:actually|second thoughts?|wait|sorry|no)[,\s]+(?:/[\w/.-]+|(?:the )?service [\w-]+|(?:the )?[\w-]+ service)\s+"
        r"(?:isn't|is not)\s+(?:needed|necessary|required|important)\b",
        "`{said}`: is it dropped, or treated like the rest? write `drop ...`, or leave it out",
    ),
    caution(
        "rest-there",
        r"\b(?:rest|others?|remainder)\s+(?:there|here)\b",
        "`{said}`: the rest of what: of all traffic, or of what was spoken of last?",
    ),
    caution(
        "is-it-corrected",
        r"(?:^|(?<=[.;!?\n]))\s*(?:(?:no|wait|sorry|actually|hm+|or|maybe|perhaps|rather|better)[\s,]+)+" + RATE + r"\s*\?",
        "`{said}`: is that a wish or a question?",
    ),
    caution(
        "not-a-path",
        r"\b(?!if\b|is\b|are\b|but\b|and\b|or\b)[\w-]+\s+not\s+/[\w/.*-]+\s*(?::|->|=)",
        "is the `not` of `{said}` meant? write `everything but ...`, or leave it out",
    ),
)  # fmt: skip
