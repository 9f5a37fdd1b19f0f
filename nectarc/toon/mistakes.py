"""The mistakes that can be made in TOON, as diagnostics.

Owns: their wording and their fixes. Must not know: how they are found.
Truth: TOON 4.0, section 14 (strict mode), as `@toon-format/toon` 4.4.0 reads it; docs/language.md,
"TOON", for the record header.
"""

from __future__ import annotations

from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix, Label
from nectarc.records import replace
from nectarc.source import SourceSpan

MAX_DEPTH: Final = 100
MAX_LINE: Final = 1 << 20  # code points; a longer line is no policy, and every cell costs memory
MAX_MISTAKES: Final = 1000  # a file with more is another kind of file, and each costs a kilobyte

_SHOWN: Final = 40
_SHAPE: Final = "what a line belongs to decides which rule or test it is part of"
_WHOLE: Final = "a policy that is read only in part would sample differently than it says"


class Mistakes:
    """The diagnostics of one text, in the order in which they were found."""

    def __init__(self, file: str) -> None:
        """Collect mistakes of `file`."""
        self.file = file
        self.found: list[Diagnostic] = []
        self._more = 0  # how many were not kept
        self._is_closed = False

    def report(  # noqa: PLR0913 - the parts of a diagnostic, by keyword
        self,
        code: str,
        start: int,
        end: int,
        headline: str,
        *,
        label: str = "",
        why: str = "",
        help: str = "",  # noqa: A002 - the field's name
        related: tuple[Label, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Add a diagnostic about `[start, end)`; beyond MAX_MISTAKES it is only counted."""
        if self._is_closed:
            return
        if len(self.found) >= MAX_MISTAKES:
            self._more += 1
            return
        self.found.append(
            finding(
                code,
                SourceSpan(self.file, start, max(start, end)),
                headline,
                label=label,
                why=why,
                help=help,
                related=related,
                fixes=fixes,
            )
        )

    def close(self) -> None:
        """Say how many mistakes were not kept. Nothing is reported from here on.

        With mistakes left out no fix is safe: mending a thousand at a time would take for ever.
        """
        if self._more:
            self.found = [replace(one, fixes=_unsafe(one.fixes)) for one in self.found]
            last = self.found.pop().source  # it gives its place
            self.report(
                "NEC028",
                last.start,
                last.end,
                f"this file has {self._more + 1} more mistakes, which are not shown",
                why="a file with so many is most often of another kind",
                help="mend the first ones, then check again",
            )
        self._more, self._is_closed = 0, True

    def too_many_values(self, start: int, end: int, limit: int) -> None:
        """Report a file with too many values; it is not read further, so nothing else is said."""
        headline = f"this file has more than {limit} values"
        help_ = "split the policy, or check that this is the file you meant"
        self.report("NEC029", start, end, headline, why=_WHOLE, help=help_)
        self.close()

    def fix(self, title: str, *edits: tuple[int, int, str], is_safe: bool = False) -> tuple[Fix]:
        """Return one fix with edits given as (start, end, text)."""
        spans = (Edit(SourceSpan(self.file, start, end), text) for start, end, text in edits)
        return (Fix(title, tuple(spans), is_safe=is_safe),)

    def long_line(self, start: int, end: int) -> None:
        """Report a line beyond MAX_LINE."""
        headline = f"this line has {end - start} characters, more than {MAX_LINE}"
        self.report("NEC004", start, start + _SHOWN, headline, why=_WHOLE)

    def depth(self, start: int, end: int) -> None:
        """Report a block deeper than MAX_DEPTH."""
        headline = f"this is nested more than {MAX_DEPTH} levels deep"
        self.report("NEC003", start, end, headline, why="nothing below this line was read")

    def missing_colon(self, start: int, content: str, *, is_header: bool) -> None:
        """Report a line of an object without a colon; a header that lacks only that has a fix."""
        end = start + len(content)
        if is_header:
            fixes = self.fix("end the header with `:`", (end, end, ":"), is_safe=True)
            self.report("NEC005", start, end, "this header lacks its colon", fixes=fixes)
            return
        headline = f"`{shorten(content)}` has no colon"
        self.report("NEC005", start, end, headline, why=_WHOLE, help="write `key: value`")

    def unterminated(self, start: int, end: int) -> None:
        """Report a quote that nothing closes on its line."""
        why = "everything up to the end of the line became part of this text"
        self.report("NEC006", start, end, 'this text lacks its closing `"`', why=why)

    def bad_escape(self, start: int, end: int, text: str) -> None:
        """Report an escape that TOON does not have."""
        fixes = self.fix("write the backslash as `\\\\`", (start, start, "\\"))
        help_ = 'TOON has `\\\\`, `\\"`, `\\n`, `\\r`, `\\t` and `\\u0000` (no surrogates)'
        headline = f"`{text}` is no escape"
        self.report("NEC007", start, end, headline, help=help_, fixes=fixes)

    def after_quote(self, start: int, end: int, text: str) -> None:
        """Report text between a closing quote and the end of its value or key."""
        headline = f"`{shorten(text)}` stands after the closing quote"
        help_ = 'quote the whole text, with `\\"` for a quote inside'
        self.report("NEC008", start, end, headline, help=help_)

    def duplicate(self, key: str, source: SourceSpan, first: SourceSpan) -> None:
        """Report a key that its object already has."""
        self.report(
            "NEC009",
            source.start,
            source.end,
            f"`{key}` is written twice",
            why="only one of the two could be meant, and readers of TOON differ in which they take",
            related=(Label(first, "first written here"),),
        )

    def header(self, start: int, end: int, headline: str, help_: str = "") -> None:
        """Report a bracket, or what is around it, that makes no header."""
        help_ = help_ or "a header is `key[3]:` or `key[3]{name,match}:`"
        self.report("NEC010", start, end, headline, why=_WHOLE, help=help_)

    def header_space(self, start: int, end: int, place: str) -> None:
        """Report blanks inside a header."""
        fixes = self.fix("delete the space", (start, end, ""), is_safe=True)
        self.report("NEC010", start, end, f"no space may stand {place}", fixes=fixes)

    def field_list(self, start: int, end: int, headline: str) -> None:
        """Report a field list that cannot be read."""
        help_ = "a field list is `{name,match,action}`"
        self.report("NEC011", start, end, headline, why="its rows have no columns", help=help_)

    def duplicate_field(self, name: str, source: SourceSpan, first: SourceSpan) -> None:
        """Report a column that its header already has."""
        headline = f"the header names `{name}` twice"
        related = (Label(first, "first named here"),)
        self.report("NEC012", source.start, source.end, headline, related=related)

    def delimiter(self, at: int, char: str, place: int | None) -> None:
        """Report a field list that is separated otherwise than its header declares."""
        name = {"\t": "a tab", "|": "`|`", ",": "`,`"}[char]
        mark = "" if char == "," else char
        fixes = self.fix(f"declare {name}", (place, place, mark)) if place and mark else ()
        headline = f"the fields are separated by {name}, which the header does not declare"
        why = "the rows below would be cut at other places than their columns"
        self.report("NEC013", at, at + 1, headline, why=why, fixes=fixes)

    def after_header(self, start: int, end: int, text: str) -> None:
        """Report text after the colon of a header with fields."""
        headline = f"`{shorten(text)}` stands after the header"
        help_ = "values go on the lines below, indented by two spaces"
        self.report("NEC014", start, end, headline, why="it belongs to no row", help=help_)

    def count(self, source: SourceSpan, declared: int, actual: int, thing: str) -> None:
        """Report a header that declares another number than there are."""
        start, end = source.start, source.end
        title = f"declare {actual}"
        self.report(
            "NEC015",
            start,
            end,
            f"the header declares {declared} {_plural(thing, declared)}, but there are {actual}",
            why="the count is what tells a policy that was cut off from a whole one",
            fixes=self.fix(title, (start, end, str(actual)), is_safe=True),
        )

    def cells(
        self, span: tuple[int, int], expected: int, actual: int, fix: tuple[Fix, ...]
    ) -> None:
        """Report a row with another number of cells than its header has columns."""
        headline = f"this row has {actual} {_plural('cell', actual)}, but the header {expected}"
        why = "a cell in the wrong column would make another rule of it"
        help_ = "quote a cell that contains the delimiter"
        self.report("NEC016", *span, headline, why=why, help="" if fix else help_, fixes=fix)

    def no_row(self, start: int, end: int, content: str, fixes: tuple[Fix, ...]) -> None:
        """Report a line in a table whose first colon makes a `key: value` of it."""
        headline = f"`{shorten(content)}` is a `key: value` line, not a row"
        why = "a colon before the first delimiter ends a table"
        help_ = "" if fixes else "quote a cell that contains a colon"
        self.report("NEC017", start, end, headline, why=why, help=help_, fixes=fixes)

    def no_item(self, start: int, end: int) -> None:
        """Report a line in a list that is no item."""
        headline = "an item of a list begins with `- `"
        fixes = self.fix("write `- ` before it", (start, start, "- "))
        self.report("NEC018", start, end, headline, why=_SHAPE, fixes=fixes)

    def blank_lines(self, lines: list[tuple[int, int]]) -> None:
        """Report blank lines, as (start, start of the next line), between items of an array."""
        fixes = self.fix("delete it", *((a, b, "") for a, b in lines), is_safe=True)
        headline = "no blank line may stand inside an array"
        why = "a blank line is where a cut-off table would end"
        start, end = lines[0]
        self.report("NEC019", start, end - 1, headline, why=why, fixes=fixes)

    def no_key(self, start: int, end: int, where: str) -> None:
        """Report a header without a key where it needs one, or with fields where it may not."""
        help_ = "write a key before the bracket"
        self.report("NEC020", start, end, f"this header cannot stand {where}", help=help_)

    def after_root(self, start: int, end: int) -> None:
        """Report lines after a document that is one array or value."""
        headline = "the document ends before this line"
        why = "what follows belongs to nothing, and was not read"
        self.report("NEC021", start, end, headline, why=why)

    def no_entry(self, start: int, end: int) -> None:
        """Report a row of a keyed table without its key."""
        headline = "this row lacks its key"
        self.report("NEC022", start, end, headline, help="write `key: ` before the cells")

    def pair_in_record(self, span: tuple[int, int], key: str, fixes: tuple[Fix, ...]) -> None:
        """Report a `key: value` line among the values of a record."""
        headline = f"`{shorten(key)}:` makes a `key: value` line of this value of a record"
        why = "a record takes its values from their order, one on each line"
        help_ = "quote a value that contains a colon"
        self.report("NEC023", *span, headline, why=why, help=help_, fixes=fixes)

    def missing_values(self, source: SourceSpan, names: list[str], related: SourceSpan) -> None:
        """Report fields of a record that have no value."""
        listed = ", ".join(f"`{name}`" for name in names[:5]) + (", ..." if names[5:] else "")
        headline = f"this record has no value for {listed}"
        why = "each line is the value of the field in its place in the header"
        help_ = "write the value, or a length if rows of a table follow: `rules[3]{...}`"
        label = (Label(related, "named here"),)
        self.report("NEC024", *source[1:], headline, why=why, help=help_, related=label)

    def surplus_value(self, start: int, end: int, header: SourceSpan) -> None:
        """Report a value beyond the fields of its record."""
        headline = "this record has more values than its header has fields"
        label = (Label(header, "the fields are named here"),)
        self.report("NEC025", start, end, headline, related=label)

    def foreign_header(self, source: SourceSpan, key: str, expected: str) -> None:
        """Report a header inside a record whose key is not the field that is due."""
        headline = f"`{key}` stands where the record expects `{expected}`"
        why = "a record takes its values from their order, one on each line"
        self.report("NEC026", source.start, source.end, headline, why=why)

    def record_header(self, start: int, end: int, headline: str) -> None:
        """Report a record header that cannot be read."""
        help_ = "a record header is `name{version,rules}:`; quote a key that contains a brace"
        self.report("NEC027", start, end, headline, why=_WHOLE, help=help_)


def _unsafe(fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """Return the fixes as choices of the author."""
    return tuple(replace(fix, is_safe=False) for fix in fixes)


def shorten(text: str) -> str:
    """Return the beginning of `text`, fit for a headline."""
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return shown.replace("`", "'").replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _plural(word: str, count: int) -> str:
    """Return `word` for that many things."""
    return word if count == 1 else word + "s"
