"""`python -m chorus`: the same as `chorus`."""

from chorus.cli.main import main

if __name__ == "__main__":
    main()
