"""The list of forms to look through: filters, orders, parts."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from schema.form import Funding, FundingRow
from store import Store
from store.records import FormFilter, LineOrder, Slice
from store.repository import findings_counted, lines
from tests.factories import make_form, make_reading

pytestmark = pytest.mark.on_servers

D = Decimal
EVERY = FormFilter()


@pytest.fixture
def filled(store: Store, run: int) -> Store:
    """Four forms: amounts in two units, one without a score."""

    def money(amount: int) -> Funding:
        return Funding(total=FundingRow(adjusted_budget=D(amount), outturn=D(amount)))

    forms = [
        make_form("甲项目", fiscal_year=2023, funding=money(30), total_score=D(90)),
        make_form("乙项目", fiscal_year=2024, funding=money(200_000), unit_of_money="元", total_score=D(99)),
        make_form("丙项目", fiscal_year=2024, funding=money(25), total_score=None, department="丙局"),
        make_form("丁项目", fiscal_year=2022, funding=Funding(), total_score=D(95), grade="良"),
    ]
    store.save(make_reading(forms), run)
    return store


def _names(store: Store, wanted: FormFilter = EVERY, **part: object) -> list[str | None]:
    return [line.project_name for line in store.form_lines(wanted, Slice.model_validate(part)).lines]


def test_orders(filled: Store) -> None:
    assert _names(filled) == ["甲项目", "乙项目", "丙项目", "丁项目"]
    # 200,000 元 are 20 万元; who has no budget comes last either way.
    assert _names(filled, by="budget") == ["乙项目", "丙项目", "甲项目", "丁项目"]
    assert _names(filled, by="budget", descending=True) == ["甲项目", "丙项目", "乙项目", "丁项目"]
    assert _names(filled, by="lost", descending=True) == ["甲项目", "丁项目", "乙项目", "丙项目"]
    assert _names(filled, by="year") == ["丁项目", "甲项目", "乙项目", "丙项目"]
    for by in get_args(LineOrder):
        assert sorted(map(str, _names(filled, by=by))) == sorted(["甲项目", "乙项目", "丙项目", "丁项目"])


def test_a_line_says_what_was_lost_and_corrected(filled: Store) -> None:
    filled.correct("甲项目", "grade", "优", "张三")
    filled.correct("甲项目", "total_score", "91", "张三")
    filled.undo("甲项目", "grade", "张三")
    line = filled.form_lines(EVERY, Slice(by="corrected", descending=True)).lines[0]
    assert (line.project_name, line.lost, line.corrected) == ("甲项目", 9, 1)
    assert _names(filled, FormFilter(corrected=True)) == ["甲项目"]


def test_parts_and_filters(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    part = filled.form_lines(EVERY, Slice(by="year", descending=True, offset=1, limit=2))
    assert (part.total, [line.project_name for line in part.lines]) == (4, ["丙项目", "甲项目"])
    assert filled.form_lines(EVERY, Slice(offset=9)).lines == ()
    assert _names(filled, FormFilter(year=2024)) == ["乙项目", "丙项目"]
    assert _names(filled, FormFilter(department="丙局")) == ["丙项目"]
    facets = filled.form_facets()
    assert (facets.forms, facets.years) == (4, (2024, 2023, 2022))
    assert "丙局" in facets.departments
    assert facets.departments_left == 0
    monkeypatch.setattr(findings_counted, "MOST_CHOICES", 1)
    with filled.database.read() as connection:
        fewer = lines.list_facets(connection)
    assert (len(fewer.departments), fewer.departments_left) == (1, len(facets.departments) - 1)
