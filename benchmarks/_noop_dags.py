"""DAGs with the shape of our wave and nothing in them: what Airflow itself costs.

Written to a folder of their own; `{targets}` and `{views}` are how often the mapped tasks are mapped.
"""

NOOP = """
from airflow.sdk import Asset, dag, task

BRONZE, SILVER, GOLD = Asset("noop_bronze"), Asset("noop_silver"), Asset("noop_gold")

@task
def listed(count):
    return list(range(count))

@task
def nothing(item=None):
    return {{}}

@dag(schedule=None, is_paused_upon_creation=False)
def noop_bronze():
    extracted = nothing.override(task_id="extract").expand(item=listed({targets}))
    transform, score = nothing.override(task_id="transform")(), nothing.override(task_id="score")()
    extracted >> transform >> score >> nothing.override(task_id="load", outlets=[BRONZE])()

@dag(schedule=BRONZE, is_paused_upon_creation=False)
def noop_silver():
    nothing.override(task_id="load")() >> nothing.override(task_id="check", outlets=[SILVER])()

@dag(schedule=SILVER, is_paused_upon_creation=False)
def noop_gold():
    refreshed = nothing.override(task_id="refresh").expand(item=listed({views}))
    refreshed >> nothing.override(task_id="check", outlets=[GOLD])()

@dag(schedule=GOLD, is_paused_upon_creation=False)
def noop_notify():
    nothing.override(task_id="say").expand(item=listed(3))

noop_bronze(), noop_silver(), noop_gold(), noop_notify()
"""
