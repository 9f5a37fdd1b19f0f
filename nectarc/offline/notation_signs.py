# ruff: noqa: E501 - patterns are read in one piece
"""Signs and short forms of notes, each with the words that it stands for: "~1%", "1/20th", "\u2713".

Owns: the table. Must not know: where in a text they stand. Truth: docs/intent.md, "Notes".
"""

from __future__ import annotations

import re
from typing import Final

SIGNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"[ \t]*\+[ \t]*(?:sub-?paths|children)\b", " and below"),
        (r"(?<=/)[ \t]+prefix\b", "*"),
        (r"(?<![\w.])UA(?=[ \t]+(?:contains|has|starts|=|~|is|like))", "user_agent.original"),
        (
            r"(?<![\w=~])(?:~[ \t]*|\u2248[ \t]*|ca\.?[ \t]+|circa[ \t]+|approx(?:\.|imately)?[ \t]+|c\.[ \t]*)(?=\d)",
            "about ",
        ),
        (r"(?<=%)[ \t]+(?:max(?:imum)?|tops|at (?:the )?most|at max|or so|ish)\b\.?", ""),
        (r"(?<=\b1/\d0)th\b|(?<=\b1/\d00)th\b|(?<=\b1/\d)th\b|(?<=\b1/\d\d00)th\b", ""),
        (r"(?<![\d,.])0,(?=\d+[ \t]?%)", "0."),
        (r"(?<=\d) of (?=100?0?\b)", " in "),
        (
            r"(?<=\S)[ \t]*[:=-]?[ \t]*[\u2713\u2714\u2705]\ufe0f?(?=[ \t]*(?:[;,.\n|)]|$))",
            ": keep",
        ),
        (
            r"(?<=\S)[ \t]*[:=-]?[ \t]*[\u2717\u2718\u274c\u2715\u2716]\ufe0f?(?=[ \t]*(?:[;,.\n|)]|$))",
            ": drop",
        ),
        (
            r"(?:->|=>|\u2192|:)[ \t]*(?:/dev/null|trash|the trash|bin|the bin|null|nowhere|nil)(?=[ \t]*(?:[;,.\n]|$))",
            ": drop",
        ),
        (r"(?:(?<=[;,\n])|^)[ \t]*rm[ \t]+(?=/)", "drop "),
        (r"(?<=\w)[ \t]*[:=]?[ \t]+off(?=[ \t]*(?:[;,.\n]|$))", ": drop"),
        (
            r"\b(?:sample[ -])?rate[ \t]*[:=]?[ \t]*(?=1[ \t]?[:/][ \t]?\d|1 in \d|\d+(?:\.\d+)?[ \t]?%)",
            "",
        ),
        (r"(?<![\w:/])1:1(?![\w:])", "100%"),
        (r"[{](?=1[:/]\d+[}])|(?<=\d)[}](?=[ \t]*(?:[;,.\n]|$))", ""),
        (r"\u00bd", " half "),
        (r"\bby (?=1[:/]\d)", "at "),
        # Services by a part of their names, and names that say that they are services.
        (r"(?<![\w.])services?[ \t]+([\w-]+)\*(?!\w)", r'service.name starts with "\1"'),
        (r"(?<![\w.*/-])([\w-]+)\*[ \t]+services\b", r'service.name starts with "\1"'),
        (r"(?<![\w.])\*([\w-]+)[ \t]+services\b", r'service.name ends with "\1"'),
        (
            r"(?<![\w.])services?[ \t]+(?:names?[ \t]+)?(?:that[ \t]+|which[ \t]+|whose names?[ \t]+)?(?:begin|start)(?:s|ning|ing)?[ \t]+with[ \t]+[\"'`]?([\w-]+)[\"'`*]*(?!\w)",
            r'service.name starts with "\1"',
        ),
        (
            r"(?<![\w.])services?[ \t]+(?:names?[ \t]+)?(?:that[ \t]+|which[ \t]+|whose names?[ \t]+)?end(?:s|ing)?[ \t]+(?:with|in)[ \t]+[\"'`]?([\w-]+)[\"'`]?(?!\w)",
            r'service.name ends with "\1"',
        ),
        (
            r"(?<![\w.=/\"'-])(?<!service )(?<!services )(?<!called )(?<!named )(?<!= )(?<!is )(?<!== )([a-z][\w-]*-(?:service|svc))(?![\w.-])(?![ \t]+services?\b)",
            r"service \1",
        ),
        (
            r"\b((?:starts?|starting|begins?|beginning|ends?|ending)[ \t]+(?:with|in))[ \t]+([\w.-]*\w[-._]|-[\w.-]+)(?=[ \t]*(?:[:,;)]|$)|[ \t]+\w)",
            r'\1 "\2"',
        ),
    )
)
