"""Answers in free words: right ones stand however they are worded, wrong ones do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from agents.answer.answer import Answer, Citation
from agents.answer.compose.composing import compose
from agents.answer.compose.writer import Writer
from agents.answer.execute.execution import execute
from agents.answer.execute.records import Result, every_line
from agents.answer.query import Condition, Pick, Query
from agents.answer.verify.composed import Basis, judge, verify, worded
from schema.form import Form, Funding, FundingRow
from store import Store
from store.facts import Facts
from tests.answering import import_all
from tests.factories import D, make_form, make_indicator

HOTLINE, PLATFORM, TRAINING = "甲区热线运维项目", "乙区平台建设项目", "丙区培训经费"
FORMS_SHOWN = Query(
    intent="list",
    measures=("original_budget", "adjusted_budget", "outturn", "execution_rate", "total_score", "grade", "implementing_unit"),
    conditions=(Condition(measure="total_score", op=">=", value=Decimal(90), unit="分"),),
)
ROWS_SHOWN = Query(intent="explain", pick=Pick(words=(("率",),)))
_CELL = re.compile(r"\{(\w+)\.(\w+)\}")


def _form(name: str, key: str, year: int, money: tuple[str, str, str], scores: tuple[str, str, str]) -> Form:
    original, adjusted, outturn = map(D, money)
    rate, total, grade = scores
    row = FundingRow(
        original_budget=original, adjusted_budget=adjusted, outturn=outturn, weight=D(10), execution_rate=D(rate), score=D("9.10")
    )
    return make_form(
        name, form_id=key, department="甲市第一服务局", implementing_unit=f"{name[:2]}信息中心", fiscal_year=year, unit_of_money="万元",
        funding=Funding(total=row), total_score=D(total), grade=grade,
        indicators=(
            make_indicator(0, name=f"办结率{key}", target="≥95.00(%)", actual="90.00(%)", weight=D(10), score=D(7),
                           deviation="机构改革，职能划转至他处。后续将加强管理。"),
            make_indicator(1, name=f"响应率{key}", target="≥80.00(%)", actual="96.00(%)", weight=D(10), score=D(10), deviation=None),
        ),
    )  # fmt: skip


class World:
    """Two results over three forms, and cells by short names: {a.total}, {b.rate}."""

    def __init__(self, folder: Path) -> None:
        forms = [
            _form(HOTLINE, "a", 2023, ("120.00", "100.00", "80.50"), ("80.50", "91.20", "良")),
            _form(PLATFORM, "b", 2023, ("24000.00", "25000.00", "24900.00"), ("99.60", "97.45", "优")),
            _form(TRAINING, "c", 2022, ("50.00", "50.00", "48.00"), ("96.00", "94.10", "优")),
        ]
        self.store = Store.open(folder / "home")
        import_all(self.store, forms, folder)
        self.facts = Facts(self.store)
        with self.facts.session() as session:
            self.names = tuple(head.name for head in session.heads)
            self.results = [execute(query, session) for query in (FORMS_SHOWN, ROWS_SHOWN)]

    def judged(self, text: str) -> list[str]:
        """The faults of a text in which {a.total} stands for the mark of a cell."""
        result = self.results[1] if re.search(r"\{\w+\.(?:w|s|t|r|d)\d?\}", text) else self.results[0]
        pen = Writer(result)
        marked = _CELL.sub(lambda m: _mark(pen, result, m[1], m[2]), text)
        answer = Answer(question="各项目情况如何？", answer=marked, citations=tuple(pen.citations))
        return [one.fault for one in judge(answer, Basis(result, names=(*self.names, "丁区停车项目"))) if not one.stands]


_WHATS = {
    "original": "original_budget", "budget": "adjusted_budget", "spent": "outturn", "rate": "execution_rate", "total": "total_score",
    "grade": "grade", "unit": "implementing_unit", "w": "weight", "s": "score", "t": "target", "r": "actual", "d": "deviation",
}  # fmt: skip


def _mark(pen: Writer, result: Result, form: str, key: str) -> str:
    second = key.endswith("2")
    for line in every_line(result):
        if line.form.form_id == form and (line.row is None or line.row.position == (1 if second else 0)):
            if key == "name":
                return pen.cite_name(line.form)
            fact = line.fact(_WHATS[key.rstrip("2")])
            if fact is not None:
                return pen.cite(fact)
    raise LookupError(key)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("worded"))
    yield world
    world.store.close()


RIGHT = (
    "甲区热线运维项目的自评总分是 91.20 分{a.total}。",
    "乙区平台建设项目（2023年度）全年预算 25,000 万元，实际支出 24,900 万元{b.budget}{b.spent}。",
    "乙区平台建设项目全年预算为 2.5 亿元{b.budget}。",
    "乙区平台建设项目的支出接近 2.5 亿元{b.spent}。",
    "甲区热线运维项目执行率只有约 81%{a.rate}。",
    "甲区热线运维项目、乙区平台建设项目的得分分别为 91.20 分{a.total}、97.45 分{b.total}。",
    "甲区热线运维项目和丙区培训经费的总得分分别是 91.20 和 94.10 分{a.total}{c.total}。",
    "三个项目平均得分约 94.25 分{a.total}{b.total}{c.total}。",
    "甲区热线运维项目与丙区培训经费合计支出 128.5 万元{a.spent}{c.spent}。",
    "乙区平台建设项目（97.45分{b.total}）比甲区热线运维项目（91.20分{a.total}）高 6.25 分。",
    "甲区热线运维项目的执行率比乙区平台建设项目低 19.1 个百分点{a.rate}{b.rate}。",
    "甲区热线运维项目年初预算 120 万元{a.original}，调整后为 100 万元{a.budget}，调减 20 万元。",
    "甲区热线运维项目结余 19.5 万元{a.budget}{a.spent}。",
    "甲区热线运维项目的支出占全年预算的 80.5%{a.spent}{a.budget}。",
    "总得分最高的是乙区平台建设项目，为 97.45 分{b.total}。",
    "执行率最低的是甲区热线运维项目（80.50%{a.rate}）。",
    "按总得分从高到低依次为：乙区平台建设项目（97.45 分{b.total}）、丙区培训经费（94.10 分{c.total}）、"
    "甲区热线运维项目（91.20 分{a.total}）。",
    "丙区培训经费得分排名第二{c.total}。",
    "共有三个项目：甲区热线运维项目{a.name}、乙区平台建设项目{b.name}、丙区培训经费{c.name}。",
    "甲区热线运维项目的评分等级为良{a.grade}。",
    "丙区培训经费由丙区信息中心实施{c.unit}。",
    "得分不低于 90 分的项目有 3 个{a.total}{b.total}{c.total}。",
    "| 项目 | 总得分 | 执行率 |\n| --- | --- | --- |\n| 甲区热线运维项目 | 91.20 分{a.total} | 80.50%{a.rate} |",
    "- 丙区培训经费：支出 48 万元{c.spent}，执行率 96%{c.rate}",
    "甲区热线运维项目的“办结率a”分值 10 分，得 7 分，失 3 分{a.w}{a.s}。",
    "甲区热线运维项目的“办结率a”目标为不低于 95%{a.t}，实际 90%{a.r}，没有达到目标。",
    "乙区平台建设项目的“响应率b”没有扣分{b.w2}{b.s2}。",
    "丙区培训经费因机构改革失分{c.d}。",
    "丙区培训经费写道：“机构改革，职能划转至他处。”{c.d}。",
    "The total score of 甲区热线运维项目 is 91.20 points{a.total}.",
    "乙区平台建设项目 spent 249 million yuan{b.spent} of an adjusted budget of 250 million yuan{b.budget}.",
    "甲区热线运维项目 scored 91.20{a.total}, 6.25 points lower than 乙区平台建设项目 at 97.45{b.total}.",
    "丙区培训经费 (2022) has an execution rate of 96%{c.rate}, while 甲区热线运维项目 reached only 80.5%{a.rate}.",
    "On average the three projects scored 94.25 points{a.total}{b.total}{c.total}.",
    "乙区平台建设项目 has the highest total score, 97.45 points{b.total}.",
    "丙区培训经费 lost 3 points on “办结率c” due to institutional reform{c.w}{c.s}{c.d}.",
    "根据自评表，乙区平台建设项目表现最好，自评总分达到97.45分{b.total}，其次是丙区培训经费（94.10分{c.total}），甲区热线运维项目最低，仅为91.20分{a.total}。",
    "从执行率看，甲区热线运维项目仅为80.50%{a.rate}，明显低于乙区平台建设项目的99.60%{b.rate}。",
    "三个项目的执行率在80.50%至99.60%之间{a.rate}{b.rate}{c.rate}。",
    "其中，甲区热线运维项目的全年预算为100.00万元{a.budget}，实际支出80.50万元{a.spent}，执行率80.50%{a.rate}。",
    "3个项目全年预算合计25,150万元{a.budget}{b.budget}{c.budget}，约2.5亿元。",
    "乙区平台建设项目的预算由年初的24,000万元{b.original}追加到25,000万元{b.budget}，增加了1,000万元。",
    "甲区热线运维项目在“办结率a”上扣了3分{a.w}{a.s}，原因是机构改革、职能划转{a.d}。",
    "表中未说明丙区培训经费“响应率c”的偏差原因{c.d2}{c.s2}。",
    "**乙区平台建设项目**（2023年）：总得分97.45分{b.total}，等级“优”{b.grade}。",
    "两个2023年度项目的平均得分为94.33分{a.total}{b.total}。",
    "乙区平台建设项目 had the best total score (97.45 points{b.total}), followed by 丙区培训经费 (94.10 points{c.total}).",
    "In 2023, 甲区热线运维项目 spent 80.5 万元{a.spent} out of a budget of 100 万元{a.budget}, an execution rate of 80.5%{a.rate}.",
    "共有 3 个项目符合条件{a.name}{b.name}{c.name}。",
    "具体如下：",
    "各项目的得分见下表。",
    "甲区热线运维项目得分为91.20分{a.total}，比丙区培训经费的94.10分{c.total}低2.9分。",
    "甲区热线运维项目的“办结率a”分值10分{a.w}、得分7分{a.s}，因“机构改革，职能划转至他处”{a.d}失了3分。",
    "丙区培训经费的支出为48万元，占全年预算50万元的96%{c.spent}{c.budget}。",
    "甲区热线运维项目2023年度执行率为80.50%{a.rate}，三个项目中最低。",
    "就支出规模而言，乙区平台建设项目最大，达24,900.00万元{b.spent}，是丙区培训经费（48.00万元{c.spent}）的518.75倍。",
    "丙区培训经费2022年度全年预算50.00万元，全年执行48.00万元，结余2.00万元，执行率96.00%{c.budget}{c.spent}{c.rate}。",
    "甲区热线运维项目和乙区平台建设项目均为2023年度项目{a.name}{b.name}。",
    "评分等级为“优”的有乙区平台建设项目{b.grade}和丙区培训经费{c.grade}。",
    "只有甲区热线运维项目的等级为“良”{a.grade}。",
    "综上，三个项目共支出25,028.50万元{a.spent}{b.spent}{c.spent}。",
    "乙区平台建设项目的执行率{b.rate}最高，为99.60%。",
    "甲区热线运维项目：办结率a目标95%{a.t}、实际90%{a.r}，未达标。",
    "三张表的“办结率”指标均因机构改革失分{a.d}{b.d}{c.d}。",
    "甲区热线运维项目的响应率a实际完成96%，超过80%的目标{a.r2}{a.t2}。",
    "Among the three, 甲区热线运维项目 has the lowest execution rate at 80.50%{a.rate}.",
    "丙区培训经费 was graded 优{c.grade} with 94.10 points{c.total}.",
    "The gap between 乙区平台建设项目 (97.45{b.total}) and 丙区培训经费 (94.10{c.total}) is 3.35 points.",
    "The explanation of 丙区培训经费 says “机构改革，职能划转至他处”{c.d}.",
    "丙区培训经费's budget was not adjusted: 50.00 万元 both originally and finally{c.original}{c.budget}.",
    "2023年度的甲区热线运维项目{a.name}全年预算100万元{a.budget}，花了80.5万元{a.spent}。",
    "得分最低的甲区热线运维项目为91.20分{a.total}。",
    "三个项目合计年初预算24,170万元，全年预算25,150万元{a.original}{b.original}{c.original}{a.budget}{b.budget}{c.budget}。",
    "丙区培训经费（2022年度，等级优{c.grade}）得94.10分{c.total}，执行率96%{c.rate}。",
    "乙区平台建设项目执行率99.60%{b.rate}，接近100%。",
    "甲区热线运维项目的预算调减了20万元，降幅16.67%{a.original}{a.budget}。",
    "办结率a失分3分{a.w}{a.s}，说明为“机构改革，职能划转至他处。”{a.d}",
    "With a score of 97.45{b.total}, 乙区平台建设项目 ranks first, ahead of 丙区培训经费 at 94.10{c.total}.",
    "甲区热线运维项目 used about 81% of its budget{a.spent}{a.budget}.",
    "The implementing unit of 丙区培训经费 is 丙区信息中心{c.unit}.",
    "甲区热线运维项目的得分{a.total}在三个项目中垫底，为91.20分{a.total}。",
    "平均执行率为92.03%{a.rate}{b.rate}{c.rate}。",
)
WRONG = (
    "甲区热线运维项目的自评总分是 91.30 分{a.total}。",
    "甲区热线运维项目的自评总分是 97.45 分{a.total}{b.total}。",
    "甲区热线运维项目得 97.45 分，乙区平台建设项目得 91.20 分{a.total}{b.total}。",
    "甲区热线运维项目、乙区平台建设项目的得分分别为 97.45 分、91.20 分{b.total}{a.total}。",
    "甲区热线运维项目、乙区平台建设项目的得分分别为 97.45 分{b.total}、91.20 分{a.total}。",
    "甲区热线运维项目的自评总分是 91.20 分。",
    "甲区热线运维项目的全年预算为 120 万元{a.original}{a.budget}。",
    "甲区热线运维项目的全年预算为 100 元{a.budget}。",
    "甲区热线运维项目的全年预算为 100{a.budget}。",
    "甲区热线运维项目的执行率为 80.50 分{a.rate}。",
    "乙区平台建设项目全年预算为 25 亿元{b.budget}。",
    "甲区热线运维项目执行率约 80%{a.rate}。",
    "甲区热线运维项目执行率约 90%{a.rate}。",
    "戊区智慧园区项目的自评总分是 91.20 分{a.total}。",
    "丁区停车项目的自评总分是 91.20 分{a.total}。",
    "市教育局的甲区热线运维项目得 91.20 分{a.total}。",
    "甲区热线运维项目由丙区信息中心实施，得 91.20 分{a.total}{c.unit}。",
    "浦东的甲区热线运维项目得 91.20 分{a.total}。",
    "甲区热线运维项目（2022年度）得 91.20 分{a.total}。",
    "2021年，三个项目平均得分 94.25 分{a.total}{b.total}{c.total}。",
    "三个项目平均得分 94.52 分{a.total}{b.total}{c.total}。",
    "甲区热线运维项目与丙区培训经费合计支出 130 万元{a.spent}{c.spent}。",
    "乙区平台建设项目（97.45分{b.total}）比甲区热线运维项目（91.20分{a.total}）低 6.25 分。",
    "甲区热线运维项目的得分高于乙区平台建设项目{a.total}{b.total}。",
    "甲区热线运维项目的执行率比乙区平台建设项目低 19.1%{a.rate}{b.rate}。",
    "总得分最高的是丙区培训经费，为 94.10 分{c.total}。",
    "乙区平台建设项目的总得分最低，为 97.45 分{b.total}。",
    "按总得分从高到低依次为：丙区培训经费（94.10 分{c.total}）、乙区平台建设项目（97.45 分{b.total}）。",
    "丙区培训经费得分排名第一{c.total}。",
    "共有两个项目：甲区热线运维项目{a.name}、乙区平台建设项目{b.name}、丙区培训经费{c.name}。",
    "有 4 个项目得分不低于 90 分{a.total}{b.total}{c.total}。",
    "甲区热线运维项目的评分等级为优{a.grade}。",
    "得分不低于 95 分的项目有 3 个{a.total}{b.total}{c.total}。",
    "甲区热线运维项目得 91.20 分{b.total}。",
    "甲区热线运维项目{b.name}得 91.20 分{a.total}。",
    "甲区热线运维项目的“办结率a”没有扣分{a.w}{a.s}。",
    "甲区热线运维项目的“办结率a”目标为 95%{a.t}，实际 90%{a.r}，达到目标。",
    "甲区热线运维项目的“办结率a”得 10 分{a.s2}。",
    "甲区热线运维项目的“办结率a”得 10 分，“响应率a”得 7 分{a.s}{a.s2}。",
    "丙区培训经费因疫情失分{c.d}。",
    "丙区培训经费没有说明“办结率c”失分的原因{c.d}。",
    "丙区培训经费写道：“机构改革，职能划转至此处。”{c.d}。",
    "甲区热线运维项目写道：“机构改革，职能划转至他处。”{c.d}。",
    "| 项目 | 总得分 | 执行率 |\n| --- | --- | --- |\n| 甲区热线运维项目 | 80.50%{a.rate} | 91.20 分{a.total} |",
    "领导高度重视，群众反响热烈，成效非常显著{a.total}。",
    "The total score of 甲区热线运维项目 is 97.45 points{a.total}{b.total}.",
    "甲区热线运维项目 scored 91.20{a.total}, 6.25 points higher than 乙区平台建设项目 at 97.45{b.total}.",
    "乙区平台建设项目 spent 24.9 million yuan{b.spent}.",
    "The Shanghai Education Bureau ran 甲区热线运维项目, which scored 91.20 points{a.total}.",
    "丙区培训经费 lost 3 points on “办结率c” due to staff turnover{c.w}{c.s}{c.d}.",
    "Five projects scored 94.25 points on average{a.total}{b.total}{c.total}.",
    "甲区热线运维项目仅为99.60%{b.rate}。",
    "三个项目的执行率在80.50%至99.90%之间{a.rate}{b.rate}{c.rate}。",
    "3个项目全年预算合计25,150万元{a.budget}{b.budget}{c.budget}，约2.6亿元。",
    "乙区平台建设项目的预算由年初的25,000万元{b.budget}追加到24,000万元{b.original}。",
    "丙区培训经费表现最好，自评总分达到94.10分{c.total}。",
    "甲区热线运维项目在“响应率a”上扣了3分{a.w}{a.s}。",
    "The three projects' scores range from 91.20{a.total} to 98.45 points{b.total}.",
    "丙区培训经费 had the best total score (94.10 points{c.total}).",
    "甲区热线运维项目、乙区平台建设项目和丙区培训经费全部由甲区信息中心实施{a.unit}{b.unit}{c.unit}。",
    "各项目均得满分{a.total}{b.total}{c.total}。",
    "三个项目的得分均在95分以上{a.total}{b.total}{c.total}。",
    "乙区平台建设项目执行率不足80%{b.rate}。",
    "甲区热线运维项目的得分约为丙区培训经费的两倍{a.total}{c.total}。",
    "甲区热线运维项目获得财政追加20万元{a.original}{a.budget}。",
    "甲区热线运维项目不存在问题，预算全部执行完毕{a.rate}。",
    "甲区热线运维项目的分数是九十七点四五分{a.total}。",
    "乙区平台建设项目支出二亿元{b.spent}。",
    "最高分与最低分相差7.25分{a.total}{b.total}。",
    "前述三个项目得分均高于丙区培训经费{a.total}{b.total}{c.total}。",
    "甲区热线运维项目被评为不合格{a.grade}。",
    "甲区热线运维项目2023年度执行率为80.50%{a.rate}，三个项目中最高。",
    "乙区平台建设项目支出24,900.00万元{b.spent}，是丙区培训经费（48.00万元{c.spent}）的520倍。",
    "丙区培训经费全年预算50.00万元，全年执行48.00万元，结余3.00万元{c.budget}{c.spent}。",
    "甲区热线运维项目和丙区培训经费均为2023年度项目{a.name}{c.name}。",
    "评分等级为“优”的有甲区热线运维项目{a.grade}和丙区培训经费{c.grade}。",
    "只有丙区培训经费的等级为“良”{c.grade}。",
    "三个项目共支出25,028.50元{a.spent}{b.spent}{c.spent}。",
    "甲区热线运维项目：办结率a目标95%{a.t}、实际90%{a.r}，已达标。",
    "三张表均因人员不足失分{a.d}{b.d}{c.d}。",
    "甲区热线运维项目的响应率a实际完成96%，低于80%的目标{a.r2}{a.t2}。",
    "甲区热线运维项目的响应率a目标96%，实际80%{a.r2}{a.t2}。",
    "Among the three, 丙区培训经费 has the lowest execution rate at 96%{c.rate}.",
    "甲区热线运维项目 was graded 优{a.grade} with 91.20 points{a.total}.",
    "The gap between 乙区平台建设项目 (97.45{b.total}) and 丙区培训经费 (94.10{c.total}) is 4.35 points.",
    "甲区热线运维项目 left 20.5 万元 unspent{a.budget}{a.spent}.",
    "The execution rate of 甲区热线运维项目 is 91.20%{a.total}.",
    "丙区培训经费得94.10分{c.total}，甲区热线运维项目也得94.10分{c.total}。",
    "甲区热线运维项目超支{a.spent}{a.budget}。",
    "甲区热线运维项目执行率仅为八成{a.rate}。",
    "甲区热线运维项目得91分{a.total}。",
    "乙区平台建设项目2024年继续实施{b.name}。",
    "上海市财政局批准了甲区热线运维项目的预算{a.budget}。",
    "甲区热线运维项目的中标单位是华为技术有限公司{a.name}。",
    "3个项目中有2个低于90分{a.total}{b.total}{c.total}。",
    "2023年度的丙区培训经费{c.name}全年预算50万元{c.budget}。",
    "得分最低的丙区培训经费为94.10分{c.total}。",
    "三个项目合计年初预算25,150万元，全年预算24,170万元{a.original}{b.original}{c.original}{a.budget}{b.budget}{c.budget}。",
    "丙区培训经费（2022年度，等级良{c.grade}）得94.10分{c.total}。",
    "甲区热线运维项目的预算调减了20万元，降幅20%{a.original}{a.budget}。",
    "甲区热线运维项目的预算调增了20万元{a.original}{a.budget}。",
    "With a score of 94.10{c.total}, 丙区培训经费 ranks first, ahead of 乙区平台建设项目 at 97.45{b.total}.",
    "甲区热线运维项目 used about 18% of its budget{a.spent}{a.budget}.",
    "The implementing unit of 丙区培训经费 is 乙区信息中心{b.unit}.",
    "平均执行率为92.30%{a.rate}{b.rate}{c.rate}。",
    "甲区热线运维项目执行率是乙区平台建设项目的一半{a.rate}{b.rate}。",
    "甲区热线运维项目的结余为80.50万元{a.budget}{a.spent}。",
    "甲区热线运维项目的支出为100万元，预算为80.5万元{a.spent}{a.budget}。",
    "乙区平台建设项目、丙区培训经费得分分别低于90分{b.total}{c.total}。",
)


@pytest.mark.parametrize("text", RIGHT)
def test_right_sentences_stand(world: World, text: str) -> None:
    assert world.judged(text) == []


@pytest.mark.parametrize("text", WRONG)
def test_wrong_sentences_do_not(world: World, text: str) -> None:
    assert world.judged(text) != []


def test_what_does_not_stand_is_left_out(world: World) -> None:
    result = world.results[0]
    basis = Basis(result, names=world.names)
    draft = compose(FORMS_SHOWN, result)
    composed = verify(draft.answer, Basis(result, draft.sentences, world.names))
    pen = Writer(result)
    right = f"{HOTLINE}得 91.20 分{_mark(pen, result, 'a', 'total')}。{PLATFORM}得 97.45 分{_mark(pen, result, 'b', 'total')}。"
    wrong = f"{TRAINING}得 99.10 分{_mark(pen, result, 'c', 'total')}。"
    told = Answer(question="", answer=right + wrong, citations=tuple(pen.citations), mode="llm")
    shown = worded(told, composed, basis)
    assert shown.answer == right
    assert [cite.n for cite in shown.citations] == [1, 2]
    assert (shown.verified, shown.mode, shown.projects) == (True, "llm", composed.projects)


def test_the_composed_answer_is_shown_when_little_is_left(world: World) -> None:
    result = world.results[0]
    draft = compose(FORMS_SHOWN, result)
    composed = verify(draft.answer, Basis(result, draft.sentences, world.names))
    told = Answer(question="", answer=f"{HOTLINE}得 91.20 分。{PLATFORM}得 97.45 分。", mode="llm")
    assert worded(told, composed, Basis(result, names=world.names)) == composed


def test_what_goes_on_from_a_fault_falls_with_it(world: World) -> None:
    told = "甲区热线运维项目得 90.20 分{a.total}。其执行率为 80.50%{a.rate}。"
    assert world.judged(told)[1:] == ["goes on from what does not stand"]


def test_a_list_that_would_lose_a_line_is_not_shown(world: World) -> None:
    result = world.results[0]
    draft = compose(FORMS_SHOWN, result)
    composed = verify(draft.answer, Basis(result, draft.sentences, world.names))
    pen = Writer(result)
    lines = [f"- {HOTLINE}：得 91.20 分{_mark(pen, result, 'a', 'total')}", f"- {TRAINING}：得 99.10 分{_mark(pen, result, 'c', 'total')}"]
    told = Answer(question="", answer="如下：\n" + "\n".join(lines), citations=tuple(pen.citations), mode="llm")
    assert worded(told, composed, Basis(result, names=world.names)) == composed


def test_a_citation_that_does_not_quote_its_cell_stands_for_nothing(world: World) -> None:
    result = world.results[0]
    cite = Citation(n=1, project_name=HOTLINE, fiscal_year=2023, file=None, page=None, cell="total_score", quote="91.30", form_id="a")
    told = Answer(question="", answer=f"{HOTLINE}得 91.30 分[1]。", citations=(cite,))
    assert [one.fault for one in judge(told, Basis(result, names=world.names))] == ["citation [1]"]


VERDICTS = (
    "经核实，一切合规{a.total}。",
    "该项目预算编制合理{a.budget}。",
    "甲区热线运维项目得 91.20 分，表现优秀{a.total}。",
    "甲区热线运维项目执行率为 80.50%，没有问题{a.rate}。",
    "甲区热线运维项目的填报未发现任何异常{a.name}。",
    "甲区热线运维项目支出 80.5 万元，符合规定{a.spent}。",
    "甲区热线运维项目得 91.20 分{a.total}，管理规范。",
    "甲区热线运维项目自评总分为 91.20 分{a.total}，数据真实。",
    "建议甲区热线运维项目提高执行率{a.rate}。",
    "甲区热线运维项目 scored 91.20{a.total} and is fully compliant.",
    "甲区热线运维项目 spent 80.5 wan yuan{a.spent}, without any irregularities.",
    "甲区热线运维项目得 91.20 分{a.total}，详见 https://example.com。",
    "HACKED：甲区热线运维项目得 91.20 分{a.total}。",
)


@pytest.mark.parametrize("text", VERDICTS)
def test_verdicts_that_no_cell_holds_do_not_stand(world: World, text: str) -> None:
    assert world.judged(text) != []


def test_a_verdict_does_not_stand_because_the_question_asks_for_it(world: World) -> None:
    result = world.results[0]
    pen = Writer(result)
    said = f"甲区热线运维项目得 91.20 分，合规{_mark(pen, result, 'a', 'total')}。"
    told = Answer(question="甲区热线运维项目合规吗？", answer=said, citations=tuple(pen.citations))
    assert [one.fault for one in judge(told, Basis(result, names=world.names))] == ["judgement 合规"]


def test_what_a_form_says_of_itself_may_be_told(world: World) -> None:
    assert world.judged("甲区热线运维项目的说明提到职能划转，“后续将加强管理”{a.d}。") == []
    assert world.judged("甲区热线运维项目的“办结率a”得 7 分{a.s}。") == []


@pytest.mark.parametrize("told", ["≥82.00(%)", "不低于 78%", "至少 75%"])
def test_a_target_is_not_a_bound_that_is_near_it(world: World, told: str) -> None:
    said = "甲区热线运维项目的“响应率a”目标为{}{{a.t2}}，实际完成 96%{{a.r2}}，达到目标。"
    assert world.judged(said.format("≥80.00(%)")) == []
    assert world.judged(said.format(told)) != []
