"""Forms that people put right become a dataset: whole documents only, what is in doubt is named, gold that is there stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import data
from agents.pipeline import ingest
from eval.dataset.manifest import NAME, load_dataset
from eval.runs.label import Labelling, label
from schema.canonical import read_forms
from schema.errors import UsageError
from schema.evidence import ReviewMark
from store.store import Store
from tests.eval.runs.breaking import broken, change_digit
from tests.factories import make_form


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return Path(shutil.copy(data.samples() / "pdf" / "baoshan-2020.pdf", tmp_path / "宝山 [2020].pdf"))


@pytest.fixture
def held(tmp_path: Path, document: Path) -> Iterator[Store]:
    """A store with four forms of which the total score was read wrongly and marked."""

    def doubtful(form):
        return change_digit(form).model_copy(update={"review": (ReviewMark(cell="total_score", reason="看不清"),)})

    with Store.open(tmp_path / "home") as store:
        with broken(doubtful):
            ingest([str(document)], store)
        yield store


def _settle(store: Store, count: int) -> None:
    for form in list(store.iter_forms())[:count]:
        store.correct(form.form_id, "total_score", str((form.total_score or Decimal(0)) + 7), "li")


def test_forms_with_open_marks_are_named_and_nothing_is_written(held: Store, tmp_path: Path) -> None:
    _settle(held, 3)
    told = label(held, tmp_path / "set")
    assert told.written == () and told.forms == 0
    (refused,) = told.refused
    assert refused.form == list(held.iter_forms())[3].project_name and "total_score" in refused.reason
    assert not (tmp_path / "set").exists()


def test_corrected_forms_become_a_dataset_that_can_be_evaluated(held: Store, tmp_path: Path) -> None:
    _settle(held, 4)
    told = label(held, tmp_path / "my set")
    assert told.refused == () and told.forms == 4
    dataset = load_dataset(tmp_path / "my set")
    (chosen,) = dataset.manifest.sets
    (copy,) = dataset.documents(chosen)
    assert chosen.name == "digital" and dataset.manifest.name == "my-set"
    gold = dataset.gold(copy)
    assert gold == read_forms(tmp_path / "my set" / told.written[0])
    wanted = read_forms(data.samples() / "gold" / "baoshan-2020.json")
    assert [form.total_score for form in gold] == [form.total_score for form in wanted]
    assert all(form.source is None and not form.evidence and not form.review and not form.leftover for form in gold)


def test_the_same_again_changes_nothing_and_other_gold_is_kept_unless_told(held: Store, tmp_path: Path) -> None:
    _settle(held, 4)
    folder = tmp_path / "set"
    first = label(held, folder)
    manifest = (folder / NAME).read_bytes()
    again = label(held, folder)
    assert again.written == () and again.unchanged == first.written and (folder / NAME).read_bytes() == manifest
    form = next(iter(held.iter_forms()))
    held.correct(form.form_id, "grade", "优", "li")
    kept = label(held, folder)
    assert kept.written == kept.unchanged == () and "--replace" in kept.refused[0].reason
    replaced = label(held, folder, Labelling(replace=True))
    assert replaced.written == first.written
    assert read_forms(folder / first.written[0])[0].grade == "优"


def test_forms_that_nobody_looked_at_are_no_gold_unless_told(tmp_path: Path, document: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        ingest([str(document)], store)
        told = label(store, tmp_path / "set")
        assert [refused.reason for refused in told.refused] == ["没有人更正或确认过其中任何一格"] * 4
        assert label(store, tmp_path / "set", Labelling(unseen=True)).forms == 4


def test_a_document_that_is_gone_or_was_never_one_is_refused(held: Store, tmp_path: Path, document: Path) -> None:
    _settle(held, 4)
    document.unlink()
    canonical = tmp_path / "forms.json"
    form = make_form("导入的", form_id="x-1")
    canonical.write_text(json.dumps([form.model_dump(mode="json")]), encoding="utf-8")
    held.import_forms([form], canonical)
    told = label(held, tmp_path / "set")
    assert [refused.reason for refused in told.refused] == ["原文件不在，或已改动", "是导入的结果，没有可读的原件"]


def test_a_dataset_that_is_there_grows_and_names_never_collide(held: Store, tmp_path: Path, document: Path) -> None:
    _settle(held, 4)
    folder = tmp_path / "set"
    (folder / "gold").mkdir(parents=True)
    (folder / "own").mkdir()
    shutil.copy(data.samples() / "pdf" / "jiading-2024.pdf", folder / "own" / "a.pdf")
    shutil.copy(data.samples() / "gold" / "jiading-2024.json", folder / "gold" / "a.json")
    shutil.copy(data.samples() / "gold" / "jiading-2024.json", folder / "gold" / "宝山_2020.json")
    sets = [{"name": "digital", "condition": "scan", "documents": ["own/*.pdf"], "scanned": {"preset": "light"}}]
    (folder / NAME).write_text(
        json.dumps({"name": "own", "title": "t", "source": "s", "licence": "l", "gold": "gold", "sets": sets}), encoding="utf-8"
    )
    told = label(held, folder)
    assert told.forms == 4 and told.written[0].startswith("gold/宝山_2020-")
    manifest = load_dataset(folder).manifest
    assert manifest.title == "t" and [one.name for one in manifest.sets] == ["digital", "digital-labelled"]
    assert manifest.sets[0].scanned is not None
    assert len(load_dataset(folder).gold(load_dataset(folder).documents(manifest.sets[1])[0])) == 4


def test_documents_are_chosen_by_name_and_other_folders_are_refused(held: Store, tmp_path: Path, document: Path) -> None:
    _settle(held, 4)
    assert label(held, tmp_path / "set", Labelling(documents=(document.name,))).forms == 4
    with pytest.raises(UsageError, match="库中没有这个文件"):
        label(held, tmp_path / "set", Labelling(documents=("nothing.pdf",)))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").write_text("mine")
    with pytest.raises(UsageError, match="不是空文件夹"):
        label(held, tmp_path / "other")
