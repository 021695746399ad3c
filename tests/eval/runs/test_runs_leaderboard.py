"""The leaderboard and the list of runs: comparable runs in one table, best first, nothing but reports served."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from eval.report.charts import cost_chart
from eval.runs.folder import Runs
from eval.runs.leaderboard import leaderboard, run_line
from eval.runs.listing import compared, listing, report_file
from eval.runs.record import RunRecord
from schema.errors import UsageError
from tests.eval.runs.resulting import gold, make_run, result

D = Decimal
GOOD = [result(form) for form in gold()]
BAD = [result(form, {"total_score": D(1)}) for form in gold()]


def test_runs_over_the_same_documents_stand_in_one_table_best_first() -> None:
    runs = [make_run(1, {"d": BAD}), make_run(2, {"d": GOOD}), make_run(3, {"d": GOOD, "e": BAD}), make_run(4, {"d": GOOD}, quick=True)]
    boards = leaderboard(runs, "made-up")
    assert [[line.id for line in board.runs] for board in boards] == [[runs[3].id], [runs[2].id], [runs[1].id, runs[0].id]]
    assert boards[2].runs[0].overall["number.f1"] == 1 and boards[2].runs[1].overall["silent"] == 3
    by_set = leaderboard(runs, "made-up", only="d")
    assert [len(board.runs) for board in by_set] == [1, 3]
    assert leaderboard(runs, "another") == ()


def test_figures_that_are_better_when_less_are_ordered_so() -> None:
    runs = [make_run(1, {"d": BAD}), make_run(2, {"d": GOOD})]
    assert [line.overall["silent"] for line in leaderboard(runs, by="silent")[0].runs] == [0, 3]
    assert [line.overall["label.f1"] for line in leaderboard(runs, by="label.f1")[0].runs] == [1, 1]
    with pytest.raises(UsageError, match=r"没有 speed 这个指标.*number\.f1"):
        leaderboard(runs, by="speed")


def test_a_run_without_a_model_costs_nothing_one_without_a_price_nobody_knows_nor_one_out_of_the_cache() -> None:
    free = make_run(1, {"d": GOOD})

    def asked(number: int, **spent: object) -> RunRecord:
        run = make_run(number, {"d": GOOD})
        return run.model_copy(update={"sets": (run.sets[0].model_copy(update=spent),)})

    unknown = asked(2, requests=2, prompt_tokens=1000, cost=None)
    paid = asked(3, requests=2, prompt_tokens=1000, cost=0.02, currency="元")
    again = asked(4, cached=2, cost=0.0, currency="元")
    (board,) = leaderboard([free, unknown, paid, again], by="cost")
    lines = {line.id: line.overall for line in board.runs}
    assert lines[free.id]["cost"] == 0 and lines[unknown.id]["cost"] is None and lines[unknown.id]["tokens"] == 1000
    # What comes from the cache was paid for by another run: it is no cheap way of reading.
    assert lines[paid.id]["cost"] == 0.02 and (lines[again.id]["cost"], lines[again.id]["tokens"]) == (None, None)
    assert [line.id for line in board.runs[:2]] == [free.id, paid.id]
    chart = cost_chart(board, paid.id)
    assert chart is not None and "费用（元）" in chart.told and "另有 2 次" in chart.told
    assert sum(shape.kind in ("circle", "square") for shape in chart.shapes) == 2
    mixed = board.model_copy(update={"runs": (*board.runs, run_line(asked(5, requests=1, prompt_tokens=9, cost=0.1, currency="$")))})
    assert "token" in cost_chart(mixed, paid.id).told


def test_the_list_of_a_home_and_its_reports(tmp_path: Path) -> None:
    assert listing(tmp_path).runs == () and listing(tmp_path).last is None
    assert not (tmp_path / "evals").exists()
    runs = Runs(tmp_path)
    first, second = make_run(1, {"d": BAD}, runs), make_run(2, {"d": GOOD}, runs)
    (runs.of(first) / "report.html").write_text("<p>")
    told = listing(tmp_path)
    assert [(one.line.id, one.report) for one in told.runs] == [(second.id, False), (first.id, True)]
    assert told.last == second
    assert compared(tmp_path, first.id, second.id).sets[0].fields[0].mended == 3
    assert report_file(tmp_path, first.id) == runs.of(first) / "report.html"
    assert report_file(tmp_path, second.id) is None


@pytest.mark.parametrize(
    "name", ["", "..", "../evals", "shared", "20261101-000000-0001/..", "/etc/passwd", "last", "20261101-000000-0001\n"]
)
def test_nothing_but_reports_of_runs_can_be_asked_for(name: str, tmp_path: Path) -> None:
    make_run(1, {"d": GOOD}, Runs(tmp_path))
    (tmp_path / "evals" / "report.html").write_text("not for you")
    assert report_file(tmp_path, name) is None
    with pytest.raises(UsageError):
        compared(tmp_path, name, name)


def test_a_report_that_is_a_link_is_not_served(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    run = make_run(1, {"d": GOOD}, runs)
    (tmp_path / "secret").write_text("x")
    (runs.of(run) / "report.html").symlink_to(tmp_path / "secret")
    assert report_file(tmp_path, run.id) is None
