"""An imported rules file as a project: its policies, their file names, the manifest.

Owns: names of files, what of an import the manifest says. Must not know: the disk, terminals.
Truth: docs/language.md, section 1; docs/decisions/0013-import.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from nectarc.importing.author_comments import Commented, comment_lines
from nectarc.importing.describing import assumption_words
from nectarc.importing.records import ImportedTarget, WrittenPolicy
from nectarc.importing.writing import KeptComments, comment_line, policy_text
from nectarc.pipeline import CompileOptions, Source, compile_sources
from nectarc.project import ASSUMPTIONS, NEW_TABLES, POLICY_NAME
from nectarc.records import record, replace
from nectarc.refinery.lowered import AssumptionKind
from nectarc.refinery.rules import DEFAULT_TARGET, RulesConfig, TargetSampler
from nectarc.source import SourceText

PROVEN: Final = "proven"
PROVEN_APART: Final = "proven apart from refused rules"
DIFFERENT: Final = "different"
UNKNOWN: Final = "unknown"

# The text of a policy and what it was made of, to one of the verdicts above and the reason.
ProveText: TypeAlias = Callable[[SourceText, ImportedTarget], tuple[str, str]]

_STEM_MAX: Final = 60
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
# Names that Windows keeps for devices, and the policy of `__default__`.
_TAKEN: Final = frozenset(
    {"con", "prn", "aux", "nul", "policy"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")

_MANIFEST: Final = """\
# A nectarc project, imported from @SOURCE@: tables in docs/language.md, section 1.
@COMMENTS@
[project]
name = @NAME@

[environments]
# Refinery target = policy; all of them make one rules file
@ENVIRONMENTS@

@TABLES@@ASSUMED@
assume = [@ASSUME@]
"""


@record(kw_only=True)
class Compiles:
    """What `nectarc compile` makes of imported policies.

    assume: the fewest words of `[compile] assume` with which it makes no more rules than it must.
    rules:  how many rules; None where a policy cannot be compiled.
    most:   how many there may be: those of the file, and the fallbacks that import added.
    """

    assume: tuple[str, ...]
    rules: int | None
    most: int

    @property
    def note(self) -> str:
        """What has to be said of that, "" where there are no more rules than there may be."""
        if self.rules is None:
            return (
                "`nectarc compile` refuses one of these policies, and names the rule: what Refinery"
                " says there in one condition takes several in the language, which no one rule has"
            )
        if self.rules > self.most:
            return (
                f"`nectarc compile` makes {self.rules} rules of these policies, the file has"
                f" {self.most}: a condition that reads several fields, or that missing fields meet,"
                " becomes several rules"
            )
        return ""


def write_policies(commented: Commented, prove: ProveText) -> tuple[WrittenPolicy, ...]:
    """Write each target as a policy and have it proven; targets without rules are left out."""
    targets = [target for target in commented.targets if target.rules]
    files = policy_files([target.target for target in targets])
    written: list[WrittenPolicy] = []
    for target in targets:
        kept = commented.kept.get(target.target, KeptComments())
        if len(targets) == 1:
            kept = replace(kept, top=(*commented.of_file, *kept.top))
        kept = replace(kept, top=comment_lines(kept.top))
        file = files[target.target]
        text = policy_text(target, file, kept)
        proof, reason = prove(SourceText.of(file, text), target)
        written.append(
            WrittenPolicy(
                target=target.target,
                file=file,
                text=text,
                proof=proof,
                reason=reason,
                imported=target,
            )
        )
    return tuple(written)


def policy_files(targets: Sequence[str]) -> dict[str, str]:
    """Return a file name for the policy of each target: safe everywhere, told apart by case, too.

    The only target, and `__default__`, get `policy.toon`.
    """
    files: dict[str, str] = {}
    taken = set(_TAKEN)
    for target in targets:
        if target == DEFAULT_TARGET or len(targets) == 1:
            files[target] = POLICY_NAME
            continue
        stem = _UNSAFE.sub("-", target).strip(".-")[:_STEM_MAX].rstrip(".-") or "target"
        name, number = stem, 1
        while name.lower() in taken or name.partition(".")[0].lower() in _TAKEN:
            number += 1
            name = f"{stem.replace('.', '-')}-{number}"
        taken.add(name.lower())
        files[target] = f"{name}.toon"
    return files


def compiles_to(policies: Sequence[WrittenPolicy]) -> Compiles:
    """Compile the policies with as few assumptions as give as few rules as the file has."""
    sources = [Source(one.target, SourceText.of(one.file, one.text), one.file) for one in policies]
    limit = sum(_written_count(one) for one in policies)
    used = _used(policies)
    best: Compiles | None = None
    for assume in dict.fromkeys((used, ASSUMPTIONS)):
        kinds = frozenset(AssumptionKind(word) for word in assume)
        file = compile_sources(sources, CompileOptions(assume=kinds)).file
        if file is None:
            continue
        count = rules_count(file.samplers.values())
        found = Compiles(assume=assume, rules=count, most=limit)
        if best is None or best.rules is None or (found.rules or 0) < best.rules:
            best = found
        if best.rules is not None and best.rules <= limit:
            break
    return best or Compiles(assume=ASSUMPTIONS, rules=None, most=limit)


def rules_count(samplers: Iterable[TargetSampler]) -> int:
    """Count rules; a sampler without rules is one."""
    return sum(len(one.rules) if isinstance(one, RulesConfig) else 1 for one in samplers)


def manifest_text(
    name: str,
    source: str,
    policies: Sequence[WrittenPolicy],
    assume: Sequence[str],
    comments: Sequence[str] = (),
) -> str:
    """Return `nectar.toml`. source: the name of the rules file. comments: the author's, of it."""
    said = [] if len(policies) == 1 else [comment_line(line) for line in comment_lines(comments)]
    parts = {
        "@SOURCE@": comment_line(source).removeprefix("# "),
        "@COMMENTS@": "".join(f"{line}\n" for line in (["#", *said] if said else [])),
        "@NAME@": toml_text(name),
        "@ENVIRONMENTS@": "\n".join(_environment(one) for one in policies),
        "@TABLES@": NEW_TABLES,
        "@ASSUMED@": "\n".join(_assumed(policies)),
        "@ASSUME@": ", ".join(f'"{word}"' for word in assume),
    }
    return re.sub(r"@[A-Z]+@", lambda found: parts[found.group()], _MANIFEST)


def toml_text(text: str) -> str:
    """Return `text` as a basic string of TOML, in quotes."""
    return '"' + "".join(_toml_character(one) for one in text) + '"'


def _toml_character(one: str) -> str:
    if one in '"\\':
        return "\\" + one
    code = ord(one)
    if one.isprintable() or code > 0xFFFF:
        return one
    return f"\\u{code:04X}" if not 0xD800 <= code <= 0xDFFF else "\\uFFFD"


def _environment(policy: WrittenPolicy) -> str:
    key = policy.target if _BARE_KEY.fullmatch(policy.target) else toml_text(policy.target)
    return f"{key} = {toml_text(policy.file)}"


def _assumed(policies: Sequence[WrittenPolicy]) -> list[str]:
    """Return comment lines on what the import took for granted, target by target."""
    lines: list[str] = []
    for policy in policies:
        words = assumption_words(policy.imported.assumptions) if policy.imported else ()
        if words:
            whose = f" of {policy.target}" if len(policies) > 1 else ""
            lines.append(comment_line(f"The policy{whose} decides as the rules where"))
            lines += [comment_line(f"  - {one}") for one in words]
    if not lines:
        lines.append("# The policies decide as the rules did for every trace, nothing assumed.")
    return lines


def _used(policies: Sequence[WrittenPolicy]) -> tuple[str, ...]:
    kinds = {
        assumption.kind
        for policy in policies
        if policy.imported is not None
        for assumption in policy.imported.assumptions
    }
    return tuple(word for word in ASSUMPTIONS if word in kinds)


def _written_count(policy: WrittenPolicy) -> int:
    """Return how many rules the target has, and those that import added; a sampler alone is one."""
    if policy.imported is None:
        return 0
    if not isinstance(policy.imported.sampler, RulesConfig):
        return 1
    added = sum(1 for rule in policy.imported.rules if rule.origin is None)
    return len(policy.imported.sampler.rules) + added
