"""One document as it is at one moment: all that features may ask.

Owns: `View`. Must not know: the protocol, how documents change.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeVar, cast

from nectarc.checking import Checked
from nectarc.corpus.schema import CorpusSchema
from nectarc.diagnostic import Diagnostic
from nectarc.project import Project
from nectarc.records import part, record
from nectarc.refinery.inputs import RulesInput
from nectarc.source import SourceText
from nectarc_lsp.database.knowledge import Knowledge

_T = TypeVar("_T")


class Kind(Enum):
    """What a document is to nectarc."""

    POLICY = "policy"
    MANIFEST = "manifest"
    RULES = "rules"
    OTHER = "other"  # none of our business: silent


@record(kw_only=True)
class View:
    """A snapshot of one document; nothing in it changes.

    uri:       as the client names it.    version: the client's, None for a file that is not open.
    text:      `text.file` is its path (the URI where it has none).
    project:   of the nearest manifest, as that stands in the editor; of the policy alone where
               there is none; None where the manifest cannot be read.
    schema:    the fields of the project's corpus; None where there is no corpus.
    checked:   of a POLICY.    rules: of RULES.
    findings:  what is wrong, from the text alone: syntax, types, lints (never proofs).
    knowledge: what the worker has found out about exactly this text; None while it has nothing.
    """

    uri: str
    version: int | None
    text: SourceText
    kind: Kind
    project: Project | None = None
    manifest: SourceText | None = None
    schema: CorpusSchema | None = None
    checked: Checked | None = None
    rules: RulesInput | None = None
    findings: tuple[Diagnostic, ...] = ()
    knowledge: Knowledge | None = None
    derived: dict[object, object] = part(default_factory=dict, compare=False, repr=False)

    def derive(self, make: Callable[[View], _T]) -> _T:
        """Return `make(self)`, made once for this view: tables that several features ask.

        `make` is a module-level function of everything but `knowledge`.
        """
        if make not in self.derived:
            self.derived[make] = make(self)
        return cast("_T", self.derived[make])
