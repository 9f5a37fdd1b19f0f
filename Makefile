# nectarc: `make` lists the targets. All of them work on a fresh clone; `setup` runs by itself.
# Needs python 3.11 or newer; node and npm for the VS Code extension and the tests against the reference TOON. Chromium,
# code-server and Neovim, which only tests use, are installed by `make test` where they can be.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-done
JOBS ?= auto
SEED ?= 0

.DEFAULT_GOAL := help
.PHONY: help setup build demo vsix test workbench check bench fuzz fmt docs clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml
	@echo 'setting up $(VENV) (once, a minute)' >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,shop,scale,bench]'
	@touch $@

tests/toon/node_modules/.package-lock.json: tests/toon/package-lock.json
	@if command -v npm >/dev/null; then cd tests/toon && npm ci --no-audit --no-fund; \
	else echo 'npm is not here: tests against the reference TOON are skipped'; fi

$(VENV)/.browser-done: $(STAMP) tools/install_browser.sh
	@sh tools/install_browser.sh $(BIN)/python
	@touch $@

$(VENV)/.neovim-done: $(STAMP) tools/install_neovim.sh
	@sh tools/install_neovim.sh
	@touch $@

EXTENSION := editors/vscode/node_modules/.package-lock.json
$(EXTENSION): editors/vscode/package-lock.json
	@if command -v npm >/dev/null; then cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error; \
	else echo 'npm is not here: the VS Code extension is neither built nor tested' >&2; fi

$(VENV)/.workbench-done: $(STAMP) tools/install_code_server.sh tests/editors/vscode/package-lock.json
	@sh tools/install_code_server.sh
	@if test -f tests/editors/vscode/node_modules/.code-server-done; then touch $@; fi

setup: $(STAMP) ## make .venv with nectarc and all it needs
	@echo 'nectarc is at $(BIN)/nectarc'

build: $(STAMP) ## build the parser tables and the wheel, into dist/
	$(BIN)/python -m tools.build_tables
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

demo: $(STAMP) ## the main job: a sentence to proven rules and a report, on recorded traces
	@rm -rf .demo
	@$(BIN)/nectarc demo .demo

vsix: $(EXTENSION) ## build the VS Code extension, into dist/: the same bytes each time
	@mkdir -p dist
	cd editors/vscode && node scripts/package.mjs "$(CURDIR)/dist/nectarc.vsix"

EDITORS := $(VENV)/.browser-done $(VENV)/.neovim-done $(EXTENSION)

test: $(STAMP) $(EDITORS) $(VENV)/.workbench-done tests/toon/node_modules/.package-lock.json ## run all tests but the long ones
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m 'not fuzz' $(PYTEST_ARGS)

workbench: $(STAMP) $(EDITORS) $(VENV)/.workbench-done ## run only the tests of the extension in a real VS Code
	$(BIN)/python -m pytest -m workbench tests/editors $(PYTEST_ARGS)

check: $(STAMP) ## formatting, lint, strict types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy nectarc tests tools lsp/nectarc_lsp

bench: $(STAMP) ## print speed as ratios to python and PyYAML in one run
	$(BIN)/python -m tests.bench

fuzz: $(STAMP) ## long random runs; SEED=n repeats one, NECTARC_FUZZ_SECONDS=n of the reader
	NECTARC_SEED=$${NECTARC_SEED:-$(SEED)} $(BIN)/python -m pytest -m fuzz -s $(PYTEST_ARGS)

fmt: $(STAMP) ## format the code and apply the lint's safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMP) ## rebuild the generated pages of docs/
	$(BIN)/python -m tools.build_docs

clean: ## remove what the other targets made
	rm -rf $(VENV) dist build .demo .hypothesis .mypy_cache .ruff_cache .pytest_cache tests/toon/node_modules tests/editors/vscode/node_modules \
	  editors/vscode/node_modules editors/vscode/dist
