"""The schema, from empty and from every revision, up and down."""

import shutil
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from chorus import paths
from chorus.config import Settings
from chorus.stack.postgres import Cluster
from chorus.warehouse.bootstrap import bootstrap
from chorus.warehouse.catalogue import (
    differences,
    expected_catalogue,
    read_catalogue,
    verify,
)
from chorus.warehouse.connection import connect
from chorus.warehouse.migrations import downgrade, migrate, revisions


@pytest.fixture
def empty(server: Cluster, template: Settings):
    """Settings of a database that no migration has touched, its schemas under other names."""
    settings = template.model_copy(
        update={
            "database_name": f"empty_{uuid4().hex[:12]}",
            "bronze_database_schema_name": "raw",
            "bronze_database_table_name": "toots",
            "silver_database_schema_name": "star",
            "gold_database_schema_name": "shiny",
        }
    )
    bootstrap(server.dsn(), settings)
    yield settings
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        name = sql.Identifier(settings.database_name)
        admin.execute(sql.SQL("drop database {} with (force)").format(name))


def catalogue_of(settings: Settings):
    with connect(settings, "owner") as connection:
        return read_catalogue(connection, settings)


def test_a_migrated_database_holds_what_the_catalogue_file_says(warehouse, warehouse_settings):
    found = read_catalogue(warehouse, warehouse_settings)
    assert differences(expected_catalogue(), found) == [], "run `make generate`"


def test_schemas_under_other_names_hold_the_same(empty):
    migrate(empty)
    assert differences(expected_catalogue(), catalogue_of(empty)) == []


def test_the_revisions_are_found_whatever_a_clone_is_called(tmp_path, monkeypatch):
    there = revisions()
    clone = tmp_path / "50%(x)s of 'é #1"
    shutil.copytree(paths.SQL / "migrations", clone / "migrations")
    monkeypatch.setattr(paths, "SQL", clone)
    assert revisions() == there != []


def test_migrating_again_changes_nothing(empty):
    migrate(empty)
    before = catalogue_of(empty)
    migrate(empty)
    assert catalogue_of(empty) == before


@pytest.mark.parametrize("revision", revisions())
def test_a_database_left_at_any_revision_comes_up_to_the_same_schema(empty, revision):
    migrate(empty, revision)
    migrate(empty)
    assert differences(expected_catalogue(), catalogue_of(empty)) == []


@pytest.mark.parametrize("revision", ["base", *revisions()])
def test_going_down_leaves_what_the_earlier_revision_had(empty, revision):
    if revision != "base":
        migrate(empty, revision)
    before = catalogue_of(empty)
    migrate(empty)
    downgrade(empty, revision)
    assert catalogue_of(empty) == before


def test_verify_names_what_somebody_changed(owner, warehouse_settings):
    owner.execute("drop index bronze.ix_post_observations_uri")
    owner.execute("alter table bronze.pipeline_runs add column mood text")
    owner.execute("drop table ops.erasures")
    owner.execute("alter table ops.watch_state alter column sentence set default 7")
    owner.execute("revoke insert on dim_facts.dim_content from chorus_loader")
    owner.execute("grant usage on schema bronze to public")
    owner.execute(
        "create or replace function bronze.raw_events_week(week date) returns text return 'x'"
    )
    owner.execute(
        "alter table bronze.transformed_toots_with_sentiment_data rename column uri to address"
    )

    assert verify(warehouse_settings) == [
        "ops.erasures is missing",
        "bronze has a grant to public too many",
        "bronze.pipeline_runs has a column mood too many",
        "bronze.post_observations lacks the index ix_post_observations_uri",
        "bronze.raw_events_week(week date) does something else than its migration says",
        "bronze.transformed_toots_with_sentiment_data has a column address too many",
        "bronze.transformed_toots_with_sentiment_data has another index ix_toots_uri than its migration makes",
        "bronze.transformed_toots_with_sentiment_data lacks the column uri",
        "ops.watch_state has another column sentence than its migration makes",
        "dim_facts.dim_content has another grant to chorus_loader than its migration makes",
    ]
