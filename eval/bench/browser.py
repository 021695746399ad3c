"""The system's Chromium, as benchmarks and tests drive it: it asks for nothing beyond the pages it is sent to."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

from schema.errors import JiheError

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class NoBrowser(JiheError):
    """There is nothing to open pages with."""


def launched(playwright: Playwright) -> Browser:
    """The browser, started.

    Raises:
        NoBrowser: there is none on this machine.
    """
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser("no Chromium on this machine: apt-get install chromium")
    return playwright.chromium.launch(executable_path=found, args=list(FLAGS))
