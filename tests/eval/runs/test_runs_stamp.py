"""The digest of a dataset: whatever it is read from, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from eval.dataset.manifest import load_dataset
from eval.runs.stamp import dataset_digest
from tests.eval.runs.breaking import small_dataset

PICTURES = {"name": "pages", "condition": "scan", "documents": ["pages/*"]}


def test_a_folder_of_pictures_is_a_document_and_counts(tmp_path: Path) -> None:
    (tmp_path / "pages" / "one").mkdir(parents=True)
    (tmp_path / "pages" / "one" / "1.png").write_bytes(b"first page")
    digests = [dataset_digest(small_dataset(tmp_path, forms=1, sets=[PICTURES]))]
    page = tmp_path / "pages" / "one" / "2.png"
    page.write_bytes(b"second page")
    digests.append(dataset_digest(load_dataset(tmp_path)))
    page.write_bytes(b"another second page")
    digests.append(dataset_digest(load_dataset(tmp_path)))
    page.rename(page.with_name("3.png"))
    digests.append(dataset_digest(load_dataset(tmp_path)))
    assert len({*digests}) == 4
    (tmp_path / "notes.txt").write_text("nobody reads this")
    assert dataset_digest(load_dataset(tmp_path)) == digests[-1]


def test_manifest_gold_and_documents_count(tmp_path: Path) -> None:
    first = dataset_digest(small_dataset(tmp_path, forms=1))
    assert dataset_digest(load_dataset(tmp_path)) == first
    manifest = json.loads((tmp_path / "dataset.json").read_text(encoding="utf-8"))
    (tmp_path / "dataset.json").write_text(json.dumps(manifest | {"title": "二"}), encoding="utf-8")
    second = dataset_digest(load_dataset(tmp_path))
    gold = tmp_path / "gold" / "baoshan-2020.json"
    gold.write_text(gold.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert len({first, second, dataset_digest(load_dataset(tmp_path))}) == 3
