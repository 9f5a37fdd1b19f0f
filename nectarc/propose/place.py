"""Which file a proposal goes to, and whether what stands there may be written over.

Owns: the choice of the policy, whose work it is. Must not know: the disk, engines, output.
"""

from __future__ import annotations

from nectarc.intent.policy_text import is_as_made
from nectarc.project import DEFAULT_TARGET, POLICY_NAME, Project
from nectarc.records import record
from nectarc.scaffold.project_texts import POLICY
from nectarc.source import SourceText


@record
class SeveralPolicies:
    """A project that does not say which of its policies is meant."""

    policies: tuple[str, ...]

    @property
    def words(self) -> str:
        """Say so, without a full stop."""
        named = ", ".join(f"`{policy}`" for policy in self.policies)
        return f"the project has several policies ({named}) and no `{DEFAULT_TARGET}`"


def policy_path(project: Project | None) -> str | SeveralPolicies:
    """Return the path of the only or the default policy of a project; `policy.toon` without one."""
    if project is None:
        return POLICY_NAME
    policies = {one.target: one.policy for one in project.environments}
    if len(set(policies.values())) == 1:
        return next(iter(policies.values()))
    if DEFAULT_TARGET in policies:
        return policies[DEFAULT_TARGET]
    return SeveralPolicies(tuple(dict.fromkeys(policies.values())))


def is_free(old: SourceText | None) -> bool:
    """Whether nobody's work is lost with what stands there: nothing, what `init` or we wrote."""
    return old is None or old.text == POLICY or is_as_made(old.text)
