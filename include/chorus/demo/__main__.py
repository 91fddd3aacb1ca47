"""`python -m chorus.demo --state-dir DIR`: what the stack starts."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from chorus.demo.life.world import POSTS_PER_HOUR, SEED, World
from chorus.demo.ports import Ports
from chorus.demo.serving import serve
from chorus.domain.errors import ConfigurationError


def main() -> None:
    parser = ArgumentParser(prog="python -m chorus.demo", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--ports", default=None, help="0, or mastodon,ulid,hub,mail")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--posts-per-hour", type=float, default=POSTS_PER_HOUR)
    parser.add_argument("--no-limits", action="store_true", help="never answer 429")
    asked = parser.parse_args()
    try:
        ports = Ports.parse(asked.ports) if asked.ports else Ports()
        world = World(asked.seed, posts_per_hour=asked.posts_per_hour)
        serve(asked.state_dir, world=world, ports=ports, limits=not asked.no_limits)
    except ConfigurationError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
