"""The pages of codes: where they are, and their first words.

Owns: the address of a page. Must not know: the protocol. Truth: docs/codes/.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from nectarc.codes import CODES
from nectarc.diagnostic import Diagnostic
from nectarc.shipped import page_of, shipped_folder

_FOLDER: Final = "docs/codes"


@cache
def page_address(code: str) -> str:
    """Return the address of a code's page: the file that comes with nectarc, so it needs no net."""
    return Path(shipped_folder(_FOLDER), f"{code}.md").resolve().as_uri()


def finding_words(found: Diagnostic) -> str:
    """Return a finding's code with a link, its title, and the first words of its page."""
    title = CODES[found.code].title if found.code in CODES else found.headline
    told = f"[{found.code}]({page_address(found.code)}): {title}"
    first = first_words(found.code)
    return f"{told}\n\n{first}" if first else told


@cache
def first_words(code: str) -> str:
    """Return the first paragraph of a code's page, on one line; "" where there is no page."""
    blocks = page_of(code).split("\n\n")[1:]
    first = next((one.strip() for one in blocks if one.strip()), "")
    is_prose = first and not first.startswith(("#", "```", "|", "-")) and not first.endswith(":")
    return " ".join(first.split()) if is_prose else ""
