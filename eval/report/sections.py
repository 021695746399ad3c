"""The sections of a report, in the order in which they are read; errors one by one are shown by each format in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eval.report import charts, tables
from eval.report.faults import fault_chart, fault_tables, told_of
from eval.report.gather import Report
from eval.report.others import other_tables
from eval.report.words import LIMITS
from eval.runs.compare import Comparison

ERRORS = "最要紧的错误"


@dataclass(frozen=True)
class Section:
    """A heading, and below it sentences, charts and tables. The section named ERRORS is followed by the errors."""

    title: str
    told: tuple[str, ...] = ()
    charts: tuple[charts.Chart, ...] = ()
    tables: tuple[tables.Table, ...] = ()


def sections(report: Report) -> list[Section]:
    """All sections that have anything to say."""
    return [*_figures(report), *_errors(report), *_marks(report), *_others(report), *_made(report)]


def headline(report: Report) -> str:
    """The run in a sentence: how many forms were read exactly, and what nobody is told of."""
    told = [one.run.extraction for one in report.sets]
    forms, exact = sum(one.forms for one in told), sum(one.forms_exact for one in told)
    silent, numbers = sum(one.silent + one.silent_texts for one in told), sum(one.silent_numbers for one in told)
    rest = f"读错而没有标出的有 {silent} 格，其中数字 {numbers} 格。" if silent else "没有读错而没有标出的格。"
    return f"{forms} 张表里 {exact} 张每一格都对；{rest}"


def comparison_section(comparison: Comparison) -> Section:
    """Two runs side by side."""
    held = [tables.compared_settings(comparison)]
    # What nobody is told of comes first.
    held += [tables.compared_silent(one) for one in comparison.sets]
    for one in comparison.sets:
        held += [tables.compared_figures(one), tables.compared_fields(one)]
    silent = sum(one.new_silent_count for one in comparison.sets)
    broken = sum(field.broken for one in comparison.sets for field in one.fields)
    mended = sum(field.mended for one in comparison.sets for field in one.fields)
    told = (
        f"前：{comparison.first}；后：{comparison.second}。变错 {broken} 格，变对 {mended} 格，新出现的未标错误 {silent} 格。",
        "差是后减前，单位是百分点；区间不含 0 才说变好或变差。",
        *comparison.notes,
    )
    return Section("与另一次评测相比", told, tables=tuple(table for table in held if table is not None))


def _figures(report: Report) -> Iterator[Section]:
    failed = tables.failures(report.run)
    yield Section("成绩单", tables=(tables.card(report.run), *([failed] if failed else ())))
    accuracy, shares = charts.accuracy_chart(report.sets), tables.intervals(report.sets)
    if shares is not None:
        yield Section("区间", charts=(accuracy,) if accuracy else (), tables=(shares,))
    if report.comparison is not None:
        yield comparison_section(report.comparison)


def _errors(report: Report) -> Iterator[Section]:
    lost = [f"{one.run.name}：没有读到 {'、'.join(one.not_found)}。" for one in report.sets if one.not_found]
    extras = ((one.run.name, one.run.extraction.forms_extra) for one in report.sets)
    extra = [f"{name}：多出 {count} 张不是标准答案里的表。" for name, count in extras if count]
    fields = tables.field_errors(report.sets)
    if lost or extra or fields:
        yield Section("错在哪些字段", (*lost, *extra), tables=(fields,) if fields else ())
    if report.wrong:
        told = f"共 {report.wrong} 格读错，列出 {len(report.errors)} 格：先数字，后标签、文本；同类里先没有标出的，各字段轮流。"
        yield Section(ERRORS, (told,))
    elif any(one.intervals for one in report.sets):
        yield Section(ERRORS, ("读到的表里没有读错的格。",))
    confusion = charts.confusion_chart(report.confusions)
    if confusion is not None:
        yield Section("认错的字", charts=(confusion,))


def _marks(report: Report) -> Iterator[Section]:
    drawn = [chart for chart in (charts.calibration_chart(report.sets), charts.confidence_chart(report.confidence)) if chart is not None]
    if drawn:
        yield Section("待核对标记和置信度", charts=tuple(drawn))


def _others(report: Report) -> Iterator[Section]:
    if (injection := report.run.injection) is not None:
        yield Section("模型埋错（fault injection）", told_of(injection), (fault_chart(injection),), fault_tables(injection))
    other = other_tables(report.run)
    if other:
        yield Section("其他指标", tables=tuple(other))
    if report.board is not None:
        cost = charts.cost_chart(report.board, report.run.id)
        yield Section("读同样文件的各次评测", charts=(cost,) if cost else (), tables=(tables.board_table(report.board),))


def _made(report: Report) -> Iterator[Section]:
    yield Section("版本、种子与设置", tables=(tables.stamp(report.run),))
    yield Section("这些数说明不了什么", (*report.notes, *LIMITS))
