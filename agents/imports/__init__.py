"""Imports of the web app: a queue kept in the home, and one process beside the web process that works through it.

Module      Owns
records     what is told of the queue, and what it takes at most
queue       the queue at rest, in a file of its own in the home
uploads     the files behind it: checked, named safely, kept for as long as something stands on them
desk        what the pages ask: take in, look, cancel, try again, go on
keeper      starts the process, sees how it ended, and starts it again for the rest
worker      the process itself: one document after the other through the same pipeline as the command line
"""

from agents.imports.desk import ImportDesk
from agents.imports.records import Board, Item, Limits, Options, Sent

__all__ = ["Board", "ImportDesk", "Item", "Limits", "Options", "Sent"]
"""What the pages need."""
