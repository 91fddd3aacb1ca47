"""`python -m chorus.exporter`: serves until it is stopped."""

import logging
import sys

from chorus.config import load_settings
from chorus.domain.errors import ChorusError
from chorus.domain.log_lines import log_to_stderr
from chorus.exporter.server import serve

log = logging.getLogger("chorus.exporter")


def main() -> None:
    try:
        settings = load_settings()
        log_to_stderr(in_json=settings.json_logs)
        serve(settings)
    except KeyboardInterrupt:
        return
    except (ChorusError, OSError) as error:
        log.error("%s", error)  # noqa: TRY400 - the sentence says it all
        sys.exit(1)


if __name__ == "__main__":
    main()
