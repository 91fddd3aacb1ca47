"""Which posts are to be looked at again, and who does."""

from datetime import datetime

from chorus.domain.second_looks import SCHEDULE, Known
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render


def claim_instance(connection: Connection, source: str, instance: str) -> bool:
    """Whether nobody else is looking; from then on nobody else does, while the connection lives."""
    names = {"source": source, "instance": instance}
    row = connection.execute(render("bronze/raw_events/claim_looks.sql"), names).fetchone()
    return row == (True,)


def due(
    connection: Connection, source: str, instance: str, now: datetime, most: int
) -> list[Known]:
    """The posts whose time has come, the longest unseen first."""
    ages, slots = zip(*SCHEDULE, strict=True)
    rows = connection.execute(
        render("bronze/raw_events/due.sql"),
        {
            "source": source,
            "instance": instance,
            "now": now,
            "ages": list(ages),
            "slots": list(slots),
            "most": most,
        },
    ).fetchall()
    return [Known(*row) for row in rows]  # type: ignore[arg-type]
