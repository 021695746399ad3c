"""Figures in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.mentions import find_mentions

TEXTS = [
    ("为办事群众提供不少于16000件快递免费送达服务,预计刻制不少于40000套基本公章", ["≥16000(件)", "≥40000(套)"]),
    ("年阅读量不少于5万次，让群众及时了解", ["≥5(万次)"]),
    ("主动硬件巡检987次、软件巡检658次", ["987(次)", "658(次)"]),
    ("支撑115家委办3600余个项目在云上运行", ["115(家)", "约3600(个)"]),
    ("全年不少于12次，满意度达到90%以上", ["≥12(次)", "≥90(%)"]),
    ("2小时内响应应急维护", ["≤2(小时)"]),
    ("贯彻沪府办〔2020〕7号、沪府办【2020】7号、[沪府办(2020)7号]文件", []),
    ("2024年1月至12月，2023年12月31日前，第2年，1-3楼，7*24小时，十四五", []),
    ("1、提供服务。2.完成培训30场；（3）其他", ["30(场)"]),
    ("不低于99.999%（含），处理时长69分钟", ["≥99.999(%)", "69(分钟)"]),
    ("", []),
    (None, []),
]


@pytest.mark.parametrize(("text", "figures"), TEXTS, ids=[(t or "nothing")[:20] for t, _ in TEXTS])
def test_mentions(text: str | None, figures: list[str]) -> None:
    assert [str(m.quantity) for m in find_mentions(text)] == figures


def test_the_clause_is_what_stands_around() -> None:
    (mention,) = find_mentions("截止12月，对闵行区共计441个项目进行咨询评估服务，并出具报告")
    assert (mention.before, mention.after) == ("对闵行区共计", "项目进行咨询评估服务")


@pytest.mark.parametrize("quotes", ["“”", '""', "‘’", "「」"])
def test_quotes_within_a_clause_do_not_part_it(quotes: str) -> None:
    """Names hold quotes: a clause that began behind them would no longer name its indicator."""
    (mention,) = find_mentions("做好服务，全年“一网通办”系统维护30次“好差评”核查。".replace("“", quotes[0]).replace("”", quotes[1]))
    assert "一网通办" in mention.before and "好差评" in mention.after
    assert mention.clause.endswith("核查") and mention.clause.startswith("全年")


@given(st.text(max_size=60))
def test_never_fails(text: str) -> None:
    find_mentions(text)
