"""Which cells of a form read by OCR a person should look at.

A figure is trusted when it was read with confidence, or when the form's arithmetic vouches for it: an equation over figures read one by
one holds. What is left, and what seems to be missing, is marked. Thresholds come from `python -m eval.calibrate`, see docs/calibration.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agents.repair.equations import equations_of, figures_of
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, funding_cell, iter_cells, row_cell
from schema.evidence import Evidence, Reading, ReviewMark
from schema.form import Form
from schema.text import fold
from schema.vocabulary import LEVELS, strip_points

THRESHOLDS = {"number": 0.95, "label": 0.9, "text": 0.55}
"""Confidence of a cell's least certain character below which it is marked, by kind of cell."""
_VOUCHED = 0.5
"""The same for figures that the arithmetic vouches for."""
_SUSPECT = 0.995
"""The same for figures of an equation that does not hold."""
_DOUBTFUL, _ROUGH = 0.9, 0.1
"""Confidence of a doubtful cell, and the share of such cells from which a form's scan is rough."""
_HUNDRED = Decimal(100)
_RATED = ("original_budget", "adjusted_budget", "outturn", "execution_rate")
_LEVELLED = (".level1", ".level2")
_TEXTS = ("expected_goal", "actual_result", "deviation")
_NUMBERS = frozenset({*FUNDING_COLUMNS, "total_weight", "total_score", "fiscal_year"})
_UNREAD = "这一格没有读出内容，原件上可能有字"


def mark_doubts(form: Form) -> Form:
    """The form with review marks on cells whose OCR reading cannot be trusted."""
    read = {cell: evidence for cell, evidence in form.evidence.items() if evidence.read_by == "ocr"}
    if not read:
        return form
    marked = {mark.cell for mark in form.review}
    marks = [mark for mark in (*_unsure(form, read), *_missing(form)) if mark.cell not in marked]
    unique = {mark.cell: mark for mark in reversed(marks)}
    values = dict(iter_cells(form))
    printed = {cell: evidence for cell, evidence in form.evidence.items() if values.get(cell) is not None or cell not in values}
    return form.model_copy(update={"review": (*form.review, *reversed(unique.values())), "evidence": printed})


def mark_rows(form: Form) -> Form:
    """The form with its rows marked where their weights do not add up, as a reader has to who finds rows without rulings.

    A form whose total is not printed has weights of 100 in all.
    """
    if not form.indicators or any(mark.cell == "indicators" for mark in form.review):
        return form
    weights = next(equation for equation in equations_of(form) if equation.name == "weights")
    figures = figures_of(form)
    if figures["total_weight"] is None:
        figures["total_weight"] = _HUNDRED
    if weights.holds(figures):
        return form
    total = sum((figures[cell] or Decimal(0) for cell in weights.cells[:-1]), Decimal(0))
    reason = f"各行分值与资金分值合计 {total.normalize():f}，不是 {figures['total_weight']:f}，可能漏读或错分了行"
    return form.model_copy(update={"review": (*form.review, ReviewMark(cell="indicators", reason=reason))})


def _unsure(form: Form, read: dict[str, Evidence]) -> Iterator[ReviewMark]:
    vouched, suspect = _judged(form)
    values = dict(iter_cells(form))
    for cell, evidence in read.items():
        if values.get(cell) is None and cell in values:
            continue
        least, why = THRESHOLDS[kind_of_cell(cell)], "识别把握不大"
        if cell in suspect:
            least, why = _SUSPECT, f"与其他单元格算不拢（{suspect[cell]}），识别可能有误"
        elif cell in vouched:
            least = _VOUCHED
        value = values.get(cell)
        readings = () if value is None or isinstance(value, int) else (Reading(read_by="ocr", value=value),)
        if evidence.confidence < least:
            yield ReviewMark(cell=cell, reason=f"{why}（{evidence.confidence:.2f}）", readings=readings)
        elif isinstance(value, str) and cell.endswith(_LEVELLED) and strip_points(fold(value)) not in LEVELS:
            yield ReviewMark(cell=cell, reason="不是常见的指标类别，识别可能有误", readings=readings)
        elif isinstance(value, str) and _is_torn(value):
            yield ReviewMark(cell=cell, reason="括号不成对，可能漏读了字符", readings=readings)


def _judged(form: Form) -> tuple[set[str], dict[str, str]]:
    """Cells that an equation vouches for; and cells of equations that fail, with the equation's name."""
    figures = figures_of(form)
    vouched: set[str] = set()
    suspect: dict[str, str] = {}
    for equation in equations_of(form):
        holds = equation.holds(figures)
        if holds:
            vouched.update(equation.cells)
        elif holds is False:
            suspect.update(dict.fromkeys(equation.cells, equation.name))
    # A figure of two equations, one of which holds, is not the one that spoils the other.
    return vouched, {cell: name for cell, name in suspect.items() if cell not in vouched}


def _is_torn(text: str) -> bool:
    """Whether brackets do not pair."""
    folded = fold(text)
    return folded.count("(") != folded.count(")") or "()" in folded


def _missing(form: Form) -> Iterator[ReviewMark]:
    """Cells that forms have, and this one seems not to."""
    rough = _is_rough(form)
    for field in ("weight", "score", "target", "actual", "level1", "level2"):
        empty = [i for i, row in enumerate(form.indicators) if getattr(row, field) is None]
        # Where all of a column is missing, its label was not read; only level 2 is left out by some templates.
        if field != "level2" or rough or len(empty) * 2 < len(form.indicators):
            for i in empty:
                yield ReviewMark(cell=row_cell(i, field), reason=_UNREAD)
    if rough:
        yield from _missing_amounts(form)
        for i, row in enumerate(form.indicators):
            if row.deviation is None and row.score is not None and row.weight is not None and row.score < row.weight:
                yield ReviewMark(cell=row_cell(i, "deviation"), reason=_UNREAD)
    for cell in ("project_name", "department", "implementing_unit", "unit_of_money", "total_weight", "total_score"):
        if getattr(form, cell) is None:
            yield ReviewMark(cell=cell, reason=_UNREAD)
    for column in ("adjusted_budget", "outturn", "execution_rate", "score", "weight"):
        if getattr(form.funding.total, column) is None:
            yield ReviewMark(cell=f"funding.total.{column}", reason=_UNREAD)


def _missing_amounts(form: Form) -> Iterator[ReviewMark]:
    """Amounts that were not read; on a rough scan a dash cannot be told from a figure that was lost."""
    for row in FUNDING_ROWS:
        for column in _RATED:
            if getattr(getattr(form.funding, row), column) is None:
                yield ReviewMark(cell=funding_cell(row, column), reason=_UNREAD)


def _is_rough(form: Form) -> bool:
    """Whether so much of the form was read with doubt that text may have been missed altogether."""
    read = [evidence.confidence for evidence in form.evidence.values() if evidence.read_by == "ocr"]
    return sum(confidence < _DOUBTFUL for confidence in read) > _ROUGH * len(read)


def kind_of_cell(cell: str) -> str:
    """Which threshold holds for a cell: number, text or label."""
    last = cell.rsplit(".", 1)[-1]
    if last in _NUMBERS:
        return "number"
    return "text" if last in _TEXTS else "label"
