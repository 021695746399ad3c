"""Running text to the parts of its forms: head, funding, goals, indicators, totals; found by their labels, in the order of the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from ingest.blocks import is_title
from ingest.dump.amounts import Amounts, is_amount, place
from ingest.dump.goals import Paragraphs, paragraphs
from ingest.dump.labels import Found, columns_at, indicator_header, label_at, member, names_project
from ingest.dump.pieces import Piece
from schema.text import fold, is_blank, is_page_number
from schema.vocabulary import (
    FUNDING_COLUMN,
    FUNDING_HEADING,
    FUNDING_ROW,
    GOAL,
    GOAL_HEADING,
    GRADE,
    HEAD,
    HEADINGS,
    OTHER_HEAD,
    TOTAL,
)

_AMOUNTS = {"original_budget", "adjusted_budget", "outturn"}
_SUBTOTAL = "小计"
_TOTALS = 2
Pieces = Sequence[Piece]


@dataclass
class Goals:
    """The labels of the goal texts, and their pieces: apart where a label is between them, else together."""

    heading: list[Piece] = field(default_factory=list)
    labels: dict[str, list[Piece]] = field(default_factory=dict)
    texts: dict[str, list[Piece]] = field(default_factory=dict)
    together: Paragraphs = field(default_factory=lambda: Paragraphs(()))
    sure: bool = True


@dataclass
class FormText:
    """One form's pieces by what they are; `first` and `end` are its place among all of them."""

    pieces: Pieces
    first: int
    header: list[Found]
    head: list[tuple[list[Piece], list[Piece]]] = field(default_factory=list)
    heading: list[Piece] = field(default_factory=list)
    columns: list[Found] = field(default_factory=list)
    amounts: list[Amounts] = field(default_factory=list)
    goals: Goals = field(default_factory=Goals)
    indicators_heading: list[Piece] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    total: list[Piece] = field(default_factory=list)
    total_values: list[list[Piece]] = field(default_factory=list)
    grade: list[Piece] = field(default_factory=list)
    grade_value: list[Piece] = field(default_factory=list)
    end: int = 0

    @property
    def body_start(self) -> int:
        """The index behind the header."""
        return max(label.end for label in self.header)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the indicator columns, in order."""
        return tuple(label.field for label in self.header)


def find_forms(pieces: Pieces) -> list[FormText]:
    """The forms in these pieces, in order. A form is where an indicator header stands below the label of a project's name."""
    headers = [found for i in range(len(pieces)) if (found := indicator_header(pieces, i))]
    headers = [h for i, h in enumerate(headers) if i == 0 or h[0].first >= max(label.end for label in headers[i - 1])]
    names = [i for i in range(len(pieces)) if names_project(pieces, i)]
    starts: list[tuple[int, list[Found], list[list[Found]]]] = []
    for header in headers:
        above = [i for i in names if i < header[0].first]
        if above and (not starts or above[-1] > starts[-1][1][-1].first):
            starts.append((above[-1], header, []))
        elif starts:
            # The header is printed again on the next page.
            starts[-1][2].append(header)
    forms: list[FormText] = []
    for i, (first, header, repeated) in enumerate(starts):
        limit = starts[i + 1][0] if i + 1 < len(starts) else len(pieces)
        forms.append(_form(pieces, FormText(pieces, first, header), repeated, limit))
    return forms


def _form(pieces: Pieces, form: FormText, repeated: Sequence[list[Found]], limit: int) -> FormText:
    top = form.header[0].first
    at = _read_head(pieces, form, form.first, top)
    at = _read_amounts(pieces, form, at, top)
    _read_goals(pieces, form, at, top)
    skipped = {i for header in repeated for i in range(header[0].first, max(label.end for label in header))}
    total = _find_total(pieces, form.body_start, limit)
    end = total.first if total else _title_before(pieces, form.body_start, limit)
    body = [i for i in range(form.body_start, end) if i not in skipped]
    form.body = [pieces[i] for i in body if not _is_page_number(pieces, i)]
    form.end = _read_tail(pieces, form, total, limit) if total else end
    return form


def _is_page_number(pieces: Pieces, i: int) -> bool:
    """Whether a piece is alone on its line, at a page break, and a page number; a bare number only if it is that of the page."""
    piece = pieces[i]
    alone = piece.opens and (i + 1 == len(pieces) or pieces[i + 1].opens)
    after = i + 1 < len(pieces) and pieces[i + 1].broken
    if not (alone and (piece.broken or after) and is_page_number(piece.text) and not is_blank(piece.text)):
        return False
    if not fold(piece.text).isdigit():
        return "." not in piece.text
    breaks = sum(other.broken for other in pieces[: i + 1])
    return int(fold(piece.text)) in (breaks, breaks + 1)


def _read_head(pieces: Pieces, form: FormText, at: int, top: int) -> int:
    """The labelled values up to the funding section or the goals; returns where these start."""
    while at < top:
        label = label_at(pieces, at, _head_label)
        if label is not None:
            form.head.append((list(pieces[at : label.end]), []))
            at = label.end
            continue
        if _opens_section(pieces, at):
            break
        form.head[-1][1].append(pieces[at])
        at += 1
    return at


def _head_label(key: str) -> str | None:
    return HEAD.exact(key) or ("other" if key in OTHER_HEAD else None)


def _opens_section(pieces: Pieces, at: int) -> bool:
    if not pieces[at].opens:
        return False
    heading = label_at(pieces, at, member(FUNDING_HEADING | GOAL_HEADING, "heading"))
    return heading is not None or bool(_funding_header(pieces, at)) or label_at(pieces, at, GOAL.exact) is not None


def _funding_header(pieces: Pieces, at: int) -> list[Found]:
    found = [label for label in columns_at(pieces, at, FUNDING_COLUMN) if label.field != "other"]
    fields = {label.field for label in found}
    return found if len(found) >= 3 and fields & _AMOUNTS else []


def _read_amounts(pieces: Pieces, form: FormText, at: int, top: int) -> int:
    """The funding table; returns where the goals start."""
    while at < top and not (columns := _funding_header(pieces, at)):
        if label_at(pieces, at, GOAL.exact) or label_at(pieces, at, member(GOAL_HEADING, "heading")):
            return at
        form.heading.append(pieces[at])
        at += 1
    if at >= top:
        return at
    form.columns = columns
    at = columns[-1].end
    fields = [label.field for label in columns]
    while at < top and not _opens_goals(pieces, at):
        at = _read_amount(pieces, form, at, len(fields))
    for row in form.amounts:
        place(row, fields)
    return at


def _opens_goals(pieces: Pieces, at: int) -> bool:
    if not pieces[at].opens:
        return False
    return label_at(pieces, at, GOAL.exact) is not None or label_at(pieces, at, member(GOAL_HEADING | HEADINGS, "heading")) is not None


def _read_amount(pieces: Pieces, form: FormText, at: int, columns: int) -> int:
    """One label or value of the funding table; returns the index behind it."""
    label = label_at(pieces, at, FUNDING_ROW.exact)
    if label is not None:
        form.amounts.append(Amounts(list(pieces[at : label.end])))
        return label.end
    piece = pieces[at]
    rows = form.amounts
    if not rows or (not is_amount(piece) and rows[-1].values and not _tails(rows[-1], piece)):
        rows.append(Amounts([]))
    row = rows[-1]
    if _tails(row, piece) or (len(row.values) >= columns and is_amount(piece)):
        row.values[-1].append(piece)
    elif is_amount(piece):
        row.values.append([piece])
    else:
        row.label.append(piece)
    return at + 1


def _tails(row: Amounts, piece: Piece) -> bool:
    """Whether a piece is the wrapped end of the number before it: a lone %, or digits behind a point."""
    if not row.values or not piece.opens:
        return False
    before = row.values[-1][-1].text
    return fold(piece.text) in ("%", "元") or (before.endswith((".", ",")) and piece.text[0].isdigit())


def _read_goals(pieces: Pieces, form: FormText, at: int, top: int) -> None:
    goals = form.goals
    heading = label_at(pieces, at, member(GOAL_HEADING, "heading")) if at < top else None
    follows = label_at(pieces, heading.end, GOAL.exact) if heading is not None and heading.end < top else None
    if heading is not None and follows is not None and follows.field == "actual_result":
        # 年度总体目标 | 完成情况综述: the heading labels the goal.
        goals.labels["expected_goal"] = list(pieces[at : heading.end])
        at = heading.end
    elif heading is not None and not (label_at(pieces, at, GOAL.exact) and follows is None):
        goals.heading = list(pieces[at : heading.end])
        at = heading.end
    bottom = _heading_above(pieces, at, top)
    form.indicators_heading = list(pieces[bottom:top])
    held: list[Piece] = []
    last: str | None = next(iter(goals.labels), None)
    while at < bottom:
        label = label_at(pieces, at, GOAL.exact) if len(goals.labels) < 2 else None
        if label is not None and label.field not in goals.labels and (not held or pieces[at].opens):
            if last is not None:
                goals.texts[last], held = held, []
            goals.labels[label.field] = list(pieces[at : label.end])
            last, at = label.field, label.end
        else:
            held.append(pieces[at])
            at += 1
    _settle(goals, held, last)


def _settle(goals: Goals, held: list[Piece], last: str | None) -> None:
    """The pieces behind the last label: its text, or both texts where nothing was between the labels."""
    if last is None:
        goals.texts["expected_goal"] = held
    elif len(goals.labels) == 2 and not any(goals.texts.values()):
        if held and all(piece.field for piece in held):
            first, second = goals.labels
            goals.texts, goals.sure = {first: held[:1], second: held[1:]}, len(held) == 2
        else:
            goals.together = paragraphs(held)
    else:
        goals.texts[last] = held


def _heading_above(pieces: Pieces, low: int, top: int) -> int:
    """Where the heading of the indicators starts, if it stands right above their header."""
    for at in range(max(low, top - 6), top):
        found = label_at(pieces[:top], at, member(HEADINGS, "heading"))
        if found is not None and found.end == top and pieces[at].opens:
            return at
    return top


def _find_total(pieces: Pieces, low: int, limit: int) -> Found | None:
    """The label of the total row: at the start of a line, with its points behind it."""
    named = partial(_total_label)
    for at in range(low, limit):
        if not pieces[at].opens:
            continue
        found = label_at(pieces, at, named)
        if found is not None and (found.end >= limit or is_amount(pieces[found.end]) or pieces[found.end].opens):
            return found
    return None


def _rejoined(found: Sequence[Piece]) -> list[list[Piece]]:
    """The totals: at most two numbers, the ends that narrow cells wrap joined to them."""
    values: list[list[Piece]] = []
    for i, piece in enumerate(found):
        wrapped = values and piece.opens and "." in values[-1][-1].text and piece.text.isdigit() and len(found) > _TOTALS
        if wrapped:
            values[-1].append(piece)
        elif len(values) < _TOTALS:
            values.append(list(found[i : i + 1]))
    return values


def _total_label(key: str) -> str | None:
    return "total" if key in TOTAL and not key.endswith(_SUBTOTAL) else None


def _title_before(pieces: Pieces, low: int, limit: int) -> int:
    """Where the title of the next form starts, or the end."""
    return next((i for i in range(low, limit) if pieces[i].opens and is_title(pieces[i].text)), limit)


def _read_tail(pieces: Pieces, form: FormText, total: Found, limit: int) -> int:
    """Totals and grade; returns the index behind them."""
    form.total = list(pieces[total.first : total.end])
    at, found = total.end, list[Piece]()
    while at < limit and is_amount(pieces[at]):
        found.append(pieces[at])
        at += 1
    form.total_values = _rejoined(found)
    label = label_at(pieces, at, member(GRADE, "grade")) if at < limit else None
    if label is not None:
        form.grade = list(pieces[at : label.end])
        at = label.end
        line = pieces[at - 1].line
        while at < limit and (pieces[at].line == line or not form.grade_value):
            form.grade_value.append(pieces[at])
            line, at = pieces[at].line, at + 1
    return at
