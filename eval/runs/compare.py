"""Two runs side by side: what changed in the figures, and which cells one read rightly and the other wrongly.

Only forms that both runs compared with the same gold values are put side by side; what is left out is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from eval.metrics.bootstrap import Difference, difference, extraction_parts
from eval.metrics.compare import CellResult, FormResult, Group
from eval.runs.cells import as_text, consequence, field_of, told_apart, wanted
from eval.runs.folder import Runs
from eval.runs.record import RunRecord
from schema.errors import UsageError
from schema.record import Record

LESS_IS_BETTER = frozenset({"silent", "marked"})
"""Figures of eval.metrics.bootstrap that get worse as they grow."""
MOST_SILENT = 200
MOST_EXAMPLES = 4
Verdict = Literal["better", "worse", "open", "same"]
"""What an interval says of the second run: better, worse, that it cannot be told, or that nothing changed."""


class Setting(Record):
    """Something that differs between two runs: a setting, a version."""

    name: str
    first: str | None
    second: str | None


class FigureChange(Record):
    """A figure of both runs over the same forms; `change` is the second less the first."""

    figure: str
    first: float | None
    second: float | None
    change: Difference
    verdict: Verdict


class CellChange(Record):
    """A cell that one run read rightly and the other did not.

    Attributes:
        cell: its address as the second run read it; as the first did where the second has none.
        want, first, second: the values, None for a blank or a row that was not read.
        silent: whether it is wrong in the second run and nobody is told.
    """

    form: str
    cell: str
    field: str
    group: Group
    want: str | None
    first: str | None
    second: str | None
    broken: bool
    silent: bool


class FieldChange(Record):
    """One field of forms: cells that went wrong (`broken`; `silent` of them without a mark), cells that were mended, examples of both."""

    field: str
    group: Group
    broken: int
    silent: int
    mended: int
    examples: tuple[CellChange, ...]


class SetComparison(Record):
    """One set that both runs read.

    Attributes:
        forms: compared side by side; `left_out`: names of forms that only one run has, or whose gold values differ.
        new_silent: errors nobody is told of in the second run that the first did not make or had marked, numbers first; at most
            MOST_SILENT of `new_silent_count`.
        fields: fields in which anything changed, those first in which most went wrong.
    """

    name: str
    condition: str
    forms: int
    left_out: tuple[str, ...]
    figures: tuple[FigureChange, ...]
    new_silent: tuple[CellChange, ...]
    new_silent_count: int
    fields: tuple[FieldChange, ...]


class Comparison(Record):
    """Two runs.

    Attributes:
        settings: what they were made with and that differs.
        notes: what cannot be compared, and why.
    """

    first: str
    second: str
    settings: tuple[Setting, ...]
    notes: tuple[str, ...]
    sets: tuple[SetComparison, ...]


def compare_runs(runs: Runs, first: RunRecord, second: RunRecord) -> Comparison:
    """Put two runs side by side; what they do not share is left out and said in the notes."""
    notes = list(_differing(first, second))
    compared = []
    others = {one.name: one for one in first.sets}
    for one in second.sets:
        if one.name not in others:
            continue
        try:
            results = runs.results(first, one.name), runs.results(second, one.name)
        except UsageError as e:
            notes.append(f"{one.name}：{e}这一集合没有逐格比较。")
            continue
        told = _compare_set(one.name, one.condition, results, second.settings.seed)
        compared.append(told)
        if told.left_out:
            notes.append(f"{one.name}：{len(told.left_out)} 张表只有一次评测读了，或两次的标准答案不同，没有比较。")
    if not compared:
        notes.append("两次评测没有可以逐格比较的集合。")
    return Comparison(first=first.id, second=second.id, settings=tuple(_settings(first, second)), notes=tuple(notes), sets=tuple(compared))


def compare_forms(first: Sequence[FormResult], second: Sequence[FormResult]) -> Iterator[CellChange]:
    """The cells that one of two runs read rightly and the other did not; forms in the same order in both."""
    for a, b in zip(first, second, strict=True):
        yield from _changes(a, b)


def _differing(first: RunRecord, second: RunRecord) -> Iterator[str]:
    if first.settings.dataset != second.settings.dataset:
        yield f"数据集不同（{first.settings.dataset}、{second.settings.dataset}）：只比较名称相同的集合里标准答案相同的表。"
    elif first.settings.dataset_sha256 != second.settings.dataset_sha256:
        yield "两次评测之间数据集改过：只比较标准答案相同的表。"
    for run, other in ((first, second), (second, first)):
        if only := [one.name for one in run.sets if one.name not in {two.name for two in other.sets}]:
            yield f"只有 {run.id} 读了 {'、'.join(only)}。"


def _settings(first: RunRecord, second: RunRecord) -> Iterator[Setting]:
    for of_first, of_second in ((first.settings, second.settings), (first.stamp, second.stamp)):
        a, b = of_first.model_dump(mode="json", exclude={"dataset_sha256"}), of_second.model_dump(mode="json", exclude={"dataset_sha256"})
        yield from (Setting(name=name, first=_told(a[name]), second=_told(b.get(name))) for name in a if a[name] != b.get(name))


def _told(value: object) -> str | None:
    if isinstance(value, Mapping):
        return "、".join(f"{name} {part}" for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(str(part) for part in value)
    return None if value is None else str(value)


def _compare_set(name: str, condition: str, results: tuple[Sequence[FormResult], Sequence[FormResult]], seed: int) -> SetComparison:
    first, second = ({form.form: form for form in told_apart(forms)} for forms in results)
    both = [form for form in second if form in first and _same_gold(first[form], second[form])]
    changes = list(compare_forms([first[form] for form in both], [second[form] for form in both]))
    silent = sorted((change for change in changes if change.silent), key=lambda change: consequence(change.group, marked=False))
    return SetComparison(
        name=name,
        condition=condition,
        forms=len(both),
        left_out=tuple(sorted((first.keys() | second.keys()) - set(both))),
        figures=tuple(_figures([first[form] for form in both], [second[form] for form in both], seed)),
        new_silent=tuple(silent[:MOST_SILENT]),
        new_silent_count=len(silent),
        fields=tuple(_fields(change for change in changes if change.broken or _mended(change))),
    )


def _mended(change: CellChange) -> bool:
    return not change.broken and not change.silent


def _same_gold(first: FormResult, second: FormResult) -> bool:
    """Whether both were held against the same gold form. Deviations that nobody read or printed are in neither list."""
    a, b = ({cell.gold_cell: as_text(cell.want) for cell in form.cells if cell.gold_cell is not None} for form in (first, second))
    return first.rows_gold == second.rows_gold and all(a[cell] == b[cell] for cell in a.keys() & b.keys())


def _figures(first: Sequence[FormResult], second: Sequence[FormResult], seed: int) -> Iterator[FigureChange]:
    parts = extraction_parts(first), extraction_parts(second)
    for figure, a in parts[0].items():
        b = parts[1][figure]
        change = difference(a, b, seed=seed)
        values = [_share(part) for part in (a.values(), b.values())]
        yield FigureChange(figure=figure, first=values[0], second=values[1], change=change, verdict=_verdict(figure, change))


def _share(parts: Iterable[tuple[float, float]]) -> float | None:
    held = list(parts)
    whole = sum(part[1] for part in held)
    return round(sum(part[0] for part in held) / whole, 6) if whole else None


def _verdict(figure: str, change: Difference) -> Verdict:
    if not change.value:
        # Nothing, or None where there is nothing to share: neither says that anything changed.
        return "same" if change.value == 0 and change.flat else "open"
    if not change.told:
        return "open"
    return "better" if (change.value > 0) != (figure in LESS_IS_BETTER) else "worse"


def _changes(first: FormResult, second: FormResult) -> Iterator[CellChange]:
    a, b = _by_place(first), _by_place(second)
    for place in list(dict.fromkeys((*b, *a))):
        one, other = a.get(place), b.get(place)
        right = _right(one, first, place), _right(other, second, place)
        newly_silent = other is not None and second.found and other.silent and not (one is not None and first.found and one.silent)
        cell = other or one
        if cell is None or (right[0] == right[1] and not newly_silent):
            continue
        yield CellChange(
            form=cell.form,
            cell=cell.cell,
            field=field_of(cell.gold_cell or cell.cell),
            group=cell.group,
            want=wanted(cell),
            first=as_text(one.got) if one is not None else None,
            second=as_text(other.got) if other is not None else None,
            broken=right[0] and not right[1],
            silent=newly_silent,
        )


def _by_place(form: FormResult) -> dict[str, CellResult]:
    """Cells by their place in the gold form; those of rows too many by where they were read."""
    return {cell.gold_cell or f"+{cell.cell}": cell for cell in form.cells}


def _right(cell: CellResult | None, form: FormResult, place: str) -> bool:
    """Whether a cell was read rightly. One that was not compared prints nothing and was left open, or stands in a row that was not read."""
    if cell is not None:
        return cell.right
    name = next((other for other in form.cells if other.gold_cell == f"{place.rpartition('.')[0]}.name"), None)
    return form.found and not (name is not None and name.got is None)


def _fields(changes: Iterable[CellChange]) -> list[FieldChange]:
    by_field: dict[str, list[CellChange]] = defaultdict(list)
    for change in changes:
        by_field[change.field].append(change)
    told = [_field(field, held) for field, held in by_field.items()]
    return sorted(told, key=lambda field: (-field.broken, -field.mended, field.field))


def _field(field: str, changes: list[CellChange]) -> FieldChange:
    broken = sorted((change for change in changes if change.broken), key=lambda change: not change.silent)
    mended = [change for change in changes if not change.broken]
    # Of both kinds some, as far as there are any.
    half = max(MOST_EXAMPLES // 2, MOST_EXAMPLES - len(mended))
    shown = [*broken[:half], *mended[: MOST_EXAMPLES - min(half, len(broken))]]
    return FieldChange(
        field=field,
        group=changes[0].group,
        broken=len(broken),
        silent=sum(change.silent for change in broken),
        mended=len(mended),
        examples=tuple(shown),
    )
