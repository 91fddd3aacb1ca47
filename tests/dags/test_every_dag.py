"""What must hold for every DAG, present and future."""

import pytest

from chorus import paths

DAGS = paths.ROOT / "dags"
KINDS = {"bronze", "silver", "gold", "ops", "notify"}
LONGEST_FILE = 60


@pytest.fixture(scope="module")
def bag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(DAGS)


def test_every_file_imports(bag):
    assert bag.import_errors == {}


def test_a_file_is_named_for_its_one_dag(bag):
    assert {path.stem for path in DAGS.glob("*.py")} == set(bag.dags)


def test_a_file_declares_and_is_short():
    for path in DAGS.glob("*.py"):
        assert len(path.read_text().splitlines()) <= LONGEST_FILE, path.name


def test_every_dag_says_what_it_is_and_whose(bag):
    for dag in bag.dags.values():
        kind = dag.dag_id.partition("_")[0]
        assert dag.doc_md, dag.dag_id
        assert dag.doc_md.startswith("# "), dag.dag_id
        assert "**When it fails**" in dag.doc_md, dag.dag_id
        assert kind in KINDS & dag.tags, dag.dag_id
        assert dag.default_args["owner"] == "chorus", dag.dag_id


def test_every_task_is_tried_again_as_its_errors_are_named_and_mails_after_its_last_try(bag):
    from chorus.orchestration.deadlines import mail_failure
    from chorus.orchestration.retries import RetryByName

    for dag in bag.dags.values():
        for task in dag.tasks:
            args = task.partial_kwargs if task.is_mapped else vars(task)
            assert args["retries"] >= 1, task
            assert isinstance(args["retry_policy"], RetryByName), task
            callback = args["on_failure_callback"]
            assert callback in (mail_failure, [mail_failure]), task


def test_every_dag_has_a_deadline_that_the_triggerer_can_mail_about(bag):
    from importlib import import_module
    from inspect import iscoroutinefunction

    for dag in bag.dags.values():
        [deadline] = dag.deadline
        module, _, name = deadline.callback.path.rpartition(".")
        assert module.startswith("chorus."), dag.dag_id
        assert iscoroutinefunction(getattr(import_module(module), name)), dag.dag_id


def test_no_dag_catches_up_and_every_dag_limits_its_runs(bag):
    for dag in bag.dags.values():
        assert dag.catchup is False, dag.dag_id
        assert 1 <= dag.max_active_runs <= 4, dag.dag_id


def test_a_consumer_of_assets_is_never_paused_from_the_start(bag):
    from airflow.sdk.definitions.timetables.assets import AssetTriggeredTimetable

    woken = [
        dag for dag in bag.dags.values() if isinstance(dag.timetable, AssetTriggeredTimetable)
    ]
    assert {dag.dag_id for dag in woken} == {"silver_star", "gold_views", "notify_discord"}
    for dag in woken:
        assert dag.is_paused_upon_creation is False, dag.dag_id


def test_sources_carry_their_window_in_the_data_interval(bag):
    from airflow.sdk import CronDataIntervalTimetable

    for dag in bag.dags.values():
        reads_windows = "since" in dag.params
        if dag.dag_id.startswith("bronze_"):
            assert reads_windows is not dag.dag_id.endswith("_remeasure"), dag.dag_id
            assert isinstance(dag.timetable, CronDataIntervalTimetable) is reads_windows


def test_looking_again_waits_behind_whatever_reads_windows(bag):
    from chorus.orchestration.sources import sources

    def first(dag):
        [task] = [task for task in dag.tasks if task.is_mapped]
        return task

    windows = [
        dag for dag in bag.dags.values() if "since" in dag.params and "bronze" in dag.tags
    ]
    again = [dag for dag in bag.dags.values() if dag.dag_id.endswith("_remeasure")]
    assert again
    assert {dag.dag_id for dag in windows} == {f"bronze_{source}" for source in sources()}
    in_the_way = {first(dag).pool for dag in windows} & {first(dag).pool for dag in again}
    assert not in_the_way
    for dag in again:
        for task in dag.tasks:
            args = task.partial_kwargs if task.is_mapped else vars(task)
            assert args["priority_weight"] == 0, task


def test_every_pool_that_a_task_wants_is_one_we_make(bag):
    from chorus.orchestration import pools

    ours = {resource.pool for resource in pools.every_pool()} | {"default_pool"}
    wanted = {task.pool for dag in bag.dags.values() for task in dag.tasks}
    assert wanted <= ours


def test_every_param_is_described_typed_and_valid_as_it_stands(bag):
    from airflow.sdk import Param

    for dag in bag.dags.values():
        for name in dag.params:
            declared = dag.params.get_param(name)
            assert isinstance(declared, Param)
            assert declared.schema["type"], name
            assert declared.schema["description_md"], name
            assert declared.resolve() == declared.value


def test_only_the_check_owns_the_outlet(bag):
    from chorus.orchestration.sources import sources

    owners = {
        (task.task_id, asset.name)
        for dag in bag.dags.values()
        for task in dag.tasks
        for asset in task.outlets
    }
    assert owners == {
        *(("load", f"bronze.post_observations/{source}") for source in sources()),
        ("check", "silver.fact_toot_engagement"),
        ("check", "gold.materialized_views"),
    }
    assert {"mastodon", "reddit"} <= set(sources())


def test_the_mood_is_read_where_the_settings_send_it(monkeypatch):
    from airflow.sdk import DAG

    from chorus import config
    from chorus.orchestration.bronze import all_scored, score_in_shards

    chosen = {"SHARDS": "3", "QUEUE": "gpu", "POOL": "cards"}
    for name, value in chosen.items():
        monkeypatch.setenv(f"SENTIMENT_{name}", value)
    config.load_settings.cache_clear()
    try:
        with DAG("somewhere_else", schedule=None):
            score = score_in_shards()
        assert (score.queue, score.pool) == ("gpu", "cards")
        assert score.expand_input.value == {"shard": [1, 2, 3]}
        assert all_scored([{}] * 3)
        assert not all_scored([{}] * 2), "one shard failed"
        assert not all_scored(None)
    finally:
        config.load_settings.cache_clear()
