# ruff: noqa: E501 - patterns are read in one piece
"""Background: "the CFO saw the invoice and fainted.", "see OPS-1234", "best regards, Anna".

Owns: which sentences tell of circumstances and ask for nothing, in words of any kind.
Must not know: clauses. Truth: docs/intent.md, "Asides": cut only from a text that cannot be read
with it, said back, and never where the next sentence may point back to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.offline.mending import Edit, Mended

_SENTENCE: Final = re.compile(
    r"(?:[^.!?\n]|[.](?=\w)|(?<=[ie])\.(?=[ge]\.)|(?<=\b[ie]\.[ge])\.)+[.!?]*"
)
_WORDS_MAX: Final = 28
# What may ask for something, or say of which traces, or how many.
_OPERATIVE: Final = re.compile(
    r", (?:and )?not\b|\bnot (?:the |an? )?[\w-]+$|[%=<>/`\"{}\[\]|*#@\\]|->|\b\w+[_.]\w|\b[1-5](?:xx|\d\d)s?\b|(?<![\w-])\d+(?![\w-])|\b\d+ ?(?:ms|s|k|x)\b"
    r"|\b(?:keep|kept|keeping|drop\w*|sampled|samples?|retain\w*|retention|stor(?:e|es|ed)|sav(?:e|es|ed|ing)|discard\w*|ignor\w*|exclu\w*|includ\w*|limits?|limited|cap|caps|capped|throttl\w*"
    r"|toss\w*|bins?|binned|ditch\w*|skip\w*|remov\w*|delet\w*|filter\w*|forget\w*|los(?:e|es|ing|t)|preserv\w*|record(?:s|ed)?|collect(?:s|ed)?|captur\w*|kill\w*|cut|cuts|trim\w*|reduc\w*|halv\w*|rid|trash\w*|dump\w*|purge\w*"
    r"|stays?|goes|go|gone|counts?|wins?|survives?|passes?|through|remains?|applies|apply|applied|exempt\w*|spared?"
    r"|traces?|spans?|requests?|calls?|errors?|failures?|fail(?:s|ed|ing)?|exceptions?|events?|queries|transactions?|routes?|endpoints?|paths?|urls?|methods?|status(?:es)?|codes?|fields?|attributes?|headers?|tags?|values?|names?|named|called|means?|meaning|defined?|definition"
    r"|rates?|percent\w*|share|fraction|ratio|quarter of|third|tenth|fifth|half|thousand|hundred|million|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?! (?:years|weeks|months|days|people|teams|outages|incidents|customers|hours|times|services))|per|one (?:in|of|out)|(?:the|this|that|which|each|any) one|twice|double|triple|budget of"
    r"|slow\w*|fast\w*|quick(?:er|est)|long(?:er|est)|short(?:er|est)|seconds?|milliseconds?|minutes|latency|latencies|durations?|timeouts?|healthy|unhealthy|health|successful\w*|success"
    r"|only|just the|except\w*|unless|if|than|instead|rather|otherwise|else|rest|others?|remaining|remainder|elsewhere|same|ones|those|these|them|both|latter|former|respectively|such|same|first|second|last one|whichever|whatever|whoever|regardless"
    r"|wants?|wanted|wanna|needs?|needed|prefer\w*|wish(?:es)?|desire\w*|interest(?:s|ed|ing)?|cares?|cared|matter(?:s|ed)?|important|critical|crucial|vital|precious|sacred|relevant|irrelevant|valuable|essential|useless|useful|noise|noisy|boring|junk|garbage|spam|chatty"
    r"|to (?:watch|look|see|monitor|leave|observe|track|follow|have|get|debug|inspect|analy[sz]e|find)|look(?:s|ed|ing)? at|supposed|covers?|covered|must|should|shall|ought|please|pls|let's|lets|never|always|anything|everything|nothing|none|enough|plenty|fine|ok|okay|acceptable|sufficient|suffices?|lot of|much of|most|many of|some of|few of|part of|all of|each|every|full|fully|whole|entire\w*|complete\w*"
    r"|asked|agreed|decided|promised|requested|required|demanded|insisted|allowed|permitted|approved|reserved|requires?|demands?|insists?|allows?|expects?"
    r"|correct\w*|wrong|mistake\w*|typo|scratch|meant|wait|oops|swap\w*|replac\w*|chang(?:e|es|ed)|edit|update|actually|second thought|undo|revert\w*|took back|take back|never ?mind"
    r"|clusters?|environments?|envs?|stages?|regions?|namespaces?|data ?cent(?:er|re)s?|priority|precedence|order|before|after|until|till|tonight|tomorrow|weekends?|nights?|daytime|hours)\b",
    re.IGNORECASE,
)
_HARMLESS: Final = re.compile(
    r"\b(?:keeps?|kept) (?=\w+ing\b)|\bkeeps? an eye\b|\b(?:sampling|sample) (?:config\w*|setup|rules?|policy|settings?|stuff|thing|topic)\b|\b\d+ (?=(?:micro-?)?services\b|people\b|engineers\b|developers\b|devs\b|teams\b|years\b|employees\b|outages\b|incidents\b|tickets\b|customers\b)"
    r"|\b(?:trace|span|event|telemetry|log) (?:volume|data|bill|costs?|quota|storage)\b|\btoo (?:many|much) (?:events?|traces?|spans?|data|telemetry)\b|\b(?:last|next|this|every|per) quarter\b|\blast week(?:end)?\b|\blast night\b|\blast time\b|\byears? (?:ago|before)\b|\b(?:missing|losing) (?:traces|data)\b"
    r"|\ball (?:day|night|week|the time|the data|this|that|over|along|hands)\b|\bcalls? (?:with|about|yesterday|today|this morning|last week)\b|\b(?:our|the|a|on a|in a|on the|in the|quick) call\b(?= *(?:$|[,.!]| with| about| yesterday| today))|\bright now\b|\bat least\b(?= \w+ (?:people|teams))"
    r"|\bmy name\b|\bfull (?:again|already|up)\b|\bis full\b|\bsecond half\b|\bfirst (?:of all|time|day|week|attempt|try)\b|\bmatter of fact\b|\brace condition\b|\bchange ?log\b|\b[A-Z]{2,}-\d+\b|\bthrough (?:the roof|a lot|hell|hard times|a rough\w*|a tough\w*)\b"
    r"|\b(?:and|but|so) (?:nobody|no one) (?:knows|knew|could see|could tell|can see|can tell)\b|\bbefore\b(?= *$)|\border(?:s|ing)? (?:shoes|food|things|stuff)\b|\bcounts? (?:people|customers)\b|\bevery (?:week|month|day|monday|year|quarter|time|now)\b|\bfew (?:days|weeks|months)\b|\b(?:doubled|tripled|quadrupled)\b"
)
_WHO: Final = (
    r"(?:i|we|he|she|they|you|there|someone|somebody|nobody|no one|everyone|everybody|people|folks|management|finance|marketing|sales|support|legal|product|security|ops|devops|sre|(?:the |my |our )?boss|honeycomb|refinery|kubernetes|things|stuff|life|work|traffic|storage"
    r"|(?:my|our|the|this|a|an|some) (?:[\w'-]+ ){0,4}?[\w'-]+|[a-z]+ (?:and|from) [a-z]+|(?-i:[A-Z][a-z]+)(?: (?:and|from) (?:the )?\w+)?)"
)
_AUX: Final = r"(?:am|is|are|was|were|isn't|aren't|wasn't|weren't|has|have|had|hasn't|haven't|hadn't|did|didn't|do|does|don't|doesn't|will|won't|can't|cannot|could not|couldn't|can|could|got|get|gets|went|came|comes|come|made|makes|saw|sees|see|said|says|say|told|tells|knows?|knew|thinks?|thought|looks?|feels?|felt|seems?|sounds?"
_TELLS: Final = (
    _AUX
    + r"|runs?|ran|owns?|operates?|maintains?|builds?|built|sells?|sold|pays?|paid|spends?|spent|buys?|bought|writes?|wrote|written|reads?|hears?|heard|hates?|loves?|likes?|works?|lives?|begins?|began|broke|breaks?|brought|brings?|took|takes?|gave|gives?|left|leaves?|met|meets?|sent|sends?|launch(?:es)?|ship(?:s|ped)?|rolls?|moves?"
    r"|struggles?|fights?|fought|hopes?|guess|believes?|suppose|understands?|understood|remembers?|forgot|woke|wakes?|burns?|hurts?|grew|grows?|rose|rises?|fell|falls?|blew|blows?|hit|hits|became|becomes?|keeps(?= \w+ing)|keep(?= \w+ing)|kept(?= \w+ing)|depends?|relies|rely|serves?|hosts?|inherit(?:s|ed)?|joins?|starts?|stops?|[a-z]{2,}ed)"
)
# A statement about people, things and circumstances: who, and what they do.
_STATED: Final = re.compile(
    rf"(?:(?:so|well|and|but|also|ok|okay|yeah|yes|right|now|anyway|basically|honestly|frankly|look|listen|sorry,? but|as you know|heads up|fyi|currently|lately|recently|unfortunately|sadly|luckily|apparently|yesterday|today|last (?:week|month|year|night|time|quarter|weekend)|this (?:week|month|year|morning)|right now|at the moment|since|because|for some reason|turns out|it turns out(?: that)?)[ ,:]+)*"
    rf"(?:{_WHO}(?:(?:'m|'re|'ve|'s|'ll|'d) |,? (?:(?:also|just|really|still|now|currently|recently|already|finally|all|both|obviously|sadly|probably|mostly|actually|never|hardly|only just|even) )*{_TELLS}\b)|there's (?:a|an|no|so|too|the|some|been|nothing)\b|(?:it|that|this)(?:'s| is| was) (?:a|an|the|been|really|so|very|too|just|all|getting|no|quite|pretty|always|still|not|how|why)\b)",
    re.IGNORECASE,
)
# Sentences that are whole in themselves.
_FIXED: Final = re.compile(
    r"(?:(?:so|well|and|but|also|ok|okay|hi|hello|hey|sorry|please)[ ,]+)*(?:"
    r"(?:good )?(?:morning|afternoon|evening|day)(?:,? (?:all|everyone|everybody|team|folks|friends|people|guys|colleagues|you all|there))?"
    r"|(?:hi|hello|hey|dear|howdy|greetings|heyho|yo)(?: (?:all|everyone|everybody|team|folks|friends|people|guys|colleagues|there|dear|sre|sres|ops|devops|platform|support|observability|the|\w+ team))*"
    r"|shout if (?:that's|this is|it's|i'm|you) [\w' ]{2,40}|(?:let me know|tell me|ping me|shout|just ask|reach out|get back to me) (?:if|when|whether|in case) (?:something|anything|this|that|it|you|there)(?:'s| is| are|'re| have| need| see)?[\w' ,]{0,50}"
    r"|(?:boss|management|finance|my manager|the cfo|the boss|our cfo|the board|our boss|they|we|i|everyone|leadership) (?:wants?|needs?|would like|'d like|has|have) (?:us |me )?(?:to )?(?:(?:cut|reduce|lower|bring down|control|shrink|halve|save|get a grip on|see) (?:down )?(?:on )?(?:our |the |some |lower |smaller |on )*(?:\w+ )?(?:costs?|money|bills?|spend(?:ing)?|volume|expenses|invoice|budget|trace volume|usage|data volume|amount of data)|(?:the |our )?(?:\w+ )?(?:bill|costs?|spend|invoice|volume|budget|bills?) (?:halved|reduced|cut|down|lower|lowered|cut in half|to go down|brought down))"
    r"|(?:i|we)'d like to (?:cut|reduce|lower|bring down|control|save) (?:our |the |some |on )*(?:\w+ )?(?:costs?|money|bill|spend|volume|trace volume|data volume|amount of data)"
    r"|(?:can|could|would|will) (?:you|someone|somebody|we|anyone)(?: please)? (?:help (?:me|us)|set (?:this|it|something|sampling|the sampling|that) up|set up (?:the )?(?:sampling|rules?|policy|config|a policy|something)|(?:do|look at|take care of|take a look at|have a look at|configure|fix|sort out|handle) (?:this|it|that|the sampling|our sampling|sampling))(?: (?:with|for|in|on|out) (?:us|me|this|it|that|the sampling|our sampling|sampling|our rules|the rules|refinery|our (?:project|team|company)|the following))*(?: please)?"
    r"|(?:we |i )?need (?:your |some |a bit of )*help(?: with (?:this|it|our sampling|sampling|the sampling|the rules|our rules|refinery))?"
    r"|(?:see|cf\.?|context:|background:|ref:?|re:?|ticket:?|issue:?|jira:?|for (?:context|background|reference),? see|story:?|task:?) ?(?:the )?(?:ticket |issue |story |jira |thread )*(?:[A-Z]{2,}-\d+|sampling|sampling (?:rules|policy|config)|above|thread|docs)(?: for (?:background|details|context|more|more details|reference|the details))?|(?-i:[A-Z]{2,}-\d+)"
    r"|(?:that|this|which) should (?:do it|be it|be all|be enough detail|be clear|work|cover it|be everything|do)|(?:makes? sense|sounds? good|(?:does|would) (?:that|this|it) (?:work|make sense|help|sound good|sound right|sound ok)(?: for you)?|is (?:that|this|it) (?:possible|doable|feasible|ok|okay|clear|too much to ask)(?: for you)?|ok\w*|right|deal|fair enough|agreed|any questions|questions|got it|you get the idea|and that's it|that's it|that's all|that is all|that's about it|done|end of story)"
    r"|not sure (?:if|whether|that) (?:this|that|it|these)(?:'s| is| was| are| makes?)[\w' ,]{0,60}|sorry if (?:this|that|it)[\w' ,]{0,60}|(?:i|we) (?:hope|trust|assume|guess|think) (?:i|we|that|this|it)(?:'s| is| got| have| makes?| was|'ve)[\w' ,]{0,60}"
    r"|(?:we|i|you) (?:can|could|will|'ll|may|might)(?: always| then| still| also)* (?:tune|adjust|revisit|refine|change|review|check|tweak|monitor|evaluate|measure|see|look at|fine-tune|iterate on|discuss)(?: on)? (?:it|this|that|them|these|the numbers|the results?|the effects?|the figures|the bill|how it goes|those|things)(?: (?:again|later|on|afterwards|next (?:week|month|sprint|quarter)|in (?:a|two|a few|some) (?:week|month|weeks|months|days)|if needed|when needed|if necessary|together|then|once|more|further|any ?time))*"
    r"|(?:tell|ping|inform|notify) me (?:when|once) (?:it|this|that)(?:'s| is) (?:live|done|ready|deployed|in place|out|active)|(?:i'm |we're )?happy to (?:jump on|have|do|join|discuss|explain|help|answer|talk)[\w' ,]{0,50}"
    r"|(?:thanks|thank you|thx|cheers|ty|ta|many thanks|best|best regards|kind regards|regards|kindest regards|warm regards|sincerely|yours|all the best|greetings|br|bye|see you|love|respectfully|with kind regards|take care)(?: (?:so much|a lot|a million|again|in advance|for (?:your|the|all|any) (?:help|time|support|patience|work|quick \w+|understanding)|and (?:have a )?(?:nice|good|great|lovely) (?:day|weekend|week|evening|one)))*(?:[, \u2013\u2014-]+(?:from )?(?:the |your )?(?:(?-i:[A-Z][\w.]*)|[\w-]+ team|team|all|guys|everyone|folks|man|mate|yours?|platform|support|ops|sre)(?: (?-i:[A-Z])[\w.]*)?(?: from (?:the )?\w+(?: team)?)?)*"
    r"|you(?:'re| are) (?:a star|the best|great|awesome|a legend|amazing|a life ?saver)|kindly confirm|please (?:confirm|advise|review|have a look|take a look|help|bear with me)(?: (?:this|it|that|when done|once done|if possible|asap))*|nothing (?:fancy|special|unusual|exotic|complicated|too fancy)(?: (?:here|today|really|this time))?|(?:a |just a |one )?(?:simple|quick|easy|small|short|little) (?:one|question|request|wish|ask|favou?r|thing|note|message|update|heads up)(?: (?:today|for you|from me|from us|about sampling|on sampling|regarding sampling|here|this time|about our sampling|about our traces|about refinery|on refinery))*"
    r"|following up on (?:our|the|my|this|that|last|yesterday's|today's)[\w' -]{0,40}|as (?:discussed|agreed|promised|mentioned|requested|explained|written|said)(?: (?:in|on|at|with|yesterday|today|earlier|before|last|this|our|the|my|by|via|over|during|\w+)){0,6}|lol|haha|hmm+|ugh|argh|phew|sigh|yay|hooray|whatever|don't ask|believe me|trust me|no kidding|long story(?: short)?|you know the drill|what can i say|here we go(?: again)?|fun fact|same old story|i know,? i know|no hard feelings|fingers crossed|no pressure|no rush|asap|urgent"
    r")",
    re.IGNORECASE,
)
# What the next sentence may point back to it with.
_POINTS: Final = re.compile(
    r"\b(?:it|its|it's|they|their|theirs|they're|them|those|these|that|that's|this|him|his|her|hers|there|such|ones?|same|latter|former|likewise|too|also|as well|either|neither|both|who|whose|which|he|she|not|nor|instead|more|less|except)\b",
    re.IGNORECASE,
)
_POINTS_NOWHERE: Final = re.compile(
    r"\bthat (?:is|are|was|were|has|have|had|takes?|took|lasts?|fails?|failed|goes|exceeds?|contains?|ends?|runs?|start|starts|hit|hits|returns?|come|comes|belongs?|touch\w*|use|uses|carry|carries)\b|\b(?:there is|there are|there's|if there)\b|\b(?:no|not) more than\b|\b(?:more|less|longer) than\b|\bif possible\b",
    re.IGNORECASE,
)
_FRONT: Final = re.compile(
    r"(?P<front>[^.!?\n;:]{8,140}?)(?P<joint>(?:,| -| \u2013| \u2014)? (?:and )?so(?: that's why| here's what i think| here is what i think| here goes)?[ ,:]+|, (?:hence|therefore|thus)[ ,]+|: +|; +| [-\u2013\u2014]+ +|, but +)(?=\S)",
    re.IGNORECASE,
)
# As in "keep those, we bill by them", "1 in 5 (our partners watch it)".
_BEHIND: Final = re.compile(
    r"[ \t]*(?:,|[ \t][-\u2013\u2014]+[ \t]|\()[ \t]*(?P<why>(?:(?:because|since|as|cause|cos|coz|while|although|though) )?(?:we|i|our|my|people|nobody|no one|everyone|everybody|someone|somebody|management|finance|marketing|sales|support|legal|the (?:auditors|team|boss|board))\b[^,;:()]{5,90})\)?[.!]?$",
    re.IGNORECASE,
)
_OBJECTS: Final = re.compile(
    r"\b(?:those|these|them|it|that)(?= *$| (?:all|now|anyway|too|later|lot)\b)", re.IGNORECASE
)
# "The app is broken, so keep errors": of the app alone?
_OF_PEOPLE: Final = re.compile(
    r"(?:(?:so|well|and|ok|okay|hi|hey|hello|sorry|honestly|basically|yeah|yes|since|because|as you know|last (?:week|month|night)|yesterday|today)[ ,]+)*(?:i|we|he|she|they|you|boss|(?:my|our|the) (?:boss|manager|cfo|team|board|bill|budget|quota|vendor|lead)|management|finance|everyone|everybody|someone|somebody|nobody|people|shout|sorry|not sure|honeycomb|refinery|storage)\b",
    re.IGNORECASE,
)


def without_background(text: str) -> Mended | None:
    """Return `text` without the sentences that ask for nothing; None where each may ask."""
    found = Mended.of(text)
    spans = list(_cut(text))
    for start, end in reversed(spans):
        said = " ".join(text[start:end].split()).strip(" ,;:-\u2013\u2014")
        note = f"`{said}` asks for nothing" if re.search(r"\w", said) else ""
        found = found.changed(Edit(((start, end, "", start),), note))
    return found if spans else None


def _cut(text: str) -> Iterator[tuple[int, int]]:
    sentences = [one for one in _SENTENCE.finditer(text) if re.search(r"\w", one[0])]
    for number, one in enumerate(sentences):
        said = one[0]
        behind = sentences[number + 1][0] if number + 1 < len(sentences) else ""
        start = one.start() + len(said) - len(said.lstrip())
        if _asks_for_nothing(said) and not _points_back(behind):
            yield start, one.end()
            continue
        behind_it = _BEHIND.search(said)
        if behind_it is not None and _is_reason(behind_it["why"]):
            end = behind_it.end() - (behind_it[0][-1] in ".!")
            yield one.start() + behind_it.start(), one.start() + end
            continue
        front = _FRONT.match(said)
        is_of_people = front is not None and _OF_PEOPLE.match(front["front"].lstrip()) is not None
        if (
            front is not None
            and is_of_people
            and _asks_for_nothing(front["front"])
            and not _points_back(said[front.end() :])
        ):
            yield start, one.start() + front.end()


def _is_reason(said: str) -> bool:
    """Whether what stands behind a wish tells of people and what they do, and of no traces."""
    plain = said.replace("\u2019", "'").strip(" \t,.!?:;-\u2013\u2014()")
    bare = _HARMLESS.sub(" ", _OBJECTS.sub(" ", plain))
    is_stated = _STATED.match(plain) is not None and _OF_PEOPLE.match(plain) is not None
    return is_stated and len(plain.split()) > 2 and _OPERATIVE.search(bare) is None


def _asks_for_nothing(said: str) -> bool:
    plain = said.replace("\u2019", "'").strip(" \t\n,.!?:;-\u2013\u2014()*>")
    if _FIXED.fullmatch(plain) is not None:
        return True
    bare = _HARMLESS.sub(" ", plain)
    is_stated = _STATED.match(plain) is not None and len(plain.split()) <= _WORDS_MAX
    return is_stated and _OPERATIVE.search(bare) is None


def _points_back(behind: str) -> bool:
    first = re.split(r"[,;:\n]", behind.strip().replace("\u2019", "'"))[0]
    return _POINTS.search(_POINTS_NOWHERE.sub(" ", first)) is not None
