"""Diagnostics for people: the place, the line shown and underlined, why it matters, what to write.

Owns: layout, colours, widths. Must not know: who found what. Pure: texts come in, text goes out.
Truth: ../shared/design/product.md, "Conventions".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nectarc.diagnostic import Diagnostic, Fix, Label, Severity
from nectarc.render.counting import counted
from nectarc.render.excerpt import displayed, excerpt_of
from nectarc.source import SourceSpan, SourceText

_RESET: Final = "\x1b[0m"
_BOLD: Final = "\x1b[1m"
_FRAME: Final = "\x1b[34m"
_ADDED: Final = "\x1b[32m"
_COLOURS: Final = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.HINT: "\x1b[1;36m",
}
FIXES_SHOWN: Final = 4
# Findings of one code beyond this number are counted, not written out, where a line each is shown.
_ALIKE_MAX: Final = 3
_ALIKE_SHOWN: Final = 2
_LINES_SHOWN: Final = 8
_RELATED_MAX: Final = 5


def sort_key(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    """Order findings by place, then code: the same on every machine."""
    place = diagnostic.source
    return (place.file, place.start, place.end, diagnostic.code, diagnostic.headline)


def render_diagnostics(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText], *, use_colour: bool
) -> str:
    """Render findings in the order of their places, a blank line after each.

    texts: by file name, for showing lines; a finding about a file that is not there shows none.
    """
    paint = _Paint(use_colour)
    ordered = sorted(diagnostics, key=sort_key)
    return "".join(_render_one(one, texts, paint) + "\n" for one in ordered)


def render_summary(diagnostics: Sequence[Diagnostic], files: int, *, use_colour: bool) -> str:
    """Return one line that counts findings by severity, and files where some were read."""
    paint = _Paint(use_colour)
    counts = [
        paint(_COLOURS[severity], counted(number, severity.value))
        for severity in Severity
        if (number := sum(1 for one in diagnostics if one.severity is severity))
    ]
    found = ", ".join(counts) if counts else "no findings"
    return f"{found} in {counted(files, 'file')}\n" if files else f"{found}\n"


def render_compact(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText], *, use_colour: bool
) -> str:
    """Render findings a line each, in the order of their places; a blank line after the last.

    Of many with one code, the first few are written out and the others counted with their lines.
    """
    paint = _Paint(use_colour)
    by_code: dict[tuple[str, str], list[Diagnostic]] = {}
    for one in sorted(diagnostics, key=sort_key):
        by_code.setdefault((one.source.file, one.code), []).append(one)
    lines: list[str] = []
    for found in by_code.values():
        shown = found if len(found) <= _ALIKE_MAX else found[:_ALIKE_SHOWN]
        lines += (_compact_line(one, texts, paint) for one in shown)
        more = found[len(shown) :]
        if more:
            listed = _listed(dict.fromkeys(_line_of(one.source, texts) for one in more))
            lines.append(f"  … and {len(more)} more of {found[0].code}, lines {listed}")
    return "".join(f"{line}\n" for line in lines) + ("\n" if lines else "")


def _compact_line(one: Diagnostic, texts: Mapping[str, SourceText], paint: _Paint) -> str:
    place = displayed(one.source.file)
    text = texts.get(one.source.file)
    if text is not None:
        position = text.position(one.source.start)
        place += f":{position.line}:{position.column}"
    head = paint(_COLOURS[one.severity], f"{one.severity.value}[{one.code}]")
    return f"{head} {place}: {displayed(one.headline)}"


def _line_of(place: SourceSpan, texts: Mapping[str, SourceText]) -> int:
    text = texts.get(place.file)
    return 1 if text is None else text.position(place.start).line


def _listed(numbers: Iterable[int]) -> str:
    first, *others = list(numbers)
    tail = ", …" if len(others) >= _LINES_SHOWN else ""
    return ", ".join(map(str, [first, *others][:_LINES_SHOWN])) + tail


class _Paint:
    """Wraps words in colour, or leaves them."""

    def __init__(self, use_colour: bool) -> None:  # noqa: FBT001
        self.use_colour = use_colour

    def __call__(self, colour: str, words: str) -> str:
        return f"{colour}{words}{_RESET}" if self.use_colour and words else words


class _Page:
    """What every part of one finding's rendering needs: texts, colours, the gutter's width."""

    def __init__(
        self, texts: Mapping[str, SourceText], paint: _Paint, places: Iterable[SourceSpan]
    ) -> None:
        self.texts = texts
        self.paint = paint
        numbers = (texts[one.file].position(one.start).line for one in places if one.file in texts)
        self.gutter = len(str(max(numbers, default=1)))
        self.margin = " " * self.gutter

    def line_of(self, place: SourceSpan) -> int:
        """Return the line of a place, from 1."""
        return _line_of(place, self.texts)

    def number(self, line: int) -> str:
        """Return a line number for the gutter."""
        return self.paint(_FRAME, str(line).rjust(self.gutter))


def _render_one(diagnostic: Diagnostic, texts: Mapping[str, SourceText], paint: _Paint) -> str:
    colour = _COLOURS[diagnostic.severity]
    places = [diagnostic.source, *(label.source for label in diagnostic.related)]
    page = _Page(texts, paint, places)
    head = paint(colour, f"{diagnostic.severity.value}[{diagnostic.code}]")
    lines = [head + paint(_BOLD, f": {displayed(diagnostic.headline)}")]
    lines += _place(diagnostic.source, page, "-->")
    lines += _underlined(Label(diagnostic.source, diagnostic.label), page, "^", colour)
    lines += _related(diagnostic.related, page)
    if diagnostic.why:
        lines += _note(page, "why", diagnostic.why)
    if diagnostic.help:
        lines += _note(page, "help", diagnostic.help)
    for fix in diagnostic.fixes[:FIXES_SHOWN]:
        lines += _fix(fix, page)
    return "".join(line + "\n" for line in lines)


def _related(labels: Sequence[Label], page: _Page) -> list[str]:
    """Show related places; of many that say the same, a few, and the lines of the others."""
    alike: dict[str, list[Label]] = {}
    for label in labels:
        alike.setdefault(label.text, []).append(label)
    lines: list[str] = []
    for text, found in alike.items():
        shown = found if len(found) <= _RELATED_MAX else found[: _RELATED_MAX - 1]
        for label in shown:
            lines += _place(label.source, page, ":::")
            lines += _underlined(label, page, "-", _FRAME) or _note(page, "note", label.text)
        more = [page.line_of(label.source) for label in found[len(shown) :]]
        if more:
            listed = _listed(dict.fromkeys(more))
            lines += _note(page, "note", f"{text}: {len(more)} more, lines {listed}")
    return lines


def _place(source: SourceSpan, page: _Page, arrow: str) -> list[str]:
    if not source.file:
        return []
    shown = displayed(source.file)
    text = page.texts.get(source.file)
    if text is not None:
        position = text.position(source.start)
        shown += f":{position.line}:{position.column}"
    return [page.margin + page.paint(_FRAME, arrow) + " " + shown]


def _underlined(label: Label, page: _Page, mark: str, colour: str) -> list[str]:
    text = page.texts.get(label.source.file)
    if text is None or not text.text:
        return []
    shown = excerpt_of(text, label.source)
    bar = page.paint(_FRAME, "|")
    under = " " * shown.column + page.paint(colour, mark * shown.width + shown.tail)
    if label.text:
        under += " " + page.paint(colour, displayed(label.text))
    return [
        f"{page.margin} {bar}",
        f"{page.number(shown.line)} {bar} {shown.text}".rstrip(),
        f"{page.margin} {bar} {under}",
    ]


def _note(page: _Page, word: str, words: str) -> list[str]:
    first, *rest = displayed(words, keep_lines=True).split("\n")
    head = f"{page.margin} {page.paint(_FRAME, '=')} {page.paint(_BOLD, word + ':')} {first}"
    return [head, *(f"{page.margin}   {' ' * len(word)}  {line}" for line in rest)]


def _fix(fix: Fix, page: _Page) -> list[str]:
    word = "fix (`--fix` applies it)" if fix.is_safe else "fix"
    lines = _note(page, word, fix.title)
    changed = _changed_line(fix, page.texts)
    if changed is not None:
        number, line = changed
        plus = page.paint(_ADDED, "+")
        lines.append(f"{page.number(number)} {plus} {line}")
    return lines


def _changed_line(fix: Fix, texts: Mapping[str, SourceText]) -> tuple[int, str] | None:
    """Return number and text of the line as the fix leaves it, when it changes one line only."""
    files = {edit.source.file for edit in fix.edits}
    text = texts.get(fix.edits[0].source.file) if len(files) == 1 else None
    if text is None or any("\n" in edit.text for edit in fix.edits):
        return None
    ends = {
        text.position(offset).line
        for edit in fix.edits
        for offset in (edit.source.start, edit.source.end)
    }
    if len(ends) != 1:
        return None
    number = ends.pop()
    start = text.line_starts[number - 1]
    line = text.line(number)
    focus = 0
    for edit in sorted(fix.edits, key=lambda one: one.source.start, reverse=True):
        focus = edit.source.start - start
        line = line[:focus] + edit.text + line[edit.source.end - start :]
    whole = SourceText.of("", line)
    length = len(fix.edits[0].text) if len(fix.edits) == 1 else 1
    return number, excerpt_of(whole, SourceSpan("", focus, focus + length)).text
