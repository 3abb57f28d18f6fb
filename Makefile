# Clausebook. `make` alone says what there is to do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:

BIN := .venv/bin

# Exactly what constraints/ pins: nothing is resolved, nothing is compiled, every file has a known hash.
# Twice quiet: errors only, no notices about pip itself.
QUIET := -qq --disable-pip-version-check --no-input
PINNED := -m pip install $(QUIET) --no-deps --only-binary :all: --require-hashes

# make test PYTEST_ARGS="-k redline" runs some of the tests.
PYTEST_ARGS ?=

.PHONY: help
help: ## This list
	@echo "Usage: make <what>"
	@echo
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name about; do \
	    printf '%-12s %s\n' "$$name" "$$about"; done

# ---------------------------------------------------------------- the policies

.PHONY: site
site: .venv/.project ## Build every school's website
	@$(BIN)/clausebook build

.PHONY: check
check: .venv/.project ## Look for problems in the policies; build nothing
	@$(BIN)/clausebook check

.PHONY: serve
serve: .venv/.project ## Show the websites in your browser; they follow every edit
	@$(BIN)/clausebook serve

# ---------------------------------------------------------------- the program

.PHONY: test
test: lint browser office peers .venv-release/.installed .venv-print/.installed ## Everything that must hold: lint, then all tests
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(PYTEST_ARGS)

.PHONY: lint
lint: dev ## Style, types and layers
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Files above want 'make format'."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

.PHONY: format
format: dev ## Put the program's files into the agreed style
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format --quiet

.PHONY: dev
dev: .venv/.dev .venv/.project ## Install what developers need into .venv

.PHONY: browser
browser: ## Make sure there is a Chromium for the tests
	@tools/install-browser

.PHONY: office
office: ## Make sure there is a LibreOffice for the tests
	@tools/install-office

.PHONY: print
print: .venv-print/.installed ## Install Clausebook with what makes PDFs, into .venv-print

.PHONY: peers
peers: .venv-peers/.installed ## Install what else must read what we write

.PHONY: bench
bench: dev peers ## Measure, beside peers, in one run (ARGS=--quick for a look, ARGS=--help for more)
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: torture
torture: dev browser ## Try to break it, at length, and print a table (ARGS=scripts for one trial, ARGS=--help)
	@$(BIN)/python -m tests.torture $(ARGS)

.PHONY: fuzz
fuzz: dev ## Make inputs up that reach ever more of the readers (ARGS="yaml --minutes 60", ARGS=--help)
	@$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: screenshots
screenshots: site dev browser ## Take pictures of every type of page into screenshots/
	@$(BIN)/python -m tests.screenshots

.PHONY: audit
audit: .venv-release/.installed ## Ask whether a pinned package has a known weakness (where a network allows)
	@.venv-release/bin/python tools/audit.py $(ARGS)

.PHONY: release
release: dev .venv-release/.installed ## Make the wheel, the source archive and the SBOM of the last commit, in dist/
	@tools/release

.PHONY: clean
clean: ## Remove what was built and what the tools remember
	@rm -rf build site dist screenshots .cache .hypothesis .import_linter_cache .mypy_cache \
	    .pytest_cache .ruff_cache
	@find generator tests -type d -name __pycache__ -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove the virtual environments too
	@rm -rf .venv .venv-peers .venv-print .venv-release .venv-lock

# ---------------------------------------------------------------- virtual environments

.venv/.created:
	@tools/create-venv .venv
	@touch $@

.venv/.runtime: constraints/runtime.txt | .venv/.created
	@echo "Installing Clausebook's libraries (once)"
	@$(BIN)/python $(PINNED) -r $<
	@touch $@

# The developers' set holds the runtime set, at the same versions.
.venv/.dev: constraints/constraints.txt constraints/runtime.txt | .venv/.created
	@echo "Installing the developers' tools (once)"
	@$(BIN)/python $(PINNED) -r $<
	@touch .venv/.runtime $@

.venv/.project: pyproject.toml .venv/.runtime
	@$(BIN)/python -m pip install $(QUIET) --no-deps --no-build-isolation --editable .
	@touch $@

.venv-peers/.installed: constraints/peers.txt
	@echo "Installing other readers of what we write (once)"
	@tools/create-venv .venv-peers
	@.venv-peers/bin/python $(PINNED) -r $<
	@touch $@

.venv-print/.installed: constraints/print.txt
	@echo "Installing what makes PDFs (once)"
	@tools/install-pango
	@tools/create-venv .venv-print
	@.venv-print/bin/python $(PINNED) -r $<
	@.venv-print/bin/python -m pip install $(QUIET) --no-deps --no-build-isolation --editable .
	@touch $@

.venv-release/.installed: constraints/release.txt
	@echo "Installing what releases are made and audited with (once)"
	@tools/create-venv .venv-release
	@.venv-release/bin/python $(PINNED) -r $<
	@touch $@

.venv-lock/.installed: constraints/lock.txt
	@tools/create-venv .venv-lock
	@.venv-lock/bin/python $(PINNED) -r $<
	@touch $@

# ---------------------------------------------------------------- pinned versions

# Reads pyproject.toml only: no configuration or index of this machine's gets into the files.
COMPILE = env -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_DEFAULT_INDEX -u UV_FIND_LINKS \
    .venv-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
    --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links \
    --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: .venv-lock/.installed ## Pin again after a change to pyproject.toml (UPGRADE=1: newest of everything)
	@$(COMPILE) pyproject.toml --group dev --output-file constraints/constraints.txt
	@$(COMPILE) pyproject.toml --group packaging --constraints constraints/constraints.txt \
	    --output-file constraints/runtime.txt
	@$(COMPILE) pyproject.toml --extra pdf --group packaging --constraints constraints/constraints.txt \
	    --output-file constraints/print.txt
	@$(COMPILE) --group peers --constraints constraints/constraints.txt \
	    --output-file constraints/peers.txt
	@$(COMPILE) --group release --constraints constraints/constraints.txt \
	    --output-file constraints/release.txt
	@$(COMPILE) --group lock --output-file constraints/lock.txt
