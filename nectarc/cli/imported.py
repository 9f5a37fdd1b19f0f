"""Rules files imported: read, translated, written as policies, proven.

Owns: what `import` and `init --from` have in common. Must not know: where policies are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.cli.import_reading import RulesRead, names_of, read_for_import
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.importing.author_comments import place_comments
from nectarc.importing.project import DIFFERENT, UNKNOWN, ProveText, write_policies
from nectarc.importing.records import ImportedTarget, WrittenPolicy
from nectarc.importing.translate import prove_import, translate_rules
from nectarc.records import part, record
from nectarc.refinery.located import LocatedTarget
from nectarc.refinery.rules import EmptySampler, RulesFile


@record(kw_only=True)
class Imported:
    """A rules file as policies.

    name:     of the file, for people.
    targets:  as translated; policies: those of them that have rules, proven or not.
    unread:   why there are no rules to import; then nothing else is here.
    refusals: what could not be carried over, or not be proven (NEC595).
    notes:    what the translation has to say.   traps: what `nectarc lint` says of the file.
    comments: of the author, that belong to no target.
    originals, converted: the texts that were read, and the rules of 2 that rules of Refinery 1
               were read as, by a file name of their own.
    """

    name: str
    targets: tuple[ImportedTarget, ...] = ()
    policies: tuple[WrittenPolicy, ...] = ()
    unread: tuple[Diagnostic, ...] = ()
    refusals: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    traps: tuple[Diagnostic, ...] = ()
    comments: tuple[str, ...] = ()
    originals: Mapping[str, str] = part(default_factory=dict)
    converted: Mapping[str, str] = part(default_factory=dict)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Everything there is to say."""
        return (*self.unread, *self.refusals, *self.notes, *self.traps)

    @property
    def is_writable(self) -> bool:
        """Whether there are policies, and all of them are proven as far as they go."""
        return bool(self.policies) and all(one.proof != UNKNOWN for one in self.policies)

    @property
    def is_unconditional(self) -> bool:
        """Whether nothing is taken for granted: then `nectarc diff` needs nothing either."""
        return not any(target.assumptions for target in self.targets)

    @property
    def is_whole(self) -> bool:
        """Whether everything in the file became a policy, proven."""
        return not self.unread and not self.refusals


def import_files(
    paths: Sequence[str],
    target: str | None,
    console: Console,
    *,
    prove: ProveText = prove_import,
) -> Imported:
    """Import the rules of `paths`, merged as Refinery merges them; one `target`, or all.

    Raises InternalError where a policy decides otherwise than the rules, our defect; UsageError
    where the file has no such target.
    """
    read = read_for_import(paths, console)
    if not isinstance(read, RulesRead):
        return Imported(name=names_of(paths), unread=read)
    rules = read.rules
    if target is not None:
        if target not in rules.samplers:
            raise UsageError(_no_target(target, rules, read.name))
        rules = RulesFile(samplers={target: rules.samplers[target]})
    commented = place_comments(translate_rules(rules, read.located), read.located, read.texts)
    policies = write_policies(commented, prove)
    for policy in policies:
        if policy.proof == DIFFERENT:
            raise InternalError(
                f"the policy imported for target `{policy.target}` of {read.name} decides otherwise"
                f" than its rules: {policy.reason}"
            )
    places = {one.name: one for one in read.located.targets}
    return Imported(
        name=read.name,
        targets=commented.targets,
        policies=policies,
        refusals=(
            *read.refused,
            *_refused(commented.targets, places),
            *_not_proven(policies, places),
        ),
        notes=(*read.notes, *(note for one in commented.targets for note in one.notes)),
        traps=read.traps,
        comments=commented.of_file,
        originals=read.originals,
        converted=read.converted,
    )


def _refused(
    targets: Sequence[ImportedTarget], places: dict[str, LocatedTarget]
) -> Iterator[Diagnostic]:
    """Say which rules, and which targets, are left out."""
    for target in targets:
        place = places[target.target]
        for one in target.refused:
            if one.origin < 0:
                yield _refused_target(target, place, one.reason)
                continue
            label = one.name or f"rule {one.origin + 1}"
            yield finding(
                "NEC595",
                place.rules[one.origin].place,
                f"rule `{label}` of target `{target.target}` is left out of the policy",
                label=one.reason,
                why="the policy decides as the file for every trace that this rule does not decide"
                " first, and for no other",
                help="change the rule so that it can be said, or write what it is for into the"
                " policy yourself",
            )


def _refused_target(target: ImportedTarget, place: LocatedTarget, reason: str) -> Diagnostic:
    ends = " ends Refinery's process and" if isinstance(target.sampler, EmptySampler) else ""
    return finding(
        "NEC595",
        place.place,
        f"target `{target.target}`{ends} becomes no policy",
        label=reason,
        why="there is nothing that a policy could do alike",
        help="give the target a sampler that can run, and import again",
    )


def _not_proven(
    policies: Sequence[WrittenPolicy], places: dict[str, LocatedTarget]
) -> Iterator[Diagnostic]:
    for policy in policies:
        if policy.proof == UNKNOWN:
            yield finding(
                "NEC595",
                places[policy.target].place,
                f"the policy of target `{policy.target}` is not proven to decide as its rules",
                label=policy.reason,
                why="it may be right, but nobody has shown it",
                help="import with `--unproven` to have it all the same, and compare both with"
                " `nectarc diff` on your traces",
            )


def _no_target(target: str, rules: RulesFile, name: str) -> str:
    there = ", ".join(f"`{one}`" for one in rules.samplers)
    return f"{name} has no target `{target}` (`__default__` decides for it): name one of {there}"
