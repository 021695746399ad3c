"""The spool: what is kept reads back, and goes when nothing refers to it."""

from __future__ import annotations

from ingest.scan.spool import Spool


def test_bytes_read_back_until_nothing_refers_to_them() -> None:
    spool = Spool()
    first, second = spool.keep(b"one"), spool.keep(b"second")
    assert (second.read(), first.read()) == (b"second", b"one")
    del first
    assert spool.size() == 9
    del second
    assert spool.size() == 0
    assert spool.keep(b"again").read() == b"again"
    spool.close()
    assert spool.size() == 0
