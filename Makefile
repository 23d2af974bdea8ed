# One file to start from. `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR ?= zhanggui-data
PORT ?= 8000
DATA ?= simulated
FILE ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Each process of the tests would compile the sources and the tests anew.
unexport PYTHONDONTWRITEBYTECODE

# Named one by one: the extra `neural` stays out of the lock files, since resolving torch anew finds builds with gigabytes for
# a graphics card. Plain pip installs the one that fits this machine (make setup-neural).
LOCKED_EXTRAS := --extra postgresql --extra mcp

.PHONY: help docs migration demo setup setup-neural format check compiled-loops test endure bench lock wheel clean system-packages
help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

demo: $(VENV)/.run-ready  ## A shop, trained and served on http://127.0.0.1:8000 (PORT=8001; DATA=online-retail FILE=path for the real UCI file as Parquet, CSV or XLSX)
	@exec $(BIN)/zhanggui demo --data $(DATA) $(if $(FILE),--file "$(FILE)") --home "$(HOME_DIR)" --port $(PORT)

setup: $(VENV)/.dev-ready  ## The environment, with all that the tests need

setup-neural: $(VENV)/.dev-ready  ## PyTorch beside it, for networks (the extra `neural`) and their tests
	$(BIN)/python -m pip install -q --no-compile torch==2.13.0  # what is imported is compiled then: a third of it

format: $(VENV)/.dev-ready  ## Mend what can be mended: formatting, order of imports
	$(BIN)/ruff check --fix-only src tests bench
	$(BIN)/ruff format src tests bench

check: $(VENV)/.dev-ready  ## Lint, types, floors, unit tests of all rooms: some minutes
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not realdata and not postgresql and not browser and not endure" tests --ignore=tests/app

compiled-loops: $(VENV)/.loops-ready  ## The machine code of the compiled loops, once for all processes

# Many processes with several native threads each only wait for one another: one each, unless told otherwise.
test: export OMP_NUM_THREADS ?= 1
test: export OPENBLAS_NUM_THREADS ?= 1
test: system-packages $(VENV)/.loops-ready  ## Every test; installs what it needs
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix tests/app/pages/axe; fi
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m pytest -q -n $${ZHANGGUI_TEST_PROCESSES:-3} --dist loadfile --no-loadscope-reorder
	$(MAKE) -C clients test

endure: system-packages $(VENV)/.dev-ready  ## Kill, fuzz and scan tests, 20 rounds each
	ZHANGGUI_ROUNDS=20 $(BIN)/python -m pytest -q --timeout 1800 -m "endure or law"

bench: $(VENV)/.dev-ready  ## Every benchmark (minutes to hours); one: .venv/bin/python -m bench ROOM/CASE
	$(BIN)/python -m bench shop/ trust/ recommend/ audience/ app/

docs: $(VENV)/.dev-ready  ## Write the pages that come from the code anew (docs/cli.md, errors, scopes, import-fields)
	$(BIN)/python -m zhanggui.app.reference

wheel: $(VENV)/.dev-ready  ## Build the wheel into dist/
	$(BIN)/uv build --wheel -q --out-dir dist

lock: $(VENV)/.dev-ready  ## Resolve the dependencies anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements-core.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(LOCKED_EXTRAS) -c requirements-core.lock pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(LOCKED_EXTRAS) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

system-packages:
	@bash scripts/system-packages.sh

$(VENV)/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(f"Zhanggui needs Python 3.11 or newer; this is {sys.version.split()[0]}." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q "uv>=0.9"

# No --compile-bytecode: the first start compiles what it imports, a small part of all that is installed, and keeps it.
$(VENV)/.run-ready: requirements.lock pyproject.toml | $(VENV)/bin/uv
	$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.lock pyproject.toml | $(VENV)/bin/uv
	$(BIN)/uv pip install --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@touch $@ $(VENV)/.run-ready

$(VENV)/.loops-ready: $(VENV)/.dev-ready scripts/compile_kernels.py $(shell find src/zhanggui -name '*.py')
	$(BIN)/python scripts/compile_kernels.py
	@touch $@

migration: $(VENV)/.dev-ready  ## Draft a revision for what the tables have and the chain has not (TITLE="what it does")
	$(BIN)/python -m zhanggui.app.migrations.draft "$(TITLE)"

clean:  ## Remove what was built (never a shop's data)
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
