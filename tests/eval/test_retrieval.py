"""Recall and reciprocal rank of retrieval."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agents.retrieve import Place
from eval.retrieval import main, score
from schema.canonical import to_json
from schema.errors import UsageError
from store import Store
from tests.answering import import_all
from tests.factories import make_form, make_indicator


def _piece(*rows: int) -> frozenset[Place]:
    return frozenset(Place("f", "indicator", row) for row in rows)


def test_recall_counts_pieces_and_rank_the_first_of_them() -> None:
    found = [Place("f", "head", None), Place("f", "indicator", 2), Place("f", "indicator", 0)]
    told = score([_piece(0, 1), _piece(5)], found, 10)
    assert (told.recall, told.reciprocal) == (0.5, pytest.approx(1 / 3))
    assert score([_piece(0)], found, 2).recall == 0
    assert score([_piece(7)], found, 10).reciprocal == 0


def _question(n: int, text: str, *cells: str) -> dict[str, object]:
    return {"id": str(n), "type": "lookup", "question": text, "evidence": [{"form_id": "gold-1", "cell": cell} for cell in cells]}


def test_the_command_measures_a_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (make_indicator(0, name="巡检次数"), make_indicator(1, name="培训场次"))
    form = make_form("热线运维", form_id="gold-1", indicators=rows)
    with Store.open(tmp_path / "home") as store:
        import_all(store, [form.model_copy(update={"form_id": "own-1"}), make_form("数据平台", form_id="own-2")], tmp_path)
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "a.json").write_text(json.dumps([to_json(form)], ensure_ascii=False), encoding="utf-8")
    questions = tmp_path / "q.jsonl"
    asked = [
        _question(1, "热线运维的培训场次实际是多少？", "indicators[培训场次].actual"),
        _question(2, "热线运维的总得分是多少？", "total_score", "grade"),
        _question(3, "没有依据的问题？"),
    ]
    questions.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in asked), encoding="utf-8")
    assert main([str(tmp_path / "home"), str(questions), "--gold", str(gold), "--missed"]) == 0
    told = capsys.readouterr().out
    assert "2 of 3 questions" in told
    assert "| all | 2 | 1.000 |" in told
    questions.write_text(json.dumps(_question(1, "甲？", "indicators[没有].actual")), encoding="utf-8")
    with pytest.raises(UsageError, match="没有指标"):
        main([str(tmp_path / "home"), str(questions), "--gold", str(gold)])
