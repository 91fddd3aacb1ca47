"""`make run`: the stack, its first wave, what landed, and down again without a trace."""

import os

import psycopg
from rich.console import Console

from chorus.config import Settings
from chorus.domain.errors import ChorusError, ConfigurationError
from chorus.stack.airflow_api import patiently
from chorus.stack.bring_up import Stack, bring_up
from chorus.stack.exporter import start_exporter
from chorus.stack.first_run import first_runs, that_read, unpause
from chorus.stack.interrupts import one_interrupt
from chorus.stack.processes import adopt_orphans, end, marked
from chorus.stack.progress import shown
from chorus.stack.run_folder import RunFolder
from chorus.stack.run_lock import RunLock, run_lock
from chorus.stack.stack_settings import persons_settings
from chorus.stack.summary import show_failures, show_sign_in, show_summary
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice
from chorus.stack.wave import Wave, follow

LOOK_EVERY = 1.2
WRONG_SETTING = 2
INTERRUPTED = 130


def run_stack(*, once: bool = False, sign_in: bool = True, run: RunFolder | None = None) -> int:
    """Run until the first wave has landed (`once`) or until told to stop; returns the exit code.

    Without `sign_in` no password is said: for words that go into a log.
    """
    voice = Voice(Console())
    run = run or RunFolder()
    try:
        person = persons_settings()
        voice.in_json = person.json_logs
        with one_interrupt(), run_lock(run.lock) as lock:
            return _run(person, run, lock, voice, once=once, sign_in=sign_in)
    except KeyboardInterrupt:
        return INTERRUPTED
    except psycopg.Error as error:
        # Said here: further out a lost connection means to begin again, which would be a second stack.
        voice.say(f"PostgreSQL refused: {_reason(error)}.")
        return 1
    except ChorusError as error:
        voice.say(str(error))
        return WRONG_SETTING if isinstance(error, ConfigurationError) else 1


def _run(
    person: Settings, run: RunFolder, lock: RunLock, voice: Voice, *, once: bool, sign_in: bool
) -> int:
    adopt_orphans()
    left = marked(run.root)
    if left:
        voice.say("An earlier start was killed; what it left is ended first.")
        end(left, grace=2.0)
    code = INTERRUPTED
    try:
        with Supervisor(run.root, voice) as supervisor:
            stack = bring_up(person, run, os.environ, supervisor, lock)
            lock.announce(stack.api.address, "answers")
            try:
                code = _first_wave(stack, run, supervisor, voice)
            except (ChorusError, psycopg.Error) as error:
                supervisor.check()
                if once:
                    raise
                # What runs may be looked at, and the next run may go well.
                voice.say(_reason(error))
            lock.announce(stack.api.address, "failed" if code else "landed")
            if not once:
                # After the first wave: nobody who waits for it waits for this.
                start_exporter(stack.settings, run, supervisor)
                if sign_in:
                    show_sign_in(stack.api.address, run, voice, "Ctrl-C")
                code = 0
                _serve(supervisor)
    except KeyboardInterrupt:
        voice.say("Everything is stopped.")
    return code


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0]


def _first_wave(stack: Stack, run: RunFolder, supervisor: Supervisor, voice: Voice) -> int:
    patiently()(unpause, stack.api, stack.dags)
    wave = Wave(
        stack.api, *patiently()(first_runs, stack.api, that_read(stack.dags), supervisor)
    )
    with shown(voice) as display:
        follow(wave, LOOK_EVERY, supervisor.wait, display.show)
    show_summary(stack, voice)
    if wave.went_well:
        return 0
    show_failures(wave, run, voice)
    return 1


def _serve(supervisor: Supervisor) -> None:
    while True:
        supervisor.wait(3600)
