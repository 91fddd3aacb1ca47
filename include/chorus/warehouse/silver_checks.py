"""What silver promises, each promise a statement that returns the rows that break it."""

from datetime import UTC, datetime, timedelta

from chorus.config import Settings
from chorus.domain.errors import CheckFailed
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

PROMISES = {
    "PostgreSQL enforces every key": "silver/fact_toot_engagement/check_constraints.sql",
    "every fact has its post, author, day and mood": "silver/fact_toot_engagement/check_keys.sql",
    "every fact has the version of its author valid at its creation": "silver/fact_toot_engagement/check_version.sql",
    "counts of Mastodon are not negative": "silver/fact_toot_engagement/check_counts.sql",
    "every post that was read is one row": "silver/dim_content/check_observed.sql",
    "every row is a post that was read, with one fact": "silver/dim_content/check_invented.sql",
    "every account has one current version, no gap and no overlap": "silver/dim_account/check_history.sql",
}
# What a check after a load looks back over; loads are hourly, and what is older was checked then.
BACK = timedelta(days=1)
DEPTH = 1_000_000


def check_promises(connection: Connection, settings: Settings, *, whole: bool = False) -> None:
    """Raise CheckFailed naming rows of what was loaded lately, or ever, that break a promise."""
    values = {
        "since": datetime.min.replace(tzinfo=UTC) if whole else datetime.now(UTC) - BACK,
        "depth": None if whole else DEPTH,
    }
    broken = []
    for promise, file in PROMISES.items():
        rows = connection.execute(render(file, settings), values).fetchall()
        if rows:
            broken.append(f"{promise} (but see {', '.join(str(name) for (name,) in rows)})")
    if broken:
        raise CheckFailed(
            f"Silver breaks a promise: {'; '.join(broken)}. Look at these rows before going on."
        )
