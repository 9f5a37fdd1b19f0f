"""The page of `lint`: its options are those of the command."""

from __future__ import annotations

import re
from typing import Final

from nectarc.cli.arguments import Parser
from nectarc.cli.lint import configure
from tests.e2e.process import run
from tests.shared_data import ROOT

PAGE: Final = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")


def test_the_page_has_every_option_of_the_command_and_no_other() -> None:
    parser = Parser("nectarc lint", "")
    configure(parser)
    actions = parser._actions  # noqa: SLF001 - argparse has no other list of its options
    known = {word for action in actions for word in action.option_strings}

    written = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE)) - {"--validate"}

    assert written <= known
    assert {word for word in known if word.startswith("--")} - written <= {"--help", "--quiet"}


def test_the_example_on_the_page_is_what_lint_prints() -> None:
    block = re.search(r"```console\n\$ nectarc lint rules\.yaml\n(.*?)```", PAGE, re.DOTALL)
    ran = run("lint", "rules.yaml", cwd=ROOT / "examples" / "rules", environment={"PATH": ""})

    assert block is not None
    # Which hints there are is a matter of taste; the verdict and the warning are not.
    assert ran.out.startswith(block[1].partition("hint[")[0])


def test_the_readme_shows_what_lint_prints() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = "nectarc lint examples/rules/rules.yaml"
    block = re.search(rf"```console\n\$ {command}\n(.*?)\.\.\.\n```", readme, re.DOTALL)
    ran = run(*command.split()[1:], cwd=ROOT, environment={"PATH": ""})

    assert block is not None
    assert ran.out.startswith(block[1])
