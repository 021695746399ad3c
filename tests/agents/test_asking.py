"""The stage that asks a model: documents in their order, forms in their places, and an end that asks no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from agents.asking import AHEAD, Stage, plain
from agents.extract.llm.extractor import Extractor
from agents.extract.llm.printed import Printed
from agents.material import Candidate, Material
from agents.models.question import Outcome, Question
from schema.errors import DocumentError, NoFormFound
from schema.evidence import ReviewMark
from schema.form import Form
from schema.reading import DocumentReading, PageReport
from tests.agents.extract.llm.asking import Model
from tests.agents.extract.llm.tables import dumped, ruled
from tests.factories import make_form, make_reading

DOUBT = ReviewMark(cell="grade", reason="版面的疑问")


class Stopper:
    """Remembers whether it was told to stop."""

    stopped = False

    def stop(self) -> None:
        """Stop."""
        self.stopped = True


def nobody(question: Question[Any]) -> Outcome[Any]:
    """An ask that must not be used."""
    raise AssertionError(f"asked: {question.user}")


def document(name: str, *forms: Form, unread: Sequence[tuple[int, Printed]] = (), pages: Sequence[PageReport] | None = None) -> Material:
    """A document as layout left it: its forms on two pages each, and texts of others on further pages."""
    reading = make_reading(forms, name)
    further = tuple(PageReport(page=page, status="failed", reason="没有读出表格") for page, _ in unread)
    reading = reading.model_copy(update={"pages": tuple(pages) if pages is not None else (*reading.pages, *further)})
    known = [Candidate(ruled(), i, form.source.pages if form.source else (1,)) for i, form in enumerate(reading.forms)]
    return Material(reading, candidates=(*known, *(Candidate(printed, None, (page,)) for page, printed in unread)))


def nothing(name: str, *texts: Printed) -> Material:
    """A document that layout read no form of."""
    reading = DocumentReading(
        file=name, sha256=make_reading((), name).sha256, size=1, kind="digital", forms=(), seconds=0.1,
        pages=(PageReport(page=1, status="other"), PageReport(page=2, status="empty")),
    )  # fmt: skip
    error = NoFormFound(name, "里面没有项目支出绩效自评表", "请确认文件")
    return Material(reading, error, tuple(Candidate(printed, None, (1,)) for printed in texts))


def doubtful(name: str, **changes: Any) -> Form:
    """A form with a doubt that a model is asked about."""
    return make_form(name).model_copy(update={"review": (DOUBT,)} | changes)


def finished(stage: Stage, *read: Material | DocumentError) -> list[DocumentReading | DocumentError]:
    """What the documents come to, in order."""
    out = list(stage.through(iter(list(enumerate(read)))))
    assert [number for number, _ in out] == list(range(len(read)))
    return [result for _, result in out]


def test_without_a_model_documents_are_as_layout_read_them() -> None:
    read = [document("甲.pdf", make_form("甲")), nothing("乙.pdf"), NoFormFound("丙.pdf", "没有", "请确认")]
    found = [result for _, result in plain(iter(list(enumerate(read))))]
    assert isinstance(found[0], DocumentReading)
    assert [form.project_name for form in found[0].forms] == ["甲"]
    assert found[1:] == [read[1].error, read[2]]  # type: ignore[union-attr]


def test_documents_keep_their_order_whatever_takes_longest() -> None:
    slow = {"甲": 0.15, "乙": 0.0, "丙": 0.05}

    def ask(question: Question[Any]) -> Outcome[Any]:
        time.sleep(slow[question.form])
        return Outcome("refused")

    documents = [document(f"{name}.pdf", doubtful(name)) for name in slow]
    found = finished(Stage(Extractor(ask, "llm"), "模型", 3), *documents)
    assert [reading.file for reading in found if isinstance(reading, DocumentReading)] == ["甲.pdf", "乙.pdf", "丙.pdf"]


def test_an_error_passes_through_in_its_place() -> None:
    error = NoFormFound("乙.pdf", "没有", "请确认")
    found = finished(Stage(Extractor(nobody), "模型", 2), document("甲.pdf", make_form("甲")), error, document("丙.pdf", make_form("丙")))
    assert found[1] is error
    assert [type(result) for result in found] == [DocumentReading, NoFormFound, DocumentReading]


def test_clean_forms_stay_as_they_are() -> None:
    material = document("甲.pdf", make_form("甲"), make_form("乙"))
    stage = Stage(Extractor(nobody), "模型", 2)
    (found,) = finished(stage, material)
    assert found == material.reading
    assert (stage.tally.asked, stage.tally.changed, stage.tally.unanswered, stage.tally.reasons) == (0, 0, 0, [])


def test_a_form_that_a_model_read_says_so() -> None:
    material = document("甲.pdf", make_form("甲"), doubtful("乙", indicators=()))
    stage = Stage(Extractor(Model(), "llm"), "某模型", 1)
    (found,) = finished(stage, material)
    assert isinstance(found, DocumentReading)
    assert [form.source.method for form in found.forms if form.source] == ["llm", "llm"]
    for form, before in zip(found.forms, material.reading.forms, strict=True):
        assert form.source is not None
        assert before.source is not None
        assert (form.source.model, form.source.file, form.source.sha256) == ("某模型", "甲.pdf", material.reading.sha256)
        assert form.source.pages == before.source.pages
        assert form.source.seconds == before.source.seconds
    assert stage.tally.asked == stage.tally.changed == 2


def test_forms_that_layout_could_not_read_take_their_place_by_their_pages() -> None:
    """Pages 1-2 and 5-6 hold forms that layout read, page 3 one that it did not."""
    material = document("甲.pdf", make_form("甲"), make_form("丙"))
    last = material.reading.forms[1]
    assert last.source is not None
    moved = last.model_copy(update={"source": last.source.model_copy(update={"pages": (5, 6)})})
    lost = PageReport(page=3, status="failed", reason="没有读出表格")
    reports = tuple(lost if n == 3 else PageReport(page=n, status="done") for n in range(1, 7))
    reading = material.reading.model_copy(update={"forms": (material.reading.forms[0], moved), "pages": reports})
    known = tuple(Candidate(ruled(), i, (2 * i + 1, 2 * i + 2)) for i in range(2))
    material = Material(reading, candidates=(*known, Candidate(dumped(), None, (3,))))
    stage = Stage(Extractor(Model()), "模型", 2)
    (found,) = finished(stage, material)
    assert isinstance(found, DocumentReading)
    assert [form.source.pages[0] for form in found.forms if form.source] == [1, 3, 5]
    assert [form.project_name for form in found.forms] == ["甲", "柳溪公园园路维护", "丙"]
    assert len({form.form_id for form in found.forms}) == 3
    assert all(form.form_id for form in found.forms)
    assert {page.page: (page.status, page.reason) for page in found.pages}[3] == ("done", None)
    assert (stage.tally.asked, stage.tally.changed) == (1, 1)


def test_a_document_that_only_a_model_can_read() -> None:
    (found,) = finished(Stage(Extractor(Model()), "模型", 1), nothing("甲.pdf", dumped()))
    assert isinstance(found, DocumentReading)
    assert [form.project_name for form in found.forms] == ["柳溪公园园路维护"]
    assert {page.page: page.status for page in found.pages} == {1: "done", 2: "empty"}


def test_a_document_that_not_even_a_model_can_read_keeps_its_error() -> None:
    material = nothing("甲.pdf", dumped())
    (found,) = finished(Stage(Extractor(Model(refuse=("head", "rows"))), "模型", 1), material)
    assert found is material.error


def test_pages_of_forms_that_layout_read_keep_their_state() -> None:
    reports = (PageReport(page=1, status="done"), PageReport(page=2, status="failed", reason="页面内容已损坏"))
    material = document("甲.pdf", doubtful("甲"), pages=reports)
    (found,) = finished(Stage(Extractor(Model(refuse=("cells", "head", "rows"))), "模型", 1), material)
    assert isinstance(found, DocumentReading)
    assert found.pages == reports


def test_a_page_that_could_not_be_read_is_not_done_because_a_cell_was_asked_about() -> None:
    """Page 2 of the form is damaged: that a model looked at a cell does not bring its rows back."""
    reports = (PageReport(page=1, status="done"), PageReport(page=2, status="failed", reason="页面内容已损坏"))
    material = document("甲.pdf", doubtful("甲"), pages=reports)
    (found,) = finished(Stage(Extractor(Model()), "模型", 1), material)
    assert isinstance(found, DocumentReading)
    assert {page.page: page.status for page in found.pages}[2] == "failed"


def test_what_was_not_answered_is_counted_with_its_reasons() -> None:
    def ask(question: Question[Any]) -> Outcome[Any]:
        return Outcome("server", detail="503") if question.form == "甲" else Outcome("refused")

    documents = [document(f"{name}.pdf", doubtful(name)) for name in ("甲", "乙", "丙")]
    stage = Stage(Extractor(ask, "llm"), "模型", 2)
    found = finished(stage, *documents)
    assert (stage.tally.asked, stage.tally.changed, stage.tally.unanswered) == (3, 0, 3)
    assert sorted(stage.tally.reasons) == sorted({Outcome[Any]("server", detail="503").told, Outcome[Any]("refused").told})
    for reading, material in zip(found, documents, strict=True):
        assert isinstance(reading, DocumentReading)
        assert [form.source for form in reading.forms] == [form.source for form in material.reading.forms]
        assert "没有得到回答" in reading.forms[0].review[0].reason


def test_closing_asks_no_more() -> None:
    """Who breaks a run off in the middle waits for what is under way, and for nothing else."""
    stopper, asked = Stopper(), threading.Event()

    def ask(question: Question[Any]) -> Outcome[Any]:
        asked.set()
        if stopper.stopped:
            return Outcome("unasked")
        time.sleep(0.05)
        return Outcome("refused")

    def read() -> Iterator[tuple[int, Material]]:
        yield 0, document("零.pdf")
        for number in range(1, 50):
            yield number, document(f"{number}.pdf", doubtful(str(number)))

    stage = Stage(Extractor(ask, "llm"), "模型", 1, stopper)
    stream = stage.through(read())
    assert next(stream)[0] == 0
    assert next(stream)[0] == 1
    started = time.monotonic()
    stream.close()  # type: ignore[attr-defined]
    assert asked.is_set()
    assert stopper.stopped
    assert time.monotonic() - started < 2
    assert stage.tally.asked < 50


def test_a_run_to_its_end_stops_nobody() -> None:
    stopper = Stopper()
    finished(Stage(Extractor(Model(), "llm"), "模型", 2, stopper), document("甲.pdf", doubtful("甲")))
    assert not stopper.stopped


def test_no_more_documents_are_read_ahead_than_are_worth_it() -> None:
    """Memory does not grow with the run: reading waits for the answers about the first document."""
    gate, read_so_far = threading.Event(), []

    def ask(question: Question[Any]) -> Outcome[Any]:
        gate.wait(5)
        return Outcome("refused")

    def read() -> Iterator[tuple[int, Material]]:
        for number in range(40):
            read_so_far.append(number)
            if number == AHEAD * 2:
                gate.set()
            yield number, document(f"{number}.pdf", doubtful(str(number)))

    stage = Stage(Extractor(ask, "llm"), "模型", 2)
    stream = stage.through(read())
    assert next(stream)[0] == 0
    assert len(read_so_far) == AHEAD * 2 + 1
    assert [number for number, _ in stream] == list(range(1, 40))


@pytest.mark.parametrize("at_once", [1, 4])
def test_forms_are_asked_about_at_the_same_time(at_once: int) -> None:
    lock, running = threading.Lock(), list[str]()
    together: list[int] = []

    def ask(question: Question[Any]) -> Outcome[Any]:
        with lock:
            running.append(question.form)
            together.append(len(set(running)))
        time.sleep(0.03)
        with lock:
            running.remove(question.form)
        return Outcome("refused")

    finished(Stage(Extractor(ask, "llm"), "模型", at_once), document("甲.pdf", *(doubtful(str(n)) for n in range(6))))
    assert max(together) <= at_once
    assert at_once == 1 or max(together) > 1


def test_a_crash_in_asking_is_not_swallowed() -> None:
    def ask(question: Question[Any]) -> Outcome[Any]:
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"):
        finished(Stage(Extractor(ask, "llm"), "模型", 1), document("甲.pdf", doubtful("甲")))
