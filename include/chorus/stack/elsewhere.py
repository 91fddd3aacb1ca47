"""What another terminal does with a stack that runs: ask how it is, send a wave through it, end it."""

import time

import psutil
import requests
from rich.console import Console

from chorus.domain.errors import StackError
from chorus.stack.airflow_api import AirflowApi
from chorus.stack.airflow_env import admin_password
from chorus.stack.first_run import that_read, trigger
from chorus.stack.processes import end, marked
from chorus.stack.progress import shown
from chorus.stack.run_folder import RunFolder
from chorus.stack.run_lock import Holder, holder
from chorus.stack.summary import show_failures
from chorus.stack.voice import Voice
from chorus.stack.wave import Wave, follow

LOOK_EVERY = 0.7
STOPPED_WITHIN = 60
STARTING = "Chorus is still starting here; ask again in a moment."


def status(run: RunFolder) -> list[str]:
    """Where it runs, and how each part of Airflow is."""
    held = _running(run)
    session = requests.Session()
    session.trust_env = False
    try:
        health = session.get(f"{held.address}/api/v2/monitor/health", timeout=10).json()
    except requests.RequestException as error:
        if held.stage == "starts":
            raise StackError(STARTING) from error
        raise StackError(
            f"Chorus runs here (process {held.process}), but Airflow does not answer at "
            f"{held.address}; see .run/logs/api-server.log."
        ) from error
    parts = (f"{part:<14} {how['status'] or 'not started yet'}" for part, how in health.items())
    return [f"{held.address}  (process {held.process})", *parts]


def send_wave(run: RunFolder) -> bool:
    """Trigger what reads each source and follow what that wakes; says whether all of it went well."""
    api = AirflowApi(_running(run).address, admin_password(run))
    voice = Voice(Console())
    going = {dag["dag_id"] for dag in api.everything("/dags", "dags", paused=False)}
    wave = Wave(api, *(trigger(api, dag) for dag in that_read(sorted(going))))
    with shown(voice) as display:
        follow(wave, LOOK_EVERY, time.sleep, display.show)
    show_failures(wave, run, voice)
    return wave.went_well


def stop(run: RunFolder) -> bool:
    """End it as Ctrl-C would, and whatever a killed one left; says whether there was anything to end."""
    held = holder(run.lock)
    left = [] if held else marked(run.root)
    end(left, grace=2.0)
    if held is None:
        return bool(left)
    try:
        process = psutil.Process(held.process)
        process.terminate()
        process.wait(STOPPED_WITHIN)
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise StackError(
            f"Chorus runs here as another user (process {held.process}): stop it as that user."
        ) from error
    except psutil.TimeoutExpired as error:
        raise StackError(
            f"Chorus (process {held.process}) does not end within {STOPPED_WITHIN} s; see .run/logs."
        ) from error
    return True


def _running(run: RunFolder) -> Holder:
    held = holder(run.lock)
    if held is None:
        raise StackError("Chorus does not run here; `make start` starts it.")
    if not held.address:
        raise StackError(STARTING)
    return held
