"""A form comes out of the tables as it went in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from schema.evidence import Evidence, Leftover, LinePlace, PagePlace, Reading, ReviewMark, SheetPlace, Source, TablePlace
from schema.form import Extra, Form, Funding, FundingRow, Indicator
from schema.reading import DocumentReading, PageReport
from store import Store
from tests.factories import make_form, make_reading, sha

TEXTS = ("title", "project_name", "department", "implementing_unit", "unit_of_money", "expected_goal", "actual_result", "grade")
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
maybe_words = st.none() | words
numbers = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(-(10**12) + 1, 10**12 - 1), st.integers(0, 6))
maybe_numbers = st.none() | numbers
small = st.integers(0, 2**31 - 1)
points = st.floats(-1e5, 1e5).map(lambda x: x + 0.0)  # SQLite knows no negative zero, and neither does a page
rows = st.builds(FundingRow, **dict.fromkeys(FundingRow.model_fields, maybe_numbers))
places = st.one_of(
    st.builds(PagePlace, page=st.integers(1, 9999), bbox=st.tuples(points, points, points, points), text=words),
    st.builds(LinePlace, line=st.tuples(small, small), span=st.tuples(small, small), text=words),
    st.builds(SheetPlace, sheet=words, ref=words, text=words),
    st.builds(TablePlace, table=small, row=small, column=small, text=words),
)
evidence = st.builds(
    Evidence,
    match=st.sampled_from(["exact", "similar", "none"]),
    read_by=st.sampled_from(["layout", "ocr", "llm", "reviewer"]),
    confidence=st.floats(0, 1),
    at=st.lists(places, max_size=3).map(tuple),
)
readings = st.builds(Reading, read_by=st.sampled_from(["layout", "ocr", "llm"]), value=st.none() | words | numbers)
marks = st.builds(ReviewMark, cell=words, reason=words, readings=st.lists(readings, max_size=3).map(tuple))
sources = st.builds(
    Source,
    file=words,
    sha256=words,
    pages=st.lists(st.integers(1, 999), max_size=4).map(tuple),
    kind=st.sampled_from(["digital", "scan", "photo", "office", "text"]),
    method=st.sampled_from(["layout", "llm"]),
    model=maybe_words,
    seconds=st.none() | st.floats(0, 1e6),
)
indicators = st.builds(
    Indicator,
    name=words,
    weight=maybe_numbers,
    score=maybe_numbers,
    **dict.fromkeys(("level1", "level2", "target", "actual", "deviation"), maybe_words),
)
forms = st.builds(
    Form,
    form_id=st.just(""),
    fiscal_year=st.none() | st.integers(1900, 2999),
    funding=st.builds(Funding, total=rows, appropriation=rows, carryover=rows, other=rows),
    indicators=st.lists(indicators, max_size=4).map(tuple),
    total_weight=maybe_numbers,
    total_score=maybe_numbers,
    extras=st.lists(st.builds(Extra, label=words, text=words), max_size=3).map(tuple),
    source=st.none() | sources,
    evidence=st.dictionaries(words, evidence, max_size=4),
    review=st.lists(marks, max_size=3).map(tuple),
    leftover=st.lists(st.builds(Leftover, page=small, text=words), max_size=3).map(tuple),
    **dict.fromkeys(TEXTS, maybe_words),
)
serial = count()


@settings(max_examples=150, deadline=None)
@given(form=forms)
def test_a_form_comes_back_equal(module_store: Callable[[], Store], form: Form) -> None:
    store, name = module_store(), f"form-{next(serial)}"
    form = form.model_copy(update={"form_id": name})
    reading = DocumentReading(file=name, sha256=sha(name), size=1, kind="text", pages=(), forms=(form,), seconds=0.0)
    store.save(reading, store.start_run("test"))
    back = store.get(name)
    assert back == form
    assert list(back.evidence) == list(form.evidence)  # in order as well, so that exports do not change
    assert back.model_dump_json() == form.model_dump_json()


def test_streaming_gives_every_form_in_order(store: Store, run: int) -> None:
    first = make_reading([make_form(f"项目{i}") for i in range(5)], "甲.pdf")
    second = make_reading([make_form(f"另一项目{i}", rows=0) for i in range(3)], "乙.pdf")
    store.save(first, run)
    store.save(second, run)
    assert list(store.iter_forms()) == [*first.forms, *second.forms]


def test_page_reports_are_kept(store: Store, run: int) -> None:
    pages = (PageReport(page=1, status="done"), PageReport(page=2, status="failed", reason="字体损坏"))
    reading = make_reading([make_form()]).model_copy(update={"pages": pages})
    store.save(reading, run)
    known = store.known(reading.sha256)
    assert known is not None
    assert (known.pages, known.forms, known.status) == (2, 1, "done")
