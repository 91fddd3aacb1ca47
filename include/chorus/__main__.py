"""`chorus`, and `python -m chorus`."""

import signal


def main() -> None:
    """Run the command; Ctrl-C ends it without a word even while its libraries are still being imported."""
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from chorus.cli.main import main as run  # noqa: PLC0415 - only now, for the line above

    signal.signal(signal.SIGINT, interrupted)
    run()


if __name__ == "__main__":
    main()
