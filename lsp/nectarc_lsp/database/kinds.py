"""What a file is to nectarc: a policy, a manifest, Refinery rules, or none of our business.

Owns: "ours". Must not know: the protocol. Truth: ../shared/design/language.md, section 1.
"""

from __future__ import annotations

import os
import re
from typing import Final

from nectarc.project import MANIFEST_NAME, Project
from nectarc.syntax import is_policy_document
from nectarc.toon.document import Document
from nectarc_lsp.database.view import Kind

_POLICY_SUFFIX: Final = ".toon"
_RULES_SUFFIXES: Final = (".yaml", ".yml", ".json")
# Keys that only rules files have; inside Helm values and ConfigMaps they stand deeper.
_RULES_KEY: Final = re.compile(r"^\s*[\"']?(?:RulesVersion|Samplers)[\"']?\s*:", re.MULTILINE)
_RULES_JSON: Final = re.compile(r'"(?:RulesVersion|Samplers)"\s*:')


def kind_by_name(path: str, text: str) -> Kind:
    """Say what the document may be; a `.toon` file is a POLICY only if `is_ours` agrees."""
    name = os.path.basename(path)
    if name == MANIFEST_NAME:
        return Kind.MANIFEST
    if name.endswith(_POLICY_SUFFIX):
        return Kind.POLICY
    key = _RULES_JSON if name.endswith(".json") else _RULES_KEY
    if name.endswith(_RULES_SUFFIXES) and key.search(text):
        return Kind.RULES
    return Kind.OTHER


def is_ours(document: Document, path: str, project: Project | None) -> bool:
    """Say whether a TOON document is a policy: by its sections, or because a manifest names it."""
    return is_policy_document(document) or is_named(path, project)


def is_named(path: str, project: Project | None) -> bool:
    """Say whether the manifest of the project names the file as a policy."""
    if project is None or project.manifest is None:
        return False
    wanted = os.path.realpath(path)
    return any(os.path.realpath(one.policy) == wanted for one in project.environments)
