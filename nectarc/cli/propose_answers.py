"""Questions of an engine: on a terminal they are asked, elsewhere they are shown.

Owns: the prompt, `--answer ID=TEXT`, how questions look. Must not know: engines.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from typing import TextIO

from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.intent.records import Asks, Clause, Place, Question
from nectarc.report.tables import paragraph


def answers_of(given: Sequence[str]) -> dict[str, str]:
    """Return the answers of `--answer`, each `ID=TEXT`; the last of an id counts."""
    answers: dict[str, str] = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign or not name.strip() or not text.strip():
            raise UsageError(
                f"`--answer {one}` is no answer: write the question's id, `=`, and the answer,\n"
                "as in `--answer slow=2s`"
            )
        answers[name.strip()] = text.strip()
    return answers


def can_ask(console: Console) -> bool:
    """Whether a person sits there: terminals on both sides, and no program reads the result."""
    return (
        not console.is_json and not console.is_quiet and sys.stdin.isatty() and _is_shown(console)
    )


def _is_shown(console: Console) -> bool:
    return console.err.isatty()


def ask(questions: Sequence[Question], console: Console, *, width: int) -> dict[str, str] | None:
    """Ask one question after the other; None when the person gives up (an empty line, ^D)."""
    answers: dict[str, str] = {}
    for question in questions:
        console.err.write("\n" + "\n".join(_question_lines(question, width)) + "\n> ")
        console.err.flush()
        line = sys.stdin.readline().strip()
        if not line:
            console.err.write("\n")
            return None
        answers[question.id] = _chosen(question, line)
    return answers


def show_questions(asks: Asks, text: str, stream: TextIO, *, width: int) -> None:
    """Say what is open, with the words it is about, and how to answer."""
    lines: list[str] = []
    if asks.partly:
        lines += ["So far this is understood:", *_partly(asks.partly, width), ""]
    unknown = [_excerpt(text, place) for place in asks.not_understood]
    if unknown:
        named = ", ".join(f"`{one}`" for one in dict.fromkeys(unknown))
        lines += [*paragraph(f"Not understood: {named}.", width=width), ""]
    for question in asks.questions:
        lines += [*_question_lines(question, width)]
        example = question.choices[0][0] if question.choices else "YOUR ANSWER"
        lines += [f"  answer with: --answer {shlex.quote(f'{question.id}={example}')}", ""]
    lines += paragraph("Nothing was written: a policy must not rest on a guess.", width=width)
    stream.write("\n".join(lines) + "\n")


def _question_lines(question: Question, width: int) -> list[str]:
    words = f"{question.words[:1].upper()}{question.words[1:]}"
    lines = paragraph(words, width=width)
    for number, (answer, meaning) in enumerate(question.choices, start=1):
        lines += paragraph(f"{number}. {answer}: {meaning}", width=width, indent=2)
    return lines


def _partly(clauses: Sequence[Clause], width: int) -> list[str]:
    lines: list[str] = []
    for clause in clauses:
        said = f' ("{clause.words}")' if clause.words else ""
        lines += paragraph(f"- {clause.name}: {clause.what}{said}", width=width, indent=2)
    return lines


def _chosen(question: Question, line: str) -> str:
    """Return the choice of that number, else what was typed."""
    if line.isdecimal() and 1 <= int(line) <= len(question.choices):
        return question.choices[int(line) - 1][0]
    return line


def _excerpt(text: str, place: Place) -> str:
    return text[place[0] : place[1]]
