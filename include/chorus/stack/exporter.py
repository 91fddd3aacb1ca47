"""The exporter as a component of the stack, with a token that only its owner and Prometheus read."""

import os
import sys

from chorus.config import Settings
from chorus.stack.child import Component
from chorus.stack.environment import base_environment
from chorus.stack.generated_secrets import secret
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor

TOKEN = "metrics_token"  # noqa: S105 - the name of its file


def start_exporter(settings: Settings, run: RunFolder, supervisor: Supervisor) -> None:
    """Where METRICS_PORT asks for it; the address goes to the console, the token stays in its file."""
    if settings.metrics_port == 0:
        return
    file = settings.metrics_token_file
    if file is None:
        secret(run.secrets, TOKEN)
        file = run.secrets / TOKEN
    port = supervisor.ports.choose(settings.metrics_port, "the exporter")
    environment = base_environment(run.root, os.environ) | {
        "METRICS_PORT": str(port),
        "METRICS_TOKEN_FILE": str(file),
    }
    command = (sys.executable, "-m", "chorus.exporter")
    supervisor.start(Component("exporter", command, run.log("exporter"), environment))
    supervisor.voice.say(
        f"Metrics: http://{settings.metrics_host}:{port}/metrics  token in {file}"
    )
