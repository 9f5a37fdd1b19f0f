"""What a file is to nectarc: a policy, a manifest, Refinery rules, or none of our business.

Owns: "ours". Must not know: the protocol. Truth: ../shared/design/language.md, section 1.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePath
from typing import Final

from nectarc.project import MANIFEST_NAME, POLICY_NAME, Project
from nectarc.source import SourceText
from nectarc.syntax import is_policy_document
from nectarc.syntax.policy import WRAPPER
from nectarc.toon.document import Document
from nectarc.toon.outline import margin_keys
from nectarc_lsp.database.view import Kind

_SECTION: Final = "rules"
_POLICY_SUFFIX: Final = ".toon"
_RULES_SUFFIXES: Final = (".yaml", ".yml", ".json")
# Keys that only rules files have; inside Helm values and ConfigMaps they stand deeper.
_RULES_KEY: Final = re.compile(r"^\s*[\"']?(?:RulesVersion|Samplers)[\"']?\s*:", re.MULTILINE)
_RULES_JSON: Final = re.compile(r'"(?:RulesVersion|Samplers)"\s*:')


def kind_by_name(path: str, text: str, rules_files: tuple[str, ...] = ()) -> Kind:
    """Say what the document may be; a `.toon` file is a POLICY only if `is_ours` agrees.

    rules_files: globs of files that hold Refinery rules, whatever is in them.
    """
    name = os.path.basename(path)
    if name == MANIFEST_NAME:
        return Kind.MANIFEST
    if name.endswith(_POLICY_SUFFIX):
        return Kind.POLICY
    key = _RULES_JSON if name.endswith(".json") else _RULES_KEY
    is_told = any(PurePath(path).match(glob) for glob in rules_files if glob)
    if may_hold_rules(path) and (is_told or key.search(text)):
        return Kind.RULES
    return Kind.OTHER


def may_hold_rules(path: str) -> bool:
    """Say whether the name is one that a file of Refinery rules may have."""
    return path.endswith(_RULES_SUFFIXES)


def is_ours(document: Document, text: SourceText, project: Project | None) -> bool:
    """Say whether a TOON document is a policy: by its sections, or because a project names it.

    A header that is half written is still that of `rules`: whoever types it goes on being helped.
    """
    return (
        is_policy_document(document)
        or is_named(text.file, project)
        or not {_SECTION, WRAPPER}.isdisjoint(margin_keys(text))
    )


def is_named(path: str, project: Project | None) -> bool:
    """Say whether the file is a policy of its project: `policy.toon` is one without a manifest."""
    if project is None:
        return False
    if project.manifest is None:
        return os.path.basename(path) == POLICY_NAME
    wanted = os.path.realpath(path)
    return any(os.path.realpath(one.policy) == wanted for one in project.environments)
