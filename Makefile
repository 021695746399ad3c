# jihe: every target sets up .venv by itself; Python 3.11 or newer is all it needs.
.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-servers test-search check bench clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Half of the cores' worth of pytest workers is left to the processes the tests themselves start.
JOBS ?= auto

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1|/' | column -t -s '|'

.venv/runtime: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "jihe needs Python 3.11 or newer; none was found. Install it, or name one: make demo PYTHON=/path/to/python"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/dev: .venv/runtime
	$(BIN)/python -m pip install --quiet --editable '.[dev,postgres]'
	@touch $@

demo: .venv/runtime ## read the sample forms, check them, print what was found
	@$(BIN)/jihe demo

test: .venv/dev ## checks and tests, under ten minutes, offline
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

test-all: .venv/dev ## all tests, the slow ones too
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n $(JOBS)

test-servers: .venv/dev ## all tests of store/ and answers on a real PostgreSQL and a Chroma server
	JIHE_TEST_POSTGRES=1 $(BIN)/python -m pytest -n $(JOBS) --servers tests/store tests/agents/answer

test-search: .venv/dev ## tests of properties with many new examples, other ones each time
	$(BIN)/python -m pytest -n $(JOBS) -m hypothesis --hypothesis-profile search -o timeout=1800

check: .venv/dev ## format, lint, types, folder arrows
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }

bench: .venv/dev ## seconds per page against the floor and peers, memory, growth (docs/performance.md)
	$(BIN)/python -m eval.bench

clean: ## remove the environment and caches
	rm -rf .venv .jihe *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
