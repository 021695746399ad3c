"""The order of the queue that is kept between questions: always what an order made anew would be, and not made anew for nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import event

from schema.evidence import Reading, ReviewMark
from schema.form import Form
from schema.reading import DocumentReading
from store import Store
from store.repository import review
from store.repository.changes import row_name
from store.repository.corrections import value_at
from store.repository.review_ranked import KeptOrder
from store.review_records import ReviewFilter, ReviewQueue, Verdict
from tests.factories import make_form, make_reading

D = Decimal
CELLS = ("total_score", "indicators[0].score", "grade")


def _doubtful(name: str, cells: tuple[str, ...] = CELLS, reason: str = "识别把握不大（0.43）") -> Form:
    marks = [ReviewMark(cell=cell, reason=reason, readings=(Reading(read_by="ocr", value=None),)) for cell in cells]
    return make_form(name, review=tuple(marks))


def _read(name: str, *cells: str) -> DocumentReading:
    return make_reading([_doubtful(name, cells or CELLS)], f"{name}.pdf")


def _accept(store: Store, name: str, cell: str) -> None:
    form = store.get(name)
    seen = {"seen_value": value_at(form, cell), "seen_row": row_name(form, cell)}
    store.review(Verdict(form_id=form.form_id, cell=cell, value=None, **seen), "张三")


class _Watched:
    """A kept order beside its store."""

    def __init__(self, store: Store) -> None:
        self._store, self._order, self.asked = store, KeptOrder(), list[str]()

    def queue(self) -> ReviewQueue:
        """The queue by the kept order, which is what one made anew tells."""
        with self._store.database.read() as connection:
            event.listen(connection, "before_cursor_execute", self._note)
            kept = review.queue(connection, ReviewFilter(), (), 50, self._order)
            event.remove(connection, "before_cursor_execute", self._note)
            assert kept == review.queue(connection, ReviewFilter(), (), 50)
        return kept

    def _note(self, _c: object, _k: object, statement: str, *_: object) -> None:
        self.asked.append(statement)

    def asked_for_marks(self, work: Callable[[], object]) -> int:
        """How many queries for marks the queue takes after some work."""
        work()
        self.asked.clear()
        self.queue()
        return sum("review_marks" in statement for statement in self.asked)


def test_it_follows_every_change(store: Store, run: int) -> None:
    watched = _Watched(store)
    assert watched.queue().left == 0
    store.save(_read("甲"), run)
    store.save(_read("乙"), run)
    assert watched.queue().left == 6
    # The same id is given to one version after the other; what they say differs.
    for value in ("80", "70", "60"):
        store.correct("乙", "total_score", value, "张三")
        watched.queue()
    store.undo("乙", "total_score", "张三")
    watched.queue()
    _accept(store, "甲", "grade")
    assert watched.queue().left == 4
    store.take_back(store.corrections_made(1)[0].event.correction_id, "李四")
    assert watched.queue().left == 5
    store.save(_read("乙", "total_score", "total_weight", "grade"), run, again=True)
    watched.queue()
    store.save(_read("乙", "total_weight", "actual_result"), run, again=True)
    watched.queue()
    store.remove("甲.pdf")
    assert {cell.form_id for cell in watched.queue().cells} == {store.get("乙").form_id}


def test_marks_are_read_only_of_what_changed(store: Store, run: int) -> None:
    store.save(_read("甲"), run)
    store.save(_read("乙"), run)
    watched = _Watched(store)
    assert watched.asked_for_marks(lambda: None) == 1
    assert watched.asked_for_marks(lambda: None) == 0
    assert watched.asked_for_marks(lambda: _accept(store, "甲", "grade")) == 1
    assert watched.asked_for_marks(lambda: None) == 0
