"""The index after commands that write forms, and questions where something is wrong with it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from agents.embed import NgramEmbedder
from data import samples
from schema.canonical import to_json
from store import Store
from store.index import Index
from store.index.lock import index_lock
from tests.factories import make_form
from tests.ui.conftest import Jihe
from ui.cli import indexing

SAMPLE = samples() / "pdf" / "jiading-2024.pdf"


def _waiting(home: Path) -> tuple[int, int, int]:
    """Chunks, and forms and vectors that wait."""
    with Store.open(home) as store, Index.open(store, NgramEmbedder()) as index:
        state = index.state()
        return state.chunks, state.waiting_forms, state.waiting_vectors


@pytest.fixture
def home(tmp_path: Path, jihe: Jihe) -> Path:
    """One imported form, indexed by the command."""
    _write(tmp_path / "甲.json", "热线运维")
    assert jihe("import", tmp_path / "甲.json").exit_code == 0
    return tmp_path / "home"


def _write(path: Path, *names: str) -> None:
    path.write_text(json.dumps([to_json(make_form(name, form_id=name)) for name in names], ensure_ascii=False), encoding="utf-8")


def test_every_command_that_writes_forms_leaves_the_index_right(jihe: Jihe, home: Path, tmp_path: Path) -> None:
    assert _waiting(home) == (9, 0, 0)
    assert jihe("ingest", SAMPLE).exit_code == 0
    chunks, *waiting = _waiting(home)
    assert chunks > 50
    assert waiting == [0, 0]
    assert jihe("correct", "热线运维", "indicators[0].deviation", "停车场改造，工期推迟", "--who", "甲").exit_code == 0
    assert _waiting(home)[1:] == (0, 0)
    with Store.open(home) as store, Index.open(store, NgramEmbedder()) as index:
        assert [match.chunk.cell for match in index.match_terms(["停车场改造"])] == ["indicators[0].deviation"]
    assert jihe("remove", "jiading-2024.pdf").exit_code == 0
    assert _waiting(home) == (9, 0, 0)


def test_another_writer_of_the_index_fails_no_command(jihe: Jihe, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.index.index.WAIT_SECONDS", 0.1)
    _write(tmp_path / "乙.json", "停车费")
    with index_lock(home):
        done = jihe("import", tmp_path / "乙.json")
    assert done.exit_code == 0
    assert "存入 1 张表" in done.stdout
    assert done.stderr.strip().splitlines() == [
        "另一个 jihe 进程正在写索引，这次没有等它。"
        "表已存好；缺的部分由下一条写入表的命令或下一次文字检索补齐，也可运行 jihe reindex --missing。"
    ]
    assert _waiting(home)[2] > 0


@pytest.mark.parametrize(("variable", "said"), [("m", "另一种向量"), ("local:/nowhere", "没有模型")])
def test_another_embedding_fails_no_command(
    jihe: Jihe, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, said: str
) -> None:
    for name, value in (("JIHE_EMBEDDING_MODEL", variable), ("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")):
        monkeypatch.setenv(name, value)
    _write(tmp_path / "乙.json", "停车费")
    done = jihe("import", tmp_path / "乙.json")
    assert done.exit_code == 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr


def test_an_interrupt_while_indexing_says_what_was_kept(jihe: Jihe, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> str | None:
        raise KeyboardInterrupt

    monkeypatch.setattr(indexing, "bring_up_to_date", interrupted)
    _write(tmp_path / "乙.json", "停车费")
    done = jihe("import", tmp_path / "乙.json")
    assert done.exit_code == 130
    assert "表已存好" in done.stderr
    assert jihe("forms").stdout.count("停车费") >= 1


def _gone(home: Path) -> None:
    shutil.rmtree(home / "index")


def _junk(home: Path) -> None:
    (home / "index" / "chroma.sqlite3").write_bytes(b"no database " * 5000)


@pytest.mark.parametrize("damage", [_gone, _junk])
@pytest.mark.parametrize("how", [(), ("--json",)])
def test_questions_are_answered_whatever_the_index_is_like(
    jihe: Jihe, home: Path, damage: Callable[[Path], None], how: tuple[str, ...]
) -> None:
    # Without a model the tables alone answer.
    damage(home)
    done = jihe("ask", "概括一下各项目的巡检情况", *how, catch=False)
    assert done.exit_code == 0
    assert "热线运维" in done.stdout
    assert done.stderr.strip() == ""
    if how:
        assert json.loads(done.stdout)["projects"] == ["热线运维"]


def test_another_embedding_is_no_matter_without_a_model(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jihe: Jihe) -> None:
    for name, value in (("JIHE_EMBEDDING_MODEL", "m"), ("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")):
        monkeypatch.setenv(name, value)
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    asked = [{"id": str(n), "question": "概括一下各项目的巡检情况"} for n in range(3)]
    questions.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in asked), encoding="utf-8")
    done = jihe("ask", "--batch", questions, "-o", answers)
    assert done.exit_code == 0
    assert "另一种向量" not in done.stderr
    assert [json.loads(line)["projects"] for line in answers.read_text(encoding="utf-8").splitlines()] == [["热线运维"]] * 3


def test_progress_is_a_bar_on_a_terminal_and_a_line_now_and_then_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for terminal in (True, False):
        shown = io.StringIO()
        console = Console(file=shown, force_terminal=terminal, width=80)
        monkeypatch.setattr(indexing, "err", lambda console=console: console)
        monkeypatch.setattr(indexing, "QUIET_SECONDS", 0.0)
        with indexing.IndexProgress() as progress:
            progress(500, 2000)
        assert ("500/2000" in shown.getvalue()) is True
        assert ("\x1b" in shown.getvalue()) is terminal
