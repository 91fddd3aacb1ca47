"""What landed: rows in each layer, what people talked about, how they felt, what was said on Discord."""

from collections.abc import Iterator
from typing import Any

import requests

from chorus.config import Settings
from chorus.stack.airflow_env import ADMIN, admin_password
from chorus.stack.bring_up import Stack
from chorus.stack.run_folder import RunFolder
from chorus.stack.task_logs import last_words
from chorus.stack.voice import Voice
from chorus.stack.wave import LEFT_OUT, Wave
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.gold_views import VIEWS
from chorus.warehouse.statements import render

RELATIONS = {
    "bronze": ("raw_events", "post_observations", "", "dead_letters"),
    "silver": ("dim_content", "dim_account", "fact_toot_engagement"),
    "gold": VIEWS,
}


def show_summary(stack: Stack, voice: Voice) -> None:
    """Tables on the console, in the order in which the wave passed them."""
    with connect(stack.settings) as connection:
        landed = _landed(connection, stack.settings)
        voice.table("What landed", ("layer", "table", "rows"), landed)
        for line in _news(connection, stack.settings):
            voice.say(line)
    if stack.demo is not None:
        voice.say(caught_alerts(stack.demo["caught_url"], stack.demo["hub_url"]))


def _landed(connection: Connection, settings: Settings) -> Iterator[tuple[str, str, str]]:
    for layer, names in RELATIONS.items():
        for name in names:
            relation = (
                f"{settings.schemas[layer]}.{name}" if name else settings.schemas["toots"]
            )
            [rows] = _first(connection, "count.sql", settings, relation=relation)
            yield layer, relation.partition(".")[2], f"{rows:,}"


def _news(connection: Connection, settings: Settings) -> list[str]:
    tags = connection.execute(render("ops/summary/top_hashtags.sql", settings)).fetchall()
    [scored, positive, neutral, negative, mood] = _first(connection, "mood.sql", settings)
    moods = (
        f"Mood of {scored:,} posts: {positive} positive, {neutral} neutral, {negative} negative; "
        f"mean {float(str(mood or 0)):+.2f}, read by the {settings.sentiment_backend} backend"
    )
    shown = ", ".join(f"#{tag} ({posts})" for tag, posts in tags) or "none yet"
    places = connection.execute(render("ops/summary/communities.sql", settings)).fetchall()
    read = ", ".join(f"{community} ({posts:,})" for community, posts in places) or "nothing yet"
    return [f"Top hashtags: {shown}", f"Posts of: {read}", moods]


def caught_alerts(caught: str, page: str) -> str:
    """What the demo network's Discord got."""
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.get(caught, timeout=10)
        answer.raise_for_status()
        messages = answer.json()["discord"]
    except requests.RequestException:
        return "The demo network does not say what its Discord got; see .run/logs/demo-network.log."
    return f"Alerts on the demo network's Discord: {len(messages)}; read them at {page}"


def show_failures(wave: Wave, run: RunFolder, voice: Voice) -> None:
    """Each failed task with the last it said; a run that failed without one is named, too.

    What was left out since another task failed has nothing to say.
    """
    for failed, task in wave.failures:
        if task.state == LEFT_OUT:
            continue
        which = f" [{task.label or task.map_index}]" if task.map_index >= 0 else ""
        voice.say(f"{failed.dag}.{task.name}{which} {task.state}:")
        for line in last_words(run.airflow / "logs", failed, task):
            voice.say(f"    {line}")
    for failed, seen in wave.runs.items():
        if seen.state == "failed" and not seen.failed:
            voice.say(
                f"{failed.dag} failed without a failed task; see .run/logs/scheduler.log."
            )


def show_sign_in(address: str, run: RunFolder, voice: Voice, ends_it: str) -> None:
    voice.say(f"Airflow: {address}  sign in as {ADMIN} with {admin_password(run)}")
    voice.say(f"{ends_it} stops everything.")


def _first(connection: Connection, file: str, settings: Settings, **structure: Any) -> Any:
    return connection.execute(render(f"ops/summary/{file}", settings, **structure)).fetchone()
