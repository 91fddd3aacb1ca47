"""`make start`: the same stack without a terminal, its words in a log, watched until it is as far as one wants."""

import subprocess
import sys
import time
from typing import IO

from chorus import paths
from chorus.domain.errors import StackError
from chorus.stack.run_folder import RunFolder
from chorus.stack.run_lock import Holder, announced, refuse_a_second
from chorus.stack.voice import Voice

# Without a password in its words, since they are kept.
COMMAND = (sys.executable, "-m", "chorus", "run", "--no-sign-in")
LOOK_EVERY = 0.2


def start(run: RunFolder, voice: Voice, *, first_wave: bool = False) -> Holder:
    """Return once it answers, or once its first wave is over; until then say what it says."""
    refuse_a_second(run.lock)
    enough = {"landed", "failed"} if first_wave else {"answers", "landed", "failed"}
    log = run.log("run")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as words:
        stack = subprocess.Popen(
            COMMAND,
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        with log.open(encoding="utf-8", errors="replace") as words:
            while True:
                ended = stack.poll() is not None
                held = announced(run.lock)
                _say_on(words, voice)
                if ended:
                    raise StackError(
                        f"Chorus ended while it started; {log} holds what it said."
                    )
                if held and held.process == stack.pid and held.stage in enough:
                    return held
                time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        voice.say("Chorus goes on in the background; `make stop` ends it.")
        raise


def _say_on(words: IO[str], voice: Voice) -> None:
    """Whole lines only; the rest of one is there at the next look."""
    while True:
        here = words.tell()
        line = words.readline()
        if not line.endswith("\n"):
            words.seek(here)
            return
        voice.say(line.removesuffix("\n"))
