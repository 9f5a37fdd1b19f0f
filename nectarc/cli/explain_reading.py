"""What `explain` reads: the policies of a project, one policy, or the targets of a rules file.

Owns: reading and checking them, what their origin is. Must not know: output, corpora's contents.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Final

from nectarc.checking import Checked
from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.cli.environments import Opened, check_sources, open_environments
from nectarc.cli.evidence import Traces
from nectarc.cli.proving import prove_source
from nectarc.cli.rules_words import is_rules, read_rules
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.files import STDIN, STDIN_NAME, read_bytes
from nectarc.lint.looking import Looked, Wanted, concerns, look
from nectarc.lock import sha256_of
from nectarc.pipeline import Lowering, Source, lower_policy, options_of
from nectarc.project import Project, find_manifest, find_project
from nectarc.records import part, record
from nectarc.refinery.loader import LoadResult
from nectarc.refinery.releases import NEWEST
from nectarc.spelling import nearest
from nectarc.waggle.records import LintCount
from nectarc.waggle.report import Asked
from nectarc.waggle.subjects import Origin, Subject, subject_of_policy, subject_of_target

_NO_RULES: Final = "`nectarc compile` says why, and what to write instead."
_PEEKED: Final = 65_536


@record(kw_only=True)
class PolicyToExplain:
    """A policy with its rules. source: of its first target. targets: all of them."""

    source: Source
    checked: Checked
    lowering: Lowering
    subject: Subject


@record(kw_only=True)
class Explained:
    """What is to be explained; `policies` or `targets`, the latter of a rules file.

    project: gives the corpus and the traffic.  opened: None of a rules file.
    lint:    of a rules file, by target.  found: what was wrong on the way.
    """

    project: Project | None
    opened: Opened | None = None
    policies: tuple[PolicyToExplain, ...] = ()
    targets: tuple[Subject, ...] = ()
    loaded: LoadResult | None = None
    lint: Mapping[str, LintCount] = part(default_factory=dict)
    found: tuple[Diagnostic, ...] = ()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """All that is to be explained, in order."""
        return tuple(one.subject for one in self.policies) or self.targets


def read_explained(file: str | None, target: str | None, console: Console) -> Explained:
    """Read `file`, or the project here; `target` narrows it to one Refinery target."""
    data = _rules_bytes(file)
    if data is not None and file is not None:
        explained = _read_rules(STDIN_NAME if file == STDIN else file, data, console)
    else:
        explained = _read_policies(file, console)
    return explained if target is None else _narrowed(explained, target)


def asked_of(
    explained: Explained, traffic: Traces, seed: int
) -> tuple[list[Asked], list[Diagnostic]]:
    """Prove the policies; rules files are not asked."""
    found: list[Diagnostic] = []
    asked = [Asked(subject=one, lint=explained.lint[one.name]) for one in explained.targets]
    for one in explained.policies:
        opened, written = explained.opened, one.checked.written
        assert opened is not None
        report, problems = prove_source(
            one.source, one.checked, opened, traffic, seed=seed, lowering=one.lowering
        )
        if report is None:
            found += problems
        budget = written.budget_per_second if written is not None else None
        asked.append(Asked(subject=one.subject, proofs=report, budget=budget))
    return asked, found


def _beginning_of_stdin() -> bytes:
    """Look at standard input without taking anything of it."""
    reader = sys.stdin.buffer
    return reader.peek(_PEEKED) if isinstance(reader, io.BufferedReader) else b""


def _rules_bytes(file: str | None) -> bytes | None:
    """Return the bytes of a rules file; None of a policy, or of what cannot be read."""
    if file is None or os.path.isdir(file):
        return None
    # Standard input can be read once only: what is no rules stays there for the policy's reader.
    if file == STDIN and not is_rules(STDIN_NAME, _beginning_of_stdin()):
        return None
    data = read_bytes(file)
    is_one = isinstance(data, bytes) and (file == STDIN or is_rules(file, data))
    return data if is_one and isinstance(data, bytes) else None


def _read_rules(name: str, data: bytes, console: Console) -> Explained:
    found: list[Diagnostic] = []
    loaded = read_rules(name, data, console, found)
    project = _project_of_rules(name, console)
    if loaded.rules is None:
        return Explained(project=project, found=tuple(found))
    looked = look([(name, data)], Wanted(release=NEWEST))
    origin = Origin(file=name, digest=hashlib.sha256(data).hexdigest())
    return Explained(
        project=project,
        targets=tuple(
            subject_of_target(target, sampler, origin)
            for target, sampler in loaded.rules.samplers.items()
        ),
        loaded=loaded,
        lint={target: _lint(looked, name, target) for target in loaded.rules.samplers},
        # What else is wrong with the rules, `lint` says; here it is counted.
        found=tuple(one for one in found if one.severity is Severity.ERROR),
    )


def _project_of_rules(name: str, console: Console) -> Project | None:
    """Return the project that the rules lie in, or else the one here: it has the traces."""
    folder = os.path.dirname(name)
    has_own = find_manifest(folder) is not None
    reading = find_project(folder if has_own else "")
    console.know([reading.manifest])
    return reading.project


def _lint(looked: Looked, name: str, target: str) -> LintCount:
    """Count what `lint` finds in one target; what concerns the whole file is in each."""
    found = [one for one in looked.found if concerns(one, looked.rules.loaded, target)]
    count = {severity: sum(one.severity is severity for one in found) for severity in Severity}
    verdict = looked.rules.verdict
    refused = verdict.diagnostics[0].headline if verdict.rules is None else ""
    traps = dict.fromkeys(one.headline for one in found if one.severity is not Severity.HINT)
    return LintCount(
        errors=count[Severity.ERROR],
        warnings=count[Severity.WARNING],
        hints=count[Severity.HINT],
        command=f"nectarc lint {quote(name)}",
        refused=refused,
        traps=tuple(traps),
    )


def _read_policies(file: str | None, console: Console) -> Explained:
    opened = open_environments(file, console)
    found = list(opened.found)
    if opened.project is None or not opened.is_readable:
        return Explained(project=None, found=tuple(found))
    policies: dict[str, PolicyToExplain] = {}
    for source, checked in check_sources(opened):
        if source.path in policies:
            continue
        if checked.policy is None or checked.has_errors:
            found += checked.diagnostics
            continue
        lowering = lower_policy(checked.policy, options_of(opened.project))
        found += lowering.diagnostics
        targets = tuple(one.target for one in opened.sources if one.path == source.path)
        policies[source.path] = PolicyToExplain(
            source=source,
            checked=checked,
            lowering=lowering,
            subject=subject_of_policy(
                checked.policy,
                lowering.lowered,
                origin=Origin(
                    file=source.text.file,
                    digest=sha256_of(source.text.text),
                ),
                targets=targets,
                refused=_refused(lowering.diagnostics),
            ),
        )
    return Explained(
        project=opened.project,
        opened=opened,
        policies=tuple(policies.values()),
        found=tuple(found),
    )


def _refused(diagnostics: Sequence[Diagnostic]) -> str:
    errors = (one for one in diagnostics if one.severity is Severity.ERROR)
    first = next(errors, None)
    return f"{first.headline}: {_NO_RULES}" if first is not None else ""


def _narrowed(explained: Explained, target: str) -> Explained:
    subjects = explained.subjects
    names = tuple(dict.fromkeys(name for one in subjects for name in one.targets))
    if subjects and target not in names:
        raise UsageError(f"there is no target `{target}`: {_suggestion(target, names)}")
    chosen = tuple(one for one in explained.targets if target in one.targets)
    policies = tuple(one for one in explained.policies if target in one.subject.targets)
    return Explained(
        project=explained.project,
        opened=explained.opened,
        policies=policies,
        targets=chosen,
        loaded=explained.loaded,
        lint=explained.lint,
        found=explained.found,
    )


def _suggestion(target: str, names: Sequence[str]) -> str:
    meant = nearest(target, names)
    return f"did you mean `{meant}`?" if meant else f"there is {', '.join(_quoted(names))}"


def _quoted(names: Sequence[str]) -> Iterator[str]:
    return (f"`{name}`" for name in names)
