"""Each rule on one form: what it reports and what it must let pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from eval.fault_edits import edit
from schema.cells import CellValue
from schema.checks import RULES, Finding, check_form, load_profile
from schema.evidence import Evidence, PagePlace
from schema.form import Extra, Form

D = Decimal
PROFILE = load_profile()


@dataclass(frozen=True)
class Case:
    """Cells changed in the clean form, and the findings that come of it as rule -> cell."""

    id: str
    changes: dict[str, CellValue]
    findings: dict[str, str] = field(default_factory=dict)


def row(index: int, **cells: CellValue) -> dict[str, CellValue]:
    return {f"indicators[{index}].{name}": value for name, value in cells.items()}


def total(**cells: CellValue) -> dict[str, CellValue]:
    return {f"funding.total.{name}": value for name, value in cells.items()}


def part(**cells: CellValue) -> dict[str, CellValue]:
    return {f"funding.appropriation.{name}": value for name, value in cells.items()}


SCORE = "funding.total.score"
RATE = "funding.total.execution_rate"
WHY = "受天气影响。"

SUMS = [
    Case("weights as printed", {}),
    Case("one total weight wrong", {"total_weight": D(95)}, {"weight-sum": "total_weight"}),
    Case("weights add up to a total that is not 100",
         row(1, weight=D(15), score=D(15)) | {"total_weight": D(95), "total_score": D("94.53")},
         {"weight-sum": "total_weight", "category-weights": "indicators"}),
    Case("no total printed", {"total_weight": None}),
    Case("score total wrong by two hundredths", {"total_score": D("99.51")}, {"score-sum": "total_score"}),
    Case("score total off by a rounding", {"total_score": D("99.54")}),
    Case("parts of the budget do not add up", part(original_budget=D(90)), {"funding-sum": "funding.total.original_budget"}),
    Case("the rest comes from another source", part(original_budget=D(90)) | {"funding.other.original_budget": D(10)}),
    Case("no source printed", part(original_budget=None, adjusted_budget=None, outturn=None, execution_rate=None)),
]  # fmt: skip

EXECUTION = [
    Case("rate truncated", total(execution_rate=D("95.30"), outturn=D("114.37"), score=D("9.53")) | part(outturn=D("114.37"))),
    Case("rate rounded up", total(execution_rate=D("95.31"), outturn=D("114.37"), score=D("9.53")) | part(outturn=D("114.37"))),
    Case("rate off by two hundredths", total(execution_rate=D("95.33")), {"execution-rate": RATE}),
    Case("rate in whole percent", total(execution_rate=D(95))),
    Case("rate of a part", part(execution_rate=D(90)), {"execution-rate": "funding.appropriation.execution_rate"}),
    Case("rate of a budget of 0", {"funding.carryover.adjusted_budget": D(0), "funding.carryover.outturn": D(0),
                                   "funding.carryover.execution_rate": D(0)}),
    Case("score in whole points", total(score=D(10)) | {"total_score": D(100)}),
    Case("score in one place", total(score=D("9.5")) | {"total_score": D("99.5")}),
    Case("score full for 95.3 percent in two places", total(score=D("10.00")) | {"total_score": D(100)}),
    Case("score cut to whole points", total(score=D(9)) | {"total_score": D(99)}, {"execution-score": SCORE}),
    Case("rate not printed, score from the amounts", total(execution_rate=None)),
    Case("spent more than there was", total(outturn=D(125), execution_rate=D("104.17"), score=D(10)) | part(outturn=D(125),
         execution_rate=D("104.17")) | {"total_score": D(100)}, {"over-execution": "funding.appropriation.outturn"}),
    Case("low rate", total(outturn=D(60), execution_rate=D(50), score=D(5)) | part(outturn=D(60), execution_rate=D(50))
         | {"total_score": D(95)}, {"low-execution": RATE}),
    Case("budget cut to a third", total(original_budget=D(360)) | part(original_budget=D(360)),
         {"budget-revised": "funding.total.adjusted_budget"}),
    Case("budget of a new project", total(original_budget=D(0)) | part(original_budget=D(0)),
         {"budget-revised": "funding.total.adjusted_budget"}),
    Case("yuan under wan yuan", total(original_budget=D(1_000_000), adjusted_budget=D(1_200_000), outturn=D(1_143_600)) | part(
         original_budget=D(1_000_000), adjusted_budget=D(1_200_000), outturn=D(1_143_600)), {"money-unit": "funding.total"}),
    Case("yuan under yuan", total(original_budget=D(1_000_000), adjusted_budget=D(1_200_000), outturn=D(1_143_600)) | part(
         original_budget=D(1_000_000), adjusted_budget=D(1_200_000), outturn=D(1_143_600)) | {"unit_of_money": "元"}),
]  # fmt: skip

SCORING = [
    Case("score above weight", row(1, score=D(21)) | {"total_score": D("100.53")}, {"score-over-weight": "indicators[1].score"}),
    Case("negative score", row(1, score=D(-1)) | {"total_score": D("78.53"), "grade": "中"}, {"score-over-weight": "indicators[1].score"}),
    Case("missed, full score", row(1, actual="94.9%"), {"missed-full-score": "indicators[1].score"}),
    Case("missed at most, full score", row(3, actual="3.10(万元/条)"), {"missed-full-score": "indicators[3].score"}),
    Case("one accident, full score", row(5, actual="1起"), {"missed-full-score": "indicators[5].score"}),
    Case("below an unsigned limit", row(3, target="3.00(万元/条)")),
    Case("faster than an unsigned limit", row(1, level2="时效指标", name="平均响应时间", target="2小时", actual="1小时")),
    Case("above an unsigned limit", row(5, name="投诉数", target="2起", actual="5起")),
    Case("faults repaired", row(1, name="故障排除率", target="100%", actual="90%"), {"missed-full-score": "indicators[1].score"}),
    Case("twice a year", row(1, target="≥2次/年", actual="2次")),
    Case("missed in another unit of time", row(1, target="≤2小时", actual="150分钟"), {"missed-full-score": "indicators[1].score"}),
    Case("deducted without a reason", row(1, actual="90%", score=D("18.95")) | {"total_score": D("98.48")},
         {"deduction-unexplained": "indicators[1].deviation"}),
    Case("a dash is no reason", row(1, actual="90%", score=D("18.95"), deviation="……") | {"total_score": D("98.48")},
         {"deduction-unexplained": "indicators[1].deviation"}),
    Case("none is no reason", row(1, actual="90%", score=D("18.95"), deviation="无") | {"total_score": D("98.48")},
         {"deduction-unexplained": "indicators[1].deviation"}),
    Case("deducted in proportion, with a reason", row(1, actual="90%", score=D("18.95"), deviation=WHY) | {"total_score": D("98.48")}),
    Case("deducted out of proportion", row(1, actual="90%", score=D(10), deviation=WHY) | {"total_score": D("89.53"), "grade": "良"},
         {"score-formula": "indicators[1].score"}),
    Case("at most, by the one formula", row(3, actual="4(万元/条)", score=D("3.75"), deviation=WHY) | {"total_score": D("98.28")}),
    Case("at most, by the other formula", row(3, actual="4(万元/条)", score=D("3.33"), deviation=WHY) | {"total_score": D("97.86")}),
    Case("met and deducted", row(1, score=D(19), deviation=WHY) | {"total_score": D("98.53")}, {"met-deducted": "indicators[1].score"}),
    Case("declared met and deducted", row(4, score=D(18), deviation=WHY) | {"total_score": D("97.53")},
         {"met-deducted": "indicators[4].score"}),
    Case("level within its band", row(4, actual="部分达成指标并具有一定效果", score=D(16), deviation=WHY) | {"total_score": D("95.53")}),
    Case("level above its band", row(4, actual="部分达成指标并具有一定效果", score=D(18), deviation=WHY) | {"total_score": D("97.53")},
         {"qualitative-band": "indicators[4].score"}),
    Case("not met at its limit", row(4, actual="未达成指标且效果较差", score=D(12), deviation=WHY) | {"total_score": D("91.53")},
         {"qualitative-band": "indicators[4].score"}),
    Case("zero weight rests",
         row(1, weight=D(0), score=D(0), actual="10%") | {"total_weight": D(80), "total_score": D("79.53"), "grade": "中"},
         {"zero-weight": "indicators[1].weight", "weight-sum": "total_weight", "category-weights": "indicators"}),
    Case("grade too good", row(1, actual="90%", score=D(10), deviation=WHY) | {"total_score": D("89.53")},
         {"grade-band": "grade", "score-formula": "indicators[1].score"}),
    Case("grade in other words", {"grade": "优秀"}),
    Case("grade of an unknown scale", {"grade": "A"}),
    Case("no weights at all", {f"indicators[{i}].{name}": None for i in range(7) for name in ("weight", "score")} | {
         "total_weight": None, "funding.total.weight": None, "funding.total.score": None}),
]  # fmt: skip

TARGETS = [
    Case("direction against the goal", row(0, target="≤40.00(条)", actual="40.00(条)") | {"actual_result": None},
         {"goal-direction": "indicators[0].target"}),
    Case("direction of a share against the goal", row(6, target="≤85%", actual="80%"), {"goal-direction": "indicators[6].target"}),
    Case("an equal share of another row", row(1, target="≤85%", actual="80%") | {"expected_goal": "居民满意度不低于85%。"}),
    Case("another unit than the goal's", row(0, target="≤40.00(公里)", actual="40.00(公里)")),
    Case("far above target", row(0, actual="60.00(条)") | {"actual_result": None}, {"over-fulfilment": "indicators[0].actual"}),
    Case("far above target, explained", row(0, actual="60.00(条)", deviation=WHY) | {"actual_result": None}),
    Case("far above an exact target", row(3, target="≤3.00(万元/条)", actual="0.50(万元/条)")),
    Case("far above nothing", row(1, target=">0.00(%)", actual="10.00(%)")),
    Case("other unit", row(0, actual="42.00(公里)"), {"unit-mismatch": "indicators[0].actual"}),
    Case("unit on one side only", row(0, actual="42")),
    Case("nothing against a share", row(5, target="0", actual="100%"), {"unit-mismatch": "indicators[5].actual"}),
    Case("deadline of the year before", row(2, target="2022年12月底前"), {"deadline-year": "indicators[2].target"}),
    Case("deadline across the years", row(2, target="2022年10月-2023年3月")),
    Case("a year that is no deadline", row(4, target="完成2022年度审计报告")),
    Case("deadline beside a figure", row(0, target="2022年12月底前养护40条", actual="42条"), {"deadline-year": "indicators[0].target"}),
    Case("target without bite", row(1, target="≤100%"), {"vacuous-target": "indicators[1].target"}),
    Case("cost rate at most 100 percent", row(3, target="≤100%", actual="98%")),
    Case("actual copied with its sign", row(1, actual="≥95.00(%)"), {"actual-copies-target": "indicators[1].actual"}),
    Case("figure answered with a word", row(1, actual="良好"), {"kind-mismatch": "indicators[1].actual"}),
    Case("nothing answered with none", row(5, actual="无")),
    Case("figure answered with several", row(1, actual="上半年97%,下半年98%")),
    Case("word answered with a figure", row(4, actual="100%"), {"kind-mismatch": "indicators[4].actual"}),
    Case("a count with text answered with a word", row(4, target="1份年度总结报告")),
]  # fmt: skip

HEAD = ("project_name", "department", "fiscal_year", "total_score")
PRESENCE = [
    *(Case(f"{cell} missing", {cell: None}, {"missing-field": cell}) for cell in HEAD),
    Case("total budget missing", total(adjusted_budget=None), {"missing-field": "funding.total.adjusted_budget"}),
    Case("total original missing", total(original_budget=None), {"missing-field": "funding.total.original_budget"}),
    Case("template without the column of the original budget", total(original_budget=None) | part(original_budget=None)),
    Case("same indicator twice", row(3, level2="质量指标", name="养护 合格率"), {"duplicate-indicator": "indicators[3].name"}),
    Case("no survey", row(6, level1="效益指标"), {"missing-category": "indicators", "category-weights": "indicators"}),
    Case("unusual weights", row(0, weight=D(15), score=D(15)) | row(4, weight=D(25), score=D(25)), {"category-weights": "indicators"}),
]  # fmt: skip

RESULT = "actual_result"
NARRATIVE = [
    Case("another count", {RESULT: "全年养护河道48条。"}, {"narrative-number": RESULT}),
    Case("a smaller count of the whole", {RESULT: "全年共养护河道38条。"}, {"narrative-number": RESULT}),
    Case("a name with quotes", row(0, name="“水清”河道养护数量") | {RESULT: "全年“水清”河道养护38条。"}, {"narrative-number": RESULT}),
    Case("the same count later", {RESULT: "一季度养护河道10条，全年养护河道42条。"}),
    Case("parts that add up", {RESULT: "养护市管河道12条、区管河道30条。"}),
    Case("a part of it", {RESULT: "养护河道中，其中区管河道30条。"}),
    Case("about as many", {RESULT: "全年养护河道40余条。"}),
    Case("at least so many", {RESULT: "全年养护河道不少于40条。"}),
    Case("a plan", {RESULT: "计划养护河道50条。"}),
    Case("years, dates and document numbers", {RESULT: "依据水务〔2023〕48号，2023年5月1日至12月31日开展河道养护，第2年实施。"}),
    Case("another unit", {RESULT: "全年养护河道48公里。"}),
    Case("a share of something else", {RESULT: "河道养护经费使用率88%，问题整改率100%。"}),
    Case("another share of the same", {RESULT: "经测评，居民满意度为88%。"}, {"narrative-number": RESULT}),
    Case("several counts of one thing", {RESULT: "上半年养护河道15条，下半年养护河道20条。"}),
    Case("another thing in the same unit", {RESULT: "新建绿道3条。"}),
    Case("the goal over again", {RESULT: "全年养护河道不少于40条，居民满意度不低于85%。 "}, {"result-copies-goal": RESULT}),
]  # fmt: skip

CASES = [*SUMS, *EXECUTION, *SCORING, *TARGETS, *PRESENCE, *NARRATIVE]


def found(form: Form) -> list[tuple[str, str]]:
    return [(finding.rule, finding.cell) for finding in check_form(form, PROFILE)]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(clean: Form, case: Case) -> None:
    assert dict(found(edit(clean, case.changes))) == case.findings


def test_the_cases_reach_every_rule_of_one_form() -> None:
    assert {rule for case in CASES for rule in case.findings} == set(RULES) - {"sibling-conflict"}


def test_a_finding_says_what_it_rests_on(clean: Form) -> None:
    (finding,) = check_form(edit(clean, {"total_score": D(90)}), PROFILE)
    assert finding == Finding(
        form_id="clean",
        project_name="河道养护",
        rule="score-sum",
        severity="error",
        cell="total_score",
        message="预算执行得分 9.53 与 7 项指标得分合计 99.53，与所印总得分 90 不符。",
        computed="99.53",
        basis="shanghai",
    )


def test_printed_places_come_from_the_page(clean: Form) -> None:
    """10.00 for 95.3 % is wrong in two places; the bare number 10 may stand for a rounding to whole points."""
    form = edit(clean, total(score=D(10)) | {"total_score": D(100)})
    place = PagePlace(page=1, bbox=(0, 0, 1, 1), text="10.00")
    evidence = {SCORE: Evidence(match="exact", read_by="layout", confidence=1, at=(place,))}
    assert found(form) == []
    assert found(form.model_copy(update={"evidence": evidence})) == [("execution-score", SCORE)]


def test_sources_without_a_slot_count_in_the_sum(clean: Form) -> None:
    short = edit(clean, part(original_budget=D(90)))
    extra = Extra(label="财政专户管理资金", text="10.00 10.00 10.00 — 100% —")
    assert found(short) == [("funding-sum", "funding.total.original_budget")]
    assert found(short.model_copy(update={"extras": (extra,)})) == []


def test_an_empty_form_lacks_its_fields_and_nothing_else() -> None:
    rules = {finding.rule for finding in check_form(Form(form_id="empty"), PROFILE)}
    assert rules == {"missing-field"}
