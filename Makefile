# Every habit of the project, one word each; `make` alone prints them.
# All of them make their own environment in .venv first; nothing else is needed but Python 3.11+ and git.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCE ?=
ONLY ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint types format spec gen check-gen check-spec record compare bench clean
.DELETE_ON_ERROR:

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo  ## start the sandbox, make pictures, and say where one is
	@$(BIN)/python examples/demo.py

test: $(VENV)/.dev  ## run the whole test suite
	@$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/.dev  ## check style and formatting
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

types: $(VENV)/.dev  ## check types, strictly
	@$(BIN)/python -m mypy

format: $(VENV)/.dev  ## put style and formatting right
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .

spec: $(VENV)/.dev  ## take openapi.yaml from the vendor's page, or from SOURCE=<file or address>
	@$(BIN)/python -m tools.spec "$(SOURCE)"

gen: $(VENV)/.dev  ## write generated/ from openapi.yaml
	@$(BIN)/python -m tools.gen

check-gen: $(VENV)/.dev  ## fail if generated/ is not what openapi.yaml gives
	@$(BIN)/python -m tools.gen --check

check-spec: $(VENV)/.dev  ## fail if the vendor's page differs from openapi.yaml (needs the network)
	@$(BIN)/python -m tools.spec --check "$(SOURCE)"

record: $(VENV)/.dev  ## record the cassettes anew: from the service if QUBRID_API_KEY is set, else the sandbox
	@$(BIN)/python -m tests.contract.record

compare: $(VENV)-bench/.done  ## run the fault cases over other clients, and write the result into docs/failures.md
	@$(VENV)-bench/bin/python -m benchmarks.compare_faults --write-docs

bench: $(VENV)-bench/.done  ## measure what a call costs beside other clients (minutes), or ONLY=<part>
	@$(VENV)-bench/bin/python -m benchmarks $(if $(ONLY),--only $(ONLY),--write-docs)

clean:  ## remove the environment and what was built
	rm -rf $(VENV) $(VENV)-bench build dist out .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Of its own: what the peers bring must not be there when the tests run.
$(VENV)-bench/.done: pyproject.toml | $(BIN)/python
	@echo "Installing what is compared into $(VENV)-bench ..."
	@$(BIN)/python -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip install --quiet -e '.[dev,bench]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "qubrid-facade needs Python 3.11 or later, and $(PYTHON) is " + sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "Installing what the demo needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet -e '.[cli,sandbox]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@echo "Installing what the project needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet -e '.[dev]'
	@touch $@ $(VENV)/.demo
