"""Policies from texts, for tests of running tests."""

from __future__ import annotations

from typing import NamedTuple

from nectarc.checking import check_text
from nectarc.ir.nodes import Policy
from nectarc.source import SourceText
from nectarc.syntax import ast


class Checked(NamedTuple):
    """A policy without errors, as written and as meant."""

    written: ast.Policy
    policy: Policy


def checked(text: str) -> Checked:
    found = check_text(SourceText.of("policy.toon", text))
    assert not found.has_errors, found.diagnostics
    assert found.written is not None
    assert found.policy is not None
    return Checked(found.written, found.policy)
