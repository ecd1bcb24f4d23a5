# The commands of the README. `make run` and `make test` need Python 3.11 or newer and make, nothing else.

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types imports vendored locked audit bench phone faults vendor lock translations catalogues wheel

SHELL := /bin/sh
BIN := .venv/bin
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 22

.venv/.run: requirements.lock scripts/environment.sh
	@scripts/environment.sh requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock requirements.lock scripts/environment.sh
	@scripts/environment.sh requirements-dev.lock
	@touch .venv/.run $@

catalogues:
	@$(BIN)/python scripts/catalogues.py compile

run: .venv/.run catalogues ## the demo on http://127.0.0.1:8000 (PORT=, PEOPLE=, LAN=1 for phones)
	@$(BIN)/viesis demo $(if $(PORT),--port $(PORT)) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(LAN),--lan)

test: ## everything the tests need, then all the tests (TESTS= for some)
	@scripts/bring.sh ahead & $(MAKE) --no-print-directory .venv/.dev catalogues && wait
	@scripts/bring.sh
	@$(BIN)/python -m pytest --numprocesses 2 $(TESTS)

check: .venv/.dev ## format, lint, types, import contracts, translations, vendored files, locks
	@$(MAKE) --no-print-directory lint types imports vendored locked audit
	@$(BIN)/python scripts/catalogues.py check

lint:
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . | head -20; exit 1; }
	@$(BIN)/ruff check --quiet .

format: .venv/.dev ## lay out the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports --no-logo

vendored:
	@$(BIN)/python scripts/vendor.py --check

locked:
	@! grep -nE 'https?://' requirements.lock requirements-dev.lock

audit:
	@$(BIN)/python scripts/audit.py

bench: .venv/.dev catalogues ## the hot paths, each beside its ceiling
	@scripts/bring.sh postgresql
	@$(BIN)/python -m tests.benchmarks $(BENCH)

phone: .venv/.dev catalogues ## the figures of the phone at the door, in a browser
	@scripts/bring.sh
	@$(BIN)/python -m pytest -m figures -s tests/browser

faults: .venv/.dev catalogues ## real kills and failures (ROUNDS=100 for longer)
	@scripts/bring.sh postgresql mail
	@$(BIN)/python -m tests.faults $(if $(ROUNDS),--rounds $(ROUNDS))

vendor: .venv/.run ## fetch the front-end files again and check them
	@$(BIN)/python scripts/vendor.py

lock: ## resolve the dependencies anew (needs uv)
	@$(LOCK) --upgrade pyproject.toml --output-file requirements.lock
	@$(LOCK) --upgrade pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

translations: .venv/.run ## bring new sentences into every catalogue
	@$(BIN)/python scripts/catalogues.py update

wheel: .venv/.dev ## build dist/viesis-*.whl
	@$(BIN)/python -m hatchling build --target wheel
