# Every target makes the virtual environment it needs; `make` alone lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick check render lint format types bench bench-scale bench-load bench-peers clients clients-lock lock audit clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP) ## render, lint, deploy to the embedded emulator, print the outputs, run a query
	$(BIN)/aurora-cfn render
	$(BIN)/aurora-cfn lint
	$(BIN)/aurora-cfn deploy --env local --yes
	$(BIN)/aurora-cfn outputs --env local
	$(BIN)/aurora-cfn sql --env local "select version(), now()"

test: $(STAMP) ## the whole test suite, in parallel
	$(BIN)/python -m pytest -n auto --dist worksteal --durations 20

test-quick: $(STAMP) ## the pure tests: no emulator, no database, no whole commands; under a minute
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" --durations 20

check: $(STAMP) ## what CI runs: format, lint, types, rendered files, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/aurora-cfn render --check
	$(BIN)/aurora-cfn schema --check
	$(BIN)/aurora-cfn lint
	$(MAKE) test

render: $(STAMP) ## write all that is generated: templates/, params/schema.json, names.json, docs
	$(BIN)/aurora-cfn render
	$(BIN)/aurora-cfn schema --write
	$(BIN)/python -m tests.blueprints.names
	$(BIN)/python -m tests.docs

lint: $(STAMP) ## lint templates/ and the code
	$(BIN)/aurora-cfn lint
	$(BIN)/ruff check .

format: $(STAMP) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(STAMP) ## check the types
	$(BIN)/mypy

bench: $(STAMP) ## measure speed against floors in the same run
	$(BIN)/python -m tests.bench

bench-scale: $(STAMP) ## measure how time grows with stacks, environments and resources; writes docs/performance.md
	$(BIN)/python -m tests.bench scale

bench-load: $(STAMP) ## deploy 200 stacks at 20 % throttling, killed 20 times, and the emulator killed 20 times
	$(BIN)/python -m tests.bench load

bench-peers: $(STAMP) ## measure other tools side by side and write docs/performance.md (needs node and the network)
	$(BIN)/python -m tests.bench.peers

clients: $(STAMP) ## run real clients against the emulator and write docs/clients.md (needs node and the network)
	$(BIN)/python -m tests.clients $(ONLY)

clients-lock: ## pin the packages of the clients (needs uv and npm)
	cd tests/clients/python && for each in requirements-*.in; do uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-annotate --custom-compile-command "make clients-lock" -o "$${each%.in}.txt" "$$each"; done
	cd tests/clients/node && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

lock: ## pin every dependency for every platform (needs uv)
	uv pip compile --quiet --universal --generate-hashes --all-extras --group dev --no-annotate \
	  --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

audit: ## look the locked packages up in the advisory databases (needs PyPI; or ADVISORIES=a clone of pypa/advisory-database)
ifdef ADVISORIES
	$(BIN)/python -m tests.packaging.advisories $(ADVISORIES)
else
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	build/audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock
endif

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
