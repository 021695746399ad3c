"""Figures of a run beside those of reading (grounding, checks, answers, faults of models), whichever it has, as tables.

Plain values of a record stand below each other; records in a list, or by name, are the rows of one table; and what such a record has for
each part (`all` and `groups`) are rows below its own. So a new figure is reported without another line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel

from eval.metrics.bootstrap import Interval
from eval.report.tables import Table, interval_text
from eval.report.words import OTHERS, PARTS, SHARES, percent, shortened
from eval.runs.record import RunRecord, SetRun

_KNOWN_OF_RUN = frozenset({"id", "settings", "stamp", "started_at", "finished_at", "sets", "injection"})
_KNOWN_OF_SET = frozenset(
    {
        "name", "condition", "documents", "pages", "failed", "seconds", "seconds_per_page", "peak_megabytes", "extraction",
        "requests", "cached", "prompt_tokens", "completion_tokens", "cost", "currency", "intervals",
    }
)  # fmt: skip
_ALL = "all"
_NAME = ""
"""The column of what a row is called."""
_LONG = 160


def other_tables(run: RunRecord) -> list[Table]:
    """The tables of everything in a run's record that no other table tells."""
    return [*_of(run, _KNOWN_OF_RUN, ""), *(table for one in run.sets for table in _of(one, _KNOWN_OF_SET, one.name))]


def _of(record: RunRecord | SetRun, known: frozenset[str], where: str) -> Iterator[Table]:
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name not in known and value is not None:
            title = " · ".join(part for part in (where, OTHERS.get(name, name)) if part)
            yield from _tables(title, value if _is_record(value) or isinstance(value, Mapping) else {name: value})


def _tables(title: str, value: BaseModel | Mapping[str, object]) -> Iterator[Table]:
    fields = _fields(value)
    if _ALL in fields and _is_record(fields[_ALL]):
        yield _table(title, _rows("", value))
        return
    plain = [(name, part) for name, part in fields.items() if _is_plain(part)]
    if plain:
        yield _table(title, [{_NAME: _part(name), "value": _text(name, part)} for name, part in plain])
    counted = {name: part for name, part in fields.items() if isinstance(part, Mapping) and part and all(map(_is_plain, part.values()))}
    if counted:
        keys = dict.fromkeys(key for part in counted.values() for key in part)
        rows = [{_NAME: _part(key)} | {name: _text(name, part.get(key)) for name, part in counted.items()} for key in keys]
        yield _table(f"{title} · {'、'.join(map(_part, counted))}", rows)
    for name, part in fields.items():
        if not _is_plain(part) and name not in counted and part:
            yield from _nested(f"{title} · {_part(name)}", part)


def _nested(title: str, value: object) -> Iterator[Table]:
    if isinstance(value, Mapping):
        yield _table(title, [row for name, part in value.items() for row in _rows(_part(str(name)), part)])
    elif isinstance(value, BaseModel):
        yield from _tables(title, value)
    elif isinstance(value, (list, tuple)):
        yield _table(title, [row for part in value for row in _rows("", part)])


def _rows(name: str, value: object) -> list[dict[str, str]]:
    """A record as a row, and a row below it for each of its parts."""
    if not _is_record(value):
        return [({_NAME: name} if name else {}) | {"value": _text("", value)}]
    row, below = _row(value)
    own = next((field for field, part in _fields(value).items() if isinstance(part, str)), None)
    column = _NAME if name or own is None else own
    if name or (own is None and below):
        row = {_NAME: name or _part(_ALL)} | row
    # What parts are called stands under what the whole is called.
    return [row, *({column: f"└ {_part(key)}"} | _row(part)[0] for key, part in below)]


def _row(record: object) -> tuple[dict[str, str], list[tuple[str, object]]]:
    """The plain values of a record and of records in it, by column; and its parts by name."""
    row: dict[str, str] = {}
    below: list[tuple[str, object]] = []
    for field, part in _fields(record).items():
        if _is_plain(part):
            row[field] = _text(field, part)
        elif isinstance(part, Mapping):
            below += [(str(key), inner) for key, inner in part.items()]
        elif _is_record(part):
            plain = {key: _text(key, inner) for key, inner in _fields(part).items() if _is_plain(inner)}
            row |= plain if field == _ALL else {f"{field}.{key}": text for key, text in plain.items()}
    return row, below


def _table(title: str, rows: Sequence[Mapping[str, str]]) -> Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    told = tuple(tuple(row.get(name, "—") for name in names) for row in rows)
    numbers = frozenset(place for place in range(1, len(names)) if all(len(row[place]) < 16 for row in told))
    return Table(tuple("" if name == "value" else _part(name) for name in names), told, numbers, title=title)


def _fields(value: object) -> dict[str, object]:
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return dict(value) if isinstance(value, Mapping) else {}


def _is_record(value: object) -> bool:
    return isinstance(value, BaseModel) and not isinstance(value, Interval)


def _is_plain(value: object) -> bool:
    """Whether a value fits a cell: no record, nothing by name, and no list of records or of sentences."""
    if _is_record(value) or isinstance(value, Mapping):
        return False
    if isinstance(value, (list, tuple)):
        return not any(_is_record(part) for part in value) and len(_joined(value)) <= _LONG
    return True


def _joined(value: Iterable[object]) -> str:
    return "、".join(_text("", part) for part in value)


def _part(name: str) -> str:
    first, _, second = name.partition(".")
    return PARTS.get(name) or (f"{PARTS.get(first, first)} {PARTS.get(second, second)}" if second else name)


def _text(name: str, value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, Interval):
        return interval_text(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return percent(value) if name in SHARES else f"{value:.4g}"
    if isinstance(value, (list, tuple, frozenset)):
        return _joined(value) or "—"
    return shortened(str(value), 400)
