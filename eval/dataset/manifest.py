"""The manifest of a dataset: a `dataset.json` beside its files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

import data
from eval.degrade.presets import PRESETS, Name
from schema.canonical import read_forms
from schema.errors import UsageError
from schema.form import Form
from schema.record import Record, told_fault

NAME = "dataset.json"


class Scanned(Record):
    """Copies as scans or photos: a preset of eval.degrade and its seed. The same seed gives the same pixels."""

    preset: Name
    seed: int = 1


class DocumentSet(Record):
    """Documents of one condition.

    Attributes:
        condition: what the documents are, in a word or two; reports sort by it.
        template_family: whose forms these are, where known.
        documents: files below the folder of the manifest, as globs.
        scanned: read are copies of the PDFs, made by this.
        dumped: read are the texts of the PDFs, without layout.
        quick: names (without suffix) of the documents that `--quick` reads; none leaves the set out of it.
        on_request: read only where a run names it; for what takes long.
    """

    name: str = Field(pattern=r"^[\w-]+$")
    condition: str
    template_family: str = ""
    documents: tuple[str, ...]
    scanned: Scanned | None = None
    dumped: bool = False
    quick: tuple[str, ...] = ()
    on_request: bool = False


class Manifest(Record):
    """What a dataset is.

    Attributes:
        gold: the folder of the gold forms: canonical JSON, named as the documents; forms in the order of the document.
        questions: JSON lines with `id`, `type`, `question`, `answer`, `evidence`, asked over the forms of the set named `questions_over`.
    """

    name: str = Field(pattern=r"^[\w-]+$")
    title: str
    source: str
    licence: str
    gold: str
    sets: tuple[DocumentSet, ...] = Field(min_length=1)
    questions: str | None = None
    questions_over: str | None = None


@dataclass(frozen=True)
class Dataset:
    """A manifest and where it lies."""

    root: Path
    manifest: Manifest

    def documents(self, chosen: DocumentSet, *, quick: bool = False) -> list[Path]:
        """The files of a set, sorted by name.

        Raises:
            UsageError: a glob finds nothing.
        """
        out: list[Path] = []
        for pattern in chosen.documents:
            found = sorted(self.root.glob(pattern))
            if not found:
                raise UsageError(f"{self.root / NAME}：{chosen.name} 的 {pattern} 没有找到文件。")
            out += found
        return [path for path in out if not quick or path.stem in chosen.quick]

    def gold(self, document: Path) -> list[Form]:
        """The gold forms of a document.

        Raises:
            UsageError: it has none.
            CanonicalError: they are not canonical JSON.
        """
        path = self.root / self.manifest.gold / f"{document.stem}.json"
        if not path.is_file():
            raise UsageError(f"{document}：缺少标准答案 {path}。可用 jihe eval label 由更正过的表生成。")
        return read_forms(path)

    @property
    def questions(self) -> Path | None:
        """The file of the questions."""
        return self.root / self.manifest.questions if self.manifest.questions else None


Kind = Literal["digital", "scanned", "dumped"]


def kind_of(chosen: DocumentSet) -> Kind:
    """What is read of a set: its own files, scans made of them, or their texts."""
    return "scanned" if chosen.scanned is not None else "dumped" if chosen.dumped else "digital"


def load_dataset(path: Path | None = None) -> Dataset:
    """The dataset of a manifest, or of the folder it lies in; without one the built-in samples.

    Raises:
        UsageError: there is none, or it does not say what a manifest has to.
    """
    place = path or data.samples()
    file = place / NAME if place.is_dir() else place
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        manifest = Manifest.model_validate(raw)
    except OSError as e:
        raise UsageError(f"{file}：读不出来（{e.strerror or e}）。数据集是一个含 {NAME} 的文件夹，写法见 docs/evaluation.md。") from e
    except json.JSONDecodeError as e:
        raise UsageError(f"{file} 第 {e.lineno} 行不是 JSON：{e.msg}。") from e
    except ValidationError as e:
        raise UsageError(f"{file}：{told_fault(e)}写法见 docs/evaluation.md。") from e
    _insist(file, manifest)
    return Dataset(file.parent, manifest)


def _insist(file: Path, manifest: Manifest) -> None:
    names = [one.name for one in manifest.sets]
    if len(set(names)) < len(names):
        raise UsageError(f"{file}：有两个同名的集合。")
    if manifest.questions and manifest.questions_over not in names:
        raise UsageError(f"{file}：questions_over 应为 {'、'.join(names)} 之一：问题是就哪个集合的表问的？")
    for one in manifest.sets:
        if one.scanned is not None and one.dumped:
            raise UsageError(f"{file}：{one.name} 不能既是扫描件又是文本。")
        if one.scanned is not None and one.scanned.preset not in PRESETS:
            raise UsageError(f"{file}：{one.name} 的 preset 应为 {'、'.join(PRESETS)} 之一。")
