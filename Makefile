# `make demo` and `make test` do all set-up themselves; a second call installs nothing.
# PYTHON=... names another Python 3.11, DEMO="render=draft count=2" passes overrides to the demo.
PYTHON ?= python3.11
DEMO ?=
BIN := .venv/bin
HASH := $(shell cat pyproject.toml constraints.txt | cksum | tr -c '0-9\n' '-')
STAMP := .venv/setup-$(HASH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
.PHONY: help setup demo test lint format bench clean

help:
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/'

setup: $(STAMP) ## venv, install, system libraries, data packs
	@$(BIN)/python -m eval.libraries
	@$(BIN)/python -m packs fetch all

$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
	  || { echo "$(PYTHON) is no Python 3.11 (bpy 4.2 has a wheel for 3.11 only); name one with: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq python3.11-venv; } \
	  || { echo "python3.11-venv is missing (it makes .venv); get it with: sudo apt-get install -y python3.11-venv"; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --progress-bar off -c constraints.txt -e '.[dev]'
	@rm -f .venv/setup-* && touch $@

demo: setup ## the main job on the default config, end to end
	@$(BIN)/rareblend run $(DEMO); code=$$?; \
	if [ $$code = 1 ]; then echo "The demo ran to its end; a gate said no (that is a finding, see the report), so the command's own exit code is 1."; \
	else exit $$code; fi

test: lint ## lint, then every test
	$(BIN)/pytest

lint: setup ## ruff, mypy, import-linter, deptry
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: setup ## rewrite what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## each script of benchmarks/ against its peer
	@set -e; for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script; done

clean: ## everything that make made, the cache of packs excepted
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
