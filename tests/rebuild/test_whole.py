"""A rebuild of everything: what is carried over, who goes on meanwhile, and what a killed one leaves."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from chorus.domain.errors import ConfigurationError, WarehouseOutdated
from chorus.pipelines import rebuild as rebuilding
from chorus.pipelines.rebuild import rebuild, rebuild_days, where_bronze_begins
from chorus.pipelines.silver import load_silver
from chorus.warehouse import shadow
from chorus.warehouse.catalogue import verify
from chorus.warehouse.connection import connect
from tests.sql.silver.conftest import MODEL, NOON, AccountLook, Look, Silver
from tests.sql.silver.natural import difference, naturally

OURS = """
    select nspname from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'public') order by nspname
"""
SCHEMAS = [("analytics",), ("bronze",), ("dim_facts",), ("ops",)]
ALLOWED = """
    select relname, grantee::regrole::text, privilege_type
    from pg_class cross join lateral aclexplode(relacl) where relname = 'mv_hashtag_performance' or relname = 'dim_content'
"""


@pytest.fixture
def silver(warehouse, warehouse_settings) -> Silver:
    loaded = Silver(warehouse, warehouse_settings)
    loaded.load(Look(tags=("cats",)), AccountLook())
    return loaded


def facts(silver):
    return silver.value("select count(*) from dim_facts.fact_toot_engagement")


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something, each once, just before a step of the rebuild."""

    def meanwhile(step, *works):
        then, left = getattr(rebuilding, step), list(works)

        def first(*rest, **how):
            if left:
                left.pop(0)()
            return then(*rest, **how)

        monkeypatch.setattr(rebuilding, step, first)

    return meanwhile


def test_a_rebuilt_warehouse_is_what_the_migrations_make_and_goes_on_loading(silver, owner):
    owner.execute(
        "grant select on analytics.mv_hashtag_performance to chorus_monitor with grant option"
    )
    owner.execute("revoke select on dim_facts.dim_content from chorus_reader")
    owner.execute("create schema people")
    owner.execute(
        "create view people.tags as select hashtag, posts from analytics.mv_hashtag_performance"
    )
    allowed = sorted(silver.rows(ALLOWED))

    counts = rebuild(silver.settings, "test", MODEL)

    assert (counts["posts"], counts["accounts"]) == (1, 1)
    assert verify(silver.settings) == [
        "analytics.mv_hashtag_performance has a grant to chorus_monitor too many",
        "dim_facts.dim_content lacks the grant to chorus_reader",
    ]
    assert sorted(silver.rows(ALLOWED)) == allowed
    silver.load(Look(post="2", tags=("cats",)), Look(post="1", seen=2, gone=True))
    assert facts(silver) == 2
    rebuilding.refresh_views(silver.connection, silver.settings)
    assert owner.execute("select * from people.tags").fetchall() == [("cats", 1)]


def test_minutes_are_counted_again_as_loads_left_them(silver):
    """Only those of the last two days are kept, by the clock; a week made up long ago has none."""
    roll = random.Random(3)
    ago = (datetime.now(UTC) - NOON).total_seconds() / 60
    for load in range(6):
        silver.load(
            *(
                Look(
                    post=str(roll.randrange(20, 35)),
                    created=ago - roll.choice([30, 31, 60 * 47, 60 * 50]),
                    author=roll.choice("ab"),
                    tags=tuple(roll.sample(["cats", "dogs", "birds"], roll.randrange(3))),
                    counts=(roll.randrange(9), 0, 0),
                    seen=load + roll.randrange(-2, 3),
                    edited=load,
                    gone=roll.random() < 0.2,
                )
                for _ in range(8)
            )
        )
    left = naturally(silver.connection)
    assert left["hashtag_minute_stats"].total() > 5

    rebuild(silver.settings, "test", MODEL)

    assert difference(left, naturally(silver.connection)) == {}


def test_what_arrives_while_it_runs_is_there_when_it_is_done(silver, meanwhile):
    def arrives(post):
        silver.observe(Look(post=post))
        silver.connection.commit()

    def is_loaded():
        arrives("2")
        load_silver(silver.connection, silver.settings, "test", MODEL)

    # Before loads are held, and while they are.
    meanwhile("refresh_views", is_loaded, lambda: arrives("3"))
    rebuild(silver.settings, "test", MODEL)
    assert facts(silver) == 2
    assert silver.load()["loaded"] == 1


def test_people_read_whole_states_all_the_time_and_nothing_holds_them_up(silver, meanwhile):
    seen = []
    reading = connect(silver.settings, "reader")

    def look():
        with connect(silver.settings, "reader", autocommit=True) as reader:
            reader.execute("set statement_timeout = '5s'")
            seen.append(reader.execute("select count(*) from dim_facts.dim_content").fetchone())
            seen.append(reader.execute("select posts from analytics.rollup_day").fetchone())

    reading.execute("declare slow cursor for select uri from dim_facts.dim_content")
    meanwhile("check_silver", look)
    meanwhile("check_gold", look)
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(rebuild, silver.settings, "test", MODEL)
        while (
            silver.value("select to_regnamespace('dim_facts_before') is null")
            and not done.done()
        ):
            pass
        # The schemas are renamed; who began to read before reads on, and then the old ones can go.
        assert len(reading.execute("fetch all from slow").fetchall()) == 1
        reading.close()
        done.result()
    look()
    assert seen == [(1,)] * 6


@pytest.mark.parametrize("step", ["refresh_views", "check_silver", "write_summaries"])
def test_a_killed_rebuild_harms_nobody_and_the_next_one_starts_clean(silver, owner, step):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuilding, step, killed)
        # As if the process were gone: nobody is left to tidy up.
        patch.setattr(shadow, "discard", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            rebuild(silver.settings, "test", MODEL)
    assert len(owner.execute(OURS).fetchall()) > len(SCHEMAS)
    assert silver.load(Look(post="2"))["loaded"] == 1

    rebuild(silver.settings, "test", MODEL)

    assert facts(silver) == 2
    assert owner.execute(OURS).fetchall() == SCHEMAS


def test_what_would_be_lost_is_named_before_anything_is_done(silver, owner):
    owner.execute("create table dim_facts.notes ()")
    with pytest.raises(WarehouseOutdated, match=r"silver\.notes is not ours"):
        rebuild(silver.settings, "test", MODEL)
    owner.execute("drop table dim_facts.notes")
    owner.execute("create schema people")
    owner.execute("create materialized view people.tags as select * from dim_facts.hashtags")
    with pytest.raises(
        ConfigurationError, match=r"would lose rule _RETURN on materialized view people\.tags"
    ):
        rebuild(silver.settings, "test", MODEL)
    assert owner.execute(OURS).fetchall() == sorted([*SCHEMAS, ("people",)])


def test_two_rebuilds_at_once_are_refused(silver, owner):
    with (
        shadow.alone(owner, silver.settings),
        pytest.raises(ConfigurationError, match="Another rebuild"),
    ):
        rebuild_days(silver.settings, "test", date(2026, 3, 2), date(2026, 3, 3), MODEL)


def test_a_span_without_a_day_is_refused(warehouse_settings):
    day = date(2026, 3, 2)
    with pytest.raises(ConfigurationError, match="the day after the last one"):
        rebuild_days(warehouse_settings, "test", day, day, MODEL)


def test_where_bronze_ends_is_said(silver, owner):
    bronze = where_bronze_begins(silver.connection, silver.settings)
    assert (bronze.begins, bronze.older) == (None, 1)
    owner.execute("select bronze.ensure_raw_events_weeks('{2026-03-09}')")
    owner.execute(
        "insert into bronze.raw_events (id, occurred_at, source, source_id, event_type, payload, instance, post_id,"
        " payload_hash, observed_at, last_seen_at, pipeline_run_id) values (uuidv4(), '2026-03-10', 's', 's', 'status',"
        " '{}', 'i', '1', '', now(), now(), 'run/1')"
    )
    bronze = where_bronze_begins(silver.connection, silver.settings)
    assert (bronze.begins, bronze.older) == (datetime(2026, 3, 9, tzinfo=UTC), 1)
