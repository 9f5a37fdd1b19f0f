"""How the page looks: its style sheet, and the drawings that are no charts.

Owns: page.css, the logo, the pattern of what is lost. Must not know: what is reported.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

from nectarc.waggle.html_elements import Markup

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r" ?([{};,]) ?")

# A cell of a comb.
_CELL: Final = "M12 2l8.7 5v10L12 22l-8.7-5V7z"
LOGO: Final = Markup(
    f'<svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><path class="f-kept" d="{_CELL}"/>'
    '<path class="f-paper" d="M12 7.5l3.9 2.25v4.5L12 16.5l-3.9-2.25v-4.5z"/></svg>'
)
ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E"
    f"%3Cpath fill='%23d97706' d='{_CELL}'/%3E%3C/svg%3E"
)
# What is lost is striped: the difference shows without colours, and in print.
DEFINITIONS: Final = Markup(
    '<svg class="definitions" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path class="f-lostback" d="M0 0h6v6H0z"/>'
    '<path class="f-lostline" d="M0 0h3v6H0z"/></pattern></defs></svg>'
)


def page_style() -> str:
    """Return the style sheet without what only its authors need."""
    style = files("nectarc.waggle").joinpath("page.css").read_text(encoding="utf-8")
    return _AROUND.sub(r"\1", _BLANKS.sub(" ", _COMMENT.sub("", style))).strip()
