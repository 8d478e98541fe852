# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= $(shell command -v python3.12 >/dev/null 2>&1 && python3.12 -c 'import venv, ensurepip' >/dev/null 2>&1 && echo python3.12 || (command -v python3.11 >/dev/null 2>&1 && echo python3.11) || echo python3)
VENV := .venv
RUN := $(VENV)/bin/python
export OPENBLAS_NUM_THREADS := 1
export NUMBA_NUM_THREADS := 1

.PHONY: setup run demo test test-all bench lint help lock assets clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/installed assets $(VENV)/kernels  ## install everything into .venv and build the front end

$(VENV)/installed: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info < (3, 13); sys.exit(0 if ok else "livepairs needs Python 3.11 or 3.12, found " + sys.version.split()[0] + ". Name one with: make setup PYTHON=/path/to/python3.11")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(RUN) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip sync --quiet requirements-dev.txt
	@touch $@

assets: $(VENV)/installed  ## build the front end into static/build
	@$(RUN) -m livepairs.frontend

$(VENV)/kernels: $(VENV)/installed $(wildcard market/core/*.py analytics/core/*.py analytics/core/*/*.py analytics/core/*/*/*.py)
	@$(RUN) -m livepairs.kernels
	@touch $@

run: setup  ## start livepairs with live data (simulated when the exchange cannot be reached)
	@exec $(RUN) manage.py up

demo: setup  ## start livepairs on the simulated market
	@exec $(RUN) manage.py up --feed simulated

test: setup  ## all checks and tests, browser tests included
	@$(RUN) -m tests.prepare
	@$(RUN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: setup  ## the same, with the long ones
	@$(RUN) -m tests.prepare
	@$(RUN) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

bench: setup  ## measured speed, one JSON object a line
	@$(RUN) -m tests.benchmarks

lint: setup  ## ruff, mypy, import contracts, migrations
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy .
	@$(VENV)/bin/lint-imports
	@$(RUN) -m pytest -q tests/architecture

lock: $(VENV)/installed  ## resolve requirements*.in anew
	@$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate requirements.in -o requirements.txt
	@$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean:  ## remove what was built; data under var/ stay
	@rm -rf $(VENV) node_modules static/build staticfiles
