"""Starts a host and waits until it has loaded its model, or has said why it cannot."""

import json
import os
import select
import subprocess
from collections.abc import Sequence

from chorus.domain.errors import (
    ConfigurationError,
    ModelDeviceMissing,
    ModelHostFailed,
    ModelMismatch,
    ModelMissing,
)
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.host.environment import host_environment
from chorus.sentiment.host.place import Place

START_SECONDS = 300.0
LARGEST_LOG = 5 * 1024 * 1024
REASONS = {
    error.__name__: error
    for error in (ConfigurationError, ModelMissing, ModelMismatch, ModelDeviceMissing)
}


def start_host(
    model: ActiveModel,
    place: Place,
    program: Sequence[str],
    idle_seconds: float,
    *,
    in_json: bool = False,
) -> None:
    """Returns when the host listens; call it under the place's start lock."""
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".1"))
    heard, told = os.pipe()
    try:
        with place.log.open("ab") as log:
            process = subprocess.Popen(
                [
                    *program,
                    f"--card={model.card.path}",
                    f"--device={model.device}",
                    f"--precision={model.precision}",
                    f"--directory={place.directory}",
                    f"--idle={idle_seconds}",
                    f"--ready={told}",
                    *(("--in-json",) if in_json else ()),
                ],
                pass_fds=(told,),
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=host_environment(os.environ),
            )
    finally:
        os.close(told)
    with os.fdopen(heard, "rb") as ready:
        if not select.select([ready], [], [], START_SECONDS)[0]:
            process.kill()
            raise ModelHostFailed(
                f"The host of {model.card.name} did not start in {START_SECONDS:.0f} s; its log is {place.log}."
            )
        line = ready.readline()
    if not line:
        raise ConnectionResetError("the host died while it started")
    match json.loads(line):
        case {"failed": [name, sentence]}:
            process.wait()
            raise REASONS.get(name, ModelHostFailed)(sentence)
