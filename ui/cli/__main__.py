"""`python -m ui.cli`: the same as `jihe`."""

from ui.cli.app import main

main()
