"""What is known of the cells of a form, and what people do to them while they look."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from agents.form_change import Wish, fulfil
from agents.form_view import form_view
from schema.errors import CellChanged, UsageError
from schema.evidence import Reading, ReviewMark
from store import Store
from tests.factories import make_form, make_reading

D = Decimal
NAME = "政务"
MARK = ReviewMark(cell="total_score", reason="模糊", readings=(Reading(read_by="ocr", value=D(99)),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "home") as opened:
        opened.save(make_reading([make_form(total_score=D(99), review=(MARK,))]), opened.start_run("test"))
        yield opened


def _wish(store: Store, cell: str, do: str, value: str = "", seen: str | None = None) -> Wish:
    shown = form_view(store, NAME).cells[cell].value
    return Wish.model_validate(
        {"form_id": NAME, "cell": cell, "do": do, "value": value, "seen": ("" if shown is None else str(shown)) if seen is None else seen}
    )


def test_cells_say_how_they_stand(store: Store) -> None:
    view = form_view(store, NAME)
    marked = view.cells["total_score"]
    assert (marked.state, marked.mark) == ("review", MARK)
    assert [view.findings[number].rule for number in marked.findings] == ["score-sum"]
    assert view.cells["total_weight"].state in ("grounded", "unlocated")
    assert view.cells["funding.other.outturn"].state == "empty"
    assert {"indicators", "funding.total"} <= view.cells.keys()


def test_a_correction_shows_what_was_read(store: Store) -> None:
    change = fulfil(store, _wish(store, "total_score", "correct", "100"), "张三")
    assert [finding.rule for finding in change.gone] == ["score-sum"]
    one = form_view(store, NAME).cells["total_score"]
    assert (one.state, one.value, one.was, one.mark, one.standing, one.findings) == ("corrected", 100, 99, None, True, ())
    fulfil(store, _wish(store, "total_score", "undo"), "李四")
    one = form_view(store, NAME).cells["total_score"]
    assert (one.state, one.value, one.standing, len(one.events)) == ("review", 99, False, 1)


def test_confirming_emptying_and_giving_up(store: Store) -> None:
    fulfil(store, _wish(store, "total_score", "confirm"), "张三")
    fulfil(store, _wish(store, "grade", "empty"), "张三")
    cells = form_view(store, NAME).cells
    assert (cells["total_score"].state, cells["grade"].state, cells["grade"].value) == ("confirmed", "corrected", None)
    fulfil(store, _wish(store, "total_score", "undo"), "张三")
    change = fulfil(store, _wish(store, "total_score", "unreadable"), "张三")
    assert (change.new, change.event.note) == (None, "unreadable")


def test_what_someone_else_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    store.correct(NAME, "total_score", "98", "李四")
    with pytest.raises(CellChanged, match="98"):
        fulfil(store, _wish(store, "total_score", "correct", "100", seen="99"), "张三")
    with pytest.raises(UsageError, match="需要一个数字"):
        fulfil(store, _wish(store, "total_score", "correct", "很多"), "张三")
    with pytest.raises(UsageError, match="没有写值"):
        fulfil(store, _wish(store, "total_score", "correct", " "), "张三")


def test_a_correction_is_shown_at_the_row_it_belongs_to(store: Store) -> None:
    form = store.get(NAME)
    fulfil(store, _wish(store, "indicators[1].deviation", "correct", "说明"), "张三")
    moved = form.model_copy(update={"indicators": (form.indicators[2], *form.indicators[:2]), "review": (), "evidence": {}})
    store.save(make_reading([moved], "again.pdf"), store.start_run("test"))
    view = form_view(store, NAME)
    where = [cell for cell, one in view.cells.items() if one.events]
    assert [view.cells[cell].value for cell in where] == ["说明"]
