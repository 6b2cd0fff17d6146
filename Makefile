# Works with GNU Make 3.81 (macOS) and later. `make help` lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo up check format test test-slow bench pictures lock clean

ARGS ?=
WORKERS ?= 2
RUN := .venv/bin/python -m
CACHE := $(CURDIR)/.venv/.cache

# Nothing is written outside the clone: every tool's cache lies under .venv.
export XDG_CACHE_HOME := $(CACHE)
export PIP_CACHE_DIR := $(CACHE)/pip
export UV_CACHE_DIR := $(CACHE)/uv
export MPLCONFIGDIR := $(CACHE)/matplotlib
export HYPOTHESIS_STORAGE_DIRECTORY := $(CACHE)/hypothesis

# Where this is set, each of the hundreds of processes of the tests compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.stamp ## make .venv with the pinned dependencies (the first time, PYTHON=python3.12 chooses)

.venv/.stamp: requirements-uv.txt requirements-dev.txt tools/setup.sh
	@PYTHON='$(PYTHON)' sh tools/setup.sh

demo: .venv/.stamp ## run the main job on sample data and show the result in a browser (ARGS=--once exits instead)
	@$(RUN) bot demo $(ARGS)

up: .venv/.stamp ## run everything in one process
	@$(RUN) bot up $(ARGS)

check: .venv/.stamp ## lint, types, layers, sizes, docs
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@.venv/bin/python .venv/bin/lint-imports --cache-dir .venv/.cache/import-linter
	@$(RUN) tools.check_sizes
	@$(RUN) tools.check_docs

format: .venv/.stamp ## mend what ruff can mend
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

test: .venv/.stamp ## the fast tests (ARGS='-k digest' chooses)
	@$(RUN) pytest -n $(WORKERS) --dist loadgroup -m 'not slow' $(ARGS)

test-slow: .venv/.stamp ## kill, fault and large property tests
	@$(RUN) pytest -n $(WORKERS) --dist loadgroup -m slow $(ARGS)

bench: .venv/.stamp ## speed and matching quality: a table, and JSON under build/bench/
	@$(RUN) benchmarks $(ARGS)

pictures: .venv/.stamp ## everything that Slack shows, light and dark, narrow and wide, under build/pictures (needs Chromium)
	@$(RUN) tests.docs.gallery $(ARGS)

COMPILE := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: .venv/.stamp ## pin the newest versions that pyproject.toml allows
	@$(COMPILE) --upgrade -o requirements.txt
	@$(COMPILE) --upgrade --constraints requirements.txt --group dev -o requirements-dev.txt
	@$(COMPILE) --upgrade --group uv -o requirements-uv.txt

clean: ## remove what make makes, .venv and its caches too
	@rm -rf .venv build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
