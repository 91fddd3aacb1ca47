"""A run that is late on a running stack: people hear of it by mail while it goes on, once, and once more when it is over."""

import json
from contextlib import contextmanager

import pytest
import requests

from chorus.demo.addresses import FILE
from chorus.warehouse.connection import connect
from tests.faults.waves import day, send, wait_until_all_is_done, wait_until_quiet

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(1200)]

DAG = "bronze_mastodon"
TOLD_BEFORE = "delete from ops.notifications_sent where digest is not null"


@contextmanager
def due_at_once(file):
    """The DAG's runs may take a second."""
    right = file.read_text()
    late = right.replace("deadline(timedelta(minutes=45))", "deadline(timedelta(seconds=1))")
    assert late != right
    file.write_text(late)
    try:
        yield
    finally:
        file.write_text(right)


def mails(stack, headline):
    """What arrived in the demo network's mailbox."""
    addresses = json.loads((stack.newcomer.run_folder / "demo" / FILE).read_text())
    session = requests.Session()
    session.trust_env = False
    caught = session.get(addresses["caught_url"], timeout=30).json()["mail"]
    return [mail for mail in caught if headline in mail["subject"]]


def test_a_run_that_is_late_is_told_while_it_goes_on_and_once_more_when_it_is_well(calm):
    with connect(calm.settings, "owner", autocommit=True) as owner:
        owner.execute(TOLD_BEFORE)
    late, well = f"{DAG} is late.", f"{DAG} is well again."
    before = len(mails(calm, late)), len(mails(calm, well))
    window, _ = day(267)
    with due_at_once(calm.newcomer.clone / "dags" / f"{DAG}.py"):
        # Airflow reads the file again within half a minute.
        for _ in range(8):
            send(calm.api, window)
            wait_until_quiet(calm.api)
            if len(mails(calm, late)) > before[0]:
                break
        send(calm.api, window)
        wait_until_all_is_done(calm)
    told = mails(calm, late)
    assert len(told) == before[0] + 1
    assert "Tasks not done: " in told[0]["text"]
    assert f"/dags/{DAG}/runs/manual__" in told[0]["html"]

    calm.api.post("/dags/ops_watch/dagRuns", {"logical_date": None, "conf": {}})
    wait_until_all_is_done(calm)
    assert len(mails(calm, well)) == before[1] + 1
