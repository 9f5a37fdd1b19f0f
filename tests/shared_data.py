"""Where the shared vectors and data are: `../shared` beside the repository, or NECTARC_SHARED."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
SHARED: Final = Path(os.environ.get("NECTARC_SHARED", ROOT.parent / "shared"))

requires_shared: Final = pytest.mark.skipif(
    not (SHARED / "vectors").is_dir(),
    reason=f"the shared vectors are not at {SHARED} (set NECTARC_SHARED)",
)


def read_vectors(name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of `vectors/<name>`, gunzipped where the name says so."""
    path = SHARED / "vectors" / name
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
