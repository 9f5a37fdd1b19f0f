"""The fixes of findings as actions, and all safe ones in one go.

Owns: which fix is preferred, the fixpoint. Must not know: the protocol, any code.
Truth: nectarc/fixes.py, as `nectarc check --fix` and `nectarc lint --fix` apply them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.checking import check_text
from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.fixes import safe_fixes, settle_text
from nectarc.lint.fixing import settle
from nectarc.lint.looking import Looked, Wanted, look
from nectarc.project import Project, parse_project
from nectarc.safety import check_safety
from nectarc.source import SourceText
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.actions import Action, ActionKind
from nectarc_lsp.features.format_edits import line_edits

_ALL_TITLE = "apply all safe fixes"


def fix_actions(found: Sequence[Diagnostic]) -> Iterator[Action]:
    """Yield the fixes of findings; the same fix of several findings once, with all of them."""
    findings: dict[Fix, list[Diagnostic]] = {}
    for one in found:
        for fix in one.fixes:
            if fix.edits:
                findings.setdefault(fix, []).append(one)
    for fix, mended in findings.items():
        yield Action(
            title=fix.title,
            kind=ActionKind.QUICK_FIX,
            edits=fix.edits,
            diagnostics=tuple(mended),
            is_preferred=fix.is_safe and all(_is_only_safe(fix, one) for one in mended),
        )


def _is_only_safe(fix: Fix, finding: Diagnostic) -> bool:
    return [one for one in finding.fixes if one.is_safe] == [fix]


def has_safe_fixes(view: View) -> bool:
    """Say whether there is something to fix without asking; cheap."""
    return bool(safe_fixes(view.findings))


def fix_all_action(view: View) -> Action | None:
    """Return the safe fixes, applied until none is left; None where there are none.

    Only what the text alone says is mended: what a proof has found is the author's to choose.
    """
    if not has_safe_fixes(view):
        return None
    edits = fix_all_edits(view)
    if not edits:
        return None
    wanted = set(safe_fixes(view.findings))
    mended = tuple(one for one in view.findings if wanted.intersection(one.fixes))
    return Action(title=_ALL_TITLE, kind=ActionKind.FIX_ALL, edits=edits, diagnostics=mended)


def fix_all_edits(view: View) -> tuple[Edit, ...]:
    """Return the edits that all safe fixes make of a text, as small as lines allow."""
    return tuple(line_edits(view.text, _settled(view)))


def _settled(view: View) -> str:
    match view.kind:
        case Kind.POLICY:
            return settle_text(
                view.text, lambda text: check_text(text, view.schema).diagnostics
            ).text.text
        case Kind.MANIFEST:
            return settle_text(view.text, _of_manifest).text.text
        case Kind.RULES:
            return _settled_rules(view)
        case Kind.OTHER:
            return view.text.text


def _of_manifest(text: SourceText) -> tuple[Diagnostic, ...]:
    reading = parse_project(text)
    project: Project | None = reading.project
    if project is None:
        return reading.diagnostics
    return (*reading.diagnostics, *check_safety(project, text).diagnostics)


def _settled_rules(view: View) -> str:
    """Return the text after the safe fixes of its traps; proofs are left to `nectarc lint`."""
    wanted = Wanted(proves=False)

    def again(name: str, data: bytes) -> Looked:
        return look([(name, data)], wanted)

    settled, _ = settle(again(view.text.file, view.text.text.encode("utf-8", "replace")), again)
    ((_, data),) = settled.inputs
    return data.decode("utf-8", "replace")
