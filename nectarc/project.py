"""The project: what `nectar.toml` says, or what stands without it.

Owns: the manifest's tables, keys, types and defaults, and where a project begins.
Must not know: what policies mean. Truth: docs/language.md, section 1.
"""

from __future__ import annotations

import os
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.files import read_text
from nectarc.records import record, replace
from nectarc.source import NOWHERE, SourceSpan, SourceText

MANIFEST_NAME: Final = "nectar.toml"
POLICY_NAME: Final = "policy.toon"
DEFAULT_TARGET: Final = "__default__"
ASSUMPTIONS: Final = ("types", "no-null", "no-nan")
TARGETS: Final = ("refinery-3",)
# What a new manifest says of all but its policies and `assume`, which stands last.
NEW_TABLES: Final = """\
[corpus]
path = "corpus"          # recorded traces: `nectarc ingest traces.json`
must_keep = "incidents"  # traces that may never be lost: `nectarc ingest --must-keep ...`

[safety]
error = "http.status >= 500"  # what an error is
errors = "keep"               # every error is kept ("not drop": none is always lost)

[compile]
output = "rules.yaml"
lock = "policy.lock"
target = "refinery-3"
"""


@record
class Environment:
    """A Refinery target and the policy that decides for it; `policy` is a path to open."""

    target: str
    policy: str
    source: SourceSpan = NOWHERE


@record(kw_only=True)
class Project:
    """A project with every default filled in.

    root:          the folder, as a path to open ("" is the working folder).
    manifest:      the path of `nectar.toml`, None when `policy.toon` stands alone.
    paths:         `corpus`, `must_keep`, `output`, `lock` and policies are joined to `root`.
    safety_*:      the texts of matches, and where they stand for diagnostics about them.
    """

    root: str
    manifest: str | None = None
    name: str = ""
    environments: tuple[Environment, ...] = ()
    corpus: str = "corpus"
    must_keep: str = "incidents"
    safety_error: str = "http.status >= 500"
    safety_error_source: SourceSpan = NOWHERE
    safety_critical: str = "http.status >= 500"
    safety_critical_source: SourceSpan = NOWHERE
    safety_errors: str = "keep"
    output: str = "rules.yaml"
    lock: str = "policy.lock"
    target: str = "refinery-3"
    assume: tuple[str, ...] = ASSUMPTIONS
    propose_engine: str = "auto"
    propose_model: str = ""
    propose_max_rounds: int = 3
    traces_per_second: float | None = None


@record
class ProjectReading:
    """What was found. `project` is what could be read, with defaults for the rest."""

    project: Project | None
    diagnostics: tuple[Diagnostic, ...]
    manifest: SourceText | None = None


def find_project(start: str) -> ProjectReading:
    """Find the project of folder `start`: the nearest `nectar.toml` in it or above it.

    Without one, `policy.toon` in `start` itself is a project; else NEC407.
    """
    manifest = find_manifest(start)
    if manifest is not None:
        return read_project(manifest)
    policy = os.path.join(start, POLICY_NAME)
    if os.path.exists(policy):
        return ProjectReading(project_of_policy(policy), ())
    missing = finding(
        "NEC407",
        SourceSpan(start or ".", 0, 0),
        f"there is no project in `{start or '.'}`",
        why=f"neither `{MANIFEST_NAME}` (here or in a folder above) nor `{POLICY_NAME}` is there",
        help="name a policy file, or start a project with `nectarc init .`",
    )
    return ProjectReading(None, (missing,))


def find_manifest(start: str) -> str | None:
    """Return the path of the nearest `nectar.toml` in `start` or above it, as short as it goes."""
    folder = os.path.abspath(start or ".")
    shown = start
    while True:
        candidate = os.path.join(shown, MANIFEST_NAME)
        if os.path.isfile(candidate):
            return candidate
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder, shown = above, os.path.relpath(above)


def project_of_policy(policy: str) -> Project:
    """Return the project that a policy file alone is: one target, defaults beside the file."""
    root = os.path.dirname(policy)
    return _joined(
        Project(root=root, environments=(Environment(DEFAULT_TARGET, os.path.basename(policy)),))
    )


def read_project(manifest: str) -> ProjectReading:
    """Read the manifest at the path `manifest`."""
    text = read_text(manifest)
    if isinstance(text, Diagnostic):
        return ProjectReading(None, (text,))
    return parse_project(text)


def parse_project(text: SourceText) -> ProjectReading:
    """Read a manifest's text; its folder is the root."""
    from nectarc.manifest import read_manifest  # noqa: PLC0415 - TOML only where a manifest is

    found, diagnostics = read_manifest(text)
    root = os.path.dirname(text.file)
    if found is None:
        return ProjectReading(None, diagnostics, text)
    return ProjectReading(_joined(found, root), diagnostics, text)


def _joined(project: Project, root: str | None = None) -> Project:
    """Join the paths of `project` to its root."""
    root = project.root if root is None else root
    return replace(
        project,
        root=root,
        environments=tuple(
            Environment(one.target, os.path.join(root, one.policy), one.source)
            for one in project.environments
        ),
        corpus=os.path.join(root, project.corpus),
        must_keep=os.path.join(root, project.must_keep),
        output=os.path.join(root, project.output),
        lock=os.path.join(root, project.lock),
    )
