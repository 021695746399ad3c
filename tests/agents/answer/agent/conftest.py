"""A home for questions with a scripted model."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agents.answer.agent.agent_home import fill


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three forms, shared by the tests of a module."""
    path = tmp_path_factory.mktemp("agent") / "home"
    fill(path)
    return path
