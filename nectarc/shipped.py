"""Where the files lie that come with nectarc: pages of codes, the example.

Owns: the difference between a checkout and an installed wheel. Must not know: what they hold.
"""

from __future__ import annotations

import os

import nectarc


def shipped_folder(name: str) -> str:
    """Return the folder `name` ("docs/codes") of the wheel, or else of the checkout."""
    package = os.path.dirname(os.path.abspath(nectarc.__file__))
    inside = os.path.join(package, *name.split("/"))
    if os.path.isdir(inside):
        return inside
    return os.path.join(os.path.dirname(package), *name.split("/"))


def page_of(code: str) -> str:
    """Return the Markdown page of a diagnostic's code, "" where there is none."""
    path = os.path.join(shipped_folder("docs/codes"), f"{code}.md")
    try:
        with open(path, encoding="utf-8") as page:
            return page.read()
    except FileNotFoundError:
        return ""
