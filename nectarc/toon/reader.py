"""The reader of TOON: text to document and diagnostics.

Owns: the joining of lexer, grammar and builder. Must not know: what a policy is.
Truth: grammar/toon.lark; docs/language.md, "TOON".
"""

from __future__ import annotations

from nectarc.diagnostic import Diagnostic
from nectarc.grammars import drive, load_tables
from nectarc.source import SourceText
from nectarc.toon.builder import Builder
from nectarc.toon.document import Document, Node
from nectarc.toon.lexer import Lexer
from nectarc.toon.mistakes import Mistakes


def read(source: SourceText) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Read a TOON text: the document, as far as it could be read, and every mistake in it.

    Never fails: what cannot be read is `Invalid` where it stands in an array, a record or a row,
    and is left out of a plain object. Without diagnostics, the document is what the reference
    implementation reads in strict mode (and records, which are ours). Diagnostics are in the order
    of the text. Time and memory are linear in the text; nothing recurses deeper than MAX_DEPTH.
    """
    mistakes = Mistakes(source.file)
    lexer = Lexer(source, mistakes)
    actions = Builder(source.text, mistakes).actions()
    root: Node = drive(load_tables("toon"), lexer.run(), actions)
    document = Document(
        root=root,
        comments=tuple(lexer.comments),
        blank_lines=tuple(lexer.blank_lines),
    )
    mistakes.close()
    found = sorted(mistakes.found, key=lambda diagnostic: diagnostic.source.start)
    return document, tuple(found)
