"""The files of a new project.

Owns: their texts. Must not know: the disk. Truth: ../shared/design/product.md, "Conventions"
(a Makefile user needs one include); docs/language.md, section 1.
"""

from __future__ import annotations

from typing import Final

from nectarc.project import MANIFEST_NAME, NEW_TABLES, POLICY_NAME

_MANIFEST: Final = """\
# A nectarc project: https://toml.io, tables in docs/language.md, section 1.

[project]
name = "@NAME@"

[environments]
# Refinery target = policy; more targets go into the same rules file
__default__ = "policy.toon"

@TABLES@assume = ["types", "no-null", "no-nan"]  # what OpenTelemetry senders do; [] is strict
"""

POLICY: Final = """\
nectar_policy{version,name,budget_per_second,rules}:
  1
  production-sampling
  10000
  rules[3]{name,description,match,action,priority}:
    keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
    keep-slow,Retain slow requests,duration > 5s,keep,90
    sample-rest,Sample remaining traffic,true,sample(0.01),0
"""

_MAKEFILE: Final = """\
# Sampling rules for Refinery. `make` rebuilds what changed; include this file from your own.
NECTARC ?= nectarc
SAMPLING_TRACES := $(shell find corpus incidents -type f 2>/dev/null)

.PHONY: sampling check prove
.DELETE_ON_ERROR:

sampling: rules.yaml waggle.html

# Findings in the policies: exit status 1 stops make.
check:
	$(NECTARC) check

# The safety checks on the corpus, run again only when the rules or the traces changed.
prove: .nectarc/proved

.nectarc/proved: rules.yaml $(SAMPLING_TRACES)
	@mkdir -p .nectarc
	$(NECTARC) prove
	@touch $@

# The depfile names the policies that the rules come from, whatever nectar.toml says.
rules.yaml: nectar.toml
	@mkdir -p .nectarc
	$(NECTARC) compile --depfile .nectarc/rules.d

-include .nectarc/rules.d

# The report: each rule in words, the traces that it keeps, the Refinery rule that it becomes.
waggle.html: rules.yaml $(SAMPLING_TRACES)
	$(NECTARC) explain -o $@
"""

_WORKFLOW: Final = """\
name: sampling
on:
  pull_request:
  push:
    branches: [main]

jobs:
  sampling:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install nectarc
      - run: nectarc fmt --check
      - run: nectarc check
      - run: nectarc compile --locked
      - run: nectarc prove
"""

_IGNORED: Final = """\
.nectarc/
waggle.html
"""


def project_files(name: str) -> dict[str, str]:
    """Return path and text of every file of a new project called `name`, in order of writing."""
    return {
        MANIFEST_NAME: _MANIFEST.replace("@TABLES@", NEW_TABLES).replace(
            "@NAME@", _toml_text(name)
        ),
        POLICY_NAME: POLICY,
        "corpus/.gitkeep": "",
        "incidents/.gitkeep": "",
        "Makefile": _MAKEFILE,
        ".github/workflows/nectarc.yml": _WORKFLOW,
        ".gitignore": _IGNORED,
    }


def _toml_text(name: str) -> str:
    """Escape `name` for a basic string of TOML."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(c if c.isprintable() else "_" for c in escaped)
