"""What the words of `nectarc diff` name: policies, rules files, projects, git revisions.

Owns: telling them apart and reading them. Must not know: how sides are compared.
"""

from __future__ import annotations

import os
from typing import Final

from nectarc.checking import check_text
from nectarc.cli.console import Console
from nectarc.cli.environments import check_sources, open_environments
from nectarc.cli.revisions import is_revision, read_revision
from nectarc.cli.rules_words import POLICY_SUFFIX, RULES_SUFFIXES, is_rules, read_rules
from nectarc.codes import finding
from nectarc.compare.sides import Side, side_of_policies, side_of_rules
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.files import STDIN, STDIN_NAME, read_bytes, text_of_bytes
from nectarc.ir.nodes import Policy
from nectarc.project import DEFAULT_TARGET, Project, parse_project
from nectarc.source import SourceSpan, SourceText

_NOW: Final = "the project now"


class SideReader:
    """Reads sides; what was wrong is in `found`.

    project: the one of this folder, None where there is none. is_project_side: some side was it.
    """

    def __init__(self, console: Console, project: Project | None) -> None:
        """Read for a user at `console`."""
        self.console = console
        self.project = project
        self.found: list[Diagnostic] = []
        self.is_project_side = False

    def read(self, word: str | None) -> Side | None:
        """Read the side that `word` names; None is the project as it is now."""
        if word is None:
            return self._project_now()
        suffix = os.path.splitext(word)[1].lower()
        is_there = os.path.exists(word) and not os.path.isdir(word)  # a pipe (`<(…)`) is no file
        if word == STDIN or is_there:
            return self._file(word)
        revision, _, path = word.partition(":")
        if path and revision:
            return self._file_of_revision(revision, path)
        if is_revision(word):
            return self._project_of_revision(word)
        if suffix in RULES_SUFFIXES or suffix == POLICY_SUFFIX or os.path.isdir(word):
            return self._file(word)  # which says why it cannot be read
        self.found.append(_nothing(word))
        return None

    def _file(self, path: str) -> Side | None:
        data = read_bytes(path)
        if isinstance(data, Diagnostic):
            self.found.append(data)
            return None
        return self._of_bytes(STDIN_NAME if path == STDIN else path, data)

    def _file_of_revision(self, revision: str, path: str) -> Side | None:
        data = read_revision(revision, path)
        if isinstance(data, Diagnostic):
            self.found.append(data)
            return None
        return self._of_bytes(f"{revision}:{path}", data)

    def _of_bytes(self, name: str, data: bytes) -> Side | None:
        if is_rules(name, data):
            rules = read_rules(name, data, self.console, self.found).rules
            return None if rules is None else side_of_rules(name, rules)
        text = text_of_bytes(name, data)
        if isinstance(text, Diagnostic):
            self.found.append(text)
            return None
        self.console.know([text])
        return self._policies(name, {DEFAULT_TARGET: text})

    def _project_now(self) -> Side | None:
        self.is_project_side = True
        opened = open_environments(None, self.console)
        self.found += opened.found
        if not opened.is_readable:
            return None
        policies: dict[str, Policy] = {}
        for source, checked in check_sources(opened):
            if checked.policy is None or checked.has_errors:
                self.found += checked.diagnostics
            else:
                policies[source.target] = checked.policy
        if not policies or has_errors(self.found):
            return None
        return side_of_policies(_NOW, policies)

    def _project_of_revision(self, revision: str) -> Side | None:
        """Read the project here as it was: its manifest, if it had one, and its policies."""
        self.is_project_side = True
        if self.project is None:
            self.found += open_environments(None, self.console).found
            return None
        project = self._project_then(revision, self.project)
        texts: dict[str, SourceText] = {}
        for one in project.environments:
            data = read_revision(revision, one.policy)
            if isinstance(data, Diagnostic):
                self.found.append(data)
                return None
            text = self._text(f"{revision}:{one.policy}", data)
            if text is None:
                return None
            texts[one.target] = text
        return self._policies(revision, texts)

    def _project_then(self, revision: str, now: Project) -> Project:
        if now.manifest is None:
            return now
        data = read_revision(revision, now.manifest)
        if isinstance(data, Diagnostic):
            return now  # it had no manifest: the same policies, if they were there
        text = SourceText.of(now.manifest, data.decode("utf-8", errors="replace"))
        then = parse_project(text).project
        return then if then is not None and then.environments else now

    def _text(self, name: str, data: bytes) -> SourceText | None:
        try:
            text = SourceText.of(name, data.decode("utf-8").removeprefix("\ufeff"))
        except UnicodeDecodeError:
            self.found.append(
                finding("NEC484", SourceSpan(name, 0, 0), f"`{name}` is not UTF-8 text")
            )
            return None
        self.console.know([text])
        return text

    def _policies(self, name: str, texts: dict[str, SourceText]) -> Side | None:
        policies: dict[str, Policy] = {}
        for target, text in texts.items():
            checked = check_text(text)
            if checked.policy is None or checked.has_errors:
                self.found += checked.diagnostics
                return None
            policies[target] = checked.policy
        if DEFAULT_TARGET not in policies:
            policies[DEFAULT_TARGET] = next(iter(policies.values()))
        return side_of_policies(name, policies)


def _nothing(word: str) -> Diagnostic:
    return finding(
        "NEC484",
        SourceSpan(word, 0, 0),
        f"`{word}` is neither a file nor a git revision",
        why="without it there is nothing to compare with",
        help="name a policy (.toon), Refinery rules (.yaml, .json), a revision (`HEAD~1`), or a"
        " file in one (`HEAD~1:rules.yaml`)",
    )
