"""Whether what the waves of a running stack left is what a rebuild makes of bronze."""

from contextlib import contextmanager

from chorus.pipelines.rebuild import rebuild
from chorus.warehouse.connection import connect
from tests.faults.waves import patiently, wait_until_all_is_done
from tests.rebuild.standing import changed, remember

DAGS = (
    "bronze_mastodon",
    "bronze_reddit",
    "bronze_mastodon_remeasure",
    "bronze_reddit_remeasure",
)


def equals_a_rebuild(stack):
    """Silver and gold as they stand, row by row, against the same made anew."""
    with nothing_new(stack), connect(stack.settings, "owner", autocommit=True) as owner:
        remember(owner)
        try:
            rebuild(stack.settings, "test")
            assert changed(owner) == {}
        finally:
            owner.execute("drop schema before cascade")


@contextmanager
def nothing_new(stack):
    """No schedule begins a run while one looks; what has begun is waited for, since a paused DAG stands still."""
    wait_until_all_is_done(stack)
    try:
        for dag in DAGS:
            patiently(lambda dag=dag: stack.api.patch(f"/dags/{dag}", {"is_paused": True}))
        yield
    finally:
        for dag in DAGS:
            patiently(lambda dag=dag: stack.api.patch(f"/dags/{dag}", {"is_paused": False}))
