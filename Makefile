# Everything is installed into .venv and .cache, inside this folder.
#
#   make run        install and serve the demonstration
#   make test       install what the tests need and run them all
#   make check      what must hold before a commit: lint, format, types, house rules
#   make torture    kill senders, schedulers and web servers, and count what was lost or doubled
#
# PY names the Python to build .venv with, JOBS how many processes run the tests.

PY   ?= python3
JOBS ?= 2

V      := .venv
PYTHON := $(V)/bin/python
PIP    := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
# Tests start Python often. What it compiles is kept, out of sight, also where the environment would keep nothing.
PYTEST := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX="$(CURDIR)/.cache/bytecode" $(PYTHON) -m pytest --quiet

UV      := uv==0.13.9
COMPILE := .cache/uv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
           --no-emit-index-url --custom-compile-command 'make lock'

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run setup browser office test check torture fortnight bench pictures lock clean

run: setup
	$(PYTHON) -m tracker.serve --demo

setup: $(V)/.runtime

browser: .cache/.browser

# Quick where it stands already; where it cannot be had it says why, and some tests are skipped.
office: $(V)/.test
	$(PYTHON) -m tools.test_office

test: $(V)/.test .cache/.browser office
	$(PYTEST) -n $(JOBS) --dist worksteal tests

check: $(V)/.test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy --strict tracker
	$(PYTEST) -n $(JOBS) --dist worksteal tests/house

# The full counts; `make test` runs a short form of the same. TORTURE_SEED repeats the random choices of a run.
torture: $(V)/.test
	TORTURE=full $(PYTEST) -n $(JOBS) --dist worksteal tests/torture

# A fortnight of one county in a browser; the pictures of every page it meets lie in .cache/fortnight.
fortnight: $(V)/.test .cache/.browser
	$(PYTEST) tests/journeys/test_a_fortnight_of_a_county.py

bench: $(V)/.test
	$(PYTHON) -m bench

# The script lies in tools/ and imports from the project's folder.
pictures: $(V)/.test .cache/.browser
	PYTHONPATH=. $(PYTHON) tools/pictures.py

# Keeps the versions that are locked already; `make lock UPGRADE=--upgrade` takes the newest that the .in files allow.
lock: $(V)/.runtime
	$(PY) -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet --disable-pip-version-check $(UV)
	$(COMPILE) $(UPGRADE) -o requirements.txt requirements.in
	$(COMPILE) $(UPGRADE) -o requirements-test.txt requirements-test.in
	$(COMPILE) $(UPGRADE) -o requirements-node.txt requirements-node.in
	$(PYTHON) -m tools.test_browser --lock

# Leaves instance/ and var/ alone: they hold somebody's data.
clean:
	rm -rf $(V) .cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The files below say which lock file was installed last; a lock file that is newer is installed again.
# One depends on the other so that `make -j` never runs two pips in one .venv.
$(V)/.runtime: requirements.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PY) is not; name another one: make PY=python3.12" >&2; exit 1; }
	$(PY) -m venv $(V)
	$(PIP) -r requirements.txt
	touch $@

$(V)/.test: requirements-test.txt $(V)/.runtime
	$(PIP) -r requirements-test.txt
	touch $@

.cache/.browser: package.json package-lock.json .npmrc requirements-node.txt tools/test_browser.py tools/woff.py | $(V)/.test
	$(PYTHON) -m tools.test_browser
	mkdir -p .cache
	touch $@
