"""One retention pass that kills itself: `retain_and_die.py DSN ARCHIVE NOW MODULE FUNCTION before|after`."""

import importlib
import os
import signal
import sys
from datetime import datetime

from upath import UPath

from chorus.config import read_settings
from chorus.pipelines.retention import retain
from chorus.warehouse.connection import connect

dsn, archive, now, module, function, moment = sys.argv[1:]
place = importlib.import_module(module)
original = getattr(place, function)


def last_words(*args, **kwargs):
    if moment == "after":
        original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)


setattr(place, function, last_words)
settings = read_settings(_env_file=None, database_url=dsn)
with connect(settings) as connection:
    retain(connection, settings, UPath(archive), now=datetime.fromisoformat(now), dry_run=False)
