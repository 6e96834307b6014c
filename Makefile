# Everything a person or a server asks of this checkout. Needs `make` and Python 3.11 or newer with
# its venv module; the rest goes into .venv, from the versions that uv.lock names.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv
LOCKED := pyproject.toml uv.lock
OUT ?= openchannel-korea
JOBS ?= 2
TESTS ?= tests

# What is imported is compiled once and kept, also where the machine says otherwise: hundreds of
# processes of the tests import it again. That is a fifth of the files that are installed.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types contracts bench docs tables schemas golden format clean distclean

help: ## what can be asked
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

# --- the environment -------------------------------------------------------------------------------
# A stamp says that a step is done; it is older than the lock file when the step must be repeated.

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'openchannel needs Python 3.11 or newer as $(PYTHON).'; \
	  echo 'Install one, or name it: make PYTHON=python3.12 demo'; exit 2; } >&2
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo 'This Python has no venv module. On Debian and Ubuntu it is a package of its own:'; \
	  echo '  apt-get install python3-venv      (as root)'; \
	  echo 'Then run make again.'; exit 2; } >&2
	@echo 'making $(VENV)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@touch $@

# --inexact keeps what `make test` has added; the demo needs no more than the core.
$(VENV)/.core: $(VENV)/.uv $(LOCKED)
	@echo 'installing the locked libraries'
	@$(UV) sync --quiet --frozen --no-dev --inexact
	@touch $@

$(VENV)/.dev: $(VENV)/.uv $(LOCKED)
	@echo 'installing the locked libraries and the tools of the tests'
	@$(UV) sync --quiet --frozen --group dev
	@touch $@ $(VENV)/.core

# Peers to compare with, which nothing else needs.
$(VENV)/.bench: $(VENV)/.dev
	@echo 'installing the peers of the benchmark'
	@$(UV) sync --quiet --frozen --group dev --group bench
	@touch $@

# --- for everyone ----------------------------------------------------------------------------------

demo: $(VENV)/.core ## the built-in case, from nothing to a brief
	@$(BIN)/openchannel doctor --compile --quiet
	@$(BIN)/openchannel assess korea -o $(OUT)
	@echo
	@echo 'The brief lies in $(OUT)/brief.html, and beside it as brief.pdf and brief.docx.'

# Compiled while the rest is installed and the first tests run; who needs the simulator waits for it.
# Linear algebra on one thread, as in the program itself: each of the JOBS has a core of its own.
test: $(VENV)/.core ## every test
	@$(BIN)/openchannel doctor --compile --quiet & compiler=$$!; \
	$(MAKE) --no-print-directory $(VENV)/.dev && \
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS) && \
	wait $$compiler

# --- for those who change it -----------------------------------------------------------------------

lint: $(VENV)/.dev ## style and likely mistakes
	@$(BIN)/ruff check src tests benches docs
	@$(BIN)/ruff format --check src

format: $(VENV)/.dev ## layout of the sources
	@$(BIN)/ruff format src
	@$(BIN)/ruff check --fix src

types: $(VENV)/.dev ## strict types
	@$(BIN)/mypy

contracts: $(VENV)/.dev ## imports point down only
	@$(BIN)/lint-imports

bench: $(VENV)/.bench ## speed against peers and how cost grows, in one run (WRITE=1: into docs/)
	@$(BIN)/openchannel doctor --compile --quiet
	@$(BIN)/python -m benches $(if $(WRITE),--write)
	@$(BIN)/python -m benches.roofline $(if $(WRITE),--write)

docs: $(VENV)/.core ## write the generated parts of docs/
	@$(BIN)/python -m docs.generate

tables: $(VENV)/.core ## measure E1, E4 and E5 anew and write them into docs/ (minutes)
	@$(BIN)/python -m docs.measure

schemas: $(VENV)/.core ## write the JSON Schemas of the case files
	@$(BIN)/python -m openchannel.casefile.schemas

golden: $(VENV)/.dev ## write the golden files anew; say why in the commit
	@OPENCHANNEL_WRITE_GOLDEN=1 $(BIN)/python -m pytest tests/golden

clean: ## remove what was built, keep the environment and the runs
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests benches docs -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	@rm -rf $(VENV)
