"""The four tasks of a bronze DAG: extract (or look_again), transform, score, load."""

import logging
from collections.abc import Sized
from dataclasses import asdict
from typing import Any

from airflow.sdk import Asset, Context, TriggerRule, get_current_context, task
from airflow.sdk.definitions.mappedoperator import MappedOperator

from chorus.orchestration.assets import BRONZE
from chorus.orchestration.pools import SECOND_LOOKS, WAREHOUSE, model, readers_of
from chorus.orchestration.sentiment_operator import SentimentOperator, whose_workers
from chorus.orchestration.warehouse import with_db_retry

log = logging.getLogger(__name__)

Scored = dict[str, Any] | Sized | None  # by the one task, or by each shard
TARGET = (
    "{% set target = task.op_kwargs['target'] %}{{ target['instance'] }} {{ target['name'] }}"
    "{% if 'missed_by' in target %} of {{ target['missed_by']['since'][:16] }}{% endif %}"
)


# Nothing that can be read is no failure: the rest of the run is skipped, the log of this task says why.
@task.short_circuit
@with_db_retry
def list_targets(source: str) -> list[dict[str, Any]]:
    """Open the run and name what it reads: what is configured, or what the params ask for; and what earlier runs could not have."""
    from chorus.orchestration.runs import asked_for, is_as_usual, this_run, this_window
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.extract import list_targets as all_targets
    from chorus.pipelines.late import list_late
    from chorus.pipelines.missed import list_missed
    from chorus.pipelines.runs import open_run

    with open_warehouse(source) as (connection, settings):
        asked = map(asked_for, ("instances", "hashtags", "subreddits"))
        targets = all_targets(settings, source, *asked)
        if not targets:
            return []
        run = this_run()
        again = []
        if is_as_usual():
            ours = connection, settings, run.partition("/")[0], targets
            again = [*list_late(*ours), *list_missed(*ours)]
        open_run(connection, settings, run, source=source, window=this_window(settings))
    return [*targets, *again]


@task(map_index_template=TARGET)
@with_db_retry
def extract(target: dict[str, Any]) -> dict[str, int]:
    """Copy what one target says of the window into raw_events; returns how many of what."""
    from datetime import UTC, datetime, timedelta

    from airflow.sdk.exceptions import AirflowRescheduleException

    from chorus.domain.errors import SourcePaused
    from chorus.orchestration.logs import bind_window
    from chorus.orchestration.runs import this_run, this_window
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.extract import extract as read
    from chorus.pipelines.missed import MISSED_BY, make_up, missed_window

    with open_warehouse(target["source"]) as (connection, settings):
        try:
            if MISSED_BY in target:
                bind_window(missed_window(target))
                return make_up(connection, settings, target)
            return read(connection, settings, target, this_window(settings), this_run())
        except SourcePaused as pause:
            # Waits without a slot and without a try of its own: it got further, so this ends.
            log.info("%s; going on then.", pause)
            wait = pause.retry_after or timedelta(0)
            due = datetime.now(UTC) + wait
            raise AirflowRescheduleException(due) from pause  # type: ignore[no-untyped-call]


@task.short_circuit
@with_db_retry
def list_due(source: str) -> list[dict[str, Any]]:
    """Open a run without a window and name the instances where a look is due; the rest is skipped where none is."""
    from chorus.orchestration.runs import asked_for, this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.look_again import list_instances
    from chorus.pipelines.runs import open_run

    with open_warehouse(source) as (connection, settings):
        targets = list_instances(connection, settings, source, asked_for("instances"))
        if targets:
            open_run(connection, settings, this_run(), source=source)
    return targets


# A budget that is spent frees the worker until it starts over; the last try leaves the rest to the next run.
@task(map_index_template="{{ task.op_kwargs['target']['instance'] }}", retries=6)
@with_db_retry
def look_again(target: dict[str, Any]) -> dict[str, int]:
    """Ask one instance for the posts that are due; returns how many of what."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.look_again import look_again as look

    me = get_current_context()["ti"]
    comes_back = me.try_number <= me.max_tries
    with open_warehouse(target["source"]) as (connection, settings):
        return look(connection, settings, target, this_run(), comes_back=comes_back)


# One target that fails is one red square; what the others brought goes on.
@task(pool=WAREHOUSE.pool, trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
@with_db_retry
def transform() -> dict[str, int]:
    """Clean every raw event that is not processed yet; returns how many of what."""
    from chorus.orchestration.runs import this_run
    from chorus.orchestration.warehouse import open_warehouse
    from chorus.pipelines.runs import step
    from chorus.pipelines.transform import transform_pending
    from chorus.sentiment.active import active_model_keys

    run = this_run()
    with (
        open_warehouse() as (connection, settings),
        step(connection, run, "transform") as counts,
    ):
        models = [key.text for key in active_model_keys(settings)]
        done = transform_pending(connection, settings, run, models)
        counts.update(asdict(done), transformed=done.claimed - done.rejected)
    return dict(counts)


class Score(SentimentOperator):
    """The operator, whose counts are also kept with the run."""

    @with_db_retry
    def execute(self, context: Context) -> dict[str, Any]:
        from chorus.orchestration.runs import this_run
        from chorus.orchestration.warehouse import open_warehouse
        from chorus.pipelines.runs import step

        with (
            open_warehouse() as (connection, _),
            step(connection, this_run(), "score", str(self.shard or "")) as counts,
        ):
            done = super().execute(context)
            counts.update({name: done[name] for name in ("scored", "cache_hits")})
        return done


# Whatever became of the others, the run is closed; the asset is announced only if they went well.
@task(pool=WAREHOUSE.pool, trigger_rule=TriggerRule.ALL_DONE)
@with_db_retry
def load(transformed: dict[str, int] | None, scored: Scored) -> None:
    """Close the run: counts, quality, checks. Alone owns the asset."""
    from chorus.orchestration.closing import closing_run
    from chorus.orchestration.runs import this_run
    from chorus.pipelines.quality import measure_quality

    got_through = transformed is not None and all_scored(scored)
    with closing_run("load", got_through=got_through) as (connection, _):
        measure_quality(connection, this_run())


def extract_transform_score_load(source: str) -> None:
    """Everything between a source and its asset; not a task group, so that tasks keep short names."""
    pool = readers_of(source).pool
    extracted = extract.override(pool=pool).expand(target=list_targets(source))
    _transform_score_load(extracted, BRONZE[source])


def look_again_transform_score_load(source: str) -> None:
    """The same for posts that were read before."""
    looked = look_again.override(pool=SECOND_LOOKS.pool).expand(target=list_due(source))
    _transform_score_load(looked, BRONZE[source])


def _transform_score_load(read: Any, asset: Asset) -> None:
    transformed = transform()
    score = score_in_shards()
    read >> transformed >> score
    load.override(outlets=[asset])(transformed, score.output)  # type: ignore[arg-type]


def score_in_shards() -> Score | MappedOperator:
    """One task, or as many as SENTIMENT_SHARDS says, which share the queue of posts."""
    from chorus.config import load_settings

    settings = load_settings()
    # A mapped operator does not ask its class.
    where = {"task_id": "score", "pool": model().pool, **whose_workers()}
    if settings.sentiment_shards == 1:
        return Score(**where)
    shards = list(range(1, settings.sentiment_shards + 1))
    return Score.partial(**where).expand(shard=shards)


def all_scored(scored: Scored) -> bool:
    """A shard that failed has left nothing to read."""
    from chorus.config import load_settings

    if scored is None or isinstance(scored, dict):
        return scored is not None
    return len(scored) == load_settings().sentiment_shards
