"""Files of canonical forms, many at once: the same is kept as one by one, by this process alone or with others that read ahead."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.synthesis.many import many_forms
from schema.canonical import dump_forms, read_forms
from schema.evidence import Evidence, LinePlace, PagePlace, Place, Reading, ReviewMark, SheetPlace, TablePlace
from schema.form import Form
from store import Store
from store import importing as module
from store.importing import import_files
from store.postgres import NOT_NUL
from tests.factories import make_form

pytestmark = pytest.mark.on_servers
SIZE = 12
PARENT = "JIHE_TEST_PARENT"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    forms, folder = list(many_forms(5 * SIZE)), tmp_path / "files"
    folder.mkdir()
    return [_written(folder / f"{start}.json", forms[start : start + SIZE]) for start in range(0, len(forms), SIZE)]


def _written(file: Path, forms: Sequence[Form]) -> Path:
    file.write_text(dump_forms(forms), encoding="utf-8")
    return file


def _kept(store: Store) -> tuple[object, ...]:
    return list(store.iter_forms()), store.findings(), store.counts(), [document.files for document in store.documents()]


@pytest.mark.parametrize("least", [0, 10**9], ids=["ahead", "alone"])
def test_the_same_is_kept_as_file_by_file(
    store: Store, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(module, "WORTH_A_PROCESS", least)
    told = list(import_files(store, files))
    assert [(one.file, one.error) for one in told] == [(file, None) for file in files]
    assert [one.result.current for one in told if one.result] == [SIZE] * len(files)
    with Store.open(tmp_path / "other") as other:
        for file in files:
            other.import_forms(read_forms(file), file)
        assert _kept(store) == _kept(other)
    assert store.counts().unsettled_units == 0
    before = _kept(store)
    again = list(import_files(store, files))
    assert [one.result.new for one in again if one.result] == [False] * len(files)
    assert _kept(store) == before


@pytest.mark.parametrize("least", [0, 10**9], ids=["ahead", "alone"])
def test_what_one_file_has_wrong_leaves_the_others_alone(
    store: Store, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(module, "WORTH_A_PROCESS", least)
    broken, twice = tmp_path / "broken.json", tmp_path / "twice.json"
    broken.write_text("[{", encoding="utf-8")
    _written(twice, [make_form("甲"), make_form("甲")])
    told = list(import_files(store, [files[0], broken, tmp_path / "none.json", twice, files[1]]))
    assert [one.error is None for one in told] == [True, False, False, False, True]
    assert ["不是 JSON" in str(told[1].error), "没有这个文件" in str(told[2].error), "不止一次" in str(told[3].error)] == [True] * 3
    assert store.counts().forms == 2 * SIZE


def test_another_process_that_dies_costs_nothing(store: Store, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(module, "_prepare", _deadly)
    monkeypatch.setenv(PARENT, str(os.getpid()))
    assert [one.error for one in import_files(store, files)] == [None] * len(files)
    assert store.counts().forms == 5 * SIZE


_PREPARE = module._prepare


def _deadly(file: Path, profile: object) -> module.Prepared:
    if os.environ[PARENT] != str(os.getpid()):
        os.kill(os.getpid(), signal.SIGKILL)
    return _PREPARE(file, profile)  # type: ignore[arg-type]


def test_whoever_stops_early_leaves_the_comparisons_to_the_next(store: Store, files: list[Path]) -> None:
    for _ in import_files(store, files):
        break
    assert store.counts().unsettled_units > 0
    with Store.open(store.home) as again:
        assert again.counts().unsettled_units == 0


def test_every_kind_of_place_and_odd_text_come_back(store: Store, tmp_path: Path, where: str) -> None:
    odd = 'a\tb\nc\\d\\N"e",\r“中”\U00020bb7\x1f\x1e'
    places: tuple[Place, ...] = (
        PagePlace(page=1, bbox=(0.5, 1.25, 3.0, 4.0), text=odd),
        LinePlace(line=(1, 2), span=(3, 4), text="\\N"),
        SheetPlace(sheet="表一", ref="B2", text=""),
        TablePlace(table=0, row=1, column=2, text="\\."),
    )
    evidence = {"grade": Evidence(match="exact", read_by="layout", confidence=0.25, at=places)}
    marks = (ReviewMark(cell="grade", reason="odd", readings=(Reading(read_by="ocr", value=odd), Reading(read_by="layout", value=None))),)
    form = make_form("甲", grade=odd, expected_goal="a\0b", evidence=evidence, review=marks)
    file = tmp_path / "odd.json"
    file.write_text("[]", encoding="utf-8")
    store.import_forms([form], file)
    kept = store.get(form.form_id)
    assert (kept.grade, kept.evidence, kept.review) == (form.grade, form.evidence, form.review)
    assert kept.expected_goal == ("a\0b" if where == "home" else f"a{NOT_NUL}b")
