"""Is the answer to an intent right? By what the policy decides about traces, never by its text."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias, assert_never

from nectarc.checking import check_text
from nectarc.evaluate.policy import decide
from nectarc.intent.drafts import draft_of
from nectarc.intent.judging import Setting, judge
from nectarc.intent.properties import properties_of
from nectarc.intent.records import Asks, Refuses, Understood
from nectarc.ir.nodes import Action, Deterministic, Drop, DynamicSampler, Keep, Sample
from nectarc.offline.engine import read_intent
from nectarc.source import SourceText
from tests.intents.records import Case, Intended, Wanted

_SAMPLERS = {
    "EMADynamicSampler": ("adaptive", "GoalSampleRate"),
    "DynamicSampler": ("adaptive", "SampleRate"),
    "EMAThroughputSampler": ("throughput", "GoalThroughputPerSec"),
    "WindowedThroughputSampler": ("throughput", "GoalThroughputPerSec"),
    "TotalThroughputSampler": ("throughput", "GoalThroughputPerSec"),
}
# What is asked about nonsense shows an engine's set phrases; see `is_pointed`.
NONSENSE: Final = "flarb the wug, 1% of the rest"
_QUOTED: Final = re.compile(r"`([^`]*)`")
_QUOTED_MIN: Final = 20


class Answer(NamedTuple):
    """What an engine says: kind "policy", "ask", "refuse" or "unproven"; its text."""

    kind: str
    text: str


class Judgement(NamedTuple):
    """outcome: "right", "wrong", "asked" or "refused". why: of what is not right."""

    outcome: str
    why: str


Engine: TypeAlias = Callable[[str], Answer]


def offline(text: str) -> Answer:
    """Answer in this process, as `propose --engine offline --print` without a project does."""
    setting = Setting()
    reading = read_intent(text, setting.vocabulary, setting.safety, {})
    match reading:
        case Understood():
            judged = judge(draft_of(reading.intent, "p"), properties_of(reading.intent), setting)
            kind = "policy" if judged.is_proven else "unproven"
            return Answer(kind, judged.text + "".join(str(one) for one in judged.failures))
        case Asks():
            words = [one.words for one in reading.questions]
            unknown = [text[start:end] for start, end in reading.not_understood]
            return Answer("ask", "\n".join([*words, *unknown]))
        case Refuses():
            return Answer("refuse", " ".join([reading.reason, *reading.instead]))
        case _:
            assert_never(reading)


def process(text: str) -> Answer:
    """Answer as a person gets it: by the command, outside of every project.

    An intent that begins with a dash (a list) is no option: it stands behind `--`.
    """
    command = [sys.executable, "-m", "nectarc.cli.main", "propose", "--engine", "offline"]
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [*command, "--print", "--", text],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode == 0:
        return Answer("policy", ran.stdout)
    # Anything else that ends with 1 (no such module, a traceback) must not pass for a refusal.
    if ran.returncode != 1 or "Nothing was written" not in ran.stderr:
        raise RuntimeError(f"propose ended with {ran.returncode}: {ran.stderr}")
    return Answer("ask" if "--answer" in ran.stderr else "refuse", ran.stderr)


def judge_answer(intended: Intended, answer: Answer) -> Judgement:
    """Judge one answer."""
    if answer.kind in ("ask", "refuse", "unproven"):
        return _judge_silence(intended, answer)
    if intended.kind != "clear":
        return Judgement("wrong", "a policy where something is open:\n" + answer.text)
    checked = check_text(SourceText.of("policy.toon", answer.text))
    if checked.policy is None or checked.has_errors:
        return Judgement("wrong", "no policy:\n" + answer.text)
    for case in intended.cases:
        action = checked.policy.rules[decide(checked.policy, case.trace)].action
        if not is_accepted(action, case):
            spans = [dict(span.fields) for span in case.trace.spans]
            why = f"{spans}: {action}, wanted {case.accepted}\n{answer.text}"
            return Judgement("wrong", why)
    return Judgement("right", "")


def _judge_silence(intended: Intended, answer: Answer) -> Judgement:
    outcome = "asked" if answer.kind == "ask" else "refused"
    if intended.kind == "clear":
        return Judgement("right" if answer.kind in intended.also else outcome, answer.text)
    if intended.kind == "ask" and answer.kind == "ask":
        said = answer.text.lower()
        is_named = any(one.lower() in said for one in intended.mentions)
        return Judgement("right" if is_named else "asked", answer.text)
    is_fine = answer.kind == intended.kind or answer.kind in intended.also
    return Judgement("right" if is_fine else outcome, answer.text)


def is_pointed(intended: Intended, question: str, control: str) -> bool:
    """Whether a question holds a mention by more than an echo or a set phrase.

    A quotation (in backticks) of most of the intent is an echo, and words that the same engine's
    question about nonsense (`control`) holds as well are a set phrase.
    """
    longest = max(_QUOTED_MIN, len(intended.text) // 2)
    said = _QUOTED.sub(lambda found: found[0] if len(found[1]) <= longest else "", question)
    phrases = _QUOTED.sub("", control).lower()
    return any(
        one.lower() in said.lower() and one.lower() not in phrases for one in intended.mentions
    )


def is_accepted(action: Action, case: Case) -> bool:
    """Whether the action is one that the case accepts."""
    return any(_is(action, one) for one in case.accepted)


def _is(action: Action, wanted: Wanted) -> bool:
    match action:
        case Keep():
            return wanted.kind == "keep" or (wanted.kind == "sample" and wanted.number == 1)
        case Drop():
            return wanted.kind == "drop"
        case Sample():
            if action.one_in == 1:
                return _is(Keep(), wanted)
            return wanted.kind == "sample" and wanted.number == action.one_in
        case Deterministic():
            return wanted.kind == "deterministic" and wanted.number == action.one_in
        case DynamicSampler():
            family, goal = _SAMPLERS[action.kind]
            return (
                wanted.kind == family
                and dict(action.parameters).get(goal) == wanted.number
                and all(group & set(action.field_list) for group in wanted.groups)
            )
