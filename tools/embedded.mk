# On the stack that `make run` starts below .run.

WAREHOUSE := $(BIN)/python tools/with_warehouse.py
# Of files that are not there, `tail -F` would wait for ever.
follow = ls $(1) >/dev/null 2>&1 || { echo "Nothing has run here yet; make start starts it."; exit 1; }; tail -n 20 -F $(1)
# What runs is ended and looked at with the .venv that started it: a newer lock would have it made anew beneath its feet.
AS_IT_IS = if $(if $(STALE),false,[ -x $(BIN)/chorus ]); then $(BIN)/chorus $(1); else echo "Nothing runs here: there is no .venv that could."; [ $(1) = stop ]; fi
.PHONY: run quickstart install start stop restart status logs logs-postgres logs-metabase run-etl pipeline psql db-query \
        verify verify-loader backup restore model clean reset

run: .venv/.ready ## start everything and show the first run; ONCE=1 ends after its summary
	@$(BIN)/chorus run $(if $(ONCE),--once)

quickstart: .venv/.ready ## the same in the background: returns when the first run is over
	@$(BIN)/chorus start --first-wave

install: .venv/.ready ## make .venv, which the others do by themselves

start: .venv/.ready ## start everything in the background; returns when the UI answers
	@$(BIN)/chorus start

stop: ## end what runs here, whichever way it was started
	@$(call AS_IT_IS,stop)

restart: stop ## stop, and start
	@$(MAKE) --no-print-directory start

status: ## whether Chorus runs here, where, and how Airflow's parts are
	@$(call AS_IT_IS,status)

logs: ## what every process said last and says from now on; Ctrl-C ends
	@$(call follow,.run/logs/*.log)

logs-postgres: ## the same of PostgreSQL alone
	@$(call follow,.run/logs/postgres.log)

logs-metabase: ## Metabase is there with STACK=compose only
	@echo "Metabase is not part of the embedded stack; make logs-metabase STACK=compose shows that of docker compose."; exit 1

run-etl: .venv/.ready ## a whole wave through the Airflow that runs here, followed to its end
	@$(BIN)/chorus wave

pipeline: .venv/.ready ## a whole wave here and now, without Airflow; ARGS="--since 2026-01-05T10:00"
	@$(BIN)/chorus pipeline $(ARGS)

psql: .venv/.ready ## PostgreSQL's prompt on the warehouse as chorus_reader; ROLE=loader, owner or monitor
	@$(WAREHOUSE) $(or $(ROLE),reader) psql

db-query: .venv/.ready ## one statement, SQL="select ..."; ROLE= as above
	@$(a_statement)
	@$(WAREHOUSE) $(or $(ROLE),reader) psql --command "$$SQL"

verify: .venv/.ready ## whether the warehouse is what the migrations make
	@$(BIN)/chorus warehouse verify

verify-loader: .venv/.ready ## whether all that was ever loaded keeps what silver and gold promise
	@$(BIN)/chorus warehouse check

backup: .venv/.ready ## dump the warehouse into FILE=chorus.dump
	@$(no_folder)
	@$(for_nobody_else) && $(WAREHOUSE) owner $(BACKUP) --file="$(DUMP).part" && $(whole)

restore: .venv/.ready ## put the dump FILE= back over the warehouse; asks first unless FORCE=1
	@$(a_dump)
	@$(call ask,This replaces what the warehouse holds by what is in $$FILE.)
	@$(WAREHOUSE) owner sh ops/restore.sh < "$$FILE"
	@$(BIN)/chorus reapply-erasures

model: .venv/.ready ## fetch the weights of the default model and check them
	@$(BIN)/chorus model fetch

clean: ## stop, and forget .venv; the warehouse stays; asks first unless FORCE=1
	@$(call ask,This stops Chorus and deletes .venv.)
	@$(call AS_IT_IS,stop)
	rm -rf .venv

reset: ## stop, and forget the warehouse and all else in .run; asks first unless FORCE=1
	@$(call ask,This stops Chorus and deletes .run with the warehouse in it.)
	@$(call AS_IT_IS,stop)
	rm -rf .run
