"""`lint --fix`: safe fixes applied to a file's bytes until none is left.

Owns: rounds, line ends, the byte order mark, which fixes would make things worse.
Must not know: the disk, any code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from nectarc.diagnostic import Edit, Fix, Severity
from nectarc.fixes import ROUNDS_MAX, apply_fixes, safe_fixes
from nectarc.lint.looking import Looked
from nectarc.records import replace
from nectarc.source import SourceText

_MARK: Final = b"\xef\xbb\xbf"


def settle(looked: Looked, look: Callable[[str, bytes], Looked]) -> tuple[Looked, tuple[Fix, ...]]:
    """Apply safe fixes until none is left; return what then is there, and what was applied.

    A fix after which the rules would load no longer, or have more errors than before, is not
    applied: of what Refinery passes over, the fix may make something that it checks.
    look: reads a file's bytes as if they stood on the disk under its name.
    """
    done: list[Fix] = []
    for _ in range(ROUNDS_MAX):
        fixes = safe_fixes(looked.found)
        after, applied = _applied(looked, fixes, look)
        if _is_worse(looked, after):
            harmless = [
                fix for fix in fixes if not _is_worse(looked, _applied(looked, [fix], look)[0])
            ]
            after, applied = _applied(looked, harmless, look)
        if after is looked or _is_worse(looked, after):
            break
        done += applied
        looked = after
    return looked, tuple(done)


def unified(name: str, before: str, after: str) -> str:
    """Return the change as a unified diff that `git apply` and `patch` take; "" without one."""
    from difflib import unified_diff  # noqa: PLC0415 - few ask for a diff

    lines = unified_diff(
        _lines(before),
        _lines(after),
        f"a/{name}",
        f"b/{name}",
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Split at LF only, as diffs do: `splitlines` knows ends that YAML and patches do not."""
    parts = text.split("\n")
    return [f"{line}\n" for line in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _applied(
    looked: Looked, fixes: Sequence[Fix], look: Callable[[str, bytes], Looked]
) -> tuple[Looked, tuple[Fix, ...]]:
    """Apply what goes together of `fixes` once; return `looked` itself where nothing changes."""
    text = looked.rules.text
    if text is None:
        return looked, ()
    changed, applied = apply_fixes(text, [_with_line_ends(fix, text) for fix in fixes])
    if changed == text.text:
        return looked, ()
    ((name, data),) = looked.inputs
    mark = _MARK if data.startswith(_MARK) else b""
    return look(name, mark + changed.encode("utf-8", "surrogatepass")), applied


def _with_line_ends(fix: Fix, text: SourceText) -> Fix:
    """Give the lines that a fix adds the line end of the file's first line."""
    end = text.text.find("\n")
    if end < 1 or text.text[end - 1] != "\r":
        return fix
    return replace(
        fix,
        edits=tuple(
            Edit(edit.source, edit.text.replace("\r\n", "\n").replace("\n", "\r\n"))
            for edit in fix.edits
        ),
    )


def _is_worse(before: Looked, after: Looked) -> bool:
    """Say whether rules that loaded do so no longer, or have more errors.

    Of a refused file more may be said once its first errors are repaired.
    """
    if not before.rules.loaded.is_accepted:
        return False
    return not after.rules.loaded.is_accepted or _errors(after) > _errors(before)


def _errors(looked: Looked) -> int:
    return sum(1 for one in looked.found if one.severity is Severity.ERROR)
