# On the server that docker-compose.yaml describes; COMPOSE_PROFILES=gpu adds the worker that has one.

COMPOSE := docker compose
CHORUS := $(COMPOSE) exec worker chorus
# The image lets whoever is inside the container in without a password.
POSTGRES := $(COMPOSE) exec -T postgres
# As compose has it: from the environment, else from .env.
set_to = $(or $($(1)),$(shell sed -n "s/^$(1)=//p" .env 2>/dev/null | tail -n 1 | tr -d "\"'"))
DATABASE := $(or $(call set_to,DATABASE_NAME),chorus)
LAYERS := $(foreach layer,BRONZE SILVER GOLD,--env $(layer)_DATABASE_SCHEMA_NAME=$(call set_to,$(layer)_DATABASE_SCHEMA_NAME))
LOGS := $(COMPOSE) logs --follow --tail 20
.PHONY: quickstart install start stop restart status logs logs-postgres logs-metabase run-etl pipeline psql db-query verify \
        verify-loader backup restore model clean reset

quickstart: ## passwords into .env, the image, everything started; a first wave begins by itself
	@sh ops/passwords.sh
	@$(COMPOSE) up --detach --build
	@echo "Airflow: http://localhost:$(or $(call set_to,CHORUS_PORT),8080); users and their passwords:"
	@$(COMPOSE) exec -T api-server cat /opt/airflow/sign-in/passwords.json

install: ## build the image
	@$(COMPOSE) build

start: ## start everything, from the settings as .env has them now
	@$(COMPOSE) up --detach

stop: ## stop everything; nothing is lost
	@$(COMPOSE) stop

restart: ## stop, and start
	@$(COMPOSE) stop && $(COMPOSE) up --detach

status: ## what runs, and how it is
	@$(COMPOSE) ps

logs: ## what every container said last and says from now on; Ctrl-C ends
	@$(LOGS)

logs-postgres: ## the same of PostgreSQL alone
	@$(LOGS) postgres

logs-metabase: ## the same of Metabase alone
	@$(LOGS) metabase

run-etl: ## trigger a whole wave; the UI shows how it goes
	@$(COMPOSE) exec scheduler airflow dags trigger bronze_mastodon

pipeline: ## a whole wave here and now, without Airflow; ARGS="--since 2026-01-05T10:00"
	@$(CHORUS) pipeline $(ARGS)

psql: ## PostgreSQL's prompt on the warehouse as chorus_reader; ROLE=loader, owner or monitor
	@$(COMPOSE) exec postgres psql --username=chorus_$(or $(ROLE),reader) $(DATABASE)

db-query: ## one statement, SQL="select ..."; ROLE= as above
	@$(a_statement)
	@$(POSTGRES) psql --username=chorus_$(or $(ROLE),reader) --command="$$SQL" $(DATABASE)

verify: ## whether the warehouse is what the migrations make
	@$(CHORUS) warehouse verify

verify-loader: ## whether all that was ever loaded keeps what silver and gold promise
	@$(CHORUS) warehouse check

backup: ## dump the warehouse into FILE=chorus.dump
	@$(no_folder)
	@$(for_nobody_else) && $(POSTGRES) $(BACKUP) --username=chorus_owner $(DATABASE) > "$(DUMP).part" && $(whole)

restore: ## put the dump FILE= back over the warehouse; asks first unless FORCE=1
	@$(a_dump)
	@$(call ask,This replaces what the warehouse holds by what is in $$FILE.)
	@$(COMPOSE) exec -T --env PGUSER=chorus_owner --env PGDATABASE=$(DATABASE) $(LAYERS) postgres sh -c "$$(cat ops/restore.sh)" < "$$FILE"
	@$(CHORUS) reapply-erasures

model: ## fetch the weights of the default model and check them
	@$(COMPOSE) run --rm --no-deps --user "$$(id -u):$$(id -g)" --env HF_HOME=/tmp --volume ./include/models/weights:/opt/chorus/include/models/weights worker chorus model fetch

clean: ## forget the containers and the image; the volumes stay; asks first unless FORCE=1
	@$(call ask,This stops Chorus and deletes its containers and its image.)
	$(COMPOSE) down --remove-orphans --rmi local

reset: ## forget the warehouse and every other volume; asks first unless FORCE=1
	@$(call ask,This stops Chorus and deletes its volumes with the warehouse in them.)
	$(COMPOSE) down --remove-orphans --volumes
