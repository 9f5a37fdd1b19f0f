"""What two layers say, each for itself, because neither may import the other: it must agree.

The project is read on the way of `check`, which loads nothing of Refinery; the IR knows no target.
"""

from __future__ import annotations

from nectarc import project
from nectarc.cli import version
from nectarc.ir.verify import DYNAMIC_KINDS
from nectarc.pipeline import CompileOptions
from nectarc.refinery import rules
from nectarc.refinery.lowered import AssumptionKind
from nectarc.refinery.metadata import DOWNSTREAM_SAMPLERS, GROUPS
from nectarc.refinery.targets import TARGETS
from nectarc.semantics.reserved import reserved
from nectarc.semantics.sampler_parameters import BY_REFINERY
from nectarc.semantics.types import UNIT_NS, unit_of
from nectarc.syntax.literals import KEYWORDS, NANOSECONDS
from nectarc.trace import ROOT_FIELD
from tools.build_tables import grammars


def test_the_manifest_offers_the_targets_and_assumptions_that_lowering_knows() -> None:
    assert project.DEFAULT_TARGET == rules.DEFAULT_TARGET
    assert sorted(project.TARGETS) == sorted(TARGETS)
    assert list(project.ASSUMPTIONS) == [kind.value for kind in AssumptionKind]


def test_every_default_target_is_one_of_the_table() -> None:
    defaults = {project.Project(root="").target, CompileOptions().target, version.TARGET}

    assert defaults <= set(TARGETS)


def test_ir_checker_and_validator_know_the_same_samplers() -> None:
    assert sorted(DYNAMIC_KINDS) == sorted(DOWNSTREAM_SAMPLERS) == sorted(BY_REFINERY)


def test_every_parameter_of_a_sampler_is_one_that_refinery_takes() -> None:
    unknown = [
        f"{kind.refinery}.{parameter.refinery}"
        for kind in BY_REFINERY.values()
        for parameter in kind.parameters
        if parameter.refinery not in GROUPS[kind.refinery]
    ]

    assert unknown == []


def test_a_duration_type_counts_in_the_unit_of_its_literals() -> None:
    assert {unit_of(type_): ns for type_, ns in UNIT_NS.items()} == {
        unit: NANOSECONDS[unit] for unit in ("ns", "us", "ms", "s")
    }


def test_a_policy_cannot_name_the_field_that_marks_the_root() -> None:
    assert reserved(ROOT_FIELD) is not None


def test_every_keyword_is_a_word_of_the_grammar() -> None:
    grammar = grammars()["match"]

    # `root` is no token of its own: it stands inside of NAME, before a dot.
    assert [word for word in sorted(KEYWORDS) if f'"{word}"' not in grammar] == ["root"]
