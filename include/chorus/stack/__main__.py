"""`python -m chorus.stack [--once]`: the same as `chorus run`."""

import sys

from chorus.stack.main import run_stack

if __name__ == "__main__":
    sys.exit(run_stack(once="--once" in sys.argv[1:]))
