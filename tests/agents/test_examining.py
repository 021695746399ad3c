"""What `jihe doctor --deep` reads through: each kind of damage is told, and a sound home has none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import data
from agents.examining import examine_all
from agents.indexing import bring_up_to_date
from agents.pipeline import ingest
from schema.canonical import read_forms
from store.health import Probe
from store.store import Store

NAMES = ("baoshan-2020", "jiading-2024")


@pytest.fixture
def originals(tmp_path: Path) -> list[Path]:
    return [Path(shutil.copy(data.samples() / "pdf" / f"{name}.pdf", tmp_path)) for name in NAMES]


@pytest.fixture
def store(tmp_path: Path, originals: list[Path]) -> Iterator[Store]:
    with Store.open(tmp_path / "home") as opened:
        ingest([str(path) for path in originals], opened)
        bring_up_to_date(opened, os.environ)
        yield opened


def _examined(store: Store) -> dict[str, Probe]:
    return {probe.name: probe for probe in examine_all(store, os.environ)}


def _run(store: Store, statement: str) -> None:
    with store.database.write() as connection:
        connection.execute(text(statement))


def test_a_sound_home_has_nothing(store: Store) -> None:
    seen: list[tuple[str, int, int]] = []
    probes = examine_all(store, os.environ, lambda *told: seen.append(told))
    assert [probe.name for probe in probes if probe.ok] == ["表的内容", "原件", "索引"]
    assert ("表", 8, 8) in seen
    assert ("原件", 2, 2) in seen


def test_imported_json_is_not_missed(store: Store, tmp_path: Path) -> None:
    path = Path(shutil.copy(data.samples() / "gold" / "minhang-science-2023.json", tmp_path))
    store.import_forms(read_forms(path), path)
    path.unlink()
    assert _examined(store)["原件"].ok


def test_originals_that_are_gone_or_changed_are_named(store: Store, originals: list[Path]) -> None:
    first, second = originals
    first.unlink()
    second.write_bytes(second.read_bytes() + b"\n")
    told = _examined(store)["原件"]
    assert not told.ok
    assert f"不在原处：{first}" in told.value
    assert f"内容变了：{second}" in told.value


def test_chunks_vectors_and_full_text_that_part_are_counted(store: Store) -> None:
    _run(store, "DELETE FROM chunks WHERE id IN (SELECT id FROM chunks ORDER BY id LIMIT 3)")
    told = _examined(store)["索引"]
    assert not told.ok
    assert "多余向量 3" in told.value
    assert "reindex" in told.advice


def test_what_only_waits_is_no_fault(store: Store) -> None:
    _run(store, "INSERT INTO vector_outbox (key) SELECT key FROM chunks LIMIT 2")
    told = _examined(store)["索引"]
    assert told.ok
    assert "2 个向量" in told.value


def test_a_form_that_cannot_be_made_is_told(store: Store) -> None:
    _run(store, "UPDATE indicators SET weight = 'kaputt' WHERE version_id = (SELECT min(id) FROM versions WHERE current)")
    told = _examined(store)["表的内容"]
    assert not told.ok
    assert "读出 0 张（共 8 张）" in told.value
