"""The list of findings, and the sheet that is made of it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Literal

import openpyxl
import pytest

from eval.synthesis.many import many_forms
from schema.checks import RULES
from schema.checks.advice import ADVICE, advice_for
from schema.evidence import LinePlace, PagePlace, SheetPlace, TablePlace
from store import Store
from store.export.review_sheet import COLUMNS, spot, write_review_sheet
from store.repository import findings_counted
from store.review_records import FindingsWanted
from tests.answering import import_all
from tests.factories import make_form, make_indicator, make_reading

pytestmark = pytest.mark.on_servers

D = Decimal


@pytest.fixture
def filled(store: Store, run: int) -> Store:
    unexplained = (make_indicator(0, actual="80.00(%)", score=D(14)), *make_form().indicators[1:])
    forms = [
        make_form("甲", indicators=unexplained, total_score=D(99), department="=1+1", implementing_unit='=HYPERLINK("http://x")'),
        make_form("@乙", total_score=D(98), fiscal_year=2023, implementing_unit="\t=2+2"),
        make_form("+丙", total_weight=D(101)),
    ]
    store.save(make_reading(forms), run)
    store.settle()
    return store


def test_filters_counts_and_slices(filled: Store) -> None:
    everything = filled.findings_page(FindingsWanted())
    assert everything.total == len(filled.findings()) == len(everything.findings)
    assert [one.finding.severity for one in everything.findings] == sorted(
        (one.finding.severity for one in everything.findings), key=("error", "warning", "info").index
    )
    chosen = filled.findings_page(FindingsWanted(rule="score-sum"))
    assert {one.finding.rule for one in chosen.findings} == {"score-sum"}
    # Rules are counted as if none was chosen.
    assert chosen.rules == everything.rules
    assert {share.value: share.count for share in chosen.years} == {"2023": 1}
    assert filled.findings_page(FindingsWanted(year=2023)).total == sum(one.year == 2023 for one in everything.findings)
    assert filled.findings_page(FindingsWanted(text="@乙")).total == filled.findings_page(FindingsWanted(year=2023)).total
    assert filled.findings_page(FindingsWanted(text="100%_")).total == 0
    assert filled.findings_page(FindingsWanted(), 2, 2).findings == everything.findings[2:4]


@pytest.mark.parametrize("rule", [None, "score-sum", "no such rule"])
@pytest.mark.parametrize("severity", [None, "error", "warning"])
@pytest.mark.parametrize("year", [None, 2023])
@pytest.mark.parametrize("text", [None, "乙"])
def test_choices_tell_what_they_would_leave(
    filled: Store, rule: str | None, severity: Literal["error", "warning"] | None, year: int | None, text: str | None
) -> None:
    wanted = FindingsWanted(rule=rule, severity=severity, year=year, text=text)
    page = filled.findings_page(wanted)
    assert page.total == len(page.findings)
    for name, shares in (("rule", page.rules), ("severity", page.severities), ("department", page.departments), ("year", page.years)):
        others = filled.findings_page(FindingsWanted(**{**wanted.model_dump(), name: None})).findings
        values = [getattr(one.finding if name in ("rule", "severity") else one, name) for one in others]
        assert {share.value: share.count for share in shares} == Counter(str(value) for value in values if value is not None)


def test_what_was_counted_counts_until_something_changes(filled: Store, tmp_path: Path) -> None:
    before, counted = filled.findings_page(FindingsWanted()), filled.counts()
    assert before.total == sum(counted.findings.values())
    (odd,) = filled.findings_page(FindingsWanted(rule="score-sum")).findings
    # As another process would.
    with Store.open(tmp_path / "home", create=False) as other:
        other.correct(odd.finding.form_id, "total_score", odd.finding.computed or "", "某人")
    after = filled.findings_page(FindingsWanted())
    assert after.total == sum(filled.counts().findings.values()) < before.total
    assert "score-sum" not in {share.value for share in after.rules}
    assert filled.counts().corrections == 1


def test_of_many_departments_those_with_most_findings_are_told(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    every = filled.findings_page(FindingsWanted())
    assert len(every.departments) > 1
    assert every.departments_left == 0
    monkeypatch.setattr(findings_counted, "MOST_CHOICES", 1)
    page = filled.findings_page(FindingsWanted())
    assert page.departments == (max(every.departments, key=lambda share: share.count),)
    assert page.departments_left == len(every.departments) - 1
    least = min(every.departments, key=lambda share: share.count)
    assert least in filled.findings_page(FindingsWanted(department=least.value)).departments
    assert page.total == every.total


def test_a_finding_has_its_cell_and_a_place_to_look_at(filled: Store) -> None:
    (listed,) = filled.findings_page(FindingsWanted(rule="deduction-unexplained")).findings
    # The cell is empty; its row is where to look.
    assert (listed.finding.cell, listed.value, listed.row) == ("indicators[0].deviation", None, "办理业务量0")
    assert isinstance(listed.place, PagePlace)
    assert listed.place.text == "办理业务量0"
    assert listed.file == "甲.pdf"


def test_the_sheet_can_be_read_back_and_has_no_formulas(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    count = write_review_sheet(filled.iter_findings(FindingsWanted()), path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in sheet[1]] == [heading.label for heading in COLUMNS]
    assert len(rows) == count == len(filled.findings())
    texts = {str(cell.value): cell for row in rows for cell in row}
    for text in ('=HYPERLINK("http://x")', "@乙", "+丙", "\t=2+2"):
        assert texts[text].data_type == "s"
        assert texts[text].quotePrefix
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]
    assert {row[11].value for row in rows} == {row[12].value for row in rows} == {None}
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.print_title_rows) == ("D2", "landscape", "$1:$1")
    assert rows[0][5].alignment.wrap_text
    only = tmp_path / "only.xlsx"
    assert (
        write_review_sheet(filled.iter_findings(FindingsWanted(rule="score-sum")), only)
        == filled.findings_page(FindingsWanted(rule="score-sum")).total
    )


def test_every_rule_has_its_advice() -> None:
    assert set(ADVICE) == set(RULES)
    assert advice_for("of-tomorrow")


def test_places_in_words() -> None:
    assert spot(PagePlace(page=3, bbox=(0, 0, 1, 1), text="")) == "第 3 页"
    assert spot(SheetPlace(sheet="表1", ref="B2", text="")) == "表1!B2"
    assert spot(LinePlace(line=(3, 5), span=(0, 1), text="")) == "第 3–5 行"
    assert spot(TablePlace(table=1, row=2, column=3, text="")) == "表 1 第 2 行第 3 列"
    assert (spot(None, (7, 8)), spot(None)) == ("第 7 页", "")


@pytest.mark.parametrize("sort", ["severity", "rule", "form"])
def test_slices_put_together_are_the_whole_list(store: Store, tmp_path: Path, sort: Literal["severity", "rule", "form"]) -> None:
    import_all(store, list(many_forms(60)), tmp_path)
    for wanted in (FindingsWanted(sort=sort), FindingsWanted(sort=sort, severity="warning"), FindingsWanted(sort=sort, text="中心")):
        whole = list(store.iter_findings(wanted))
        pages = [store.findings_page(wanted, start, 7) for start in range(0, len(whole) + 7, 7)]
        assert [one for page in pages for one in page.findings] == whole
        assert {page.total for page in pages} == {len(whole)}
        assert len(whole) > 3
