"""Tens of thousands of made-up forms for questions: projects that go on for years, losses explained and not, odd money units.

    for form in many_forms(20_000, seed=0): ...
    for form in province_forms(100_000): ...

The forms of eval.synthesis.forms with what only many forms together have. They come without documents: what is measured with them is
questions, not reading.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from eval.synthesis import content
from eval.synthesis.forms import make_form, with_own_id
from schema.form import Form, Funding, FundingRow, Indicator

FEWEST_ROWS, MOST_ROWS = 8, 25
DOUBTFUL_SHARE, BLANK_SHARE, REMARK_SHARE = 0.015, 0.4, 0.02
"""Shares: of forms that print amounts in 元 under 万元; of lost points without a word, or with a dash; of full points with a remark."""
YEARS_ON = (0, 0, 0, 1, 2)
"""In how many further years a project goes on."""
LAST_YEAR = 2025
_YUAN = 10_000
_AMOUNTS = ("original_budget", "adjusted_budget", "outturn")
_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度", "上半年", "下半年")
CITY_FORMS = 5000
"""Forms of one city of a province: a unit has as many forms in a large province as in a small one."""
_CITY_NAMES = ("安临永长宁和清兴东南", "平江州阳川原泽陵海岭")
CAUSES = (
    "机构改革，{place}相关职能划转，{name}移交{other}实施",
    "受机构改革影响，{name}自{month}月起调整归口单位，{thing}衔接不畅",
    "年中预算压减{share}%，{thing}的部分内容未能安排",
    "{quarter}资金下达较晚，尾款{amount}万元未支付",
    "{place}申报量减少，{name}实际需求比年初预计少{share}%",
    "受{other}业务制约，{count}项任务未能按计划对接",
    "{month}月系统故障{count}次，导致{thing}响应滞后",
    "系统操作较复杂，{place}一线人员培训覆盖不足，使用率偏低{share}个百分点",
    "{name}的长效管理机制有待健全，{quarter}自查发现问题{count}个",
    "参与{thing}的人员年内变动{count}人，人手不足",
    "招标流标{count}次，{name}启动较晚，未能按期完成",
    "指标值设置偏高，与{place}实际相差{share}%",
    "{people}反映的{count}条意见办理时间较长",
    "佐证材料归档不及时，{quarter}补报{count}份",
)
"""Why points are lost, in the words of one form: names and figures make nearly every one of them different, as they are in print."""
REMARKS = ("已超额完成，{quarter}提前{count}天验收。", "机构改革后由{other}继续实施，目标已完成。", "与上年持平，继续保持。")
GOALS_MORE = (
    "计划在{quarter}前完成{thing}主体任务，覆盖{place}{count}个街镇，服务{people}{people_count}人次。",
    "安排资金{amount}万元，用于{name}的实施、监理和验收。",
    "推动信息化系统与{other}的数据对接，{thing}办理时限压缩{share}%。",
)
RESULTS_MORE = (
    "截至{month}月底，{name}已完成验收，实际服务{people}{people_count}人次，比上年增长{share}%。",
    "全年支出{amount}万元，主要用于{thing}的设备购置、运行维护和人员培训，结余资金按规定上缴。",
    "{quarter}会同{other}开展联合检查{count}次，整改完成率{rate}%。",
    "受机构改革影响，{name}部分工作移交{other}，其余任务均按计划完成。",
)


def many_forms(count: int, seed: int = 0) -> Iterator[Form]:
    """`count` forms of which no two have the same identity; fewer forms of one seed are the first of more.

    Several years of a project come one after the other. Money units are doubtful in about 1.5 % of them.
    """
    seen: set[str] = set()
    made, number = 0, 0
    while True:
        for form in _project(random.Random(f"{seed}:{number}")):
            if form.form_id in seen:
                continue
            seen.add(form.form_id)
            if made == count:
                return
            yield form
            made += 1
        number += 1


def province_forms(count: int, seed: int = 0) -> Iterator[Form]:
    """`count` forms of a province, one city after the other: more forms are those of more units. The first city's are `many_forms`."""
    for city in range(-(-count // CITY_FORMS)):
        for form in many_forms(min(CITY_FORMS, count - city * CITY_FORMS), seed=seed if city == 0 else seed * 100_003 + city):
            yield _of_city(form, city) if city else form


def _of_city(form: Form, city: int) -> Form:
    firsts, seconds = _CITY_NAMES
    number, second = divmod(city, len(seconds))
    turn, first = divmod(number, len(firsts))
    name = f"{firsts[first]}{seconds[second]}{'' if turn == 0 else f'第{turn + 1}'}市"
    place = {key: f"{name}{value}" for key in ("department", "implementing_unit") if (value := getattr(form, key))}
    return with_own_id(form.model_copy(update=place))


def _project(rng: random.Random) -> Iterator[Form]:
    """The forms of one project in one or more years: the name stays, the figures do not."""
    first = _worded(rng, make_form(rng, rows=rng.randint(FEWEST_ROWS, MOST_ROWS)))
    yield first
    year = first.fiscal_year or LAST_YEAR
    for later in range(year + 1, min(LAST_YEAR, year + rng.choice(YEARS_ON)) + 1):
        other = make_form(rng, rows=rng.randint(FEWEST_ROWS, MOST_ROWS))
        head = {"fiscal_year": later} | {name: getattr(first, name) for name in ("project_name", "department", "implementing_unit")}
        yield _worded(rng, other.model_copy(update=head))


def _worded(rng: random.Random, form: Form) -> Form:
    """The form with texts of its own, odd amounts and explanations."""
    told = _Words(rng, form)
    rows = tuple(row.model_copy(update={"deviation": told.deviation(row)}) for row in form.indicators)
    goal = f"{form.expected_goal or ''}{told.of(GOALS_MORE)}"
    result = f"{form.actual_result or ''}{told.of(RESULTS_MORE)}{told.of(RESULTS_MORE)}"
    odd = form.unit_of_money == "万元" and rng.random() < DOUBTFUL_SHARE
    funding = _in_yuan(form.funding) if odd else form.funding
    return with_own_id(form.model_copy(update={"indicators": rows, "expected_goal": goal, "actual_result": result, "funding": funding}))


class _Words:
    """What a form says in words of its own."""

    def __init__(self, rng: random.Random, form: Form) -> None:
        self._rng = rng
        topic = next(topic for topic in content.TOPICS if form.department and form.department.endswith(topic.department))
        place = (form.department or "").removesuffix(topic.department)
        self._fixed = {"place": place, "name": topic.name, "thing": topic.thing, "people": topic.people}

    def of(self, sentences: tuple[str, ...]) -> str:
        """One of the sentences, its slots filled."""
        rng = self._rng
        return rng.choice(sentences).format(
            other=rng.choice(content.PLACES) + rng.choice(content.TOPICS).department,
            month=rng.randint(2, 12),
            quarter=rng.choice(_QUARTERS),
            share=rng.randint(2, 40),
            count=rng.randint(2, 30),
            amount=Decimal(rng.randint(200, 90_000)) / 100,
            people_count=rng.randint(300, 90_000),
            rate=rng.randint(80, 100),
            **self._fixed,
        )

    def deviation(self, row: Indicator) -> str | None:
        """The explanation of a row: a reason and what is going to be done, a dash, or nothing."""
        rng = self._rng
        if row.weight is None or row.score is None or row.score >= row.weight:
            return self.of(REMARKS) if rng.random() < REMARK_SHARE else None
        if rng.random() < BLANK_SHARE:
            return rng.choice((None, None, "-", "/"))
        # A third keeps to the wordings that many forms share.
        reason = row.deviation if rng.random() < 1 / 3 else f"{self.of(CAUSES)}。"
        return f"{reason}{rng.choice(('', *content.MEASURES))}"


def _in_yuan(funding: Funding) -> Funding:
    """Amounts ten thousand times too great for what stands above them, none of them beyond what a cell can hold."""
    rows = {name: getattr(funding, name) for name in ("total", "appropriation", "carryover", "other")}
    return Funding(**{name: _times(row) for name, row in rows.items()})


def _times(row: FundingRow) -> FundingRow:
    amounts = {name: value * _YUAN for name in _AMOUNTS if (value := getattr(row, name)) is not None}
    return row.model_copy(update=amounts)
