"""The lock file: what was compiled from what, under which assumptions, and what was checked.

Owns: the format (docs/lock.md), its text and its reading. No disk, no clock: the same inputs give
the same bytes. Must not know: how rules are made.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from nectarc.records import record
from nectarc.refinery.lowered import Assumption, Origin

LOCK_VERSION: Final = 1


@record(kw_only=True)
class LockedRule:
    """A Refinery rule and the policy rule that it came from; `line` counts from 1."""

    name: str
    origin: Origin
    line: int


@record(kw_only=True)
class LockedProof:
    """What was proven before the rules were written; what is not proven is not written."""

    claim: str


@record(kw_only=True)
class LockedEnvironment:
    """One target: its policy by path and hash, what was assumed, where its rules came from.

    traces:   how many boundary traces policy and rules were compared on, without a difference.
    proofs:   what was proven of the rules, for all traces.
    is_exact: the rules decide as the policy; else they keep at least what it keeps.
    """

    target: str
    policy: str
    policy_sha256: str
    assumptions: tuple[Assumption, ...]
    rules: tuple[LockedRule, ...]
    traces: int
    is_exact: bool
    proofs: tuple[LockedProof, ...]


@record(kw_only=True)
class Lock:
    """Everything that a lock file says."""

    nectarc: str
    target: str
    refinery: str
    assume: tuple[str, ...]
    rules_sha256: str
    rules_md5: str
    environments: tuple[LockedEnvironment, ...]


@record
class LockedHashes:
    """What `verify` needs of a lock file: the hashes of the rules and of each policy by path."""

    rules_sha256: str
    policies: tuple[tuple[str, str], ...]


def sha256_of(text: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes of `text`, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def md5_of(text: str) -> str:
    """Return the hash under which Refinery reports these rules (reference, 1.5)."""
    return hashlib.md5(text.encode("utf-8"), usedforsecurity=False).hexdigest()


def render_lock(lock: Lock) -> str:
    """Return the text of a lock file: JSON with two spaces, keys in the order of the format."""
    content = {
        "lock_version": LOCK_VERSION,
        "nectarc": lock.nectarc,
        "target": {"name": lock.target, "refinery": lock.refinery},
        "assume": list(lock.assume),
        "rules": {"sha256": lock.rules_sha256, "refinery_hash": lock.rules_md5},
        "environments": {one.target: _environment(one) for one in lock.environments},
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def parse_lock(text: str) -> LockedHashes | str:
    """Read what `verify` needs; a str says why the text is no lock file of this version."""
    try:
        content = json.loads(text)
        version = content["lock_version"]
        if version != LOCK_VERSION:
            return f"lock version {version!r}, this nectarc reads {LOCK_VERSION}"
        policies = tuple(
            (str(one["policy"]), str(one["sha256"])) for one in content["environments"].values()
        )
        return LockedHashes(str(content["rules"]["sha256"]), policies)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return f"it is no lock file of nectarc ({type(error).__name__})"


def _environment(environment: LockedEnvironment) -> dict[str, object]:
    return {
        "policy": environment.policy,
        "sha256": environment.policy_sha256,
        "assumptions": [_assumption(one) for one in environment.assumptions],
        "rules": [_rule(one) for one in environment.rules],
        "exact": environment.is_exact,
        "checked": {"boundary_traces": environment.traces, "differences": 0},
        "proofs": [{"claim": one.claim, "verdict": "PROVED"} for one in environment.proofs],
    }


def _assumption(assumption: Assumption) -> dict[str, str]:
    said = {"kind": assumption.kind, "field": assumption.field}
    return {**said, "type": assumption.type} if assumption.type else said


def _rule(rule: LockedRule) -> dict[str, object]:
    said: dict[str, object] = {"name": rule.name, "from": rule.origin.rule, "line": rule.line}
    if rule.origin.parts > 1:
        said |= {"part": rule.origin.part, "of": rule.origin.parts}
    return said
