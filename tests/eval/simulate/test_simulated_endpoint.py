"""The faulty endpoint: faults once, whichever way rows are asked for, mostly gone at a second look, and all of them accounted for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

import data
from agents.extract.llm.asked import Asked, compose, numbered
from eval.simulate.answers import GoldAnswers, two_decimals
from eval.simulate.endpoint import FaultyAnswers
from eval.simulate.faults import SWAPPED, Planted
from eval.simulate.sheet import ROW
from schema.canonical import read_forms
from schema.form import Form
from schema.transcript import OTHER_LABEL, HeadTranscript, RowsTranscript, rows_of, wire_schema
from tests.eval.simulate.printed import table_lines
from tests.eval.simulate.walking import walk

SAMPLES = [form for path in sorted((data.samples() / "gold").glob("*.json")) for form in read_forms(path)]
GOLD = GoldAnswers(SAMPLES, two_decimals)
FORM = max(SAMPLES, key=lambda form: len(form.indicators))


def faulty(share: float = 0.3, relapse: float = 0.0, seed: int = 5) -> FaultyAnswers:
    return FaultyAnswers(GOLD, seed, share, relapse)


def question(form: Form, task: str, first: int | None = None, last: int | None = None, cells: Sequence[tuple[str, str]] = ()) -> str:
    lines = numbered(table_lines(form))
    return compose(Asked(task, lines, first, last, len(form.indicators), tuple(cells)))  # type: ignore[arg-type]


def rows_told(endpoint: FaultyAnswers, form: Form, first: int, last: int) -> list[dict[str, str | None]]:
    text = endpoint.reply_text(question(form, "rows", first, last))
    assert walk(wire_schema(RowsTranscript), text) is None
    rows: list[dict[str, str | None]] = json.loads(text)["rows"]
    return rows


def right_rows(form: Form) -> list[dict[str, str | None]]:
    known = next(known for known in GOLD.forms if known.form_id == form.form_id)
    return [row.model_dump() for row in rows_of(known).rows]


@pytest.mark.parametrize("form", SAMPLES[::2], ids=lambda form: form.form_id)
def test_faults_are_the_same_however_rows_are_grouped(form: Form) -> None:
    count = len(form.indicators)
    whole, pieces = faulty(), faulty()
    together = rows_told(whole, form, 1, count)
    cuts = [*range(0, count, 3), count]
    swapped = {p.row for p in whole.planted(form.form_id) if p.fault == SWAPPED}
    # Two swapped rows on both sides of a cut cannot show.
    cuts = [cut for cut in cuts if cut - 1 not in swapped]
    apart = [row for a, b in pairwise(cuts) for row in rows_told(pieces, form, a + 1, b)]
    assert apart == together
    assert whole.told == pieces.told
    assert whole.told[form.form_id] == tuple(p for p in whole.planted(form.form_id) if p.row is not None)


def test_a_swap_shows_only_where_both_rows_are() -> None:
    form, swap = next((form, p) for form in SAMPLES for p in faulty().planted(form.form_id) if p.fault == SWAPPED)
    assert swap.row is not None
    endpoint = faulty()
    for i in (swap.row, swap.row + 1):
        assert rows_told(endpoint, form, i + 1, i + 1) == [right_rows(form)[i]]
    assert swap not in endpoint.told[form.form_id]


def test_head_is_told_with_its_faults_and_then_without() -> None:
    endpoint = faulty()
    first = endpoint.reply_text(question(FORM, "head"))
    assert walk(wire_schema(HeadTranscript), first) is None
    assert first != GOLD.reply_text(question(FORM, "head"))
    assert endpoint.told[FORM.form_id] == tuple(p for p in endpoint.planted(FORM.form_id) if p.row is None)
    other = compose(Asked("head", numbered(table_lines(FORM)[1:])))
    assert endpoint.reply_text(other) == GOLD.reply_text(other)


def test_the_same_question_gets_the_same_answer() -> None:
    endpoint = faulty()
    text = question(FORM, "rows", 1, 5)
    assert endpoint.reply_text(text) == endpoint.reply_text(text)


@pytest.mark.parametrize("relapse", [0.0, 1.0])
def test_a_second_look_at_rows(relapse: float) -> None:
    endpoint = faulty(relapse=relapse)
    count = len(FORM.indicators)
    first = rows_told(endpoint, FORM, 1, count)
    again = rows_told(endpoint, FORM, 1, count - 1) + rows_told(endpoint, FORM, count, count)
    assert first != right_rows(FORM)
    assert again == (first if relapse else right_rows(FORM))


def cells_of(form: Form, planted: Sequence[Planted]) -> list[tuple[str, str]]:
    """Faults of cells as they are asked about: by the line of their row."""
    lines = table_lines(form)
    above = len(lines) - 2 - len(form.indicators)
    return [(p.cell if p.row is None else f"{above + p.row + 1}.{p.cell}", "与合计不符") for p in planted]


@pytest.mark.parametrize(("relapse", "low", "high"), [(0.0, 0, 0), (0.3, 0.2, 0.4), (1.0, 1, 1)])
def test_cells_that_are_asked_for_again(relapse: float, low: float, high: float) -> None:
    endpoint = faulty(relapse=relapse)
    wrong = count = 0
    for form in SAMPLES:
        planted = [p for p in endpoint.planted(form.form_id) if p.cell != ROW]
        text = endpoint.reply_text(question(form, "cells", cells=cells_of(form, planted)))
        told = [cell["printed"] for cell in json.loads(text)["cells"]]
        for printed, p in zip(told, planted, strict=True):
            # A level label that is not in the closed list is printed in full where one cell is asked for.
            assert printed in (p.right, p.wrong) or p.right == OTHER_LABEL
            wrong += printed == p.wrong
        count += len(planted)
        assert sum(told == p.wrong for told, p in zip(told, planted, strict=True)) == len(endpoint.told[form.form_id])
    assert low <= wrong / count <= high


def test_threads_get_what_one_caller_gets() -> None:
    forms = SAMPLES[::3]
    questions = [question(form, "rows", i + 1, i + 4) for form in forms for i in range(0, len(form.indicators), 4)]
    questions += [question(form, "head") for form in forms]
    alone, shared = faulty(), faulty()
    one_by_one = [alone.reply_text(text) for text in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shared.reply_text, reversed(questions))) == one_by_one[::-1]
    assert alone.told == shared.told


def test_documents_that_are_no_known_form_get_empty_answers() -> None:
    endpoint = faulty()
    lines = numbered(["采购公告", "采购人：某单位"])
    assert json.loads(endpoint.reply_text(compose(Asked("rows", lines)))) == {"rows": []}
    assert json.loads(endpoint.reply_text(compose(Asked("head", lines))))["project_name"] is None
    assert endpoint.told == {}
    with pytest.raises(ValueError, match="no document"):
        endpoint.reply_text("你好")
