"""`jihe show` and `jihe correct` say what a correction notes besides the value."""

from __future__ import annotations

from pathlib import Path

from agents.form_change import Wish, fulfil
from schema.evidence import Reading, ReviewMark
from store import Store
from tests.factories import make_form, make_reading
from tests.ui.conftest import Jihe


def test_unreadable_is_told(jihe: Jihe, tmp_path: Path) -> None:
    mark = ReviewMark(cell="grade", reason="识别把握不大（0.43）", readings=(Reading(read_by="ocr", value="优"),))
    with Store.open(tmp_path / "home") as store:
        store.save(make_reading([make_form("甲", grade="优", review=(mark,))]), store.start_run("test"))
        form_id = store.forms()[0].form_id
        fulfil(store, Wish(form_id=form_id, cell="grade", do="unreadable", seen="优"), "张三")
    assert "张三  评分等级：优 → 空（原件看不清）" in jihe("show", form_id).output
    undone = jihe("correct", form_id, "grade", "--undo", "--who", "李四")
    assert "撤销更正（原件看不清）：空 → 优" in undone.output
    assert "评分等级：优 → 空（原件看不清）（李四 已撤销）" in jihe("show", form_id).output
    # A value typed afterwards notes nothing.
    assert "更正：优 → 良" in jihe("correct", form_id, "grade", "良").output
