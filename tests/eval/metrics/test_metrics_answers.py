"""Answers judged: what a right one must hold, one fault at a time; figures over a set; citations looked up in cells and on pages."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answer.answer import Answer, Citation
from agents.answer.ask import as_json
from eval.metrics.answers import answer_figures, judge_all, kendall_tau, percentile
from eval.metrics.judging import Expected, Question, judge, read_answers, read_questions
from eval.metrics.quoted import Forms
from schema.errors import UsageError
from schema.evidence import Box
from tests.factories import located, make_form, make_indicator

ROWS = (make_indicator(0, name="网办率", actual="87.50(%)", deviation="系统升级，受理延后。"), make_indicator(1, name="热线接通率"))
FORM = located(make_form("停车费", form_id="f1", indicators=ROWS), file="甲.pdf", sha256="0" * 64)
OTHER = located(make_form("“一网通办”运营", form_id="f2"), file="甲.pdf", sha256="0" * 64)
FORMS = Forms([FORM, OTHER])


def cite(cell: str = "indicators[0].actual", quote: str = "87.50(%)", **changes: Any) -> Citation:
    values = {"n": 1, "project_name": "停车费", "fiscal_year": 2024, "file": "甲.pdf", "page": 1, "cell": cell, "quote": quote}
    return Citation(**(values | changes))


def question(kind: str, *projects: str, **changes: Any) -> Question:
    expected = Expected(kind=kind, projects_required=projects, **changes)  # type: ignore[arg-type]
    return Question(id=f"{kind}-1", type=kind, question="问什么？", answer=expected)


def answer(*projects: str, text: str = "停车费的网办率为87.50%[1]。", **changes: Any) -> Answer:
    values: dict[str, Any] = {"question": "问什么？", "answer": text, "projects": projects, "citations": (cite(),)}
    return Answer(**(values | changes))


def fault(asked: Question, given: Answer | None) -> str:
    return judge(asked, given, FORMS).fault


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        (("停车费", "窗口服务费"), ""),
        (("窗口服务费", "停车费"), ""),
        (("停车费",), "projects"),
        (("停车费", "窗口服务费", "培训经费"), ""),
        (("停车费", "窗口服务费", "法律顾问费"), "projects"),
        (("“停车费”", "窗口 服务费"), ""),
        ((), "projects"),
    ],
)
def test_sets(told: tuple[str, ...], wrong: str) -> None:
    assert fault(question("set", "停车费", "窗口服务费", projects_acceptable=("培训经费",)), answer(*told)) == wrong


@pytest.mark.parametrize(
    ("told", "wrong"),
    [(("甲", "乙"), ""), (("甲", "乙", "丙"), ""), (("乙", "甲"), "order"), (("甲",), "order"), (("丙", "甲", "乙"), "order")],
)
def test_rankings(told: tuple[str, ...], wrong: str) -> None:
    assert fault(question("ranking", "甲", "乙"), answer(*told)) == wrong


@pytest.mark.parametrize(
    ("value", "unit", "text", "wrong"),
    [
        ("2360.4", "万元", "共2,360.40万元", ""),
        ("23604000", "元", "共23604000元", ""),
        ("0.23604", "亿元", "共0.236亿元", ""),
        ("2360.4", "元", "共2360.4元", "number"),
        ("2360.4", "%", "共2360.4", "number"),
        ("2360.41", "万元", "共2360.41万元", "number"),
        ("2360.4", "万元", "共约两千万元", "number"),
        (None, "万元", "共2360.4万元", "number"),
    ],
)
def test_numbers(value: str | None, unit: str, text: str, wrong: str) -> None:
    asked = question("number", value=Decimal("2360.4"), unit="万元", tolerance=Decimal("0.005"))
    assert fault(asked, answer(text=text, value=Decimal(value) if value else None, unit=unit)) == wrong


@pytest.mark.parametrize(("unit", "wanted"), [("个百分点", "%"), ("%", "百分点"), ("个", "项"), (None, "件"), ("ＰＢ", "pb")])
def test_units_that_are_one(unit: str | None, wanted: str) -> None:
    assert fault(question("number", value=Decimal(7), unit=wanted), answer(text="是7", value=Decimal(7), unit=unit)) == ""


def test_abstaining() -> None:
    none = answer(text="没有找到。", abstained=True, citations=())
    assert fault(question("abstain"), none) == ""
    assert fault(question("abstain"), answer()) == "abstention"
    assert fault(question("set", "停车费"), none) == "abstention"
    assert fault(question("abstain", must_not_mention=("没有找到",)), none) == "mentions"
    assert fault(question("abstain"), None) == "unanswered"


def test_what_must_be_said_and_must_not() -> None:
    asked = question("boolean", must_mention=("87.50", ("网办率", "online rate")), must_not_mention=("执行率",))
    assert fault(asked, answer()) == ""
    assert fault(asked, answer(text="THE ONLINE RATE IS 87.50%[1].")) == ""
    assert fault(asked, answer(text="网办率很高[1]。")) == "omits"
    assert fault(asked, answer(text="网办率87.50%，执行率100%[1]。")) == "mentions"
    # An explanation may stand in a quotation; of another kind it must be told.
    quoted = answer(text="见所引[1]。", citations=(cite("indicators[0].deviation", "系统升级，受理延后。"),))
    assert fault(question("text", must_mention=("系统升级",)), quoted) == ""
    assert fault(question("boolean", must_mention=("系统升级",)), quoted) == "omits"


def test_too_many_related() -> None:
    assert fault(question("set", "停车费"), answer("停车费", related=("甲", "乙", "丙", "停车费"))) == ""
    assert fault(question("set", "停车费"), answer("停车费", related=("甲", "乙", "丙", "丁"))) == "related"


@pytest.mark.parametrize(
    ("cell", "quote", "holds"),
    [
        ("indicators[0].actual", "87.50(%)", True),
        ("indicators[0].actual", "…87.50(%)…", True),
        ("indicators[0].actual", "78.50(%)", False),
        ("indicators[1].actual", "87.50(%)", False),
        ("indicators[9].actual", "87.50(%)", False),
        ("nothing", "87.50(%)", False),
        ("total_score", "得分100.00分", True),
        ("total_score", "10", False),
        ("indicators[0]", "网办率", True),
        ("funding.total", "6.8", True),
        ("funding.total.score", "十分", False),
    ],
)
def test_quotations_are_looked_up_in_their_cells(cell: str, quote: str, holds: bool) -> None:
    assert FORMS.holds(cite(cell, quote)) is holds
    assert fault(question("set", "停车费"), answer("停车费", citations=(cite(cell, quote),))) == ("" if holds else "citation")


def test_citations_must_resolve_and_belong_to_the_project() -> None:
    asked = question("set", "停车费")
    for wrong in ({"project_name": ""}, {"cell": ""}, {"quote": ""}, {"project_name": "“一网通办”运营"}, {"project_name": "没有的项目"}):
        assert fault(asked, answer("停车费", citations=(cite(**wrong),))) == "citation"
    assert fault(asked, answer("停车费", citations=())) == "citation"
    assert fault(question("set"), answer(citations=())) == ""
    # Without forms at hand it is not known what stands there.
    assert judge(asked, answer("停车费", citations=(cite(quote="写的是别的"),))).right


class _Pages:
    """Every box of page 1 prints one text."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.asked: list[tuple[str, int, Box]] = []

    def read(self, file: str, page: int, box: Box) -> str | None:
        self.asked.append((file, page, box))
        return self.text


@pytest.mark.parametrize(
    ("printed", "there"), [("87.50(%)", True), ("87.5", True), ("78.50(%)", False), ("187.50(%)", False), ("", False), (None, None)]
)
def test_quotations_are_looked_up_on_the_page(printed: str | None, there: bool | None) -> None:
    pages = _Pages(printed)
    assert FORMS.on_page(cite(), pages) is there
    assert pages.asked == [("甲.pdf", 1, FORM.evidence["indicators[0].actual"].at[0].bbox)]  # type: ignore[union-attr]
    own = (1.0, 2.0, 3.0, 4.0)
    FORMS.on_page(cite(box=own), pages)
    assert pages.asked[-1][2] == own


def test_scans_and_cells_without_a_place_are_not_looked_up() -> None:
    scan = located(FORM.model_copy(update={"form_id": "s"}), file="甲.pdf", sha256="0" * 64, kind="scan")
    assert Forms([scan]).on_page(cite(), _Pages("87.50(%)")) is None
    assert Forms([FORM.model_copy(update={"evidence": {}})]).on_page(cite(), _Pages("87.50(%)")) is None


def test_figures_of_a_set() -> None:
    asked = [
        question("set", "停车费", "窗口服务费"),
        question("ranking", "甲", "乙", "丙").model_copy(update={"id": "r"}),
        question("number", value=Decimal(5), unit="个").model_copy(update={"id": "n"}),
        question("abstain").model_copy(update={"id": "a"}),
        question("text", "停车费").model_copy(update={"id": "t"}),
        question("set", "停车费").model_copy(update={"id": "never"}),
    ]
    given = {
        "set-1": answer("停车费", "法律顾问费", "培训经费", seconds=1.0, verified=True),
        "r": answer("乙", "甲", "丙", seconds=2.0, verified=True),
        "n": answer(text="5个", value=Decimal(5), unit="项", seconds=3.0, verified=True),
        "a": answer(text="没有找到。", abstained=True, citations=(), seconds=4.0),
        "t": answer(text="没有找到。", abstained=True, citations=(cite(quote="写的是别的"),), seconds=10.0),
    }
    told = answer_figures(judge_all(asked, given, FORMS, _Pages("87.50(%)")))
    assert (told.questions, told.right) == (6, 2)
    assert told.faults == {"abstention": 1, "order": 1, "projects": 1, "unanswered": 1}
    assert {name: (one.right, one.questions) for name, one in told.types.items()} == {
        "abstain": (1, 1),
        "number": (1, 1),
        "ranking": (0, 1),
        "set": (0, 2),
        "text": (0, 1),
    }
    assert (told.set_precision, told.set_recall) == (pytest.approx((1 / 3 + 0) / 2, abs=1e-6), 0.25)
    assert (told.numbers_exact, told.rankings_exact) == (1, 0)
    assert told.kendall_tau == pytest.approx(1 / 3, abs=1e-6)
    assert (told.abstention_precision, told.abstention_recall) == (0.5, 1)
    assert (told.citations, told.citations_resolve, told.citations_in_cell) == (4, 1, 0.75)
    assert (told.citations_on_pages, told.citations_on_page) == (3, 1)
    assert (told.verified, told.seconds_median, told.seconds_p95) == (1, 3, 10)
    nothing = answer_figures([])
    assert (nothing.questions, nothing.set_precision, nothing.seconds_p95) == (0, None, None)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=2, max_size=8), st.randoms())
def test_kendall_tau(order: list[str], rng: Any) -> None:
    assert kendall_tau(order, order) == 1
    assert kendall_tau(order, order[::-1]) == -1
    assert kendall_tau(order, []) == 0
    assert kendall_tau(order[:1], order) is None
    mixed = list(order)
    rng.shuffle(mixed)
    tau = kendall_tau(order, mixed)
    assert tau is not None
    assert tau == pytest.approx(-(kendall_tau(order[::-1], mixed) or 0))
    # What is told behind the required ones changes nothing.
    assert kendall_tau(order, [*mixed, "z"]) == tau


def test_percentiles() -> None:
    assert [percentile(range(1, 101), level) for level in (0.5, 0.95, 1)] == [50, 95, 100]
    assert (percentile([3.0], 0.95), percentile([], 0.5)) == (3, None)


def test_files_of_questions_and_answers(tmp_path: Path) -> None:
    asked = tmp_path / "q.jsonl"
    line = {
        "id": "q1", "set": "dev", "type": "lookup", "question": "多少？", "notes": "", "evidence": [],
        "answer": {"kind": "number", "value": 87.5, "unit": "%", "tolerance": 0.005, "must_mention": ["甲", ["乙", "丙"]]},
    }  # fmt: skip
    asked.write_text(json.dumps(line, ensure_ascii=False) + "\n\n", encoding="utf-8")
    (read,) = read_questions(asked)
    assert (read.answer.value, read.answer.must_mention, read.lang) == (Decimal("87.5"), ("甲", ("乙", "丙")), "zh")
    told = tmp_path / "a.jsonl"
    given = answer("停车费", value=Decimal("87.5"), unit="%", seconds=0.25)
    told.write_text(json.dumps({"id": "q1", **as_json(given)}, ensure_ascii=False), encoding="utf-8")
    back = read_answers(told)["q1"]
    assert (back.value, back.projects, back.seconds, back.citations[0].quote) == (Decimal("87.5"), ("停车费",), 0.25, "87.50(%)")
    for text, wanted in (("{", "不是 JSON"), ("[]", "JSON 对象"), ('{"id": "q1"}', "type")):
        asked.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=wanted):
            read_questions(asked)
    with pytest.raises(UsageError, match="读不出来"):
        read_answers(tmp_path / "none.jsonl")
