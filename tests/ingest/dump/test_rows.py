"""Rows of indicators out of running text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dump.pieces import pieces_of
from ingest.dump.rows import Rows, read_rows

FIELDS = ("level1", "level2", "name", "target", "actual", "weight", "score", "deviation")


def _read(text: str) -> Rows:
    return read_rows([(pieces_of(text), FIELDS)])[0]


def _cells(rows: Rows) -> list[dict[str, str]]:
    return [{name: "".join(p.text for p in held) for name, held in row.cells.items()} for row in rows.rows]


def _labels(rows: Rows, level: str) -> list[tuple[str, list[int]]]:
    return [("".join(p.text for p in label.pieces), label.rows) for label in rows.labels[level] if label.pieces and label.rows]


def test_rows_labels_and_deviations_are_told_apart() -> None:
    rows = _read(
        "产出\n\n指标\n数量\n\n指标\n\n巡检次数 ≥250.00(次) 987.00(次) 3.00 3.00\n\n"
        "事项开发 ≥5.00(个) 0.00(个) 3.00 0.00\n\n此工作已移交\n\n质量\n\n指标\n\n故障次数 ≤1.00(次) 0.00(次) 5.00 5.00\n"
    )
    assert _cells(rows) == [
        {"name": "巡检次数", "target": "≥250.00(次)", "actual": "987.00(次)", "weight": "3.00", "score": "3.00"},
        {"name": "事项开发", "target": "≥5.00(个)", "actual": "0.00(个)", "weight": "3.00", "score": "0.00", "deviation": "此工作已移交"},
        {"name": "故障次数", "target": "≤1.00(次)", "actual": "0.00(次)", "weight": "5.00", "score": "5.00"},
    ]
    assert _labels(rows, "level1") == [("产出指标", [0, 1, 2])]
    assert _labels(rows, "level2") == [("数量指标", [0, 1]), ("质量指标", [2])]


def test_a_label_cut_by_a_page_break_goes_on_below_its_rows() -> None:
    rows = _read(
        "效益\n\n指标\n社会\n\n效益\n\n指标\n\n稳定性 稳定 稳定 5 5\n\n"
        "可持\n\n续影\n\n机制 健全 健全 5 5\n\n\n\n响指\n\n标\n\n人才 培养 培养 5 5\n"
    )
    assert _labels(rows, "level2") == [("社会效益指标", [0]), ("可持续影响指标", [1, 2])]


def test_the_end_of_a_label_that_is_not_printed_is_known() -> None:
    rows = _read("满意度\n\n指标\n服务\n\n对象\n\n满意\n\n度指\n\n群众满意度 ≥90% 95% 10 10\n")
    (label,) = [label for label in rows.labels["level2"] if label.pieces]
    assert label.missing == "标"


def test_a_wrapped_cell_goes_on_where_its_line_was_full() -> None:
    body = "".join(f"数量{i}个 建设完成数 达到预期的 完成建设并 10 10\n" for i in range(3))
    rows = _read("产出指标\n数量指标\n" + body + "快递送达率\n准确送达并\n\n签收\n达成指标 5.00 5.00\n")
    assert _cells(rows)[-1]["actual"] == "达成指标"
    assert "".join(_cells(rows)[-1][name] for name in ("name", "target")) == "快递送达率准确送达并签收"


def test_what_may_stand_in_two_columns_is_in_doubt() -> None:
    rows = _read("效益指标\n经济效益指标\n故障排除率 100% 100%\n\n10\n\n1\n\n10\n")
    assert {"weight", "score"} & set(rows.rows[0].doubts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["数量指标", "产出", "指标", "巡检", "≥5", "5.00", "\n", "\n\n\n\n", "（按期", "标", "—"]), max_size=40))
def test_any_pieces_are_read_and_none_is_lost(parts: list[str]) -> None:
    pieces = pieces_of(" ".join(parts))
    rows = read_rows([(pieces, FIELDS)])[0]
    held = [p.start for row in rows.rows for cell in row.cells.values() for p in cell]
    held += [p.start for labels in rows.labels.values() for label in labels for p in label.pieces]
    assert sorted(held) == [p.start for p in pieces]
