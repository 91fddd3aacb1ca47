"""The pretended social networks of a stack that was not told about real ones, and what they change for the rest."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from chorus.config import Settings
from chorus.demo.addresses import FILE
from chorus.demo.ports import Ports as DemoPorts
from chorus.domain.errors import StackError
from chorus.stack.child import Component
from chorus.stack.generated_secrets import write_private
from chorus.stack.ports import Ports
from chorus.stack.run_folder import RunFolder
from chorus.stack.supervisor import Supervisor

READY_WITHIN = 60
HASHTAGS_EACH = (4, 3)  # a first run with enough to see, in the time a person waits for it
MAILBOX = "you@demo.example"


def demo_component(run: RunFolder, environment: Mapping[str, str], ports: Ports) -> Component:
    """The network on ports that stay its own over a restart."""
    wanted = DemoPorts()
    chosen = [
        ports.choose(port, "the demo network")
        for port in (wanted.mastodon, wanted.ulid, wanted.hub, wanted.mail)
    ]
    (run.demo / FILE).unlink(missing_ok=True)
    return Component(
        name="demo-network",
        command=(
            sys.executable,
            "-m",
            "chorus.demo",
            str(run.demo),
            ",".join(map(str, chosen)),
        ),
        log=run.log("demo-network"),
        environment=environment,
    )


def wait_for_addresses(run: RunFolder, supervisor: Supervisor) -> dict[str, Any]:
    """Where the network is, once all of it listens."""
    file = run.demo / FILE
    for _ in range(READY_WITHIN * 10):
        if file.exists():
            addresses: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return addresses
        supervisor.wait(0.1)
    raise StackError(
        f"The demo network is not up after {READY_WITHIN} s; see {run.log('demo-network')}."
    )


def demo_variables(
    settings: Settings, addresses: Mapping[str, Any], targets: Path
) -> dict[str, str]:
    """What the DAGs see of it; what a person has set stays theirs."""
    write_private(targets, yaml.safe_dump(_targets(addresses), allow_unicode=True))
    variables = {"DEMO_NETWORK": "on", "TARGETS_FILE": str(targets)}
    chosen = settings.model_fields_set
    if brings_its_own_mood(settings):
        variables["SENTIMENT_BACKEND"] = "vader"
    if not {"notify_via_discord", "discord_webhook_url"} & chosen:
        variables["NOTIFY_VIA_DISCORD"] = "true"
        variables["DISCORD_WEBHOOK_URL"] = addresses["discord_webhook_url"]
    if "smtp_host" not in chosen:
        variables["SMTP_HOST"] = addresses["smtp_host"]
        variables["SMTP_PORT"] = str(addresses["smtp_port"])
        variables["SMTP_STARTTLS"] = "false"
        if "sla_emails" not in chosen:
            variables["SLA_EMAILS"] = MAILBOX
    return variables


def brings_its_own_mood(settings: Settings) -> bool:
    """Whether its posts are read by what needs no weights."""
    return settings.uses_demo_network and "sentiment_backend" not in settings.model_fields_set


def _targets(addresses: Mapping[str, Any]) -> dict[str, Any]:
    reddit = {"instance": "reddit.demo", "base_url": addresses["reddit_url"]}
    return {
        "reddit": [{"subreddit": name, **reddit} for name in addresses["subreddits"]],
        "mastodon": [
            {
                "instance": instance,
                "base_url": base_url,
                "hashtags": list(addresses["hashtags"][:count]),
            }
            for (instance, base_url), count in zip(
                addresses["instances"].items(), HASHTAGS_EACH, strict=True
            )
        ],
    }
