"""Ctrl-C wherever it falls: one line to the user, from the command; no traceback from what it fell into."""

from __future__ import annotations

import _thread
import logging
import signal
import sys
import threading

_AGAIN_SECONDS = 0.02


def tell_interrupts_once() -> None:
    """Keep quiet about interrupts in places that cannot let them out.

    Libraries that log whatever breaks a step of theirs log an interrupt, too, with its traceback, and then let it out: that is told once
    already. One that falls into a finalizer or a callback of C code is only printed by Python and gone: it is sent again.
    """
    if logging.lastResort is not None:
        logging.lastResort.addFilter(_is_no_interrupt)
    before = sys.unraisablehook

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if isinstance(unraisable.exc_value, KeyboardInterrupt):
            # Later: now it would fall into this hook.
            again = threading.Timer(_AGAIN_SECONDS, _interrupt)
            again.daemon = True
            again.start()
        else:
            before(unraisable)

    sys.unraisablehook = hook


def _interrupt() -> None:
    """As Ctrl-C does: what the main thread waits for ends."""
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, signal.SIGINT)
    else:
        # Windows knows no other way; what the main thread waits for comes to its end first.
        _thread.interrupt_main()


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], KeyboardInterrupt))
