"""Which printed words say that amounts are in 万元."""

from __future__ import annotations

import pytest

from schema.checks.execution import in_wan
from tests.factories import make_form


@pytest.mark.parametrize("unit", ["万元", "（万元）", "单位：万元", "金额单位：人民币万元", "单位:万元 "])
def test_wan_is_recognised_however_it_is_introduced(unit: str) -> None:
    assert in_wan(make_form(unit_of_money=unit))


@pytest.mark.parametrize("unit", [None, "元", "千元", "百万元", "亿元", "人民币元"])
def test_other_units_are_other_units(unit: str | None) -> None:
    assert not in_wan(make_form(unit_of_money=unit))
