"""`python -m chorus.demo DIR PORTS`: what the stack starts; `chorus demo serve` is the same for people, with more to choose."""

import sys
from pathlib import Path

from chorus.demo.ports import Ports
from chorus.demo.serving import serve

if __name__ == "__main__":
    serve(Path(sys.argv[1]), ports=Ports.parse(sys.argv[2]))
