# Noisegate's commands. `make` alone lists them. Nothing here names a package index: pip uses yours.
#   PYTHON=/path/to/python3   the interpreter for .venv (default: the first found that is 3.11+)
#   ONCE=1                    with `make demo`: stop the server after the questions and exit
#   WORKERS=4                 with `make test` and `make audit`: processes (default 2)
#   PICTURES=1                with `make superset`: take the pictures of docs/pictures anew
#   ROUNDS=100                with `make audit`: how often each test draws fresh noise (default 20)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

BIN := .venv/bin
WORKERS ?= 2
ROUNDS ?= 20
ONCE ?=
PICTURES ?=
PYTHON ?=
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
INTERPRETERS := $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
# Tests that share a server or the like go to one process, in the order of tests/conftest.py.
PARALLEL = -n $(WORKERS) --dist loadgroup --no-loadscope-reorder
# Spark's server is large: only the client is among the dependencies, and the server of the same
# version is put beside them where there is a Java to run it.
SPARK = $(shell sed -n 's/^pyspark-client==//p' constraints.txt)
YAML := .pre-commit-config.yaml deploy policies

.PHONY: help demo test lint format bench audit superset clean constraints

help: ## List these commands
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1#\2/p' Makefile | column -t -s '#' 2>/dev/null \
	  || sed -nE 's/^([a-z]+):.*## (.*)/  make \1   \2/p' Makefile

demo: .venv/.installed ## Start the gateway on real data and ask it questions (ONCE=1: then stop)
	@$(BIN)/noisegate demo $(if $(filter-out 0,$(ONCE)),--once)

test: .venv/.developing .venv/.spark ## Run every test
	@$(BIN)/python -m pytest $(PARALLEL) -q

lint: .venv/.developing ## Check style, types and the YAML of policies and deploy files
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/yamllint --strict $(YAML)

format: .venv/.developing ## Bring the code into the project's format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: .venv/.developing .venv/.spark ## Measure speed and memory; prints a table
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.tpch duckdb 1
	@$(BIN)/python -m tests.bench.tpch duckdb 10
	@$(BIN)/python -m tests.bench.tpch postgres 1
	@if command -v java >/dev/null; then \
	  $(BIN)/python -m tests.bench.tpch spark 1; \
	  $(BIN)/python -m tests.bench.growth; \
	fi

audit: .venv/.developing .venv/.spark ## Run the privacy tests at full strength: statistics, neighbours, killed gateways, hostile clients
	@$(BIN)/python -m pytest $(PARALLEL) -q --rounds $(ROUNDS) --hypothesis-profile audit \
	  $(wildcard tests/distribution tests/neighbours tests/crash tests/wire/test_fuzz.py tests/ledger/test_model.py)
	@$(BIN)/python -m pytest $(PARALLEL) -q --rounds 2 -m audit \
	  $(wildcard tests/engines tests/tpch/test_spark.py tests/tpch/test_postgres.py)

superset: .superset/.installed .venv/.browsing ## Run Superset on a gateway, with a browser (PICTURES=1: renew docs/pictures)
	@$(BIN)/python -m pytest -q --superset $(if $(filter-out 0,$(PICTURES)),--pictures) tests/superset

clean: ## Remove .venv, caches and everything that was built
	rm -rf .venv .superset build dist .demo .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

constraints: ## Write constraints.txt anew from the newest releases that pyproject.toml allows
	rm -rf build/pins && mkdir -p build
	$(BIN)/python -m venv build/pins
	build/pins/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,browser]'
	{ echo '# Exact versions of everything that `make demo` and `make test` install: `make constraints`.'; \
	  build/pins/bin/python -m pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[^ ]+$$'; } > build/pins.txt
	mv build/pins.txt constraints.txt

# The stamps make second runs fast: they are remade when versions, dependencies or commands change.
.venv/.python:
	@if .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  touch $@; exit 0; \
	fi; \
	chosen=; seen=; \
	for candidate in $(INTERPRETERS); do \
	  version=$$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  seen="$$seen, $$candidate is $$version"; \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then chosen=$$candidate; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "Noisegate needs Python 3.11 or newer, and found none$${seen:+ ($${seen#, })}." >&2; \
	  echo "Install one, for example 'apt-get install python3 python3-venv', or name one:" >&2; \
	  echo "  make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	if ! "$$chosen" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$chosen cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$("$$chosen" --version)" >&2; \
	rm -rf .venv; "$$chosen" -m venv .venv; touch $@

.venv/.installed: pyproject.toml constraints.txt | .venv/.python
	@echo "Installing Noisegate into .venv (a minute or two the first time)" >&2
	@$(PIP_INSTALL) --editable .
	@touch $@

.venv/.developing: pyproject.toml constraints.txt | .venv/.python
	@echo "Installing Noisegate and what its tests need into .venv" >&2
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ .venv/.installed

.venv/.spark: constraints.txt | .venv/.developing
	@command -v java >/dev/null || exit 0; \
	echo "Installing Spark $(SPARK) for the tests (450 MB; some minutes the first time)" >&2; \
	rm -rf .venv/spark; \
	$(PIP_INSTALL) --no-deps --no-compile --target .venv/spark "pyspark==$(SPARK)"; \
	touch $@
.venv/.browsing: pyproject.toml constraints.txt | .venv/.developing
	@$(PIP_INSTALL) --editable '.[dev,browser]'
	@touch $@

# Superset needs other versions than the gateway's tests, so it has an environment of its own, and
# an empty database of its own, which each run copies.
.superset/.libraries: tests/superset/constraints.txt | .venv/.python
	@echo "Installing Superset into .superset (some minutes the first time)" >&2
	@rm -rf .superset; $(BIN)/python -m venv .superset/venv
	@.superset/venv/bin/python -m pip install --quiet --disable-pip-version-check \
	  --constraint tests/superset/constraints.txt \
	  apache-superset rich flask-caching cachetools pillow psycopg2-binary
	@touch $@

.superset/.installed: export SUPERSET_CONFIG_PATH = $(CURDIR)/tests/superset/superset_config.py
.superset/.installed: export SUPERSET_METADATA = $(CURDIR)/.superset/metadata.sqlite
.superset/.installed: export SUPERSET_CACHES = $(CURDIR)/.superset/caches
.superset/.installed: export SUPERSET_SECRET_KEY = only-for-an-empty-database
.superset/.installed: export FLASK_APP = superset.app:create_app()
.superset/.installed: .superset/.libraries tests/superset/superset_config.py
	@echo "Making Superset's own database" >&2
	@rm -f .superset/metadata.sqlite
	@run() { .superset/venv/bin/superset "$$@" >.superset/log 2>&1 || { tail -20 .superset/log >&2; exit 1; }; }; \
	run db upgrade; \
	run fab create-admin --username admin --password admin \
	  --firstname Ada --lastname Admin --email admin@example.org; \
	run init
	@touch $@
