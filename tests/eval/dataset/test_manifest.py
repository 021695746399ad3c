"""The manifest of a dataset, what is wrong with one, and the copies that are made of its documents."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import data
from eval.dataset.making import make_documents
from eval.dataset.manifest import Dataset, load_dataset
from eval.degrade.tool import read_truth
from schema.errors import UsageError

GOOD: dict[str, Any] = {
    "name": "own",
    "title": "我们的表",
    "source": "自己收集",
    "licence": "内部",
    "gold": "gold",
    "sets": [{"name": "digital", "condition": "digital", "documents": ["*.pdf"], "quick": ["baoshan-2020"]}],
}
SCANNED = {"name": "light", "condition": "scan", "documents": ["*.pdf"], "scanned": {"preset": "light", "seed": 3}}
DUMPED = {"name": "text", "condition": "text", "documents": ["*.pdf"], "dumped": True}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "own"
    (out / "gold").mkdir(parents=True)
    shutil.copy(data.samples() / "pdf" / "baoshan-2020.pdf", out)
    shutil.copy(data.samples() / "gold" / "baoshan-2020.json", out / "gold")
    return out


def _written(folder: Path, **changed: Any) -> Dataset:
    (folder / "dataset.json").write_text(json.dumps({**GOOD, **changed}), encoding="utf-8")
    return load_dataset(folder)


def test_the_built_in_samples_are_a_dataset() -> None:
    dataset = load_dataset()
    for chosen in dataset.manifest.sets:
        assert all(dataset.gold(path) for path in dataset.documents(chosen))
        assert {path.stem for path in dataset.documents(chosen, quick=True)} == set(chosen.quick)
    assert dataset.questions is not None
    assert dataset.questions.is_file()


def test_a_folder_of_ones_own(folder: Path) -> None:
    dataset = _written(folder)
    (one,) = make_documents(dataset, dataset.manifest.sets[0], folder)
    assert (one.path, one.truth, len(one.gold)) == (folder / "baoshan-2020.pdf", None, 4)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sets": []}, "dataset.json"),
        ({"sets": [*GOOD["sets"], *GOOD["sets"]]}, "同名"),
        ({"questions": "q.jsonl"}, "questions_over"),
        ({"sets": [{**SCANNED, "dumped": True}]}, "既是"),
        ({"sets": [{**SCANNED, "scanned": {"preset": "none"}}]}, "dataset.json"),
        ({"licence": 3}, "dataset.json"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said(folder: Path, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        _written(folder, **changed)


def test_documents_and_gold_that_are_missing_are_named(folder: Path) -> None:
    dataset = _written(folder, sets=[{"name": "a", "condition": "a", "documents": ["*.docx"]}])
    with pytest.raises(UsageError, match=r"\*\.docx"):
        dataset.documents(dataset.manifest.sets[0])
    (folder / "gold" / "baoshan-2020.json").unlink()
    with pytest.raises(UsageError, match="jihe eval label"):
        dataset.gold(folder / "baoshan-2020.pdf")
    with pytest.raises(UsageError, match=r"dataset\.json"):
        load_dataset(folder / "gold")


def test_copies_are_made_once_and_are_the_same_everywhere(folder: Path, tmp_path: Path) -> None:
    dataset = _written(folder, sets=[SCANNED, DUMPED])
    made: list[str] = []
    scanned, dumped = dataset.manifest.sets
    (first,) = make_documents(dataset, scanned, tmp_path / "a", told=made.append)
    (again,) = make_documents(dataset, scanned, tmp_path / "a", told=made.append)
    (other,) = make_documents(dataset, scanned, tmp_path / "b")
    assert made == ["baoshan-2020.pdf"]
    assert first == again
    assert first.path.read_bytes() == other.path.read_bytes()
    assert first.truth is not None
    assert len(read_truth(first.truth)) == 4
    (text,) = make_documents(dataset, dumped, tmp_path / "a")
    assert "绩效自评表" in text.path.read_text(encoding="utf-8").replace(" ", "")
    assert make_documents(dataset, scanned, tmp_path / "a", limit=0) == []
