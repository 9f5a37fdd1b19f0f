"""What of the corpus may leave the machine: names, shapes and pseudonyms, no values.

Owns: `Redactor`: what stands for a value, and the way back. Must not know: what the prompt says.
Truth: ../shared/design/product.md ("with values redacted unless allowed"); docs/intent.md.

Sent as they are: values of closed vocabularies (`public_values`), values that the user typed, and
those that `Allowed` names. A known value of the corpus is called by a pseudonym, the same wherever
it occurs, that `restored` turns back; any other is a shape.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from nectarc.claude.public_values import is_coded, is_public
from nectarc.claude.requests import Allowed, Ask
from nectarc.records import record
from nectarc.semantics.conventions import conventions
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.reserved import reserved
from nectarc.trace import Float32, Uint64, Value

_LENGTH_MAX: Final = 120
# A shorter text is a letter or two of any word.
_HIDDEN_MIN: Final = 2
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-/]{0,63}")
# A run of digits, or a word of hexadecimal digits: an id in a field's name.
_ID_LIKE: Final = re.compile(r"[0-9]{4,}|(?<![a-z0-9])(?=[a-f]*[0-9])[0-9a-f]{6,}(?![a-z0-9])")
_PROBE: Final = re.compile(
    r"(?:^|[/._-])(?:health|healthz|healthcheck|ready|readyz|readiness|live|livez|liveness|ping"
    r"|heartbeat|probe)(?:$|[/._-])",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W_]{4,}")
_ALIAS_LIKE: Final = re.compile(
    r"<(?:text|digits|bytes):[0-9]+>|<number [^>]*>|(?<![A-Za-z0-9_])[a-z]+(?:-[a-z]+)*-[0-9]+"
)
_LITERAL: Final = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"")
_TRACE_ID: Final = re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{8,32}\b", re.IGNORECASE)
_STEPS: Final = tuple(step * 10.0**power for power in range(-3, 16) for step in (1, 2, 5))


@record
class Alias:
    """A pseudonym as Claude is told of it.

    is_probe: the value looks like a health check.  words: of the user, that the value holds.
    """

    name: str
    is_probe: bool
    words: tuple[str, ...]


@record
class Sent:
    """What of a corpus may be named.

    names:    field names, the most frequent first.
    known:    the texts of fields of few values, by field.
    withheld: how many field names look like values, and are not sent.
    """

    names: tuple[str, ...]
    known: Mapping[str, tuple[str, ...]]
    withheld: int


class Redactor:
    """What stands for the values of one corpus in one conversation."""

    __slots__ = ("_aliases", "_allowed", "_own", "_pattern", "_real", "_sent")

    def __init__(
        self, sent: Sent, aliases: Mapping[str, Alias], own_words: str, allowed: Allowed
    ) -> None:
        """Hold the pseudonyms: value -> its alias."""
        self._sent = sent
        self._aliases = aliases
        self._allowed = allowed
        self._own = own_words.casefold()
        self._real = {alias.name: value for value, alias in aliases.items()}
        self._pattern = _pattern_of(self._real)

    @property
    def names(self) -> tuple[str, ...]:
        """The field names that may be sent, the most frequent first."""
        return self._sent.names

    @property
    def withheld(self) -> int:
        """How many field names are not sent, since they look like values."""
        return self._sent.withheld

    def is_name_sent(self, name: str) -> bool:
        """Say whether a field's name may be sent; a policy may name fields that no corpus has."""
        return reserved(name) is None and may_be_sent(name, self._own, self._allowed)

    def known_values(self, field: str) -> tuple[str, ...]:
        """Return the texts that are known of a field of few values."""
        return self._sent.known.get(field, ())

    def is_sent_raw(self, field: str, value: Value) -> bool:
        """Say whether the value may be sent as it is."""
        if self._allowed.all_values or field in self._allowed.fields or is_public(field, value):
            return True
        return isinstance(value, str) and is_said(value, self._own)

    def alias(self, value: str) -> Alias | None:
        """Return what the value is called, None where it is not one of the known ones."""
        return self._aliases.get(value)

    def is_marked(self, value: str) -> bool:
        """Say whether a known value has to do with the user's words, or with health checks."""
        alias = self._aliases.get(value)
        return alias is None or alias.is_probe or bool(alias.words)

    def unknown_aliases(self, text: str) -> tuple[str, ...]:
        """Return what looks like a pseudonym or a withheld value and stands for nothing."""
        stems = {name.rpartition("-")[0] for name in self._real}
        found = (one[0] for one in _ALIAS_LIKE.finditer(text))
        return tuple(
            one
            for one in found
            if one.startswith("<") or (one.rpartition("-")[0] in stems and one not in self._real)
            if not is_said(one, self._own)
        )

    def shown(self, field: str, value: Value, exact: Collection[float] = ()) -> Value:
        """Return what is sent for a value of a span: itself, its pseudonym or its shape.

        exact: numbers that are known already (thresholds of the policy): one of them is shown.
        """
        if self.is_sent_raw(field, value):
            return value[:_LENGTH_MAX] if isinstance(value, str) else value
        if isinstance(value, str):
            return self.text_shown(value)
        if isinstance(value, (int, float)):
            return number_shown(float(value), exact)
        if isinstance(value, (Uint64, Float32)):
            return number_shown(float(value.value), exact)
        if isinstance(value, bytes):
            return f"<bytes:{len(value)}>"
        return "<map>" if isinstance(value, Mapping) else "<list>"

    def text_shown(self, value: str) -> str:
        """Return the pseudonym of a text that may not be sent, or its shape."""
        alias = self._aliases.get(value)
        if alias is not None:
            return alias.name
        kind = "digits" if value.isascii() and value.isdigit() else "text"
        return f"<{kind}:{len(value)}>"

    def knowing(self, said: str) -> Redactor:
        """Return a redactor that also shows what Claude itself said: that is no news to it."""
        return Redactor(self._sent, self._aliases, f"{self._own}\n{said}", self._allowed)

    def match_shown(self, match: str) -> str:
        """Return a match expression with pseudonyms for its texts, or their shapes."""
        return _LITERAL.sub(lambda found: self._literal_shown(found[0]), match)

    def hidden(self, text: str) -> str:
        """Return a text of ours (a claim, a question) without values and ids of traces."""
        text = _TRACE_ID.sub("<id>", self.match_shown(text))
        folded = text.casefold()
        for value in sorted(self._aliases, key=len, reverse=True):
            if len(value) < _HIDDEN_MIN or self._is_free(value):
                continue
            for form in dict.fromkeys((value, kebab(value))):
                if form.casefold() in folded and len(form) >= _HIDDEN_MIN:
                    pattern = rf"(?<![A-Za-z0-9_.]){re.escape(form)}(?![A-Za-z0-9_.])"
                    text = re.sub(pattern, self._aliases[value].name, text, flags=re.IGNORECASE)
        return text

    def free_text_shown(self, text: str, instead: str) -> str:
        """Return a text of people (a rule's name), or `instead` where it names a known value."""
        folded = text.casefold()
        hidden = (one for one in self._aliases if len(one) > 2 and not self._is_free(one))
        forms = (form for one in hidden for form in (one.casefold(), kebab(one)) if len(form) > 2)
        return instead if any(form in folded for form in forms) else text

    def restored(self, text: str) -> str:
        """Return a text of Claude's with the real values in place of their pseudonyms."""
        return self._pattern.sub(lambda found: self._real[found[0]], text)

    def restored_pattern(self, pattern: str) -> str:
        """Return a regular expression of Claude's with the real values, taken literally."""
        return self._pattern.sub(
            lambda found: re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", self._real[found[0]]), pattern
        )

    def _literal_shown(self, literal: str) -> str:
        value = literal_text(literal)
        alias = self._aliases.get(value)
        if self._is_free(value) or value in self._real:
            return literal
        return quoted(alias.name if alias is not None else self.text_shown(value))

    def _is_free(self, value: str) -> bool:
        return self._allowed.all_values or is_said(value, self._own)


def redactor_of(ask: Ask) -> Redactor:
    """Return the redactor of a conversation; the same question and corpus give the same one."""
    own = ask.own_words
    usable = [name for name in _by_frequency(ask) if reserved(name) is None]
    names = [name for name in usable if may_be_sent(name, own, ask.allowed)]
    aliases: dict[str, Alias] = {}
    taken = {value for values in ask.vocabulary.values.values() for value in values}
    known = {name: _texts_of(name, ask) for name in names}
    for field, values in known.items():
        _call(field, values, aliases, _Naming(own, taken, ask.allowed))
    texts = (literal_text(found[0]) for found in _LITERAL.finditer(ask.policy))
    texts = (text for text in texts if not _is_number(text))
    _call("text", texts, aliases, _Naming(own, taken, ask.allowed))
    sent = Sent(tuple(names), known, len(usable) - len(names))
    return Redactor(sent, aliases, own, ask.allowed)


def may_be_sent(name: str, own_words: str, allowed: Allowed) -> bool:
    """Say whether a field's name is a name: conventional, typed by the user, or like one."""
    if name in conventions().names or name in ALIASES or name in allowed.fields:
        return True
    if allowed.all_values or is_said(name, own_words.casefold()):
        return True
    return _NAME.fullmatch(name) is not None and not _ID_LIKE.search(name.lower())


def kebab(text: str) -> str:
    """Return a text as the names of rules are written."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def is_said(value: str, folded: str) -> bool:
    """Say whether `value` stands in the user's own words (case-folded), not inside a word."""
    wanted = value.casefold()
    at = folded.find(wanted) if wanted.strip() else -1
    while at >= 0:
        end = at + len(wanted)
        if _is_edge(folded, at) and _is_edge(folded, end):
            return True
        at = folded.find(wanted, at + 1)
    return False


def number_shown(value: float, exact: Collection[float] = ()) -> str:
    """Return the two round numbers (1, 2, 5 and so on) around a number; itself if it is `exact`."""
    if value in exact:
        return f"<number {value:g}>"
    if value == 0:
        return "<number 0>"
    edges = sorted({*_STEPS, *(abs(one) for one in exact if one)})
    at = bisect_right(edges, abs(value))
    low = f"{edges[at - 1]:g}" if at else "0"
    sign = "-" if value < 0 else ""
    if not at < len(edges):
        return f"<number beyond {sign}{low}>"
    return f"<number {sign}{low} to {sign}{edges[at]:g}>"


def quoted(text: str) -> str:
    """Return a text as a literal of the policy language."""
    import json  # noqa: PLC0415 - most texts need no escapes

    plain = "'" not in text and text.isprintable()
    return f"'{text}'" if plain else json.dumps(text, ensure_ascii=False)


def literal_text(literal: str) -> str:
    """Return what a text literal of the policy language says; a wrong escape stays as it is."""
    import json  # noqa: PLC0415

    if literal.startswith("'"):
        return literal[1:-1]
    try:
        found: object = json.loads(literal, strict=False)
    except ValueError:
        return literal[1:-1]
    return str(found)


@record
class _Naming:
    own: str
    taken: set[str]
    allowed: Allowed


def _call(field: str, values: Iterable[str], aliases: dict[str, Alias], naming: _Naming) -> None:
    """Give pseudonyms to those of the values that have none and need one."""
    folded = naming.own.casefold()
    stem = _stem(field)
    number = sum(alias.name.startswith(stem + "-") for alias in aliases.values())
    words = dict.fromkeys(_WORD.findall(folded))
    for value in values:
        free = naming.allowed.all_values or field in naming.allowed.fields
        if value in aliases or free or is_public(field, value) or is_said(value, folded):
            continue
        number += 1
        # A pseudonym that were a real value, or the user's word, could not be turned back.
        while f"{stem}-{number}" in naming.taken or is_said(f"{stem}-{number}", folded):
            number += 1
        held = tuple(word for word in words if word in value.casefold())
        aliases[value] = Alias(f"{stem}-{number}", _PROBE.search(value) is not None, held)


def _texts_of(field: str, ask: Ask) -> tuple[str, ...]:
    # Numbers have no pseudonyms: two round numbers around them say more.
    if ask.vocabulary.fields.get(field, ("string",))[:1] != ("string",) and not is_coded(field):
        return ()
    return tuple(ask.vocabulary.values.get(field, ()))


def _stem(field: str) -> str:
    """Return what values of a field are called: `service` of `service.name`, `route`, `tenant`."""
    parts = [part for part in re.split(r"[^a-z]+", field.lower()) if part]
    while len(parts) > 1 and parts[-1] in {"name", "id", "key", "value", "type"}:
        parts.pop()
    last = parts[-1] if parts else "value"
    return f"span-{last}" if last == "name" else last


def _by_frequency(ask: Ask) -> list[str]:
    schema = ask.vocabulary.schema
    if schema is None:
        return sorted(ask.vocabulary.fields)
    known = schema.fields
    return sorted(
        ask.vocabulary.fields, key=lambda name: (-known[name].spans if name in known else 0, name)
    )


def _pattern_of(real: Collection[str]) -> re.Pattern[str]:
    if not real:
        return re.compile(r"(?!)")
    names = "|".join(re.escape(name) for name in sorted(real, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{names})(?![A-Za-z0-9_])")


def _is_edge(text: str, at: int) -> bool:
    """Say whether no word goes on across the place `at`."""
    return at in (0, len(text)) or not (_in_word(text[at - 1]) and _in_word(text[at]))


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9.]{1,3}", text))
