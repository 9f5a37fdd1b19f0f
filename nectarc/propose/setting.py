"""What a proposal is judged in: the project's safety, its traffic, its target.

Owns: reading these from the manifest. Must not know: engines, where traces lie.
"""

from __future__ import annotations

from typing import Final

from nectarc.checking import check_text
from nectarc.intent.judging import Setting
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.pipeline import options_of
from nectarc.project import Project
from nectarc.prove.evidence import Evidence
from nectarc.records import replace
from nectarc.source import SourceText

_DEFAULTS: Final = Project(root="")


def setting_of(
    project: Project | None, vocabulary: Vocabulary, evidence: Evidence, old: SourceText | None
) -> Setting:
    """Return what a policy of `project` is judged in; without a project, by the defaults.

    old: the policy that stands there; its budget stays.
    """
    known = project if project is not None else _DEFAULTS
    written = check_text(old).written if old is not None else None
    return Setting(
        vocabulary=vocabulary,
        safety=safety_words(known),
        evidence=evidence,
        lowering=replace(options_of(known), schema=vocabulary.schema),
        budget_per_second=written.budget_per_second if written is not None else None,
    )


def safety_words(project: Project) -> SafetyWords:
    """Return what the project says an error is, and what must become of it."""
    return SafetyWords(
        error=project.safety_error,
        errors=project.safety_errors,
        critical="" if project.safety_critical == project.safety_error else project.safety_critical,
        is_given=project.safety_error != _DEFAULTS.safety_error,
    )
