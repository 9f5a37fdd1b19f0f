"""What a proposal is judged in: the project's safety, its traffic, its target.

Owns: reading these for `propose`. Must not know: engines.
"""

from __future__ import annotations

from nectarc.checking import check_text
from nectarc.cli.evidence import Traces
from nectarc.intent.judging import Setting
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.intent.vocabulary_of import vocabulary_of
from nectarc.pipeline import options_of
from nectarc.project import Project
from nectarc.records import replace
from nectarc.source import SourceText

_DEFAULTS = Project(root="")


def setting_of(project: Project | None, traffic: Traces, old: SourceText | None) -> Setting:
    """Return what a policy of `project` is judged in; without a project, by the defaults.

    old: the policy that stands there; its budget stays.
    """
    known = project if project is not None else _DEFAULTS
    corpus = traffic.corpus
    vocabulary = vocabulary_of(corpus) if corpus is not None else Vocabulary()
    written = check_text(old).written if old is not None else None
    return Setting(
        vocabulary=vocabulary,
        safety=SafetyWords(
            error=known.safety_error,
            errors=known.safety_errors,
            critical="" if known.safety_critical == known.safety_error else known.safety_critical,
            is_given=known.safety_error != _DEFAULTS.safety_error,
        ),
        evidence=traffic.evidence(known.traces_per_second),
        lowering=replace(options_of(known), schema=vocabulary.schema),
        budget_per_second=written.budget_per_second if written is not None else None,
    )
