"""What is said about a mistake inside one token, whatever the sentence around it is.

Owns: quotes, escapes, numbers, durations, names. Must not know: the sentences of match or action.
Truth: docs/language.md, section 3 (literals, names).
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.codes import finding
from nectarc.syntax.automaton import BAD, Token
from nectarc.syntax.bad_tokens import SMART_QUOTES
from nectarc.syntax.literals import KEYWORDS, is_plain_name
from nectarc.syntax.scene import NAMES, NO_MEANING, Repair, Scene

# What joins words to a name that is not plain; the empty text at the end of a cell joins nothing.
_JOINED: Final = frozenset("-:/@#$%.")


def explain_piece(scene: Scene) -> Repair | None:
    """Explain a mistake inside one token, whatever the sentence around it is."""
    token = scene.token
    before = scene.before()
    is_adjacent = before.end == token.start and before.type in NAMES and token.type != "COLON"
    if is_adjacent and (token.text[:1] in _JOINED or (token.type == BAD and token.text.isalpha())):
        return name_in_backticks(scene, before.start)
    if token.type != BAD:
        return None
    first = token.text[0]
    if first == '"':
        return _bad_string(scene)
    if first in "'`":
        return _unclosed(scene)
    if first in SMART_QUOTES:
        return _smart_quotes(scene)
    if first.isdecimal() or (first in "+-." and len(token.text) > 1):
        return _bad_number(scene)
    if first.isalpha() or first == "_":
        return _bad_word(scene)
    return None


def name_in_backticks(scene: Scene, start: int) -> Repair:
    """Say that the run of name characters from offset `start` is a name for backticks."""
    reading = scene.reading
    end, _ = scene.run_end(start)
    name = reading.text[start:end]
    if name == "root.":
        return scene.give_up(
            finding(
                "NEC062",
                reading.span(start, end),
                "`root.` has no field after it",
                help="write a field of the root span: root.http.route",
            )
        )
    written = f"root.`{name[5:]}`" if name.startswith("root.") else f"`{name}`"
    return Repair(
        finding(
            "NEC052",
            reading.span(start, end),
            f"the name `{name}` needs backticks",
            label="a plain name has letters a to z, digits, `_` and single dots between words",
            help=f"write {written}",
            fixes=reading.replacement("put the name in backticks", start, end, written),
        )
    )


# A text, compiled when it is needed: most starts see no wrong escape.
_WRONG_ESCAPE: Final = r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})(?:u[0-9a-fA-F]{0,4}|.)'


def _bad_string(scene: Scene) -> Repair:
    reading, token = scene.reading, scene.token
    if len(token.text) < 2 or not token.text.endswith('"') or _ends_escaped(token.text):
        return _unclosed(scene)
    hit = re.search(_WRONG_ESCAPE, token.text, re.DOTALL)
    escape = hit.group() if hit else "\\"
    start = token.start + (hit.start() if hit else 0)
    body = token.text[1:-1]
    raw = Token("RAW_STRING", f"'{body}'", token.start, token.end)
    is_raw = "'" not in body
    diagnostic = finding(
        "NEC045",
        reading.span(start, start + len(escape)),
        f"`{escape}` is no escape of a text in double quotes",
        why="\"text\" takes the escapes of JSON only; a pattern is easier to write as 'text'",
        help=f"write {raw.text}" if is_raw else f"write `\\{escape}`",
        fixes=reading.replacement("write it in single quotes", token.start, token.end, raw.text)
        if is_raw
        else (),
    )
    return scene.go_on(diagnostic, raw)


def _ends_escaped(text: str) -> bool:
    # An even number of backslashes before the last quote leaves it a quote.
    body = text[:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _unclosed(scene: Scene) -> Repair:
    reading, token = scene.reading, scene.token
    quote = token.text[0]
    if token.text == "``":
        return Repair(
            finding(
                "NEC052",
                scene.source(),
                "there is no name between the backticks",
                help="write the name of a span field between them",
            )
        )
    is_name = quote == "`"
    opening = reading.span(token.start, token.start + 1)
    is_escaped = quote == '"' and token.text.endswith('\\"')
    return Repair(
        finding(
            "NEC044",
            opening,
            "the name in backticks is never closed" if is_name else "the string is never closed",
            label=f"opened by this {quote}",
            why=NO_MEANING,
            help="the last backslash escapes the closing quote: write `\\\\`, or single quotes"
            if is_escaped
            else f"write {quote} at its end",
        )
    )


def _smart_quotes(scene: Scene) -> Repair:
    reading, token = scene.reading, scene.token
    if len(token.text) < 2 or token.text[-1] not in SMART_QUOTES + "\"'":
        return Repair(
            finding(
                "NEC053",
                reading.span(token.start, token.start + 1),
                f"`{token.text[0]}` is no quote of this language",
                label="a typographic quote, as word processors write it",
                help="write '",
            )
        )
    # Neither quote character can stand inside: bad_tokens ends the piece there.
    straight = f"'{token.text[1:-1]}'"
    return scene.go_on(
        finding(
            "NEC053",
            scene.source(),
            "texts stand in straight quotes",
            label="typographic quotes, as word processors write them",
            help=f"write {straight}",
            fixes=reading.replacement("write '", token.start, token.end, straight),
        ),
        Token("RAW_STRING", straight, token.start, token.end),
    )


_UNITS: Final = {
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "msec": "ms",
    "millis": "ms",
    "milliseconds": "ms",
    "usec": "us",
    "µs": "us",
    "μs": "us",
    "min": "m",
    "mins": "m",
    "minute": "m",
    "minutes": "m",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "ns": "ns",
    "us": "us",
    "ms": "ms",
    "s": "s",
    "m": "m",
    "h": "h",
}
_DECIMAL: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def unit_of(word: str) -> str | None:
    """Return the unit of durations that `word` means, in any case or length, if any."""
    return _UNITS.get(word.lower())


def _bad_number(scene: Scene) -> Repair:
    reading, token = scene.reading, scene.token
    text = token.text
    hit = re.fullmatch(r"([+-]?)([0-9]+(?:\.[0-9]+)?)([^\W\d]+)", text)
    if hit and not text.lower().startswith("0x"):
        return _bad_duration(scene, *hit.groups())
    better = _better_number(text)
    diagnostic = finding(
        "NEC047",
        scene.source(),
        f"`{text[:40]}` is no number",
        label="numbers are written as in JSON: 500, -2.5, 1e6",
        why=NO_MEANING,
        help=f"write {better}"
        if better
        else "a name that starts with a digit stands in backticks, a text in quotes",
        fixes=reading.replacement(f"write {better}", token.start, token.end, better)
        if better
        else (),
    )
    if not better:
        return Repair(diagnostic)
    return scene.go_on(diagnostic, Token("NUMBER", better, token.start, token.end))


def _better_number(text: str) -> str:
    if len(text) > 40:
        return ""
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,13}", text):
        return str(int(text, 16))
    plain = text.lstrip("+").replace("_", "")
    sign, plain = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    hit = re.fullmatch(r"0*([0-9]*)(?:\.([0-9]*))?", plain)
    if not hit or not (hit.group(1) or hit.group(2) or "0" in plain):
        return ""
    fraction = f".{hit.group(2)}" if hit.group(2) else ""
    return f"{sign}{hit.group(1) or '0'}{fraction}"


def _bad_duration(scene: Scene, sign: str, number: str, unit: str) -> Repair:
    reading, token = scene.reading, scene.token
    known = unit_of(unit)
    better = "" if known is None else f"{number}{known}"
    if unit.lower() in {"d", "day", "days"} and number.isdigit():
        better = f"{int(number[:12]) * 24}h"
    if sign:
        headline = f"the duration `{token.text}` has a sign: durations are lengths of time"
    else:
        headline = f"`{unit}` is no unit of durations"
    diagnostic = finding(
        "NEC046",
        scene.source(),
        headline,
        label="the units are `ns`, `us`, `ms`, `s`, `m` and `h`",
        why=NO_MEANING,
        help=f"write {better}" if better else "write a number with one of them: 5s, 250ms, 1m30s",
        fixes=reading.replacement(f"write {better}", token.start, token.end, better)
        if better and not sign
        else (),
    )
    if not better:
        return Repair(diagnostic)
    return scene.go_on(diagnostic, Token("DURATION", better, token.start, token.end))


def _bad_word(scene: Scene) -> Repair:
    reading, token = scene.reading, scene.token
    word = token.text
    if word == "root":
        return Repair(
            finding(
                "NEC062",
                scene.source(),
                "`root` alone is no test",
                why="a trace that Refinery must decide early may have no root span yet",
                help="write `has_root`, or a field of the root span: `root.http.route`",
            )
        )
    is_root = word.startswith("root.")
    name = word[5:] if is_root else word
    label = "a plain name has letters a to z, digits, `_` and single dots between words"
    if is_root and name in KEYWORDS:
        headline = f"`{name}` is a keyword, no field name"
        label = "also after `root.`"
    else:
        headline = f"the name `{word[:60]}` needs backticks"
    written = f"root.`{name}`" if is_root else f"`{name}`"
    diagnostic = finding(
        "NEC052",
        scene.source(),
        headline,
        label=label,
        help=f"write {written}",
        fixes=reading.replacement("put the name in backticks", token.start, token.end, written)
        if name and not is_plain_name(word)
        else (),
    )
    if not name:
        return Repair(diagnostic)
    return scene.go_on(diagnostic, Token("QUOTED_NAME", written, token.start, token.end))
