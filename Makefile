# Everything a newcomer needs: `make demo` to see it, `make test` to trust it. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast assurance fuzz mutants check bench lock golden messages clean

# Tests start the program and each other many times: without kept bytecode each start takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/runtime.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: $(VENV)/runtime.stamp ## Keep a made-up association's books for two years in a fresh database, and serve the pages
	$(BIN)/donations demo

check: $(VENV)/dev.stamp ## Style, types and the direction of imports
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports

# Neighbours in a file stay together on one worker, with the books and the browser that they share.
# One more than there are processors: tests wait for the browser, the database and programs that they start.
WORKERS ?= $(shell expr $$(nproc) + 1)
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test: check ## All checks and all tests
	$(PYTEST)

FAST := tests/core tests/readers tests/identity tests/matching tests/ledger tests/published tests/test_architecture.py \
  tests/cli/test_cli.py tests/web/test_start.py tests/web/test_upload.py tests/web/api/test_importing.py
test-fast: $(VENV)/dev.stamp ## While working: the pure rooms, and one way through terminal, pages and API, on SQLite
	EXAMPLES_PERCENT=10 FUZZ_PERCENT=5 $(PYTEST) -k "not postgres and not demo" $(FAST)

SEEDS ?= 250
START ?= 1000
EXAMPLES ?= 300
CIRCLES ?= 120
assurance: $(VENV)/dev.stamp ## Play many true worlds on both databases, and try properties longer: SEEDS=250 EXAMPLES=300 CIRCLES=120
	TRUTH_SEEDS=$(SEEDS) TRUTH_START=$(START) EXAMPLES_PERCENT=$(EXAMPLES) ALL_ON_BOTH=1 PUBLIC_CIRCLES=$(CIRCLES) $(PYTEST) \
	  tests/truth tests/identity tests/acts tests/reports tests/store tests/jobs tests/web tests/published \
	  tests/cli/test_cli.py tests/cli/test_keys.py tests/cli/test_stopping.py tests/test_linear_time.py tests/matching
	@sed -nE 's/^\| ([TIB][0-9]+ \| [^|]+) \| (\*\*Not held yet|Does not apply)?.*/\1 | \2/p' docs/assurance.md | \
	  sed -E 's/ \| $$/ | held/; s/\*\*//' | expand -t 4

FUZZ_SEED ?= $(shell date +%s)
fuzz: $(VENV)/dev.stamp ## Cut every sample at every byte, and change 20,000 files of each format: FUZZ_SEED=1
	FUZZ_SEED=$(FUZZ_SEED) FUZZ_PERCENT=1000 $(PYTEST) tests/readers/test_damage.py

COUNT ?= 60
SEED ?= 1
mutants: $(VENV)/dev.stamp ## Put small errors into the pure rooms, and see which ones no test notices: COUNT=60 SEED=1
	$(BIN)/python -m tests.mutants --count $(COUNT) --seed $(SEED)

# Programs of other licences, in an environment of their own: they are started and never imported.
PEERS := $(VENV)/peers
$(PEERS).stamp: pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(PEERS)/bin/python -m pip install --quiet --group peers
	@touch $@

BENCH ?=
bench: $(VENV)/dev.stamp $(PEERS).stamp ## Measure every target of docs/performance.md on this machine: BENCH="--quick", BENCH="--help"
	$(BIN)/python -m benchmarks --json build/bench.json $(BENCH)

golden: $(VENV)/dev.stamp ## Write the expected texts beside the samples anew, to be reviewed in the diff
	$(BIN)/python -m pytest -q tests/readers/test_samples.py tests/readers/test_refused.py --update-expected

messages: $(VENV)/dev.stamp ## Bring the catalogues of translations up to date with the texts of the program
	PYTHONPATH=. $(BIN)/pybabel -q extract -F pyproject.toml -k N_ --omit-header --no-location --sort-output -o messages.pot .
	for language in et ru; do $(BIN)/pybabel -q update --omit-header --no-fuzzy-matching --ignore-obsolete --no-wrap \
	  -i messages.pot -l $$language -o src/donations/locales/$$language/LC_MESSAGES/donations.po || exit 1; done
	rm messages.pot

lock: $(VENV)/runtime.stamp ## Pin all dependencies with hashes (needs uv, which is installed into .venv)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --custom-compile-command "make lock" \
	  --extra postgres --group build --output-file requirements.lock pyproject.toml
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --custom-compile-command "make lock" \
	  --extra postgres --group build --group dev --output-file requirements-dev.lock pyproject.toml

clean: ## Remove the environment and everything made
	rm -rf $(VENV) demo-data build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
