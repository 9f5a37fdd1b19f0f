"""What an output depends on, as make reads it.

Owns: make's escapes. Must not know: what is compiled.
"""

from __future__ import annotations

from collections.abc import Iterable


def depfile_text(output: str, inputs: Iterable[str]) -> str:
    """Return a rule `output: inputs`, and an empty rule for each input.

    The empty rules let make go on when an input was renamed or removed (as gcc's `-MP`).
    """
    names = [_escaped(name) for name in dict.fromkeys(inputs)]
    rules = "".join(f"\n{name}:\n" for name in names)
    return f"{_escaped(output)}: {' '.join(names)}\n{rules}"


def _escaped(name: str) -> str:
    return name.replace("$", "$$").replace("#", "\\#").replace(" ", "\\ ")
