"""Where the sections of a policy stand, also while it is being typed.

Owns: `outline`. Must not know: rows, cells, the protocol.
Truth: ../shared/design/language.md, section 2 (both TOON forms).
"""

from __future__ import annotations

from nectarc.records import record
from nectarc.syntax.policy import WRAPPER
from nectarc.toon.layout import STEP, Block
from nectarc.toon.outline import Header, content_of, entry_on
from nectarc_lsp.database.view import View


@record(kw_only=True)
class Outline:
    """Where the sections of a policy stand, as far as they are written.

    sections: headers and keys of the policy's own lines, in order.
    wrapper:  the line of `nectar_policy`, None without one.
    indent:   the column that the sections begin at.
    """

    sections: tuple[Header, ...]
    wrapper: Header | None
    indent: int

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the sections, those of a record's header too."""
        keys = tuple(one.key.text for one in self.sections)
        columns = self.wrapper.names if self.wrapper is not None else ()
        return tuple(dict.fromkeys((*columns, *keys)))

    def section(self, name: str) -> Header | None:
        """Return the header of a section."""
        return next((one for one in self.sections if one.key.text == name), None)


def outline(view: View) -> Outline:
    """Return the outline of a policy; ask for it by `view.derive(outline)`."""
    text = view.text
    wrapper: Header | None = None
    indent = 0
    found: list[Header] = []
    for number in range(len(text.line_starts)):
        content, column = content_of(text, number)
        if not content or content[0] == "#":
            continue
        if column == 0 and content.startswith(WRAPPER):
            header = next(entry_on(text, number), None)
            if header is not None and header.key.text == WRAPPER:
                wrapper, indent, found = header, -1, []
                continue
        if indent < 0:
            indent = column or STEP
        if column == indent:
            header = next(entry_on(text, number), None)
            is_value = wrapper is not None and wrapper.block is Block.RECORD
            if header is not None and not (is_value and header.block is Block.OBJECT):
                found.append(header)
    return Outline(sections=tuple(found), wrapper=wrapper, indent=max(indent, 0) or _step(wrapper))


def _step(wrapper: Header | None) -> int:
    return 0 if wrapper is None else STEP
