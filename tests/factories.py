"""Forms, readings and places for tests: small, complete and distinct where a test asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from schema.cells import iter_cells
from schema.evidence import Evidence, PagePlace, Source
from schema.form import Extra, Form, Funding, FundingRow, Indicator
from schema.identity import with_ids
from schema.reading import DocumentReading, PageReport

D = Decimal
LEVELS = (("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", "社会效益指标"), ("满意度指标", "服务对象满意度指标"))


def sha(text: str) -> str:
    """A sha256 for a made-up document."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_indicator(i: int, **changes: Any) -> Indicator:
    """The i-th of the usual rows: target met, full score."""
    level1, level2 = LEVELS[i % len(LEVELS)]
    values = {
        "level1": level1,
        "level2": level2,
        "name": f"办理业务量{i}",
        "target": "≥90.00(%)",
        "actual": "95.00(%)",
        "weight": D(15),
        "score": D(15),
        "deviation": None,
    }
    return Indicator(**(values | changes))


def make_form(name: str = "政务服务热线运维", rows: int = 6, **changes: Any) -> Form:
    """A form whose sums are right: 10 points for the budget and 15 for each of six rows."""
    total = FundingRow(
        original_budget=D("6.8"), adjusted_budget=D("6.8"), outturn=D("6.8"), weight=D(10), execution_rate=D(100), score=D(10)
    )
    part = FundingRow(original_budget=D("6.8"), adjusted_budget=D("6.8"), outturn=D("6.8"), execution_rate=D(100))
    values: dict[str, Any] = {
        "form_id": "",
        "title": "财政项目支出绩效自评表",
        "fiscal_year": 2024,
        "project_name": name,
        "department": "上海市某区科学技术委员会",
        "implementing_unit": "上海市某区信息服务中心",
        "unit_of_money": "万元",
        "funding": Funding(total=total, appropriation=part),
        "expected_goal": "通过购买服务，保障系统全年稳定运行，群众满意度不低于90%。",
        "actual_result": "系统全年运行稳定，完成例行巡检和两次应急演练，群众满意度达到95%。",
        "indicators": tuple(make_indicator(i) for i in range(rows)),
        "total_weight": D(100),
        "total_score": D(100),
        "grade": "优",
        "extras": (Extra(label="财政专户管理资金", text="0.00"),),
    }
    return Form(**(values | changes))


def located(form: Form, *, file: str, sha256: str, kind: str = "digital", page: int = 1) -> Form:
    """The form with a source and a place for every non-null cell."""
    evidence = {
        cell: Evidence(
            match="exact",
            read_by="layout",
            confidence=0.99,
            at=(PagePlace(page=page, bbox=(72.0 + n, 100.25, 180.5 + n, 112.75), text=str(value)),),
        )
        for n, (cell, value) in enumerate(iter_cells(form))
        if value is not None
    }
    source = Source(file=file, sha256=sha256, pages=(page, page + 1), kind=kind, method="layout", seconds=0.031)  # type: ignore[arg-type]
    return form.model_copy(update={"source": source, "evidence": evidence})


def make_reading(forms: Sequence[Form], name: str = "甲.pdf", kind: str = "digital", *, sha256: str | None = None) -> DocumentReading:
    """What reading a made-up document with these forms yields; each form takes two pages."""
    digest = sha256 or sha(name)
    placed = [located(form, file=name, sha256=digest, kind=kind, page=2 * i + 1) for i, form in enumerate(forms)]
    pages = tuple(PageReport(page=i + 1, status="done") for i in range(2 * len(forms)))
    return DocumentReading(
        file=name,
        sha256=digest,
        size=1000,
        kind=kind,
        pages=pages,
        forms=with_ids(placed, digest),
        seconds=0.05,
    )
