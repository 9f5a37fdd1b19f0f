"""Renaming in `nectar.toml`: environments, and the fields that `[safety]` reads.

Owns: edits of the manifest. Must not know: the protocol.
Truth: docs/language.md, section 1; the matches of `[safety]` read the names that a policy declares.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.diagnostic import Edit
from nectarc.project import DEFAULT_TARGET
from nectarc.source import NOWHERE
from nectarc_lsp.database.view import View
from nectarc_lsp.features.manifest import setting_places
from nectarc_lsp.features.occurrences import Named, Target
from nectarc_lsp.features.rename_checks import Refusal
from nectarc_lsp.features.safety_uses import safety_uses

_ENVIRONMENTS: Final = "environments"
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def target_in_manifest(view: View, offset: int) -> Target | Refusal | None:
    """Return the environment named at `offset`."""
    for place in setting_places(view):
        if place.table != _ENVIRONMENTS or not place.source.start <= offset <= place.source.end:
            continue
        if place.key == DEFAULT_TARGET:
            return Refusal(f"Refinery wants a target `{DEFAULT_TARGET}`: its name is fixed")
        return Target(Named.ENVIRONMENT, place.key, place.source)
    return None


def rename_target(view: View, found: Target, new: str) -> tuple[Edit, ...] | Refusal:
    """Return the edits that rename an environment: Refinery knows it by that name."""
    if not new.strip() or new != new.strip():
        return Refusal("a target needs a name that neither begins nor ends with a blank")
    if any(one in '"\\' or not one.isprintable() for one in new):
        return Refusal("the name of a target holds no quotes, backslashes or line ends here")
    taken = [one for one in setting_places(view) if (one.table, one.key) == (_ENVIRONMENTS, new)]
    if taken and new != found.name:
        return Refusal(f"there is a target `{new}` already")
    before = view.text.text[found.source.start - 1 : found.source.start]
    is_quoted = before in {'"', "'"} and bool(before)
    if is_quoted:
        if before in new:
            return Refusal(f"the name stands in {before}, and cannot hold one")
        return (Edit(found.source, new),)
    return (Edit(found.source, new if _BARE_KEY.fullmatch(new) else f'"{new}"'),)


def manifest_edits(view: View, target: Target, new: str) -> tuple[Edit, ...] | Refusal:
    """Return the edits of `[safety]` when a row of `fields` gets the name `new`.

    Refused where that match would then mean something else, in this policy or in another.
    """
    project, manifest = view.project, view.manifest
    uses = [one for one in safety_uses(view) if one.name == target.name and not one.is_quoted]
    if not uses:
        return ()
    told = f"the `[safety]` match reads `{target.name}` as this row declares it"
    if project is None or manifest is None:
        return Refusal(f"{told}: write that match in `nectar.toml` first")
    if any(one.source == NOWHERE for one in uses):
        return Refusal(f"{told}: write `[safety]` in `nectar.toml` with the new name first")
    if len({one.policy for one in project.environments}) > 1:
        return Refusal(f"{told}, and it is also asked of other policies: rename it there by hand")
    return tuple(Edit(one.source, new) for one in uses)
