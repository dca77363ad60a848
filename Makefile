# Two commands matter: `make run` and `make test`. Both install what they need first.

VENV ?= .venv
PYTHON ?= python3
PYTEST_ARGS ?= -n 2 --dist loadfile
UV_VERSION := 0.13.9

BIN := $(VENV)/bin
UV := $(BIN)/uv
SOURCES := agent api crm domain eval prompts store tools bench tests examples

# Compiled once at installation: without it every start parses the libraries again.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install run test check lint gate eval lock clean dev
.DEFAULT_GOAL := install

install: $(VENV)/.installed  ## make .venv with the command `cadastre`

run: install  ## load the example, draft a plan, print it, serve the app
	@$(BIN)/cadastre demo

test: dev  ## install and run every test
	@$(BIN)/python -m pytest -rs $(PYTEST_ARGS)

check: dev lint gate test  ## lint, types, import contracts, the quick gate and tests

gate: dev  ## the product on 60 tasks of AccountPlanBench; red where a plan or answer got worse
	@$(BIN)/cadastre eval gate --quick

eval: dev  ## the same on 180 tasks, with a report in build/eval/report.html
	@rm -rf build/eval && mkdir -p build
	@status=0; $(BIN)/cadastre eval gate --keep build/eval || status=$$?; \
	  $(BIN)/cadastre eval report build/eval/dataset build/eval/log --out build/eval/report.html; \
	  exit $$status

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

dev: $(VENV)/.dev-installed

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Cadastre needs Python 3.11 or newer, and $(PYTHON) is older or missing."; \
	  echo "Install it, or name another: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make environments: its venv module is missing."; \
	  echo "On Debian and Ubuntu: apt install python3-venv   Then run make again."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.uv: $(VENV)/.python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) \
	  || echo "uv could not be installed; going on with pip, which takes longer."
	@touch $@

# $(call install-lock,FILE): exactly what the lock names, each file checked by its hash.
define install-lock
	@echo "Installing what $(1) names"
	@if [ -x $(UV) ]; then \
	  $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	fi
endef

$(VENV)/.installed: $(VENV)/.uv requirements.lock pyproject.toml
	$(call install-lock,requirements.lock)
	@if [ -x $(UV) ]; then \
	  $(UV) pip install --quiet --python $(BIN)/python --no-deps -e .; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .; \
	fi
	@echo "Compiling the solver of territory designs, once"
	@$(BIN)/python -m tools.balance.warm || echo "That failed; its first use compiles it instead."
	@touch $@

$(VENV)/.dev-installed: $(VENV)/.installed requirements-dev.lock
	$(call install-lock,requirements-dev.lock)
	@touch $@

# Universal (every platform, Python 3.11 and newer), with hashes and without addresses.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links pyproject.toml

lock: $(VENV)/.uv  ## write both locks anew; UPGRADE=1 takes the newest versions
	$(LOCK) $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --extra dev --constraints requirements.lock \
	  --output-file requirements-dev.lock

clean:  ## remove the environment and caches; the home folder stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
