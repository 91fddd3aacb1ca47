"""Pools are there before a task wants one, and keep the size a person gave them."""

import pytest


@pytest.fixture
def pools(airflow_database):
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    from chorus.orchestration import pools

    with create_session() as session:
        ours = [resource.pool for resource in pools.every_pool()]
        session.execute(delete(Pool).where(Pool.pool.in_(ours)))
    return pools


def sizes():
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session

    with create_session() as session:
        return {pool.pool: pool.slots for pool in Pool.get_pools(session=session)}


def test_missing_pools_are_made_once(pools):
    assert pools.ensure_pools() == [resource.pool for resource in pools.every_pool()]
    assert pools.ensure_pools() == []


def test_a_pool_that_a_person_resized_stays_as_it_is(pools):
    from airflow.models.pool import Pool

    Pool.create_or_update_pool("mastodon", 1, "smaller", include_deferred=False)
    pools.ensure_pools()
    assert sizes()["mastodon"] == 1


def test_the_plugin_makes_them_when_a_component_starts(pools):
    from airflow.jobs.job import Job
    from airflow.listeners.listener import get_listener_manager

    get_listener_manager.cache_clear()
    Job()
    assert {resource.pool for resource in pools.every_pool()} <= sizes().keys()


def test_a_task_process_leaves_airflows_database_alone(pools):
    from airflow.sdk.execution_time.task_runner import TaskRunnerMarker

    pools.on_starting(TaskRunnerMarker())
    assert "mastodon" not in sizes()
