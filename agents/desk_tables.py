"""Results and forms as the records of the desk: every value with its id, long texts cut, figures as exact decimals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from agents.answer.execute.measures import MONEY
from agents.answer.execute.records import Fact, Line, Note, Result
from agents.desk_records import CellText, FormText, GroupText, LineText, RowText, SheetText, TableText
from schema.cells import AMOUNT_COLUMNS, CellValue, iter_cells
from schema.errors import UsageError
from schema.form import Form
from schema.record import plain
from schema.text import fold
from store.facts import Head

LONGEST = 400
"""Characters of a text in a list; the form itself is read with up to LONGEST_READ of each."""
LONGEST_READ = 2000
_CELLS_OF_LINE = 8
_PLACES = 6
_REASONS = {
    "unknown": "The query names something that no form holds.",
    "no-form": "No form fits the scope.",
    "no-row": "No indicator fits.",
    "no-value": "The forms that fit do not print this value.",
    "no-text": "No text speaks of the topic.",
    "empty-store": "Nothing is stored.",
}
_NOTES = {
    "doubtful-out": "left out because their money unit is doubtful",
    "no-unit-out": "left out because they print no money unit",
    "blank-out": "left out because they do not print the value",
    "unit-out": "left out because their value has another unit",
    "not-lost": "explain themselves but lost no points, so they are not counted",
    "silent": "more rows lost points without any explanation",
    "no-side": "no form fits this side of the comparison",
    "doubtful-shown": "shown although their money unit is doubtful: do not rely on their amounts",
}
Told = Callable[[Head], FormText]


class Names:
    """What forms and units may be called, folded, with what it means."""

    def __init__(self, heads: Iterable[Head]) -> None:
        heads = list(heads)
        self.forms = [(one, head.form_id) for head in heads for one in (head.form_id, fold(head.project_name)) if one]
        self.units = list({fold(unit): (fold(unit), unit) for head in heads for unit in head.units}.values())


def table(result: Result, told: Told, limit: int) -> TableText:
    """A result as a record with at most `limit` rows."""
    if result.missing is not None:
        said = "; ".join(result.query.unknown)
        return TableText(missing=_REASONS[result.missing] + (f" ({said})" if said else ""))
    groups = (*result.sides, *result.groups)
    lines = result.lines or tuple(line for group in groups for line in group.lines)
    return TableText(
        figure=_number(result.figure.value) if result.figure else None,
        unit=result.unit,
        holds=result.holds,
        total=len(lines),
        rows=tuple(_line(line, result.unit, told) for line in lines[:limit]),
        related=tuple(_line(line, result.unit, told) for line in result.related[: max(1, limit // 2)]),
        groups=tuple(
            GroupText(name=group.name, figure=_number(group.figure.value) if group.figure else None, count=len(group.lines))
            for group in groups[:limit]
        ),
        notes=tuple(_note(note, told) for note in result.notes),
    )


def sheet(form: Form, head: FormText, cells: Sequence[str], most: int) -> SheetText:
    """A form, or the cells whose addresses begin with one of `cells`.

    Raises:
        UsageError: the form has none of them.
    """
    wanted = [cell.strip().removeprefix(f"{head.id}.") for cell in cells]
    for cell in wanted:
        if not any(_begins(address, cell) for address, _ in iter_cells(form)):
            raise UsageError(f"该表没有 {cell}。写法如 funding.total、indicators[3]、total_score；不写则给出整张表。")
    single = [
        CellText(id=f"{head.id}.{address}", value=_value(value, LONGEST_READ), unit=_unit(form, address, value))
        for address, value in iter_cells(form)
        if not address.startswith("indicators[") and (value is not None or wanted) and _asked(address, wanted)
    ]
    rows = [i for i in range(len(form.indicators)) if _asked(f"indicators[{i}]", wanted, either=True)]
    source = form.source
    return SheetText(
        form=head,
        file=source.file.rpartition("/")[2] if source else None,
        pages=source.pages if source else (),
        cells=tuple(single),
        rows=tuple(_row(form, head, i) for i in rows[:most]),
        left_out=max(0, len(rows) - most),
    )


def cut(text: str, longest: int) -> str:
    """A text, cut where it is too long, with how much is missing."""
    return text if len(text) <= longest else f"{text[:longest]}…（还有 {len(text) - longest} 字）"


def _line(line: Line, unit: str | None, told: Told) -> LineText:
    form = told(line.form)
    return LineText(
        form=form,
        indicator=line.row.name if line.row else None,
        cells=tuple(_fact(fact, form) for fact in line.facts[:_CELLS_OF_LINE]),
        figure=_number(line.figure.value) if line.figure else None,
        unit=unit if line.figure else None,
        causes=line.causes,
        findings=tuple(finding.message for finding in line.findings[:3]),
    )


def _fact(fact: Fact, form: FormText) -> CellText:
    unit = fact.unit
    if unit is None and fact.what in MONEY:
        unit = fact.form.unit_of_money
    return CellText(id=f"{form.id}.{fact.cell}", value=_value(fact.quote or fact.value, LONGEST), unit=unit)


def _note(note: Note, told: Told) -> str:
    parts = [_NOTES.get(note.key, note.key)]
    if note.figure is not None:
        parts.insert(0, _number(note.figure.value))
    named = [f"{told(head).id} {head.name}" for head in note.forms[:10]] + list(note.words)
    if named:
        rest = len(note.forms) - 10
        parts.append(": " + "; ".join(named) + (f" and {rest} more" if rest > 0 else ""))
    return " ".join(parts).replace(" : ", ": ")


def _row(form: Form, head: FormText, i: int) -> RowText:
    row = form.indicators[i]
    texts = {name: _value(getattr(row, name), LONGEST_READ) for name in ("level1", "target", "actual", "weight", "score", "deviation")}
    return RowText(id=f"{head.id}.indicators[{i}]", name=cut(row.name, LONGEST), **texts)


def _asked(address: str, wanted: Sequence[str], *, either: bool = False) -> bool:
    return not wanted or any(_begins(address, one) or (either and _begins(one, address)) for one in wanted)


def _begins(address: str, beginning: str) -> bool:
    return address == beginning or (address.startswith(beginning) and address[len(beginning)] in ".[")


def _unit(form: Form, address: str, value: CellValue) -> str | None:
    if value is None or not address.startswith(("funding.", "total_")):
        return None
    column = address.rpartition(".")[2]
    if column in AMOUNT_COLUMNS:
        return form.unit_of_money
    return "%" if column == "execution_rate" else "分"


def _value(value: CellValue, longest: int) -> str | None:
    if value is None:
        return None
    return format(value, "f") if isinstance(value, Decimal) else cut(str(value), longest)


def _number(value: Decimal) -> str:
    """A figure as text, to six places."""
    return format(plain(round(value, _PLACES)), "f")
