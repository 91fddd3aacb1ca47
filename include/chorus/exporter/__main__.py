"""`python -m chorus.exporter`: serves until it is stopped."""

import sys

from chorus.config import load_settings
from chorus.domain.errors import ChorusError
from chorus.exporter.server import serve


def main() -> None:
    try:
        serve(load_settings())
    except KeyboardInterrupt:
        return
    except (ChorusError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
