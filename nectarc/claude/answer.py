"""What Claude's answer means: the typed intent and the policy, or what is wrong with it.

Owns: reading an answer. Must not know: the network, proofs. Truth: `schema.py`; docs/intent.md.

Every clause and promise must quote the user: a wish that stands in no word of the user's (an
instruction that came in with the data, or an invention) is a mistake, whatever the schema says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from nectarc.claude.conditions import TRUE, Names, match_of
from nectarc.claude.decoding import Part, decoded
from nectarc.claude.public_values import is_public
from nectarc.claude.redaction import Redactor, is_said, kebab
from nectarc.claude.requests import Ask
from nectarc.claude.schema import ORIGINS, TYPES
from nectarc.claude.wants import wanted_of
from nectarc.intent.drafts import Draft, DraftRule, action_text
from nectarc.intent.records import (
    Asks,
    Clause,
    FieldRow,
    Intent,
    KeepAll,
    Place,
    Promise,
    Question,
    Refuses,
    Wanted,
)
from nectarc.ir.nodes import FieldType
from nectarc.records import part as default_of
from nectarc.records import record, replace
from nectarc.syntax.parser import parse_match_text

_REQUIRE: Final = re.compile(r"keep|not drop|share (?:>=|<=) (?:0?\.[0-9]+|0|1(?:\.0+)?)")
_LINE_MAX: Final = 300
_NAME_MAX: Final = 60
_MISTAKES_MAX: Final = 12


@record(kw_only=True)
class Answer:
    """An answer that could be read: nothing is proven yet.

    literals: texts that its conditions compare with, as Claude wrote them.
    """

    intent: Intent
    draft: Draft
    literals: frozenset[str] = default_of(default=frozenset())


@record
class Mistakes:
    """An answer that cannot be taken; sentences that can be sent back."""

    mistakes: tuple[str, ...]


Read: TypeAlias = Answer | Asks | Refuses | Mistakes


def read_answer(text: str, ask: Ask, redactor: Redactor, name: str = "proposed") -> Read:
    """Read the text of an answer to `ask`; `name`: of the policy."""
    mistakes: list[str] = []
    whole = decoded(text, mistakes)
    if whole is None:
        return Mistakes(tuple(mistakes))
    whole.only("intent", "policy", "questions", "refusal")
    refusal = _refusal(whole.member("refusal"), redactor)
    questions = _questions(whole.member("questions"), redactor)
    if refusal is not None and not mistakes:
        return refusal
    policy = whole.member("policy").only("rules", "fields")
    rows = _field_rows(policy.member("fields"), redactor)
    types = {row.name: FieldType(row.type) for row in rows}
    names = Names(vocabulary=ask.vocabulary, redactor=redactor, types=types, literals=[])
    read = _IntentReader(ask, names)
    if questions:
        partly = read.clauses(whole.member("intent").member("clauses"), must_be_whole=False)
        # What is only half understood need not be right yet: the questions are what counts.
        return Asks(questions=questions, partly=partly)
    intent = read.intent(whole.member("intent"), rows)
    draft = _draft(policy.member("rules"), names, intent, name)
    if mistakes:
        # They go back to Claude: in its own words, with pseudonyms for what it knows as such.
        known = redactor.knowing(text)
        said = tuple(_line(known.hidden(one)) for one in dict.fromkeys(mistakes))
        return Mistakes(said[:_MISTAKES_MAX])
    notes = tuple(dict.fromkeys((*intent.notes, *read.guesses())))
    literals = frozenset(value for _, value in names.literals)
    return Answer(intent=replace(intent, notes=notes), draft=draft, literals=literals)


class _IntentReader:
    """Reads `intent`, with the user's words at hand."""

    __slots__ = ("_ask", "_folded", "_names")

    def __init__(self, ask: Ask, names: Names) -> None:
        self._ask = ask
        self._names = names
        self._folded = _folded(ask.own_words)

    def intent(self, part: Part, rows: tuple[FieldRow, ...]) -> Intent:
        part.only("clauses", "promises", "budget_per_second", "asides", "notes")
        clauses = self.clauses(part.member("clauses"), must_be_whole=True)
        promises = self._promises(part.member("promises"))
        budget = part.member("budget_per_second")
        per_second = budget.number()
        if per_second < 0:
            budget.wrong("a budget is above 0; 0 says that there is none")
        return Intent(
            text=self._ask.text,
            clauses=clauses,
            fields=rows,
            promises=promises,
            budget_per_second=per_second or None,
            asides=self._lines(part.member("asides")),
            notes=self._lines(part.member("notes")),
            answers=self._ask.answers,
        )

    def clauses(self, part: Part, *, must_be_whole: bool) -> tuple[Clause, ...]:
        items = part.items()
        found = [self._clause(item) for item in items]
        _report_twice(items, [clause.name for clause in found])
        rests = [number for number, clause in enumerate(found, 1) if clause.what == TRUE]
        if must_be_whole and rests != [len(found)]:
            part.wrong(
                "the last clause, and no other, must be about all other traces; where the user"
                " does not say what happens to them, ask a question"
            )
        return tuple(clause for clause in found if clause.what)

    def _clause(self, part: Part) -> Clause:
        part.only("name", "words", "of", "do", "origin", "wins")
        redactor = self._names.redactor
        words = redactor.restored(part.member("words").text())
        origin = part.member("origin").choice(ORIGINS)
        wanted = wanted_of(part.member("do"), redactor, words)
        self._check_origin(part, origin, words)
        if origin == "safety" and wanted != KeepAll():
            part.wrong("what the project's safety adds is always `keep`")
        return Clause(
            wanted=wanted,
            what=_match(part.member("of"), self._names),
            name=_name(part.member("name"), redactor),
            words="" if origin == "safety" else words,
            place=self._place(words) if origin == "words" else None,
            origin=origin,
            wins=_line(redactor.restored(part.member("wins").text())),
        )

    def _check_origin(self, part: Part, origin: str, words: str) -> None:
        if origin == "safety":
            return
        if origin == "policy":
            if not self._ask.policy:
                part.wrong("there is no current policy that this could come from")
        elif not self._is_quoted(words):
            part.wrong(
                f"`words` must quote what the user wrote, word for word; `{words}` does not"
                " stand there. Wishes come from the user only"
            )

    def _promises(self, part: Part) -> tuple[Promise, ...]:
        items = part.items()
        found = [self._promise(item) for item in items]
        _report_twice(items, [promise.name for promise in found])
        return tuple(found)

    def _promise(self, part: Part) -> Promise:
        part.only("name", "words", "of", "require")
        redactor = self._names.redactor
        words = redactor.restored(part.member("words").text())
        require = part.member("require")
        if not self._is_quoted(words):
            part.wrong(f"`words` must quote what the user wrote; `{words}` does not stand there")
        if not _REQUIRE.fullmatch(require.text()):
            require.wrong("it is `keep`, `not drop`, `share >= 0.1` or `share <= 0.5`")
        return Promise(
            name=_name(part.member("name"), redactor),
            when=_match(part.member("of"), self._names),
            require=require.text(),
            words=words,
        )

    def _is_quoted(self, words: str) -> bool:
        # "..." joins two parts of the user's words, as people quote.
        pieces = [_folded(piece) for piece in re.split(r"\.\.\.|…", words)]
        pieces = [piece for piece in pieces if piece]
        return bool(pieces) and all(piece in self._folded for piece in pieces)

    def _place(self, words: str) -> Place | None:
        at = self._ask.text.casefold().find(words.casefold()) if words else -1
        return None if at < 0 else (at, at + len(words))

    def _lines(self, part: Part) -> tuple[str, ...]:
        return tuple(_line(self._names.redactor.restored(text)) for text in part.texts())

    def guesses(self) -> tuple[str, ...]:
        """Say which compared texts come from neither the user nor the traffic."""
        own = f"{self._ask.own_words}\n{self._ask.policy}\n{self._ask.safety.error}".casefold()
        known = {value for values in self._ask.vocabulary.values.values() for value in values}
        return tuple(
            f"`{_line(value)}` of `{field}` is Claude's reading: neither your words nor the"
            " corpus name it"
            for field, value in dict.fromkeys(self._names.literals)
            if value not in known and not is_public(field, value) and not is_said(value, own)
        )


def _draft(part: Part, names: Names, intent: Intent, name: str) -> Draft:
    items = part.items()
    said = {clause.wanted: clause.wanted for clause in intent.clauses}
    rules = [_rule(item, names, said) for item in items]
    if not rules:
        part.wrong("a policy needs rules")
    _report_twice(items, [rule.name for rule in rules])
    return Draft(
        name=name,
        rules=tuple(sorted(rules, key=lambda rule: -rule.priority)),
        fields=intent.fields,
        invariants=tuple((one.name, one.when, one.require) for one in intent.promises),
        budget_per_second=intent.budget_per_second,
    )


def _rule(part: Part, names: Names, said: Mapping[Wanted, Wanted]) -> DraftRule:
    """Read a rule; said: what the clauses want, which knows how a rate was said."""
    part.only("name", "description", "of", "do", "priority")
    priority = part.member("priority")
    number = priority.number()
    if number != int(number) or abs(number) > 1_000_000:
        priority.wrong("a priority is a whole number")
    wanted = wanted_of(part.member("do"), names.redactor)
    return DraftRule(
        name=_name(part.member("name"), names.redactor),
        description=_line(names.redactor.restored(part.member("description").text())),
        match=_match(part.member("of"), names),
        action=action_text(said.get(wanted, wanted)),
        priority=int(number),
    )


def _field_rows(part: Part, redactor: Redactor) -> tuple[FieldRow, ...]:
    rows: list[FieldRow] = []
    for item in part.items():
        item.only("name", "type", "spellings")
        name = redactor.restored(item.member("name").text())
        spellings = tuple(redactor.restored(one) for one in item.member("spellings").texts())
        if not name or not spellings:
            item.wrong("a row of `fields` has a name and the span fields that it reads")
        rows.append(FieldRow(name, item.member("type").choice(TYPES), spellings))
    _report_twice(part.items(), [row.name for row in rows])
    return tuple(rows)


def _questions(part: Part, redactor: Redactor) -> tuple[Question, ...]:
    found: list[Question] = []
    for number, item in enumerate(part.items(), 1):
        item.only("id", "words", "choices")
        words = _line(redactor.restored(item.member("words").text()))
        choices = tuple(
            (
                _line(redactor.restored(choice.member("answer").text())),
                _line(redactor.restored(choice.member("means").text())),
            )
            for choice in item.member("choices").items()
        )
        if not words:
            item.wrong("a question needs words")
        key = _short(item.member("id").text()) or f"question-{number}"
        key = key if all(key != one.id for one in found) else f"{key}-{number}"
        found.append(Question(id=key, words=words, choices=choices))
    return tuple(found)


def _refusal(part: Part, redactor: Redactor) -> Refuses | None:
    part.only("reason", "instead")
    reason = _line(redactor.restored(part.member("reason").text()))
    instead = tuple(_line(redactor.restored(one)) for one in part.member("instead").texts())
    return Refuses(reason=reason, instead=instead) if reason else None


def _match(part: Part, names: Names) -> str:
    match = match_of(part, names)
    if match:
        _, findings = parse_match_text(match, "answer")
        for one in findings:
            part.wrong(f"`{match}`: {one.headline}")
    return match


def _name(part: Part, redactor: Redactor) -> str:
    name = _short(redactor.restored(part.text()))
    if not name:
        part.wrong("a name in kebab case is needed, like `keep-errors`")
    return name


def _report_twice(parts: Sequence[Part], names: Sequence[str]) -> None:
    for number, name in enumerate(names):
        if name and name in names[:number]:
            parts[number].wrong(f"the name `{name}` is taken already")


def _short(text: str) -> str:
    return kebab(text)[:_NAME_MAX].rstrip("-")


def _line(text: str) -> str:
    """Return a text as one line that a terminal can show: no controls, not endless."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(plain.split())[:_LINE_MAX]


def _folded(text: str) -> str:
    """Return the words of a text: case, blanks and the marks around words do not count."""
    return " ".join(
        re.sub(r"[\s\"'`,.;:!?()\[\]\u2018\u2019\u201c\u201d]+", " ", text.casefold()).split()
    )
