"""The same forms on servers give the same answers as in a home."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.answer.ask import Asker
from store import Store
from tests.answering import import_all, made_forms
from tests.servers import Chroma, Postgres

pytestmark = pytest.mark.files_only
QUESTIONS = (
    "一共有多少个项目？",
    "哪些项目因为机构改革失分？",
    "2022年预算最高的三个项目是哪些？",
    "各部门的平均得分是多少？",
    "执行率低于60%的项目有哪些？",
    "甲市第一服务中心有哪些项目的等级是良？",
    "哪些项目有问题？",
)


def _answers(home: Path) -> list[tuple[object, ...]]:
    with Asker.open(home) as asker:
        answers = [asker.turn(question).answer for question in QUESTIONS]
    return [(a.answer, a.projects, a.related, a.value, a.unit, a.abstained, a.verified, a.citations) for a in answers]


def test_servers_give_the_answers_of_a_home(tmp_path: Path, postgres: Postgres, chroma: Chroma, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = made_forms(11, 50)
    with Store.open(tmp_path / "here") as store:
        import_all(store, forms, tmp_path)
    here = _answers(tmp_path / "here")
    monkeypatch.setenv("JIHE_DATABASE_URL", postgres.of_home(tmp_path / "there"))
    monkeypatch.setenv("JIHE_CHROMA_URL", chroma.url)
    with Store.open(tmp_path / "there") as store:
        assert not store.database.is_sqlite
        import_all(store, forms, tmp_path)
    there = _answers(tmp_path / "there")
    for question, one, other in zip(QUESTIONS, here, there, strict=True):
        assert one == other, question
    assert sum(bool(answer[1]) for answer in here) >= 4
    assert not (tmp_path / "there" / "jihe.db").exists()
    assert not (tmp_path / "there" / "index").exists()
    postgres.drop_all()
