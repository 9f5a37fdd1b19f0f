"""A policy from plain English: read, said back, checked and proven before it is written."""

from __future__ import annotations

import argparse
import sys

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINDINGS, FINE, WRONG_USE, Console, status_of
from nectarc.cli.evidence import Traces, open_traffic
from nectarc.cli.policies import choose_project
from nectarc.cli.propose_answers import answers_of, ask, can_ask, show_questions
from nectarc.cli.propose_engines import clear, engine_options
from nectarc.cli.propose_place import Place, place_of
from nectarc.cli.propose_show import (
    show_failed,
    show_json,
    show_proposal,
    show_refusal,
    show_unproven,
)
from nectarc.cli.widths import width_of
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.files import STDIN, write_atomically
from nectarc.intent.judging import Setting
from nectarc.intent.records import Asks, Refuses
from nectarc.intent.vocabulary import Vocabulary
from nectarc.project import Project
from nectarc.propose.engines import Engine, engine_of
from nectarc.propose.outcomes import Drafted, Failed, Outcome
from nectarc.propose.place import is_free
from nectarc.propose.proposals import Proposal, proposal_of
from nectarc.records import record
from nectarc.source import SourceText

_TEXT_MAX = 1_000_000  # characters; what is longer than an engine takes is refused by the engine


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "intent", metavar="INTENT", help="what to keep, in plain English; `-` reads it from stdin"
    )
    parser.add_argument(
        "--engine",
        choices=("auto", "claude", "offline"),
        help="who reads it; `auto`, the default, is Claude where a key is configured",
    )
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="ID=TEXT",
        help="the answer to a question that was asked; may stand more than once",
    )
    parser.add_argument(
        "--refine", action="store_true", help="go on from the policy that is there; shows the diff"
    )
    parser.add_argument("--print", action="store_true", help="the policy to stdout; writes no file")
    parser.add_argument("-o", "--output", metavar="FILE", help="the policy's file; policy.toon")
    parser.add_argument(
        "--replace", action="store_true", help="write over a policy that was written by hand"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="write it though it is not proven, with the findings in a comment",
    )
    parser.add_argument(
        "--corpus", metavar="PATH", help="a corpus, or anything that `ingest` reads"
    )
    claude = parser.add_argument_group("with Claude")
    claude.add_argument("--model", metavar="NAME", help="the model; the manifest's, else a default")
    claude.add_argument("--max-rounds", metavar="N", type=_count, help="attempts; the manifest's")
    claude.add_argument(
        "--show-prompt", action="store_true", help="show all that would be sent, and send nothing"
    )
    claude.add_argument(
        "--allow-values", action="store_true", help="send values of the corpus as they are"
    )
    claude.add_argument(
        "--allow-field",
        action="append",
        default=[],
        metavar="NAME",
        help="send this field's values as they are; may stand more than once",
    )
    claude.add_argument("--record", metavar="DIR", help="keep every exchange in DIR")
    claude.add_argument("--replay", metavar="DIR", help="answer from DIR, without a network")
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Read the intent, settle what is open, prove the policy, write it or say why not."""
    text = _text(arguments.intent)
    answers = answers_of(arguments.answer)
    chosen = choose_project(None, console)
    project = chosen.project
    if project is not None and has_errors(chosen.diagnostics):
        console.findings(chosen.diagnostics, to_result=console.is_json)
        return status_of(chosen.diagnostics)
    place = place_of(arguments.output, project, console)
    if isinstance(place, Diagnostic):
        console.findings([place], to_result=console.is_json)
        return status_of([place])
    refined = _refined(arguments, place)
    if not (arguments.show_prompt or arguments.print or _may_write(arguments, place)):
        # Before an engine is asked: Claude costs money.
        _refuse_to_write(place, console)
        return FINDINGS
    known = project if project is not None else Project(root="")
    with open_traffic(known, arguments.corpus, console) as traffic:
        setting = _setting(project, traffic, place.old)
        engine = engine_of(engine_options(arguments, known, console), known, setting, refined)
        if arguments.show_prompt:
            console.result(engine.prompt(text, answers))
            return FINE
        outcome = _converse(engine, text, answers, console)
        console.findings(list(traffic.found()), to_result=False)
        return _Ending(arguments, console, place, setting, traffic).conclude(outcome, text)


def _setting(project: Project | None, traffic: Traces, old: SourceText | None) -> Setting:
    from nectarc.intent.vocabulary_of import vocabulary_of
    from nectarc.propose.setting import setting_of

    corpus = traffic.corpus
    vocabulary = vocabulary_of(corpus) if corpus is not None else Vocabulary()
    rate = project.traces_per_second if project is not None else None
    return setting_of(project, vocabulary, traffic.evidence(rate), old)


def _converse(engine: Engine, text: str, answers: dict[str, str], console: Console) -> Outcome:
    """Ask the engine; on a terminal, ask the person what the engine wants to know, and go on."""
    while True:
        try:
            outcome = engine.read(text, answers)
        finally:
            clear(console)
        if not isinstance(outcome, Asks) or not can_ask(console):
            return outcome
        said = ask(outcome.questions, console, width=width_of(console.err))
        if said is None:
            return outcome
        answers |= said


@record
class _Ending:
    """What becomes of an outcome: shown, and written where it may be."""

    arguments: argparse.Namespace
    console: Console
    place: Place
    setting: Setting
    traffic: Traces

    def conclude(self, outcome: Outcome, text: str) -> int:
        """Show the outcome and return the exit status."""
        console = self.console
        match outcome:
            case Drafted():
                return self._draft(outcome)
            case Asks():
                if console.is_json:
                    show_json(outcome, console)
                else:
                    show_questions(outcome, text, console.err, width=width_of(console.err))
                return FINDINGS
            case Refuses():
                if console.is_json:
                    show_json(outcome, console)
                else:
                    show_refusal(outcome, console)
                return FINDINGS
            case Failed():
                if console.is_json:
                    show_json(outcome, console)
                else:
                    show_failed(outcome, console)
                return WRONG_USE

    def _draft(self, drafted: Drafted) -> int:
        arguments, console = self.arguments, self.console
        is_proven = drafted.judged.is_proven
        proposal = proposal_of(drafted, self.setting, self.place.old if arguments.refine else None)
        if not is_proven and not arguments.force:
            if console.is_json:
                show_json(proposal, console)
            else:
                show_unproven(proposal, console)
            return FINDINGS
        status = FINE if is_proven else FINDINGS
        if arguments.print:
            if console.is_json:
                show_json(proposal, console)
            else:
                old = self._before()
                has_policy = old is not None
                show_proposal(proposal, console, stream=console.err, old=old, has_policy=has_policy)
                console.result(proposal.text)
            return status
        return self._write(proposal) or status

    def _write(self, proposal: Proposal) -> int:
        """Write the policy, and show it or what changes."""
        console, place = self.console, self.place
        if not console.is_json:
            show_proposal(proposal, console, stream=console.out, old=self._before())
        refused = write_atomically(place.path, proposal.text)
        if refused is not None:
            console.findings([refused], to_result=console.is_json)
            return status_of([refused])
        if console.is_json:
            show_json(proposal, console, written=place.path)
        else:
            doubt = "" if proposal.is_proven else ", which is not proven"
            console.message(f"wrote {place.path}{doubt}; next: `nectarc prove`, `nectarc compile`")
        return FINE

    def _before(self) -> SourceText | None:
        """Return what the change is shown against: somebody's policy, not what `init` wrote."""
        is_changed = self.arguments.refine or self.arguments.replace
        return self.place.old if is_changed else None


def _may_write(arguments: argparse.Namespace, place: Place) -> bool:
    """Whether the policy may be written: never over somebody's own work unasked."""
    return arguments.refine or arguments.replace or is_free(place.old)


def _refuse_to_write(place: Place, console: Console) -> None:
    reason = f"`{place.path}` was written by hand, and nothing was changed"
    ways = (
        "  --refine   goes on from it\n"
        "  --replace  writes over it\n"
        "  --print    shows the new policy and writes nothing\n"
    )
    if console.is_json:
        show_json(Failed(kind="hand-written", reason=reason, help=ways), console)
    else:
        console.err.write(f"nectarc: {reason}:\n{ways}")


def _refined(arguments: argparse.Namespace, place: Place) -> SourceText | None:
    """Return the policy to go on from; None where a new one is wanted."""
    if not arguments.refine:
        return None
    if place.old is None:
        raise UsageError(
            f"`--refine` goes on from `{place.path}`, which is not there:\n"
            "leave it out to start a policy"
        )
    return place.old


def _text(argument: str) -> str:
    text = sys.stdin.read(_TEXT_MAX) if argument == STDIN else argument
    if not text.strip():
        raise UsageError(
            "there is no intent: say what to keep, e.g.\n"
            '  nectarc propose "keep all errors, sample everything else at 1%"'
        )
    return text.strip()


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a whole number from 1")
    return number
