"""A week of demo life as it gets into a warehouse in earnest: late, twice, in any order, with loads that are killed."""

import random
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import psycopg
import yaml

from chorus.demo.network import demo_network
from chorus.domain.sentiment_key import input_hash
from chorus.domain.window import Window
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.gold import refresh_views
from chorus.pipelines.runs import new_cli_run, open_run
from chorus.pipelines.score import score_all_pending
from chorus.pipelines.silver import check_silver, load_silver
from chorus.pipelines.summaries import write_summaries
from chorus.pipelines.transform import transform_pending
from chorus.sentiment.active import active_model_keys
from chorus.warehouse import silver
from chorus.warehouse.connection import connect

START = datetime(2026, 11, 9, tzinfo=UTC)
DAYS = 7
# A look at a post or an account as transform would have written it, with something else in it.
COPY = """
    insert into bronze.{table} overriding system value
    select (jsonb_populate_record(
        known,
        %(changes)s::jsonb
        || jsonb_build_object('observation_id', nextval(pg_get_serial_sequence('bronze.{table}', 'observation_id')))
    )).*
    from bronze.{table} as known
    where observation_id = %(look)s
"""


def listening(settings, network, folder):
    """The settings, listening to two Mastodon-like instances that see each other's posts, and to Reddit."""
    targets = folder / "targets.yaml"
    mastodon = {"mastodon.demo": network.mastodon_url, "ulid.demo": network.ulid_url}
    reddit = {"instance": "reddit.demo", "base_url": network.addresses.reddit_url}
    targets.write_text(
        yaml.safe_dump(
            {
                "mastodon": [
                    {"instance": name, "base_url": url, "public": "federated"}
                    for name, url in mastodon.items()
                ],
                "reddit": [
                    {"subreddit": subreddit, **reddit}
                    for subreddit in network.addresses.subreddits
                ],
            }
        )
    )
    return settings.model_copy(update={"targets_file": targets, "sentiment_backend": "vader"})


class Week:
    """Lets it happen, drawn from `seed`."""

    def __init__(self, settings, monkeypatch, seed):
        self.settings, self.roll = settings, random.Random(seed)
        self.monkeypatch = monkeypatch
        self.now = START
        self.killed = 0

    def live(self, folder, *, hours, posts_per_hour):
        """Each window is read twice, at whatever moment after it."""
        windows = [
            Window(START + timedelta(hours=n), START + timedelta(hours=n + hours))
            for n in range(0, DAYS * 24, hours)
        ]
        with demo_network(
            clock=lambda: self.now, limits=False, posts_per_hour=posts_per_hour
        ) as network:
            self.settings = listening(self.settings, network, folder)
            for window in self.roll.sample(windows * 2, len(windows) * 2):
                self.now = window.until + timedelta(hours=self.roll.choice([0, 1, 9, 50]))
                with connect(self.settings) as connection:
                    self._read(connection, window)
                    self._look_again(connection)
                self._load()
        while self._load() == "killed":
            pass
        with connect(self.settings) as connection:
            load_silver(connection, self.settings, "test")
            check_silver(connection, self.settings, whole=True)
            refresh_views(connection)
            write_summaries(connection)

    def _read(self, connection, window):
        run = new_cli_run()
        open_run(connection, self.settings, run)
        source = self.roll.choice(["mastodon", "mastodon", "reddit"])
        for target in list_targets(self.settings, source):
            extract(connection, self.settings, target, window, run)
        keys = [key.text for key in active_model_keys(self.settings)]
        transform_pending(connection, self.settings, run, keys)
        if self.roll.random() < 0.7:  # the others are scored late
            list(score_all_pending(connection, self.settings, run))

    def _look_again(self, connection):
        """Posts and accounts turn out to have been counted, edited, deleted, hidden and renamed, before or since."""
        posts = connection.execute(
            "select observation_id, uri, observed_at from bronze.post_observations"
            " where event_type <> 'reblog' order by uri, observed_at, raw_event_id"
        ).fetchall()
        for look, uri, seen in self.roll.sample(posts, min(len(posts), 12)):
            [donor, *_] = self.roll.choice(posts)
            changes = self._changes(connection, donor) | self._moment(seen)
            self._copy(connection, "post_observations", look, changes)
            connection.execute("insert into bronze.posts_to_load (uri) values (%s)", [uri])
        accounts = connection.execute(
            "select observation_id, account_uri, observed_at from bronze.account_observations"
            " order by account_uri, observed_at, raw_event_id"
        ).fetchall()
        for look, uri, seen in self.roll.sample(accounts, min(len(accounts), 3)):
            name = self.roll.choice(["once", "twice"])
            changes = {"acct": name, "followers_count": self.roll.choice([5, 20_000])}
            self._copy(connection, "account_observations", look, changes | self._moment(seen))
            connection.execute(
                "insert into bronze.accounts_to_load (account_uri) values (%s)", [uri]
            )
        connection.commit()

    def _changes(self, connection, donor):
        text = self.roll.choice(["I love it", "I hate it", "It is"])
        return self.roll.choice(
            [
                {
                    "replies_count": self.roll.randrange(9),
                    "favourites_count": self.roll.randrange(99),
                },
                {"event_type": "deletion", "is_deleted": True},
                {"visibility": "private"},
                {
                    "content_text": text,
                    "content_hash": "\\x" + input_hash(text).hex(),
                    "input_hash": "\\x" + input_hash(text).hex(),
                    "edited_at": (
                        self.now + timedelta(seconds=self.roll.randrange(99))
                    ).isoformat(),
                    "tags": self._tags_of(connection, donor),
                },
            ]
        )

    def _tags_of(self, connection, look):
        found = connection.execute(
            "select tags from bronze.post_observations where observation_id = %s", [look]
        ).fetchone()
        return found[0]

    def _moment(self, seen):
        drawn = UUID(int=self.roll.getrandbits(128))
        moved = seen + timedelta(minutes=self.roll.randrange(-3000, 3000))
        return {"raw_event_id": str(drawn), "observed_at": moved.isoformat()}

    def _copy(self, connection, table, look, changes):
        connection.execute(
            COPY.format(table=table),
            {"look": look, "changes": psycopg.types.json.Jsonb(changes)},
        )

    def _load(self):
        """Load what is pending in batches of some size; every other time PostgreSQL drops us in the middle."""
        fatal = self.roll.randrange(50) if self.roll.random() < 1 / 2 else None
        run, steps = silver._run, count()

        def run_or_die(connection, *rest):
            if next(steps) == fatal:
                connection.execute("select pg_terminate_backend(pg_backend_pid())")
            run(connection, *rest)

        with self.monkeypatch.context() as patch:
            patch.setattr(silver, "_run", run_or_die)
            try:
                with connect(self.settings) as connection:
                    batch_size = self.roll.choice([7, 50, 100_000])
                    load_silver(connection, self.settings, "test", batch_size=batch_size)
                    if self.roll.random() < 0.3:
                        refresh_views(connection)
                        write_summaries(connection)
            except psycopg.OperationalError:
                self.killed += 1
                return "killed"
        return "loaded"
