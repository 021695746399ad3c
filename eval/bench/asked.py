"""The questions of the benchmark, one or more of every kind of query in both languages, and their figures on one home.

`python -m eval.bench.asked HOME REPEAT` in a process of its own: one JSON object on stdout (a `Measured`).
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

from agents.answer.ask import Asker
from eval.bench.memory import PeakMemory
from eval.synthesis.many import many_forms
from store.facts import Facts, Head
from store.home import database_file
from store.store import Store

FLOORS = 3
T = TypeVar("T")


class Question(NamedTuple):
    """A question with slots for names of a form: project, unit, year, row, lost (a row that lost points).

    `kind` says what it asks; the kind of query that the planner makes of it is noted beside the figures.
    """

    kind: str
    language: str
    text: str


QUESTIONS: tuple[Question, ...] = (
    Question("lookup", "zh", "{unit}的{project}{year}年执行率是多少？"),
    Question("lookup", "en", "What is the execution rate of {project} of {unit} in {year}?"),
    Question("lookup row", "zh", "{unit}的{project}{year}年{row}实际完成了多少？"),
    Question("list", "zh", "哪些项目执行率低于95%？"),
    Question("list", "en", "Which projects have an execution rate below 95%?"),
    Question("list rows", "zh", "哪些项目把满意度列成了考核指标？"),
    Question("count", "zh", "有多少个项目自评总分低于90分？"),
    Question("count", "en", "How many projects scored below 90 points?"),
    Question("aggregate", "zh", "所有项目全年预算数加起来一共多少万元？"),
    Question("aggregate", "en", "What is the average total score of all projects?"),
    Question("rank", "zh", "自评分最低的三个项目是哪些？"),
    Question("rank", "en", "Which five projects have the largest adjusted budget?"),
    Question("compare", "zh", "2021年和2023年的平均自评分谁更高，差多少分？"),
    Question("compare", "en", "Which year has the higher average total score, 2021 or 2023?"),
    Question("cause", "zh", "机构改革让哪些项目失了分？"),
    Question("cause", "en", "Which projects lost points because of institutional reform?"),
    Question("explain", "zh", "{unit}的{project}{year}年{lost}为什么扣分？"),
    Question("explain", "en", "Why did {project} of {unit} lose points in {year}?"),
    Question("explain all", "zh", "预算执行率为什么低？"),
    Question("finding", "zh", "哪些表的金额单位印成万元，填的却像是元？"),
    Question("finding", "en", "Which forms lost points without giving any reason?"),
    Question("finding all", "zh", "检查发现了哪些问题？"),
    Question("summary", "zh", "归纳全部项目失分的主要原因"),
    Question("summary", "en", "What are the common reasons for losing points over all projects?"),
    Question("summary measures", "zh", "各项目提的后续整改措施主要有哪几个方向？"),
    Question("summary rows", "zh", "概括满意度指标的完成情况，哪些没有达标？"),
    Question("summary uses", "zh", "各项目的钱主要都用在什么事上？"),
    Question("summary topic", "zh", "各项目在信息化方面总体情况如何？"),
    Question("check", "zh", "{unit}的{project}{year}年执行率是100%，对不对？"),
    Question("check", "en", "Is it true that the execution rate of {project} of {unit} in {year} is 100%?"),
    Question("unknown", "zh", "“星际港口疏浚工程”项目自评得了几分？"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds of one question: the first time it is put, and the median and the longest of the times after that.

    Attributes:
        cpu: the median of the processor's seconds: what the clock says where nothing else runs.
        intent: the kind of query that the planner made of it.
        projects: how many the answer is about.
    """

    kind: str
    language: str
    intent: str
    first: float
    warm: float
    cpu: float
    longest: float
    projects: int
    abstained: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """One home.

    Attributes:
        floor: seconds of `SELECT * FROM indicators` through sqlite3, all rows fetched: the median before and after the questions.
        floor_cpu: the processor's seconds of it.
        opened: seconds of opening the store and answering the first question of a process.
        changed: seconds of the first question after one more form was imported.
        peak_mb: of the whole process.
    """

    forms: int
    rows: int
    floor: float
    floor_cpu: float
    opened: float
    changed: float
    peak_mb: float | None
    asked: tuple[Asked, ...]


def measure(home: Path, repeat: int) -> Measured:
    """Put every question to this home; a form is added to it at the end.

    Raises:
        StoreError: the home cannot be read.
    """
    with PeakMemory() as peak:
        first = QUESTIONS[3].text
        begun = time.perf_counter()
        with Asker.open(home) as asker:
            asker.turn(first)
            opened = time.perf_counter() - begun
            floors = [_floor(home) for _ in range(FLOORS)]
            slots = _slots(home)
            asked = tuple(_asked(asker, question, slots, repeat) for question in QUESTIONS)
            floors += [_floor(home) for _ in range(FLOORS)]
            forms = asker.held
            changed = _changed(asker, home, first)
    rows, seconds, cpu = (median(column) for column in zip(*floors, strict=True))
    return Measured(forms, int(rows), seconds, cpu, opened, changed, peak.megabytes, asked)


def _asked(asker: Asker, question: Question, slots: dict[str, object], repeat: int) -> Asked:
    text = question.text.format(**slots)
    first, turn = _timed(lambda: asker.turn(text))
    times, cpu = [], []
    for _ in range(repeat):
        begun = time.process_time()
        times.append(_timed(lambda: asker.turn(text))[0])
        cpu.append(time.process_time() - begun)
    answer, intent = turn.answer, turn.query.intent if turn.query else ""
    told = (len(answer.projects), answer.abstained, answer.verified)
    return Asked(question.kind, question.language, intent, first, median(times), median(cpu), max(times), *told)


def _slots(home: Path) -> dict[str, object]:
    """Names of a form that lost points, from the middle of those there are."""
    with Store.open(home, create=False) as store, Facts(store).session() as session:
        middle = len(session.heads) // 2
        head = next((head for head in session.heads[middle:] if _lost_some(head)), session.heads[middle])
        rows = session.rows([head.version_id])
    lost = next((row.name for row in rows if (row.lost or 0) > 0), rows[0].name)
    return {"project": head.project_name, "unit": head.implementing_unit, "year": head.fiscal_year, "row": rows[0].name, "lost": lost}


def _lost_some(head: Head) -> bool:
    return head.total_weight is not None and head.total_score is not None and head.total_score < head.total_weight


def _floor(home: Path) -> tuple[int, float, float]:
    """Rows, seconds by the clock, seconds of the processor."""
    connection = sqlite3.connect(database_file(home))
    try:
        begun = time.process_time()
        seconds, rows = _timed(lambda: connection.execute("SELECT * FROM indicators").fetchall())
        cpu = time.process_time() - begun
    finally:
        connection.close()
    return len(rows), seconds, cpu


def _changed(asker: Asker, home: Path, question: str) -> float:
    """Seconds of a question after another one form was imported, by a store of its own as another process would; it is taken out again."""
    file = home / "one-more.json"
    file.write_text('"one more"', encoding="utf-8")
    with Store.open(home, create=False) as store:
        # A seed of its own: this form is among none of the others.
        store.import_forms(list(many_forms(1, seed=1)), file)
        seconds, _ = _timed(lambda: asker.turn(question))
        store.remove(str(file))
    return seconds


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    begun = time.perf_counter()
    result = run()
    return time.perf_counter() - begun, result


def main() -> None:
    """Measure the home that the arguments name and write the figures as JSON."""
    sys.stdout.write(json.dumps(asdict(measure(Path(sys.argv[1]), int(sys.argv[2])))) + "\n")


if __name__ == "__main__":
    main()
