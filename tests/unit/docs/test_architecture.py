"""docs/architecture.md names every part of nectarc, and the layers that the tidy test enforces.

`python -m tests.unit.docs.test_architecture` writes the layers into the page.
"""

from __future__ import annotations

import re
from typing import Final

from tests.shared_data import ROOT
from tests.test_tidy import LAYERS

PAGE: Final = ROOT / "docs" / "architecture.md"
_LAYERS: Final = re.compile(r"^```layers\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def layers() -> str:
    return "".join(", ".join(sorted(layer)) + "\n" for layer in LAYERS)


def test_the_page_shows_the_layers_that_are_enforced() -> None:
    (shown,) = _LAYERS.findall(PAGE.read_text(encoding="utf-8"))

    assert shown == layers()


def test_the_page_names_every_part() -> None:
    page = PAGE.read_text(encoding="utf-8")
    parts = [
        path.stem
        for path in (ROOT / "nectarc").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    ]
    named = set(re.findall(r"`([a-z_]+)`", page.split("## Three trees")[0]))

    assert sorted(set(parts) - {"__init__"} - named) == []


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_LAYERS.sub(lambda _: f"```layers\n{layers()}```", text), encoding="utf-8")
