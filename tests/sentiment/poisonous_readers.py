"""The poisonous host, whose model reads in two processes beside the host's own."""

import sys

from chorus.sentiment.host.__main__ import main
from tests.sentiment.poisonous_host import PoisonousBackend


class PoisonousReader(PoisonousBackend):
    one_core = True


if __name__ == "__main__":
    sys.exit(main(lambda *_: PoisonousReader()))
