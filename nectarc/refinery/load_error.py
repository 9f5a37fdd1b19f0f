"""Why Refinery refuses a rules file: its kind of error, its place, and the words for the user.

Owns: the kinds and their codes. Must not know: how errors are found.
Truth: ../shared/vectors/README.md (kinds), reference 1.2 to 1.4.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix
from nectarc.records import record
from nectarc.source import SourceSpan


class Place(NamedTuple):
    """Where in the file's structure; None: not inside one."""

    target: str | None = None
    rule: int | None = None
    condition: int | None = None


@record
class LoadError:
    """One error that makes Refinery refuse the file.

    kind:  as in the shared vectors ("not-int", "wrong-shape").
    line:  from 1, where the decoder names one; the validator never does.
    """

    kind: str
    place: Place
    line: int | None
    diagnostic: Diagnostic

    @property
    def target(self) -> str | None:
        """The target that the error is in."""
        return self.place.target

    @property
    def rule(self) -> int | None:
        """Index of the rule that the error is in."""
        return self.place.rule

    @property
    def condition(self) -> int | None:
        """Index of the condition that the error is in."""
        return self.place.condition


CODE_OF: Final = {
    "yaml-syntax": "NEC500",
    "json": "NEC500",
    "toml": "NEC500",
    "empty": "NEC500",
    "format": "NEC500",
    "duplicate-key": "NEC501",
    "wrong-shape": "NEC502",
    "no-rules-version": "NEC503",
    "rules-version": "NEC503",
    "required": "NEC504",
    "no-default": "NEC504",
    "unknown-top-level-key": "NEC505",
    "unknown-group": "NEC506",
    "unknown-field": "NEC507",
    "unknown-sampler-in-rule": "NEC508",
    "missing-required-field": "NEC509",
    "null": "NEC510",
    "not-int": "NEC511",
    "not-bool": "NEC511",
    "not-float": "NEC511",
    "not-string": "NEC511",
    "not-duration": "NEC511",
    "not-string-list": "NEC511",
    "not-list": "NEC511",
    "not-map": "NEC511",
    "not-scalar-or-list": "NEC511",
    "mixed-list": "NEC512",
    "not-one-of": "NEC513",
    "below-minimum": "NEC514",
    "above-maximum": "NEC514",
    "conflict": "NEC515",
}
PROCESS_EXIT_CODE: Final = "NEC516"

_WHY: Final = "Refinery refuses the whole file: it does not start, or a reload keeps the old rules"


def load_error(  # noqa: PLR0913  # one call per check; a builder would hide what is said
    kind: str,
    headline: str,
    source: SourceSpan,
    *,
    place: Place = Place(),  # noqa: B008  # an immutable tuple
    line: int | None = None,
    label: str = "",
    help: str = "",  # noqa: A002 - the word that Diagnostic has
    fixes: tuple[Fix, ...] = (),
) -> LoadError:
    """Make an error of `kind`, which has its code."""
    diagnostic = finding(
        CODE_OF[kind],
        source,
        headline,
        why=_WHY,
        label=label,
        help=help,
        fixes=fixes,
    )
    return LoadError(kind, place, line, diagnostic)
