"""`jihe demo`: forms, findings, and three questions answered."""

from __future__ import annotations

from pathlib import Path

from agents.embed import NgramEmbedder
from store import Store
from store.index import Index
from tests.ui.conftest import Jihe
from ui.cli.demo import FORMS_CITED, QUESTIONS


def test_the_demo_answers_questions_and_leaves_an_index(jihe: Jihe, tmp_path: Path) -> None:
    done = jihe("demo", "--home", tmp_path / "kept")
    assert done.exit_code == 0, done.output
    told = done.stdout
    assert [line.removeprefix("问：") for line in told.splitlines() if line.startswith("问：")] == list(QUESTIONS)
    assert told.count("数字与名称已逐一核对") == len(QUESTIONS)
    assert "机构改革" in told
    assert "其余" in told
    blocks = told.split("\n出处\n")[1:]
    assert len(blocks) == len(QUESTIONS)
    for block in blocks:
        lines = block.split("（数字与名称已逐一核对")[0].splitlines()
        assert len(lines) <= FORMS_CITED + 1
    with Store.open(tmp_path / "kept") as store, Index.open(store, NgramEmbedder()) as index:
        state = index.state()
        assert (state.waiting_forms, state.waiting_vectors) == (0, 0)
        assert state.chunks > 500
