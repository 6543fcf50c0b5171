# Everything a newcomer needs: `make run` opens the seat, `make test` runs every test. Both set up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run demo test coverage check lint types contracts format lock bench soak mutate tables train clean

run: $(READY)
	$(BIN)/agent-console

demo: $(READY)
	$(BIN)/agent-console demo

test: $(READY)
	$(BIN)/python -m pytest -n auto

# Fails where an acting clause of a rule book has no test that passed.
coverage: test
	$(BIN)/agent-console rules --coverage

check: lint types contracts coverage

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

tables: $(READY)
	$(BIN)/python -m knowledge.search.make_tables

train: $(READY)
	$(BIN)/python -m knowledge.screening.training
	$(BIN)/python -m knowledge.search.learn_meaning

mutate: $(READY)
	$(BIN)/python -m tests.mutate

bench: $(READY)
	$(BIN)/python -m benchmarks

# Faults for ten minutes with other seeds than `make test` has; MINUTES=60 for longer.
soak: $(READY)
	$(BIN)/python -m benchmarks.soak --minutes $(or $(MINUTES),10)

lock: $(READY)
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra dev --output-file requirements.lock pyproject.toml

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache
