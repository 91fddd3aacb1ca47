# Everything a person does with Chorus; `make help` lists it. What it is done to stands in tools/embedded.mk, or, with
# STACK=compose, in tools/compose.mk.

PYTHON ?= python3
BIN := .venv/bin
STACK ?= embedded
# Airflow starts in half the time when what it imports is compiled.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
# What was typed reaches the shell as it was typed: make takes dollars out, and quotes would end a recipe's own.
override SQL := $(value SQL)
override FILE := $(value FILE)
export SQL FILE

.DEFAULT_GOAL := help
.PHONY: help test check format generate lock bench nightly faults

# `$(call ask,What happens.)` goes on after a y alone; FORCE=1 answers.
ask = [ -n "$(FORCE)" ] || { printf '%s Go on? [y/N] ' "$(1)"; read answer && [ "$$answer" = y ]; } || { echo "Nothing was done."; exit 1; }

a_statement = [ -n "$$SQL" ] || { echo 'make db-query asks one statement: SQL="select ...".'; exit 1; }
a_dump = [ -f "$$FILE" ] || { echo "make restore puts back the dump that FILE= names, and $${FILE:+there is none at }$${FILE:-none was named}."; exit 1; }
DUMP := $${FILE:-chorus.dump}
# Extensions are the server's: who owns the warehouse may not make them again.
BACKUP := pg_dump --format=custom --exclude-extension='*'
no_folder = [ ! -d "$(DUMP)" ] || { echo "make backup writes a file, and $(DUMP) is a folder."; exit 1; }
# What people wrote is in it. A part that somebody's end left behind would keep its mode.
for_nobody_else = umask 077 && rm -f "$(DUMP).part"
# A dump that was cut short never takes the place of a whole one.
whole = mv "$(DUMP).part" "$(DUMP)" && echo "$(DUMP) holds the warehouse." || { rm -f "$(DUMP).part"; exit 1; }

ifeq ($(wildcard tools/$(STACK).mk),)
$(error STACK=$(STACK) is neither embedded, which is what it is unless you say so, nor compose)
endif
include tools/$(STACK).mk

help: ## this list; STACK=compose make help lists what there is on docker compose
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-15s%s\n", $$1, $$2}' tools/$(STACK).mk Makefile

test: .venv/.ready ## the tests; COV=1 writes coverage, ARGS="-k name" picks some
	@$(BIN)/pytest -m "not nightly" $(if $(COV),--cov --cov-report=term --cov-report=html) $(ARGS)

check: .venv/.ready ## what must hold before a commit: lock, generated files, style, types, layers, SQL
	@sh tools/check

format: .venv/.ready ## lay out Python and SQL as the checks want it
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix . && $(BIN)/sqlfluff fix -q include/sql

generate: .venv/.ready ## write the files that come from the code
	@$(BIN)/chorus generate && $(BIN)/python -m chorus.orchestration.catalogue

lock: .venv/.ready ## compile requirements.txt from pyproject.toml
	@$(BIN)/uv pip compile -q --system-certs --python-version 3.11 pyproject.toml -o $(or $(LOCK),requirements.txt)

bench: .venv/.ready ## the benchmarks; SIZE=full for the figures of docs/performance.md
	@missed=0; for file in benchmarks/[a-z]*.py; do SIZE=$(or $(SIZE),small) $(BIN)/python -m benchmarks.$$(basename $$file .py) || missed=1; done; exit $$missed

nightly: .venv/.ready ## the tests that are too long for every day
	@$(BIN)/pytest -m nightly $(ARGS)

faults: .venv/.ready ## break a running stack: N=50 deaths drawn by lot (SEED= draws the same again), a network that lies, a full disk
	@DEATHS=$(N) SEED=$(SEED) $(BIN)/pytest tests/faults $(ARGS)

# A Python that was upgraded or removed leaves a .venv that cannot import anything.
VERSION := 'import sys; print("python%d.%d" % sys.version_info[:2])'
ifneq ($(wildcard .venv/.ready),)
ifeq ($(wildcard .venv/lib/$(shell $(BIN)/python -I -c $(VERSION) 2>/dev/null)/site-packages),)
STALE := its-python-is-gone
endif
endif
# One that was moved or copied with its folder would run the code of the folder that it was made in.
ifeq ($(shell [ ! -s .venv/.ready ] || [ "$$(cat .venv/.ready)" = "$$(pwd -P)" ] || echo moved),moved)
STALE := it-was-made-elsewhere
endif
.PHONY: its-python-is-gone it-was-made-elsewhere
its-python-is-gone:
	@echo "The Python that .venv was made with is gone, so .venv is made anew."
it-was-made-elsewhere:
	@echo "This .venv was made in another folder, so it is made anew."

# torch goes first and through pip, which finds the build for this machine; the rest is quicker through uv, which is told
# to trust what the machine trusts (a company's proxy, say), and where even that fails, pip does it.
.venv/.locked: requirements.txt $(STALE)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Chorus needs Python 3.11, 3.12 or 3.13; PYTHON=python3.12 make run names one."; exit 1; }
	@echo "Making .venv from requirements.txt; this takes a few minutes the first time."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install -q --disable-pip-version-check "$$(grep '^uv==' requirements.txt)" "$$(grep '^torch==' requirements.txt)"
	@$(BIN)/uv pip install -q --system-certs --compile-bytecode -r requirements.txt || $(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.ready: .venv/.locked pyproject.toml
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@printf '%s' "$$(pwd -P)" > $@
