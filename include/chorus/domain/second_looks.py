"""Looking again at posts: when a look is due, and what is kept of a post that is gone."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chorus.domain.events import RawEvent, Rejected, take_in

# Younger than this -> one look in each such slot of its life, counted from its creation.
SCHEDULE = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=3), timedelta(hours=6)),
    (timedelta(days=7), timedelta(days=1)),
)


class Known(NamedTuple):
    """A post that was read before."""

    post_id: str
    source_id: str
    created_at: datetime


def found_gone(
    known: Known, *, source: str, instance: str, http_status: int, observed_at: datetime
) -> RawEvent | Rejected:
    """The look that did not find a post any more; it stands beside the looks that did."""
    return take_in(
        source=source,
        source_id=known.source_id,
        instance=instance,
        event_type="deletion",
        payload={"id": known.post_id, "http_status": http_status},
        post_id=known.post_id,
        occurred_at=known.created_at,
        observed_at=observed_at,
    )
