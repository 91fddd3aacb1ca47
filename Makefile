# Everything a person does with Chorus; `make help` lists it.

PYTHON ?= python3
BIN := .venv/bin
# Airflow starts in half the time when what it imports is compiled.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

.DEFAULT_GOAL := help
WAREHOUSE := $(BIN)/python tools/with_warehouse.py
.PHONY: help run test check format generate lock bench nightly model status logs psql db-query pipeline verify backup \
        restore clean reset

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-12s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.ready ## start everything and show the first run; ONCE=1 ends after its summary
	@$(BIN)/chorus run $(if $(ONCE),--once)

test: .venv/.ready ## the tests; COV=1 writes coverage, ARGS="-k name" picks some
	@$(BIN)/pytest -m "not nightly" $(if $(COV),--cov --cov-report=term --cov-report=html) $(ARGS)

check: .venv/.ready ## what must hold before a commit: lock, generated files, style, types, layers, SQL
	@sh tools/check

format: .venv/.ready ## lay out Python and SQL as the checks want it
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix . && $(BIN)/sqlfluff fix -q include/sql

generate: .venv/.ready ## write the files that come from the code
	@$(BIN)/chorus generate && $(BIN)/python -m chorus.orchestration.catalogue

lock: .venv/.ready ## compile requirements.txt from pyproject.toml
	@$(BIN)/uv pip compile -q --system-certs pyproject.toml -o requirements.txt

bench: .venv/.ready ## the benchmarks; SIZE=full for the figures of docs/performance.md
	@for file in benchmarks/[a-z]*.py; do SIZE=$(or $(SIZE),small) $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

nightly: .venv/.ready ## the tests that are too long for every day
	@$(BIN)/pytest -m nightly $(ARGS)

model: .venv/.ready ## fetch the weights of the default model and check them
	@$(BIN)/chorus model fetch

status: .venv/.ready ## whether Chorus runs here, where, and how Airflow's parts are
	@$(BIN)/python tools/status.py

logs: ## what every process said last and says from now on; Ctrl-C ends
	@tail -n 20 -F .run/logs/*.log

psql: .venv/.ready ## PostgreSQL's prompt on the warehouse as chorus_reader; ROLE=loader, owner or monitor
	@$(WAREHOUSE) $(or $(ROLE),reader) psql

db-query: .venv/.ready ## one statement, SQL="select ..."; ROLE= as above
	@$(WAREHOUSE) $(or $(ROLE),reader) psql --command "$$SQL"

pipeline: .venv/.ready ## a whole wave here and now, without Airflow; ARGS="--since 2026-01-05T10:00"
	@$(BIN)/chorus pipeline $(ARGS)

verify: .venv/.ready ## whether the warehouse is what the migrations make
	@$(BIN)/chorus warehouse verify

backup: .venv/.ready ## dump the warehouse into FILE=chorus.dump
	@$(WAREHOUSE) owner pg_dump --format=custom --file="$(or $(FILE),chorus.dump)"

restore: .venv/.ready ## put the dump FILE= back over the warehouse; asks first unless FORCE=1
	@[ -n "$(FORCE)" ] || { printf 'This replaces what the warehouse holds by what is in $(FILE). Go on? [y/N] '; read answer && [ "$$answer" = y ]; }
	@$(WAREHOUSE) owner pg_restore --dbname="" --clean --if-exists --single-transaction "$(FILE)"
	@$(BIN)/chorus reapply-erasures

clean: ## forget the environment; the warehouse stays
	rm -rf .venv

reset: ## forget the warehouse and all else `make run` made; asks first unless FORCE=1
	@[ -n "$(FORCE)" ] || { printf 'This deletes .run with the warehouse in it. Go on? [y/N] '; read answer && [ "$$answer" = y ]; }
	rm -rf .run

# torch goes first and through pip, which finds the build for this machine; the rest is quicker through uv, which is told
# to trust what the machine trusts (a company's proxy, say), and where even that fails, pip does it.
.venv/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Chorus needs Python 3.11, 3.12 or 3.13; PYTHON=python3.12 make run names one."; exit 1; }
	@echo "Making .venv from requirements.txt; this takes a few minutes the first time."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install -q --disable-pip-version-check "$$(grep '^uv==' requirements.txt)" "$$(grep '^torch==' requirements.txt)"
	@$(BIN)/uv pip install -q --system-certs --compile-bytecode -r requirements.txt || $(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
