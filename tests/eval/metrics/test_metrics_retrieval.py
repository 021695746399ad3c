"""Retrieval as a record: recall, reciprocal rank and nDCG, by way and type."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.retrieve import Place
from eval.retrieval import WAYS, Question, retrieval_figures, score
from store import Store
from tests.answering import import_all
from tests.factories import make_form, make_indicator


def _row(row: int) -> Place:
    return Place("f", "indicator", row)


def _piece(*rows: int) -> frozenset[Place]:
    return frozenset(map(_row, rows))


def test_gain_counts_every_piece_once_and_early_ones_more() -> None:
    wanted = [_piece(0, 1), _piece(5)]
    best = 1 + 1 / math.log2(3)
    assert score(wanted, [_row(0), _row(5)], 10).gain == 1
    assert score(wanted, [_row(0), _row(1), _row(5)], 10).gain == pytest.approx((1 + 1 / 2) / best)
    assert score(wanted, [_row(8), _row(5)], 10).gain == pytest.approx(1 / math.log2(3) / best)
    assert score(wanted, [_row(8)], 10).gain == 0
    assert score(wanted, [_row(8), _row(5)], 1).gain == 0


@settings(max_examples=40)
@given(st.lists(st.integers(0, 12), unique=True, max_size=12), st.sets(st.integers(0, 12), min_size=1, max_size=6), st.integers(6, 12))
def test_gain_is_a_share_and_whole_where_the_evidence_comes_first(order: list[int], wanted: set[int], k: int) -> None:
    pieces = [_piece(row) for row in wanted]
    told = score(pieces, [_row(row) for row in order], k)
    assert 0 <= told.gain <= 1 + 1e-9
    assert (told.gain > 0) == (told.recall > 0) == (told.reciprocal > 0)
    first = [*sorted(wanted), *(row for row in order if row not in wanted)]
    assert score(pieces, [_row(row) for row in first], k).gain == pytest.approx(1)


def test_the_record_of_a_home(tmp_path: Path) -> None:
    rows = (make_indicator(0, name="巡检次数"), make_indicator(1, name="培训场次"))
    home = tmp_path / "home"
    with Store.open(home) as store:
        import_all(store, [make_form("热线运维", form_id="own-1", indicators=rows), make_form("数据平台", form_id="own-2")], tmp_path)
    asked = [
        Question("1", "lookup", "热线运维的培训场次实际是多少？", (frozenset({Place("own-1", "indicator", 1)}),)),
        Question("2", "total", "热线运维的总得分是多少？", (frozenset({Place("own-1", "head", None)}),)),
        Question("3", "none", "没有依据的问题？", ()),
    ]
    record = retrieval_figures(home, asked, k=5)
    assert (record.k, record.questions, record.counted) == (5, 3, 2)
    assert set(record.ways) == set(WAYS)
    plan = record.ways["plan"]
    assert set(plan.types) == {"lookup", "total"}
    assert plan.all.questions == 2
    assert plan.all.recall == 1
    assert plan.all.mrr == pytest.approx((plan.types["lookup"].mrr + plan.types["total"].mrr) / 2)
    assert type(record).model_validate_json(record.model_dump_json()) == record
