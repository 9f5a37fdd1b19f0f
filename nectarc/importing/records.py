"""What an import makes of rules, before it is text, and what it has to say about it.

Owns: the records between translation and writing. Must not know: YAML, TOON, files.
Truth: docs/language.md, section 7.
"""

from __future__ import annotations

from nectarc.diagnostic import Diagnostic
from nectarc.evaluate.assume import Assume
from nectarc.records import part, record
from nectarc.refinery.rules import TargetSampler


@record
class FieldRow:
    """One row of `fields`: `name` reads the first of `spellings` that the span has, as `type`."""

    name: str
    type: str
    spellings: tuple[str, ...]


@record(kw_only=True)
class ImportedRule:
    """One policy rule, as text.

    match, action: of the policy language, checked by nobody yet.
    origin: index of the Refinery rule, None for what import adds (the fallback).
    description: from the comments beside the rule; "" without any.
    """

    name: str
    match: str
    action: str
    origin: int | None
    description: str = ""


@record(kw_only=True)
class RefusedRule:
    """A Refinery rule that no policy says exactly: its index and name, and why, for people."""

    origin: int
    name: str
    reason: str


@record(kw_only=True)
class ImportAssumption:
    """What the import takes for granted, beyond what the rules themselves ask.

    kind:  "types", "no-null", "no-nan" as `[compile] assume` has them; "flat" (no field holds a
           map; for `CheckNestedFields`); "parent-ids" (`trace.parent_id` and its kin are there on
           exactly the spans with a parent); "not-sent" (the field is made by Refinery after the
           decision, no sender has it); "whole" (the field holds whole numbers below 2^53; for
           `Datatype: int`).
    field: the span field, "" for "flat". type: for "types".
    rules: names of the Refinery rules that need it, in order.
    """

    kind: str
    field: str = ""
    type: str = ""
    rules: tuple[str, ...] = ()


@record(kw_only=True)
class ImportedTarget:
    """One target as a policy.

    sampler:     the rules it must decide as. A target that ends Refinery's process has no rules
                 here and one refusal with origin -1.
    assume:      what `assumptions` say of fields, for the prover.
    notes:       findings for the user, placed in the rules file: what was renamed, added, read
                 under an assumption.
    """

    target: str
    sampler: TargetSampler
    rules: tuple[ImportedRule, ...]
    fields: tuple[FieldRow, ...] = ()
    assumptions: tuple[ImportAssumption, ...] = ()
    assume: Assume = Assume()
    refused: tuple[RefusedRule, ...] = ()
    notes: tuple[Diagnostic, ...] = ()


@record(kw_only=True)
class WrittenPolicy:
    """A target's policy as text, proven (or not) to decide as the rules.

    file:   name of the policy file, `policy.toon` for the only target.
    proof:  "proven", "proven apart from refused rules", "different" or "unknown"; the last two are
            defects of nectarc and never written as if fine.
    reason: for the last two.
    """

    target: str
    file: str
    text: str
    proof: str
    reason: str = ""
    imported: ImportedTarget | None = part(default=None, compare=False, repr=False)
