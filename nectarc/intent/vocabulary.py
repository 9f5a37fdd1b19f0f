"""What the traffic's names are: services, routes, fields, values that a sentence may speak of.

Owns: `Vocabulary`. Must not know: engines, trace files. Truth: docs/intent.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from nectarc.corpus.schema import CorpusSchema
from nectarc.records import part, record


@record(kw_only=True)
class Vocabulary:
    """The names that a corpus knows; empty without one.

    fields:  field name -> its types, the most frequent first ("string", "int", ...).
    values:  field name -> its values as text, the most frequent first, for fields of few values
             (services, routes, methods, tenants...); shortened lists are fine.
    schema:  the corpus's own summary, for the checker; None without a corpus.
    """

    fields: Mapping[str, tuple[str, ...]] = part(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = part(default_factory=dict)
    schema: CorpusSchema | None = None


@record
class SafetyWords:
    """The project's `[safety]` as match text: what an error is and what must become of it.

    error:    a match. errors: "keep" or "not drop".
    critical: a match of traces that must all be kept; "" where it is the same as `error`.
    is_given: the manifest says what an error is, other than the default.
    """

    error: str = "http.status >= 500"
    errors: str = "keep"
    critical: str = ""
    is_given: bool = False
