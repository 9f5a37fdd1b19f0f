"""The pages of the codes about whole files: the wrong example fires, the right one does not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from nectarc.diagnostic import Diagnostic
from nectarc.lint.main_config_traps import config_findings
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.read_main_config import read_main_config
from nectarc.source import SourceText
from tests.shared_data import ROOT


def of_input(text: str) -> tuple[Diagnostic, ...]:
    found = read_rules_files([("rules.yaml", text.encode())])
    return (*found.findings, *found.loaded.diagnostics)


def of_config(text: str) -> tuple[Diagnostic, ...]:
    config, found = read_main_config(SourceText.of("refinery.yaml", text))
    return found if config is None else (*found, *config_findings(config, None))


PAGES: dict[str, Callable[[str], tuple[Diagnostic, ...]]] = {
    **dict.fromkeys(("NEC517", "NEC518", "NEC519"), of_config),
    **dict.fromkeys(("NEC540", "NEC541", "NEC542", "NEC543", "NEC544", "NEC547"), of_input),
}


@pytest.mark.parametrize("code", PAGES)
def test_the_wrong_example_fires_and_the_right_one_has_no_findings(code: str) -> None:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    wrong, right = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)

    assert {one.code for one in PAGES[code](wrong)} == {code}
    assert PAGES[code](right) == ()
