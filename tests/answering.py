"""Stores with made-up forms for tests of questions: drawn from a seed, with blanks, doubtful money, explanations and texts."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

from schema.canonical import to_json
from schema.form import Form, Funding, FundingRow, Indicator
from store import Store
from tests.factories import D, make_form, make_indicator

UNITS = ("甲市第一服务中心", "甲市第二服务中心", "乙市信息中心")
YEARS = (2021, 2022, 2023)
GRADES = ("优", "良", None)
EXPLANATIONS = (
    None, None, "机构改革，职能划转至他处", "此事已移交他处", "系统故障导致响应滞后。后续将加强应急演练。",
    "相关部门未及时提供数据", "进一步提升质量", "长效机制有待健全", "-",
)  # fmt: skip
KINDS = ("热线运维", "平台建设", "人员培训", "设备采购", "宣传推广")
NAMES = ("办件完成率", "巡检次数", "用户满意度", "培训场次", "响应及时率")


def made_forms(seed: int, count: int = 40) -> list[Form]:
    """Forms drawn from a seed: project names are all different."""
    draw = random.Random(seed)
    return [_made_form(draw, number) for number in range(count)]


def import_all(store: Store, forms: Sequence[Form], folder: Path) -> list[Form]:
    """Put forms into a store; as they stand there."""
    path = folder / "forms.json"
    path.write_text(json.dumps([to_json(form) for form in forms], ensure_ascii=False), encoding="utf-8")
    store.import_forms(forms, path)
    return list(store.iter_forms())


def _made_form(draw: random.Random, number: int) -> Form:
    # A few in another unit of money; none near the limit from which the checker doubts it, but for the odd ones.
    odd = draw.random() < 0.1
    budget = D(draw.randint(200_000, 900_000)) if odd else D(draw.randint(100, 9_000_000)).scaleb(-2)
    blank = draw.random() < 0.1
    outturn = None if blank else (budget * draw.randint(40, 100) / 100).quantize(D("0.01"))
    rows = tuple(_made_row(draw, i) for i in range(draw.randint(1, 6)))
    total = FundingRow(
        original_budget=draw.choice([budget, (budget * 2).quantize(D("0.01")), None]),
        adjusted_budget=budget,
        outturn=outturn,
        weight=D(10),
        execution_rate=None if outturn is None else (outturn / budget * 100).quantize(D("0.01")),
        score=None if blank else D(draw.randint(400, 1000)).scaleb(-2),
    )
    return make_form(
        f"第{number}期{draw.choice(KINDS)}",
        form_id=f"form-{number}",
        department=draw.choice(UNITS),
        implementing_unit=draw.choice(UNITS),
        fiscal_year=draw.choice(YEARS),
        unit_of_money=draw.choice(["万元", "万元", "万元", "元"]) if not odd else "万元",
        funding=Funding(total=total),
        indicators=rows,
        total_score=None if draw.random() < 0.1 else D(draw.randint(7000, 10000)).scaleb(-2),
        grade=draw.choice(GRADES),
    )


def _made_row(draw: random.Random, i: int) -> Indicator:
    weight = D(draw.choice([5, 10, 15]))
    lost = draw.choice([D(0), D(0), D("0.5"), D(1), weight])
    actual = draw.choice([f"{draw.randint(50, 100)}.00(%)", f"{draw.randint(1, 20)}(次)", "达成指标", None])
    return make_indicator(
        i, name=f"{draw.choice(NAMES)}{i}", actual=actual, weight=weight, score=weight - lost, deviation=draw.choice(EXPLANATIONS)
    )
