"""The entry of `jihe` and `python -m ui.cli`: imports the rest late, so that Ctrl-C in the first moments ends without a traceback."""

from __future__ import annotations

import sys

from ui.cli import INTERRUPTED, INTERRUPTED_TOLD
from ui.cli.interrupts import tell_interrupts_once


def main() -> None:
    """Run the command line."""
    tell_interrupts_once()
    try:
        from ui.cli.app import main as run  # noqa: PLC0415 - the imports take most of a second, and may be interrupted

        run()
    except KeyboardInterrupt:
        sys.stderr.write(f"{INTERRUPTED_TOLD}\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
