"""What is wished for where the cursor stands: a row from a comment, the rest of a row.

Owns: `wish_at`. Must not know: engines, proofs, the protocol.
Truth: docs/editor-claude.md; ../shared/design/language.md, section 2.
Words are a wish in the rules or invariants only: below a comment, or in a row that is begun. What
is special to items of a list is in suggestions_items.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nectarc.toon.layout import STEP, Block
from nectarc.toon.outline import Header, content_of, line_of
from nectarc_lsp.database.view import View
from nectarc_lsp.features.places import place_at
from nectarc_lsp.features.places_kinds import BlankPlace, CellPlace, CommentPlace
from nectarc_lsp.features.places_outline import outline
from nectarc_lsp.features.suggestions_items import item_around, keys_of_items, splits_item
from nectarc_lsp.features.wishes import INVARIANTS, RULES, Wish

_WORDS_MIN: Final = 2
_TEXT_MAX: Final = 400
_COMMENTS_MAX: Final = 6
# What a comment says that asks for something; others say why something is as it is.
_VERB: Final = re.compile(
    r"\b(?:keep|retain|preserve|save|store|drop|discard|ignore|exclude|sample|limit|throttle|cap"
    r"|never|always|all|only|every|at most|at least|lose)\b|[0-9] ?%|\b1 in \d",
    re.IGNORECASE,
)


def wish_at(view: View, offset: int, *, is_asked: bool = False) -> Wish | None:
    """Return what is wished for at an offset; None where nothing is said.

    is_asked: the user asks for a suggestion: then any comment says what is wanted.
    """
    place = place_at(view, offset)
    match place:
        case CommentPlace():
            return _of_comment(view, offset, is_asked=is_asked)
        case BlankPlace():
            return _of_blank(view, offset, is_asked=is_asked)
        case CellPlace():
            return _of_row(view, place, offset)
        case _:
            return None


def _of_comment(view: View, offset: int, *, is_asked: bool) -> Wish | None:
    text = view.text
    line = line_of(text, offset)
    content, column = content_of(text, line)
    start = text.line_starts[line]
    if offset < start + column + len(content):
        return None
    header = _rows_around(view, line)
    words = _comment_words(view, line)
    if header is None or column <= header.column or not _is_wish(words, is_asked=is_asked):
        return None
    return _new(view, header, words, offset, line, lead=f"\n{' ' * (header.column + STEP)}")


def _of_blank(view: View, offset: int, *, is_asked: bool) -> Wish | None:
    text = view.text
    line = line_of(text, offset)
    header = _rows_around(view, line)
    blanks = offset - text.line_starts[line]
    words = _comment_words(view, line - 1)
    if header is None or not words or not _is_wish(words, is_asked=is_asked):
        return None
    indent = header.column + STEP
    if blanks > indent or text.line(line + 1)[blanks:].strip(" "):
        return None
    return _new(view, header, words, offset, line, lead=" " * (indent - blanks))


def _new(  # noqa: PLR0913, PLR0917 - where it stands, and what it says
    view: View, header: Header, words: str, offset: int, line: int, lead: str
) -> Wish | None:
    """Return the wish for a row that is not begun, in front of the line below `line`."""
    is_list = header.block is Block.LIST
    if is_list and splits_item(view.text, line, header):
        return None
    return Wish(
        section=header.key.text,
        words=(words,),
        columns=keys_of_items(view.text, header) if is_list else header.names,
        delimiter=header.delimiter,
        offset=offset,
        lead=lead,
        indent=header.column + STEP,
        is_list=is_list,
        base=view.text.text,
        at=offset,
    )


def _of_row(view: View, place: CellPlace, offset: int) -> Wish | None:
    header = place.header
    if place.section not in (RULES, INVARIANTS):
        return None
    if place.delimiter is None or header is None:
        return _of_item(view, place, offset)
    if header.key.text != place.section or header.block is not Block.TABLE:
        return None
    names = header.names
    if place.column not in names or place.cell.is_quoted or place.cell.is_joined:
        return None
    text = view.text
    line = line_of(text, offset)
    rest = text.text[offset : text.line_starts[line] + len(text.line(line + 1))].strip(" ")
    is_one = bool(rest)
    if is_one and (place.column == "name" or not rest.startswith(place.delimiter.value)):
        return None
    typed = {name: said for name, said in place.others.items() if said.strip()}
    here = place.cell.text
    words = tuple(_row_words(typed | {place.column: here}, place.column))
    if not words or (place.column == "priority"):
        return None
    base, at = _without_line(view, line)
    return Wish(
        section=place.section,
        words=words,
        columns=names,
        delimiter=place.delimiter,
        offset=offset,
        typed=typed | ({place.column: here} if here else {}),
        column=place.column,
        is_one=is_one,
        base=base,
        at=at,
    )


def _of_item(view: View, place: CellPlace, offset: int) -> Wish | None:
    header = view.derive(outline).section(place.section)
    if header is None or header.block is not Block.LIST or place.cell.is_quoted:
        return None
    text = view.text
    line = line_of(text, offset)
    item = item_around(text, line, header)
    columns = keys_of_items(text, header)
    is_after = place.column in columns and place.column != "priority"
    behind = text.text[offset : text.line_starts[line] + len(text.line(line + 1))].strip(" ")
    if item is None or not is_after or behind:
        return None
    left = tuple(one for one in columns if one not in place.others and one != place.column)
    is_one = line != item.last or not left
    typed = {name: said for name, said in place.others.items() if said.strip()}
    here = place.cell.text
    words = tuple(_row_words(typed | {place.column: here}, place.column))
    if not words or (place.column == "name" and is_one):
        return None
    return Wish(
        section=place.section,
        words=words,
        columns=(place.column, *left),
        delimiter=header.delimiter,
        offset=offset,
        lead="" if text.text[offset - 1 : offset] != ":" else " ",
        indent=header.column + STEP,
        typed=typed | ({place.column: here} if here else {}),
        column=place.column,
        is_one=is_one,
        is_list=True,
        base=text.text[: item.start] + text.text[item.end :],
        at=item.start,
    )


def _row_words(cells: Mapping[str, str], column: str) -> list[str]:
    """Return what the cells say is wanted, as sentences."""
    described = cells.get("description", "").strip()
    named = " ".join(cells.get("name", "").replace("_", "-").split("-")).strip()
    found: list[str] = []
    if column in ("description", "match", "action", "when") and described:
        found.append(described)
        verb = named.split(" ", 1)[0]
        if verb and not _VERB.search(described) and _VERB.fullmatch(verb):
            found.append(f"{verb} {described[:1].lower()}{described[1:]}")
    if len(named.split()) >= _WORDS_MIN:
        found.append(named)
    action = cells.get("action", "").strip()
    if action in ("keep", "drop") and described and not _VERB.search(described):
        found.append(f"{action} {described[:1].lower()}{described[1:]}")
    kept = (one for one in found if len(one) <= _TEXT_MAX and _is_wish(one, is_asked=False))
    return list(dict.fromkeys(kept))


def _is_wish(words: str, *, is_asked: bool) -> bool:
    has_words = len(words.split()) >= _WORDS_MIN and len(words) <= _TEXT_MAX
    return has_words and (is_asked or _VERB.search(words) is not None)


def _comment_words(view: View, line: int) -> str:
    """Return the words of the comment that ends on a line; its lines above belong to it."""
    text = view.text
    found: list[str] = []
    for number in range(line, max(-1, line - _COMMENTS_MAX), -1):
        content, _ = content_of(text, number)
        if not content.startswith("#"):
            break
        found.append(content.lstrip("#").strip())
    return " ".join(one for one in reversed(found) if one)


def _rows_around(view: View, line: int) -> Header | None:
    """Return the header of the rules or invariants that a line stands in."""
    above = [one for one in view.derive(outline).sections if one.line < line]
    header = above[-1] if above else None
    if header is None or header.key.text not in (RULES, INVARIANTS):
        return None
    is_known = header.block in (Block.TABLE, Block.LIST)
    return header if is_known and header.colon >= 0 else None


def _without_line(view: View, line: int) -> tuple[str, int]:
    """Return the text without a line, and where that stood."""
    text = view.text
    start = text.line_starts[line]
    starts = text.line_starts
    end = starts[line + 1] if line + 1 < len(starts) else len(text.text)
    return text.text[:start] + text.text[end:], start
