"""`JIHE_LIMITS`: what can be said, and what is not understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.limits import LIMITS, limited
from ingest.settings import DEFAULT, Settings
from schema.errors import UsageError


@pytest.mark.parametrize(
    ("said", "settings"),
    [
        ("", DEFAULT),
        ("pages=500", Settings(pages=500)),
        ("pages=500, memory=2G，longest=600", Settings(pages=500, memory=2 * 2**30, longest=600.0)),
        ("memory = 1.5GB; output=64m  stalled=2.5", Settings(memory=3 * 2**29, output=2**26, stalled=2.5)),
    ],
)
def test_limits_are_said(said: str, settings: Settings) -> None:
    assert limited({"JIHE_LIMITS": said}) == settings
    assert limited({"JIHE_LIMITS": said}, Settings(ocr="never")).ocr == "never"


@pytest.mark.parametrize("said", ["pages", "pages=", "pages=-1", "pages=0", "page=3", "ocr=never", "threads=4", "memory=1M", "pages=5 6"])
def test_what_is_not_understood_is_told(said: str) -> None:
    with pytest.raises(UsageError, match="JIHE_LIMITS"):
        limited({"JIHE_LIMITS": said})


@given(st.text(max_size=40))
def test_nothing_else_comes_of_any_text(said: str) -> None:
    try:
        settings = limited({"JIHE_LIMITS": said})
    except UsageError:
        return
    assert all(getattr(settings, name) > 0 for name in LIMITS)
