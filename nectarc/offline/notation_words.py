# ruff: noqa: E501 - patterns are read in one piece
"""Words of notes that need the words around them: "no channel set", "that field", "so limit it".

Owns: what they stand for, which reasons may be cut. Must not know: clauses.
Truth: docs/intent.md, "Notes". What is cut speaks of no traces, and nothing points back to it.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Put: TypeAlias = tuple[int, int, str, int]

# As in "channel=web 5%, no channel set: 1%".
_COMPARED: Final = re.compile(r"(?<![\w.])([a-z]\w*)[ \t]*(?:==?|!=)[ \t]*[\w\"']")
_LACKING: Final = re.compile(
    r"\b(?:no|without(?: a| any)?|w/o|lacking)[ \t]+(?P<one>[a-z]\w*)(?:[ \t]+(?:set|field|attribute|given|at all))?"
    r"|\b(?P<two>[a-z]\w*)[ \t]+(?:is[ \t]+)?(?:not[ \t]+set|unset|missing|absent|not[ \t]+there|empty|null)\b"
)
# As in "Also the ones with status 422.", behind verbs of one kind.
_ALSO: Final = re.compile(
    r"(?:(?<=[.!?;\n])|(?<=^))[ \t]*(?P<also>(?:and )?(?:also|plus|additionally|in addition|as well as|same for|likewise))[ \t,]+"
    r"(?=(?:the ones|those|traces|requests|anything|everything|all|any|every|errors?|service|/|[45]xx|status)\b|/)(?![^.;\n]*\b(?:keep|drop|save|store|discard|sample|retain|at|\d+ ?%|1 in|kept|dropped)\b)",
    re.IGNORECASE,
)
_VERBS: Final = re.compile(
    r"\b(?:keep|store|save|retain|hold|drop|discard|remove|ditch|bin|skip|ignore|toss|sample)\b",
    re.IGNORECASE,
)
_KEEPS: Final = re.compile(r"keep|store|save|retain|hold")
# As in "(field tenant.name)", behind what it is of.
_GIVEN_FIELD: Final = re.compile(
    r"[ \t]*\((?:(?:the |our )?(?:field|attribute|key)(?: is| name| called)?[ \t:=]*)?(?P<field>[a-z][a-z0-9]*(?:[._][a-z0-9]+)+)\)|(?<=[.;\n])[ \t]*(?:the |our )?(?:field|attribute)(?: is| is called|:|=)[ \t]+(?P<later>[a-z][a-z0-9]*(?:[._][a-z0-9]+)+)(?=[ \t]*(?:[.;\n]|$))",
    re.IGNORECASE,
)
_SHORT_STATUS: Final = re.compile(
    r"(?<![\w.])(?:status|code)[ \t]*=?[ \t]*(\d{1,2})(?![\d.%])", re.IGNORECASE
)
# As in "services a-b and c-d run in the stores.", "/a belongs to the security team.".
_TOLD: Final = re.compile(
    r"(?:(?<=[.!?\n])|(?<=^))[ \t]*(?:(?:the|our)[ \t]+)?(?:(?:services?|routes?|endpoints?|paths?)[ \t]+)?"
    r"(?P<np>(?:(?<=service )|(?<=services ))[A-Za-z][\w.-]*\w(?:(?:,| and|, and)[ \t]+[A-Za-z][\w.-]*\w){0,4}|/[\w./*{}-]*\w(?:(?:,| and|, and)[ \t]+/[\w./*{}-]*\w){0,4})"
    r"(?P<does>[ \t]+(?:run|runs|belong|belongs|handle|handles|serve|serves|live|lives|sit|sits|come|comes|deal|deals|talk|talks|work|works|power|powers|process|processes|host|hosts|are used|is used|are run|is run|are owned|is owned|were added|was added|are called|is called|are hit|is hit)\b[^.;:,\n!?]{3,70})(?=[.!\n])",
    re.IGNORECASE,
)
_WISHES: Final = re.compile(
    r"\b(?:not|no|never|n't|sacred|precious|critical|vital|crucial|valuable|essential|sensitive|useless|garbage|noise|irrelevant|legally|law|audit\w*|in full|called [\"'\w]+)\b",
    re.IGNORECASE,
)
# As in "traces lacking that field".
_THAT_FIELD: Final = re.compile(
    r"\b(?:that|this|such an?|said|the said|the same)[ \t]+(?:field|attribute|key|tag)\b",
    re.IGNORECASE,
)
_A_FIELD: Final = re.compile(r"(?<![\w./-])[a-z][a-z0-9]*(?:[._][a-z0-9]+)+(?![\w/])")
# As in "db.system = mysql errors all, mysql 5%".
_VALUE_OF: Final = re.compile(
    r"(?<![\w.])(?P<field>[a-z][a-z0-9]*(?:[._][a-z0-9]+)+)[ \t]*(?:==?|\bis)[ \t]*[\"']?(?P<value>[A-Za-z][\w-]*\w)(?![\w.=])"
)
_IN_CLAUSE: Final = (
    r"(?:(?<=[.;,\n])|(?<=^)|\band|\bor|\bfor|\bof|\bin|\bon|\bfrom)[ \t]+(?:healthy |failed |failing |successful |slow |other |non-)?(?P<value>VALUE)"
    r"(?=[ \t]*(?::|->|=>)|[ \t]+(?:errors?|errs|failures|traffic|traces|without|with|over|above|slower|at\b|\d|all\b|none|keep|drop|one in|half))"
)
_NO_VALUES: Final = frozenset(
    {
        "true",
        "false",
        "set",
        "missing",
        "not",
        "present",
        "null",
        "empty",
        "the",
        "one",
        "unset",
        "absent",
        "error",
        "errors",
        "slow",
        "rest",
        "keep",
        "drop",
        "all",
        "none",
        "any",
        "over",
        "above",
        "under",
        "below",
        "either",
        "less",
        "more",
        "at",
        "get",
        "post",
        "put",
        "delete",
    }
)
# As in "our bill doubled, so limit it to ...", "keep 429s because clients complain".
_REASONS: Final = (
    re.compile(
        r"(?:(?<=[.!?\n])|(?<=^))[ \t]*(?P<why>[^.!?\n:;]{5,140}?,?[ \t]+(?:and )?so)[ \t,]+(?P<does>(?:please |just |let's |can (?:you|we) |could (?:you|we) |we )*"
        r"(?:keep|drop|sample|limit|cap|save|store|discard|retain|take|throttle)\b[ \t]*[\w]*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<does>\w+[ \t%]*)(?P<why>[ \t,(]+(?:because(?! of)|as (?=we|they|nobody)|while (?=we|they|i ))[^.!?\n;:,()]{4,90}\)?)(?=[.!?\n;,]|$)",
        re.IGNORECASE,
    ),
)
# A reason in front must be of such a thing: of anything else, the clause may be about it alone.
_OF_MONEY: Final = re.compile(
    r"\b(?:bills?|costs?|budgets?|quotas?|storage|expensive|money|price[sy]?|volume|finance|boss|manager|management|sale|launch|deadline|audit|holidays?|weekend|disks?|bandwidth|invoice|honeycomb|refinery|contract|overage|noise)\b",
    re.IGNORECASE,
)
_OF_TRACES: Final = re.compile(
    r"[/%=<>\d]|\w\.\w|_|\b(?:errors?|fail\w*|slow\w*|fast\w*|keep\w*|drop\w*|sampl\w+|rest|everything|anything|nothing|all|every|each|only|except|unless|never|always|services?|routes?|endpoints?"
    r"|traces?|requests?|calls?|GETs?|POSTs?|PUTs?|DELETEs?|status|spans?|roots?|want|need|must|should|half|tenth|percent|seconds?|minutes?|until|if|when|where|but|from|matters?|important|care)\b",
    re.IGNORECASE,
)
_POINTS_BACK: Final = re.compile(
    r".*\b(?:it|them|that|those|these|this|both|its|their)\b", re.IGNORECASE | re.DOTALL
)


def missing_fields(text: str) -> list[Put]:
    """Read "channel=web 5%, no channel set: 1%": one word is a field where it is compared."""
    fields = {one[1]: one[1] for one in _COMPARED.finditer(text)}
    fields |= _last_words(text)
    return [
        (*one.span(), _missing(fields[name], text[: one.start()], one[0]), one.start())
        for one in _LACKING.finditer(text)
        if (name := one["one"] or one["two"]) in fields
    ]


def _last_words(text: str) -> dict[str, str]:
    """Return of the last word of each dotted field the field, where it is of one alone."""
    found: dict[str, set[str]] = {}
    for one in _A_FIELD.finditer(text):
        found.setdefault(re.split(r"[._]", one[0])[-1], set()).add(one[0])
    return {word: fields.pop() for word, fields in found.items() if len(fields) == 1}


def _missing(field: str, before: str, said: str) -> str:
    is_dotted = "." in field or "_" in field
    if (
        is_dotted
        and said.lower().startswith(("without", "w/o", "lacking"))
        and re.search(r"\w[ \t]+$", before)
    ):
        return f"without {field}"
    return f"{field} is missing" if "." in field or "_" in field else f"field {field} is missing"


def field_again(text: str) -> list[Put]:
    """Put in the field that "that field" stands for, where it is the only one before."""
    found: list[Put] = []
    for one in _THAT_FIELD.finditer(text):
        before = {field[0] for field in _A_FIELD.finditer(text, 0, one.start())}
        if len(before) == 1:
            found.append((*one.span(), before.pop(), one.start()))
    return found


def values_again(text: str) -> list[Put]:
    """Read "db.system = mysql errors all, mysql 5%": a value that only one field was said to have."""
    fields: dict[str, set[str]] = {}
    first: dict[str, int] = {}
    for one in _VALUE_OF.finditer(text):
        fields.setdefault(one["value"], set()).add(one["field"])
        first.setdefault(one["value"], one.end())
    found: list[Put] = []
    for value, of in fields.items():
        again = re.compile(_IN_CLAUSE.replace("VALUE", re.escape(value)), re.IGNORECASE)
        if len(of) == 1 and value.lower() not in _NO_VALUES:
            name = next(iter(of))
            found += [
                (*one.span("value"), f"{name} = {value}", first[value] - 1)
                for one in again.finditer(text, first[value])
            ]
    return found


def reasons(text: str) -> list[Put]:
    """Cut the reason in front of "so limit ...", or behind "because", that speaks of no traces."""
    return [
        (*one.span("why"), " ", one.start("why"))
        for number, pattern in enumerate(_REASONS)
        for one in pattern.finditer(text)
        if _OF_TRACES.search(one["why"]) is None
        and (number or _OF_MONEY.search(one["why"]) is not None)
        and _POINTS_BACK.match(one["does"]) is None
    ]


def goes_on(text: str) -> list[Put]:
    """Put the verb of the sentence before into "Also the ones with status 422."."""
    found: list[Put] = []
    for one in _ALSO.finditer(text):
        verbs = [verb[0].lower() for verb in _VERBS.finditer(text, 0, one.start())]
        kinds = {_KEEPS.fullmatch(verb) is not None for verb in verbs}
        if len(kinds) == 1:
            said = f" {'keep' if kinds.pop() else 'drop'} "
            found.append((one.end("also"), one.end("also"), said, one.start("also")))
    return found


def of_field(text: str) -> list[Put]:
    """Read "tenant big-corp: all, tenant small-co: 10%. (field tenant.name)": said once of all."""
    given = list(_GIVEN_FIELD.finditer(text))
    if len(given) != 1:
        return []
    field = given[0]["field"] or given[0]["later"]
    nouns = "|".join(map(re.escape, re.split(r"[._]", field)))
    used = re.compile(
        rf"(?<![\w.])(?:{nouns})s?(?:[ \t]*==?[ \t]*|[ \t]+)(?P<value>[A-Za-z][\w-]*)(?=[ \t]*(?::|->|=>|\u2192|=)|[ \t]+(?:\d|all\b|keep\b|drop\b|none\b|half\b|one in\b))",
        re.IGNORECASE,
    )
    puts = [
        (*one.span(), f"{field} = {one['value']}", one.start())
        for one in used.finditer(text)
        if one["value"].lower() not in _NO_VALUES
    ]
    return [*puts, (*given[0].span(), "", given[0].start())] if len(puts) > 1 else []


def grpc_statuses(text: str) -> list[Put]:
    """Read "rpc.grpc.status_code 7: all; status 0: 1%": the later one is of gRPC, too."""
    first = text.find("rpc.grpc.status_code")
    if first < 0:
        return []
    return [
        (*one.span(), f"rpc.grpc.status_code {one[1]}", first)
        for one in _SHORT_STATUS.finditer(text, first)
    ]


def told(text: str) -> list[Put]:
    """Read "services a-b and c-d run in the stores." as no more than that they are spoken of.

    What follows must say what becomes of them: a topic of which nothing is said is asked about.
    """
    return [
        (*one.span("does"), f" {'are' if ' ' in one['np'] else 'is'} new", one.start("does"))
        for one in _TOLD.finditer(text)
        if _OF_TRACES.search(one["does"]) is None
        and _WISHES.search(one["does"]) is None
        and _POINTS_BACK.match(re.split(r"[.!?\n](?=\s|$)", text[one.end() + 1 :])[0]) is not None
    ]
