"""A clean form to plant cases in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schema.form import Form, Funding, FundingRow, Indicator

D = Decimal


def _row(level1: str, level2: str, name: str, target: str, actual: str, weight: int) -> Indicator:
    return Indicator(level1=level1, level2=level2, name=name, target=target, actual=actual, weight=D(weight), score=D(weight))


@pytest.fixture
def clean() -> Form:
    """A form without findings: weights 10/50/30/10, everything met."""
    spent = {"original_budget": D(100), "adjusted_budget": D(120), "outturn": D("114.36"), "execution_rate": D("95.3")}
    return Form(
        form_id="clean",
        title="项目支出绩效自评表",
        fiscal_year=2023,
        project_name="河道养护",
        department="某区水务局",
        implementing_unit="某区河道管理所",
        unit_of_money="万元",
        funding=Funding(total=FundingRow(**spent, weight=D(10), score=D("9.53")), appropriation=FundingRow(**spent)),
        expected_goal="全年养护河道不少于40条，居民满意度不低于85%。",
        actual_result="全年养护河道42条，水面保洁到位，未发生安全事故。",
        indicators=(
            _row("产出指标", "数量指标", "养护河道数量", "≥40.00(条)", "42.00(条)", 20),
            _row("产出指标", "质量指标", "养护合格率", "≥95.00(%)", "98.00(%)", 20),
            _row("产出指标", "时效指标", "养护完成时间", "2023年12月底前", "达成指标", 5),
            _row("产出指标", "成本指标", "单位养护成本", "≤3.00(万元/条)", "2.70(万元/条)", 5),
            _row("效益指标", "社会效益指标", "水环境改善", "改善", "达成指标", 20),
            _row("效益指标", "可持续影响指标", "安全事故发生数", "0起", "0起", 10),
            _row("满意度指标", "服务对象满意度指标", "居民满意度", "≥85.00(%)", "91.00(%)", 10),
        ),
        total_weight=D(100),
        total_score=D("99.53"),
        grade="优",
    )
