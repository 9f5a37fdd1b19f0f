"""Words of a form: quoted text, paths, file extensions, field names, methods, class names, signs.

Owns: their patterns. Must not know: which words there are. Truth: docs/intent.md, "Words".
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.offline.literals import Literal
from nectarc.offline.tokens import Name

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT")
ROUTE_FIELDS: Final = ("http.route", "url.path", "http.target")

_QUOTED: Final = re.compile(
    r"\"([^\"\n]{1,200})\"|“([^”“\n]{1,200})[”“]|„([^“”\n]{1,200})[“”]|`([^`\n]{1,200})`"
    r"|«([^»\n]{1,200})»|\u2018([^\u2019\n]{1,200})\u2019(?!\w)|(?<!\w)'([^'\n]{1,200})'(?!\w)"
)
_PATH: Final = re.compile(r"/(?:[\w\-.~{}:*%@+$<>=&?#/\[\]!]*[\w\-~{}*%@+$>=/\]])?")
_EXTENSION: Final = re.compile(r"\*?(\.[A-Za-z][A-Za-z0-9]{1,5})(?![\w.]*\w)")
_FIELD: Final = re.compile(
    r"[A-Za-z_][\w\-]*(?:\.[A-Za-z_][\w\-]*)+(?![\w])|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?![\w-])"
)
_METHOD: Final = re.compile(rf"({'|'.join(METHODS)})(?:['\u2019]?s|es)?(?![\w-])")
_CAPITAL: Final = re.compile(
    r"(?:[A-Za-z_]\w*\.)*(?:[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+|[A-Z]\w*(?:Error|Exception))(?![\w.]*\w)"
)
# What names itself with its version: "curl/8.0", "ELB-HealthChecker/2.0".
_AGENT: Final = re.compile(r"[A-Za-z][\w-]*/\d+(?:\.\d+)+(?![\w/])")
_CAMEL: Final = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)+(?!\w)")
_ABBREVIATION: Final = re.compile(r"(?:e\.g|i\.e|p\.s|a\.k\.a|etc)\.?(?![A-Za-z])", re.IGNORECASE)
_URL: Final = re.compile(r"https?://[^\s,;)\"'>]+", re.IGNORECASE)
_COMPARE: Final = (
    ("===", "=="), (":=", "=="), ("==", "=="), ("!=", "!="), ("<>", "!="), (">=", ">="),
    ("=>", "=>"), ("<=", "<="), ("=<", "<="), ("≥", ">="), ("≤", "<="), ("≠", "!="), ("=", "=="),
    (">", ">"), ("<", "<"),
)  # fmt: skip
_SIGNS: Final = {
    ",": "COMMA", ";": "SEMICOLON", ":": "COLON", "(": "LPAR", ")": "RPAR", "[": "LBRACKET",
    "]": "RBRACKET", "/": "SLASH", "+": "PLUS", "&": "PLUS", "|": "BAR", "—": "DASH",
    "\u2013": "DASH", "→": "ARROW", "⇒": "ARROW", "~": "ABOUT", "≈": "ABOUT", "、": "COMMA",
}  # fmt: skip
_ARROWS: Final = re.compile(r"-+>|=>|~>|→|⇒")
# Faces and greetings, text or picture, end what was said and ask for nothing. Pictures that may
# say what to do (a bin, a tick, a cross) are not among them.
_SMILEY: Final = re.compile(
    r"(?:[:;]['\u2019]?-?[()DPp]|[\U0001F600-\U0001F64F]|[\U0001F44B\U0001F389\U0001F680\u2764]\uFE0F?)"
    r"[\U0001F3FB-\U0001F3FF]?(?!\w)"
)
_STOP: Final = re.compile(r"[.!?…]+")
_DASHES: Final = re.compile(r"-{1,3}")
_WORD: Final = re.compile(r"[^\W_]\w*(?:['\u2019](?=\w)\w+|-(?=\w)\w+)*(?:['\u2019](?!\w))?")
_OTHER: Final = re.compile(
    r"[^\w\s,;:()\[\]/+&|—\u2013→⇒~≈.!?…\-<>=\"'`“”\u2018\u2019«»]+|.", re.DOTALL
)
# Words with a point in them that sentences without a blank after the stop make: "errors.Drop".
_GLUED: Final = re.compile(r"([a-z]{2,})\.([A-Z][a-z]+)$")


def form_at(text: str, at: int) -> Literal | None:
    """Return the word of a form that begins at `at`."""
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        inner = next(group for group in quoted.groups() if group is not None)
        return _quoted(inner, quoted.end())
    url = _URL.match(text, at)
    if url is not None:
        return Literal(("URL", "WORD"), url[0], url.end())
    if text[at] == "/":
        return _path(text, at)
    if text[at] in ".*":
        match = _EXTENSION.match(text, at)
        is_free = at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "_)]")
        return Literal(("EXTENSION",), match[1], match.end()) if match and is_free else None
    return _named_form(text, at)


def sign_at(text: str, at: int) -> Literal:
    """Return the sign, or the run of signs that mean nothing, at `at`."""
    smiley = _SMILEY.match(text, at)
    if smiley is not None and (at == 0 or text[at - 1].isspace() or text[at - 1] in ".!?,)"):
        return Literal(("STOP", "SMILEY"), None, smiley.end())
    arrow = _ARROWS.match(text, at)
    if arrow is not None:
        return Literal(("ARROW",), None, arrow.end())
    if text.startswith("//", at) and not text[at + 2 : at + 3].strip():
        return Literal(("SEMICOLON",), None, at + 2)  # "errors all // rest 1%"
    if text.startswith(("&&", "||"), at):
        return Literal(("WORD",), None, at + 2)
    for sign, meant in _COMPARE:
        if text.startswith(sign, at):
            return Literal(("COMPARE",), meant, at + len(sign))
    stop = _STOP.match(text, at)
    if stop is not None:
        return Literal(("STOP",), None, stop.end())
    dashes = _DASHES.match(text, at)
    if dashes is not None:
        before = text[at - 1 : at] if at else ""
        after = text[dashes.end() : dashes.end() + 1]
        is_tight = before.isalnum() and after.isalnum() and len(dashes[0]) == 1
        return Literal(("HYPHEN", "DASH") if is_tight else ("DASH",), None, dashes.end())
    kind = _SIGNS.get(text[at])
    if kind is not None:
        return Literal((kind,), None, at + 1)
    other = _OTHER.match(text, at)
    return Literal(("SYMBOL",), None, other.end() if other is not None else at + 1)


def word_end(text: str, at: int) -> int:
    """Return the end of the plain word at `at`, `at` where there is none."""
    match = _WORD.match(text, at)
    return match.end() if match is not None else at


def _quoted(inner: str, end: int) -> Literal:
    said = inner.strip()
    if said.startswith("/") and " " not in said:
        return Literal(("PATH", "QUOTED"), Name(said, ROUTE_FIELDS), end)
    if _FIELD.fullmatch(said):
        return Literal(("FIELD", "QUOTED"), said, end)
    return Literal(("QUOTED",), said, end)


def _path(text: str, at: int) -> Literal | None:
    if at and (text[at - 1].isalnum() or text[at - 1] in "_)%"):
        return None
    match = _PATH.match(text, at)
    if match is None:
        return None
    said, end = match[0], match.end()
    if said.endswith("/") and text.startswith(("...", "\u2026"), end):
        # "/api/...": all that lies below it.
        return Literal(
            ("PATH",), Name(f"{said}*", ROUTE_FIELDS), end + len("...") - 2 * (text[end] != ".")
        )
    while said.count("]") > said.count("[") or said.endswith("="):
        said, end = said[:-1], end - 1
    if said.startswith("//") and not said.strip("/"):
        return None
    if said == "/":
        is_alone = text[end : end + 1].isspace() and at > 0 and text[at - 1].isspace()
        kinds = ("SLASH", "PATH") if is_alone else ("PATH", "SLASH")
        return Literal(kinds, Name(said, ROUTE_FIELDS), end)
    return Literal(("PATH",), Name(said, ROUTE_FIELDS), end)


def _named_form(text: str, at: int) -> Literal | None:
    agent = _AGENT.match(text, at)
    if agent is not None:
        return Literal(("WORD",), None, agent.end())
    short = _ABBREVIATION.match(text, at)
    if short is not None:
        return Literal(("ABBREVIATION",), None, short.end())
    method = _METHOD.match(text, at)
    if method is not None:
        return Literal(("METHOD",), method[1], method.end())
    match = _CAPITAL.match(text, at)
    if match is not None and not _GLUED.match(match[0]):
        kinds = ("CAPITAL", "FIELD") if "." in match[0] or "_" in match[0] else ("CAPITAL",)
        return Literal(kinds, match[0], match.end())
    match = _FIELD.match(text, at)
    if match is not None:
        glued = _GLUED.match(match[0])
        return None if glued else Literal(("FIELD",), match[0], match.end())
    match = _CAMEL.match(text, at)
    return Literal(("CAPITAL", "FIELD"), match[0], match.end()) if match is not None else None
