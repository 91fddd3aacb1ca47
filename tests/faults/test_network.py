"""A network that is cut, slow or answers rubbish in the middle of a wave: the next one has it all."""

import time
from contextlib import contextmanager

import pytest
import yaml

from tests.faults.line import Line
from tests.faults.waves import day, is_whole, patiently, run_path, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(1800)]

# So many meet it before all is well again; more would be left alone for ten minutes.
ENOUGH = 3
# What the log says of each; of the other kinds of rubbish test_lines.py does without a stack.
SAID = {
    "cut": "did not answer: ConnectionError",
    "cut halfway": "did not answer: ",
    "silent": "took longer than 30 s",
    "a page": "did not answer with JSON but with",
    "slow": "",
}


@contextmanager
def listening_over(line, stack, instance):
    """One more instance of the demo network, at the other end of the line."""
    file = stack.settings.targets_file
    before = file.read_text()
    targets = yaml.safe_load(before)
    entry = {"instance": instance, "base_url": line.url, "hashtags": ["caturday"]}
    file.write_text(yaml.safe_dump(targets | {"mastodon": [*targets["mastodon"], entry]}))
    try:
        yield
    finally:
        file.write_text(before)


@pytest.mark.parametrize("mood", SAID)
def test_what_a_broken_network_kept_from_us_is_there_after_the_next_wave(
    calm, undisturbed, mood
):
    number = list(SAID).index(mood)
    first, _ = day(200 + number)
    instance = f"faulty{number}.demo"
    [good] = [
        target["base_url"]
        for target in yaml.safe_load(calm.settings.targets_file.read_text())["mastodon"]
        if target["instance"] == "mastodon.demo"
    ]
    with Line(good) as line, listening_over(line, calm, instance):
        line.mood = mood
        run = send(calm.api, first, instances=[instance])
        while line.met < ENOUGH and patiently(lambda: calm.api.get(run_path(run)))[
            "state"
        ] not in {"success", "failed"}:
            time.sleep(0.1)
        line.mood = None
        wait_until_all_is_done(calm)
        send(calm.api)
        wait_until_all_is_done(calm)
        assert line.met > 0
        is_whole(calm, undisturbed, first, instance=instance)
    logs = calm.newcomer.run_folder / "airflow" / "logs" / "dag_id=bronze_mastodon"
    said = "".join(
        log.read_text() for log in logs.glob(f"run_id={run}/task_id=extract/**/*.log")
    )
    assert SAID[mood] in said
