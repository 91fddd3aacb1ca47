"""The queues of pending work that transform and score fill."""

from collections.abc import Collection, Sequence

from chorus.config import Settings
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

Triple = tuple[str, str, str]


def enqueue_posts_to_load(
    connection: Connection, settings: Settings, uris: Collection[str]
) -> None:
    """Silver will load these posts, whatever became of them."""
    if uris:
        statement = render("bronze/posts_to_load/enqueue.sql", settings)
        connection.execute(statement, {"uris": list(uris)})


def enqueue_accounts_to_load(
    connection: Connection, settings: Settings, uris: Collection[str]
) -> None:
    """Silver will load these accounts with their whole history."""
    if uris:
        statement = render("bronze/accounts_to_load/enqueue.sql", settings)
        connection.execute(statement, {"uris": list(uris)})


def enqueue_posts_to_score(
    connection: Connection,
    settings: Settings,
    posts: Sequence[Triple],
    model_keys: Sequence[str],
) -> None:
    """Each of these models will read the posts (source, instance, id) as they are then."""
    if posts and model_keys:
        sources, instances, post_ids = zip(*posts, strict=True)
        connection.execute(
            render("bronze/posts_to_score/enqueue.sql", settings),
            {
                "sources": list(sources),
                "instances": list(instances),
                "post_ids": list(post_ids),
                "model_keys": list(model_keys),
            },
        )
