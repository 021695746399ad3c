"""Example questions: of several kinds, each answered by the forms they are made from, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import data
from agents.answer.ask import Asker
from agents.examples import examples
from schema.canonical import read_forms
from store.store import Store


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    home = tmp_path_factory.mktemp("examples")
    with Store.open(home) as store:
        for file in sorted((data.samples() / "gold").glob("*.json")):
            store.import_forms(read_forms(file), file)
    with Asker.open(home) as opened:
        yield opened


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_is_answered(asker: Asker, language: str) -> None:
    found = examples(asker, language)
    assert 6 <= len(found) <= 8
    assert len({one.kind for one in found}) == len(found)
    for one in found:
        answer = asker.turn(one.question).answer
        assert not answer.abstained, one
        assert answer.verified, one
        assert answer.citations, one


def test_an_empty_store_has_none(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with Asker.open(tmp_path) as asker:
        assert examples(asker, "zh") == ()
