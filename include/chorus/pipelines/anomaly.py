"""Whether a window's mood is far from that of the two weeks before it."""

from psycopg.rows import dict_row

from chorus.config import Settings
from chorus.domain.window import Window
from chorus.notify.anomaly import Anomaly
from chorus.pipelines.news import read_moods
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

HOURS_NEEDED = 24


def find_anomaly(connection: Connection, settings: Settings, window: Window) -> Anomaly | None:
    """None also where too few posts or too few hours were read to say so."""
    usual = settings.thresholds
    [now] = read_moods(connection, settings, [window])
    if now.mean is None or now.scored < usual.anomaly_posts:
        return None
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            render("gold/alerts/read_usual_mood.sql", settings),
            {"since": window.since, "least": usual.anomaly_posts},
        )
        [known] = cursor.fetchall()
    if known["hours"] < HOURS_NEEDED or not known["deviation"]:
        return None
    found = Anomaly(window, now, known["mean"], known["deviation"], known["hours"])
    return found if abs(found.sigmas) > usual.anomaly_sigma else None
