"""What the tables and keys of `nectar.toml` mean, a sentence or two each.

Owns: the words. Must not know: layout, how a manifest is read.
Truth: docs/language.md, section 1; docs/cli.md.
"""

from __future__ import annotations

from typing import Final

from nectarc.report.language_words import Meaning

TABLES: Final[dict[str, Meaning]] = {
    "project": Meaning("The project itself.", '[project]\nname = "shop"'),
    "environments": Meaning(
        "Which policy decides for which Refinery target: an environment, or a dataset. "
        "`__default__` decides for all others.",
        '[environments]\n__default__ = "policy.toon"',
    ),
    "corpus": Meaning(
        "The recorded traffic that policies are tried on. It never changes what a policy means.",
        '[corpus]\npath = "corpus"\nmust_keep = "incidents"',
    ),
    "safety": Meaning(
        "What is proven of every policy besides its own invariants.",
        '[safety]\nerror = "http.status >= 500"\nerrors = "keep"',
    ),
    "compile": Meaning("What `nectarc compile` writes, and for which Refinery.", "[compile]"),
    "propose": Meaning("Who turns sentences into rules.", '[propose]\nengine = "auto"'),
    "traffic": Meaning(
        "How much traffic there is, where the corpus cannot tell.",
        "[traffic]\ntraces_per_second = 1200",
    ),
}

KEYS: Final[dict[tuple[str, str], Meaning]] = {
    ("project", "name"): Meaning("The project's name, for reports.", 'name = "shop"'),
    ("corpus", "path"): Meaning(
        "The folder that `nectarc ingest` writes recorded traces to.", 'path = "corpus"'
    ),
    ("corpus", "must_keep"): Meaning(
        "The folder of traces of incidents: none of them may be lost.", 'must_keep = "incidents"'
    ),
    ("safety", "error"): Meaning(
        "A match: which traces are errors.", 'error = "http.status >= 500"'
    ),
    ("safety", "critical"): Meaning(
        "A match: which traces are always kept. Left out, the same as `error`.",
        "critical = \"any(service == 'checkout' && http.status >= 500)\"",
    ),
    ("safety", "errors"): Meaning(
        '`"keep"`: every error is kept. `"not drop"`: every error keeps a chance.',
        'errors = "keep"',
    ),
    ("compile", "output"): Meaning("The rules file that is written.", 'output = "rules.yaml"'),
    ("compile", "lock"): Meaning(
        "Where the proof of the rules is recorded, with the assumptions it rests on.",
        'lock = "policy.lock"',
    ),
    ("compile", "target"): Meaning("Which Refinery reads the rules.", 'target = "refinery-3"'),
    ("compile", "assume"): Meaning(
        "What the compiler may take for granted of the traffic: `types` (a field carries its "
        "type), `no-null` (no field is null), `no-nan` (no number is NaN). `[]` assumes nothing.",
        'assume = ["types", "no-null", "no-nan"]',
    ),
    ("propose", "engine"): Meaning(
        "Who reads sentences: `auto` asks Claude where there is a key, `offline` never does.",
        'engine = "auto"',
    ),
    ("propose", "model"): Meaning("Which Claude is asked.", 'model = "claude-sonnet-5-5"'),
    ("propose", "max_rounds"): Meaning(
        "How often a proposal that fails a check may be mended.", "max_rounds = 3"
    ),
    ("traffic", "traces_per_second"): Meaning(
        "How many traces a second reach Refinery; with it, budgets are checked in full.",
        "traces_per_second = 1200",
    ),
}


# What holds where a key is left out, as it would be written; nectarc/project.py fills it in.
DEFAULTS: Final[dict[tuple[str, str], str]] = {
    ("project", "name"): '""',
    ("corpus", "path"): '"corpus"',
    ("corpus", "must_keep"): '"incidents"',
    ("safety", "error"): '"http.status >= 500"',
    ("safety", "critical"): '"http.status >= 500"',
    ("safety", "errors"): '"keep"',
    ("compile", "output"): '"rules.yaml"',
    ("compile", "lock"): '"policy.lock"',
    ("compile", "target"): '"refinery-3"',
    ("compile", "assume"): '["types", "no-null", "no-nan"]',
    ("propose", "engine"): '"auto"',
    ("propose", "model"): '""',
    ("propose", "max_rounds"): "3",
}


def key_meaning(table: str, key: str) -> Meaning | None:
    """Return what a key means; of `environments` every key is a target."""
    if table == "environments":
        return TABLES["environments"]
    return KEYS.get((table, key))
