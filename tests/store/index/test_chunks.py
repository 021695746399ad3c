"""Forms to chunks."""

from __future__ import annotations

from decimal import Decimal

from store.index.chunks import context_of, drafts_of, key_of, lost_points, page_of
from tests.factories import located, make_form, make_indicator


def test_a_form_gives_one_chunk_per_meaning() -> None:
    drafts = list(drafts_of(make_form(rows=3)))
    assert [draft.kind for draft in drafts] == ["head", "goal", "result", "indicator", "indicator", "indicator"]
    assert [draft.cell for draft in drafts[:3]] == ["project_name", "expected_goal", "actual_result"]
    assert "6.8万元" in drafts[0].text


def test_a_row_that_explains_itself_ends_in_the_explanation_and_is_cited_there() -> None:
    row = make_indicator(0, score=Decimal("12.5"), deviation="因机构改革，此项工作已移交。")
    draft = list(drafts_of(make_form(indicators=(row,))))[3]
    assert draft.text.split("\n") == ["办理业务量0", "产出指标 数量指标", "≥90.00(%) → 95.00(%)", "因机构改革，此项工作已移交。"]
    assert (draft.cell, draft.lost, draft.deviation) == ("indicators[0].deviation", Decimal("2.5"), "因机构改革，此项工作已移交。")


def test_a_row_without_explanation_is_cited_by_its_name() -> None:
    draft = list(drafts_of(make_form(rows=1)))[3]
    assert (draft.cell, draft.lost, draft.deviation) == ("indicators[0].name", Decimal(0), None)


def test_lost_points_need_a_weight_and_a_score_within_it() -> None:
    assert lost_points(make_indicator(0, weight=None)) is None
    assert lost_points(make_indicator(0, score=None)) is None
    assert lost_points(make_indicator(0, weight=Decimal(3), score=Decimal(5))) is None


def test_blocks_that_say_nothing_are_no_chunks() -> None:
    assert all(draft.kind != "extra" for draft in drafts_of(make_form()))


def test_a_form_with_nothing_but_an_id_still_has_a_head() -> None:
    empty = make_form(
        title=None, project_name=None, department=None, implementing_unit=None, fiscal_year=None, expected_goal=None, actual_result=None,
        indicators=(), extras=(), total_score=None, grade=None, form_id="f1",
    )  # fmt: skip
    assert [draft.kind for draft in drafts_of(empty)] == ["head"]
    assert context_of(empty) == ""


def test_the_page_is_that_of_the_cell_else_the_first_of_the_form() -> None:
    form = located(make_form(rows=1), file="a.pdf", sha256="0" * 64, page=7)
    assert page_of(form, "indicators[0].name") == 7
    assert page_of(form, "indicators[0].deviation") == 7
    assert page_of(make_form(), "project_name") is None


def test_another_text_or_version_has_another_key() -> None:
    first, second = list(drafts_of(make_form(rows=1)))[:2]
    keys = {key_of("f", 1, 0, "c", first), key_of("f", 2, 0, "c", first), key_of("f", 1, 1, "c", first), key_of("f", 1, 0, "c", second)}
    assert len(keys) == 4
    assert key_of("f", 1, 0, "c", first) in keys
