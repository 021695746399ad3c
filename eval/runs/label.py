"""`jihe eval label`: forms that people put right become gold forms of a dataset folder.

A document is taken as a whole, since gold forms stand for all forms of their document: when no cell of any of its forms is in doubt and a
person has looked at each form. What is not taken is named, with the reason. Gold that is there is not touched unless that is asked for.
"""

from __future__ import annotations

import glob
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.dataset.manifest import NAME, DocumentSet, Manifest, load_dataset
from ingest.files import fingerprint
from schema.canonical import dump_forms, read_forms
from schema.errors import DocumentError, StoreError, UsageError
from schema.form import Form
from schema.record import Record
from store.export.atomic import replacing
from store.records import DocumentSummary
from store.store import Store

DOCUMENTS = "documents"
GOLD = "gold"
_MOST_CELLS = 5
_UNFIT = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class Labelling:
    """How to label.

    Args:
        documents: paths, names or beginnings of the sha256 of the documents to take; none means all.
        replace: gold that is there already, and differs, is written anew.
        unseen: forms that nobody corrected or confirmed are taken, too, where no cell of them is in doubt. Then the reader judges itself.
    """

    documents: tuple[str, ...] = ()
    replace: bool = False
    unseen: bool = False


class Refused(Record):
    """A document that was not taken, and why; `form` where one form is the reason."""

    file: str
    reason: str
    form: str | None = None


class Labelled(Record):
    """What was done.

    Attributes:
        written: gold files that were written, below the folder; `unchanged`: those that were there as they should be.
        forms: forms in both.
    """

    folder: Path
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    forms: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class _Ready:
    """A document that may become gold."""

    path: Path
    kind: str
    sha256: str
    forms: tuple[Form, ...]


def label(store: Store, folder: Path, how: Labelling | None = None) -> Labelled:
    """Make gold of what people put right; the folder becomes a dataset, or one that is there grows.

    Raises:
        UsageError: a document that was asked for is not in the store, or the folder holds files that are no dataset.
        CanonicalError: gold that is there cannot be read.
        StoreError: store or folder cannot be read or written.
    """
    wanted = how or Labelling()
    manifest = _manifest(folder)
    golds = folder / (manifest.gold if manifest else GOLD)
    refused: list[Refused] = []
    ready = list(_ready(store, wanted, refused))
    known = _known(folder, manifest)
    written: list[str] = []
    unchanged: list[str] = []
    taken: list[tuple[Path, _Ready]] = []
    for document in ready:
        place = _place(folder, document, known, golds)
        gold = golds / f"{place.stem}.json"
        same = gold.is_file() and read_forms(gold) == list(document.forms)
        if gold.is_file() and not same and not wanted.replace:
            reason = f"标准答案 {gold} 已有，且与库中不同；要替换请用 --replace"
            refused.append(Refused(file=str(document.path), reason=reason))
            continue
        _keep(folder, document, place, None if same else (gold, dump_forms(document.forms) + "\n"))
        (unchanged if same else written).append(str(gold.relative_to(folder)))
        taken.append((place, document))
    if taken:
        _keep_manifest(folder, manifest, taken)
    forms = sum(len(document.forms) for _, document in taken)
    return Labelled(folder=folder, written=tuple(written), unchanged=tuple(unchanged), forms=forms, refused=tuple(refused))


def _ready(store: Store, how: Labelling, refused: list[Refused]) -> Iterator[_Ready]:
    """The documents to take; those that cannot be are told in `refused`."""
    by_document: dict[str, list[Form]] = defaultdict(list)
    for form in store.iter_forms():
        if form.source is not None:
            by_document[form.source.sha256].append(form)
    seen = {form.form_id for form in store.iter_reviewed()}
    for summary in _chosen(store.documents(), how.documents):
        file = summary.files[0] if summary.files else str(summary.document_id)
        forms = sorted(by_document.get(summary.sha256 or "", []), key=lambda form: form.source.pages if form.source else ())
        reasons = list(_reasons(summary, forms, () if how.unseen else seen, unseen=how.unseen))
        path = None if reasons else _present(summary)
        if path is None and not reasons:
            reasons = [(None, "原文件不在，或已改动")]
        refused += [Refused(file=file, form=form, reason=reason) for form, reason in reasons]
        if path is not None and summary.sha256:
            yield _Ready(path, str(summary.kind), summary.sha256, tuple(_bare(form) for form in forms))


def _chosen(known: Sequence[DocumentSummary], wanted: Sequence[str]) -> list[DocumentSummary]:
    done = [summary for summary in known if summary.status == "done"]
    if not wanted:
        return done
    out = []
    for name in wanted:
        absolute = str(Path(name).absolute())
        found = [
            one
            for one in done
            if absolute in one.files
            or any(Path(file).name == name for file in one.files)
            or (len(name) >= 6 and (one.sha256 or "").startswith(name))
        ]
        if len(found) != 1:
            raise UsageError(f"{name}：库中{'没有这个文件' if not found else '有不止一个这样的文件'}。文件见 jihe forms。")
        out += found
    return out


def _reasons(
    summary: DocumentSummary, forms: Sequence[Form], seen: set[str] | tuple[()], *, unseen: bool
) -> Iterator[tuple[str | None, str]]:
    """Why a document is not taken: form or None, and the reason."""
    if summary.kind == "canonical":
        yield None, "是导入的结果，没有可读的原件"
        return
    if len(forms) != summary.forms or not forms:
        yield None, f"读出 {summary.forms} 张表，其中 {summary.forms - len(forms)} 张现在用的是别的文件的读数"
    for form in forms:
        name = form.project_name or form.form_id
        if form.review:
            cells = sorted({mark.cell for mark in form.review})
            more = f" 等 {len(cells)} 格" if len(cells) > _MOST_CELLS else ""
            yield name, f"还有待核对的单元格：{'、'.join(cells[:_MOST_CELLS])}{more}"
        elif not unseen and form.form_id not in seen:
            yield name, "没有人更正或确认过其中任何一格"


def _present(summary: DocumentSummary) -> Path | None:
    """Where the document's bytes still are."""
    for file in summary.files:
        try:
            if fingerprint(Path(file)).sha256 == summary.sha256:
                return Path(file)
        except DocumentError:
            continue
    return None


def _bare(form: Form) -> Form:
    """The form without what its reading left: gold says what is printed, not where or by whom it was read."""
    return form.model_copy(update={"source": None, "evidence": {}, "review": (), "leftover": ()})


def _manifest(folder: Path) -> Manifest | None:
    if (folder / NAME).is_file():
        return load_dataset(folder).manifest
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder}：不是空文件夹，也没有 {NAME}。请换一个文件夹。")
    return None


def _known(folder: Path, manifest: Manifest | None) -> dict[str, Path]:
    """The documents that the folder holds, by the sha256 of their bytes."""
    patterns = [f"{DOCUMENTS}/*", *(pattern for one in (manifest.sets if manifest else ()) for pattern in one.documents)]
    out: dict[str, Path] = {}
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        try:
            out.setdefault(fingerprint(path).sha256, path)
        except DocumentError:
            # Something else that lies there.
            continue
    return out


def _place(folder: Path, document: _Ready, known: dict[str, Path], gold: Path) -> Path:
    """Where a document is or goes: under its own name, or with a piece of its sha256 where another one has that name.

    Gold files are named as documents without suffix, so no two documents may share that.
    """
    if document.sha256 not in known:
        stem = _UNFIT.sub("_", document.path.stem).strip("_") or "document"
        suffix = "" if document.path.is_dir() else document.path.suffix.lower()
        taken = {path.stem for path in known.values()} | {path.stem for path in gold.glob("*.json")}
        name = next(name for name in (stem, f"{stem}-{document.sha256[:8]}", f"{stem}-{document.sha256}") if name not in taken)
        known[document.sha256] = folder / DOCUMENTS / f"{name}{suffix}"
    return known[document.sha256]


def _keep(folder: Path, document: _Ready, place: Path, gold: tuple[Path, str] | None) -> None:
    """Copy the document where it is not there yet, and write its gold forms after it."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            if document.path.is_dir():
                shutil.copytree(document.path, place)
            else:
                with replacing(place) as part:
                    shutil.copyfile(document.path, part)
        if gold is not None:
            gold[0].parent.mkdir(parents=True, exist_ok=True)
            with replacing(gold[0]) as part:
                part.write_text(gold[1], encoding="utf-8")
    except OSError as e:
        raise StoreError(f"{folder}：写不了（{e.strerror or e}）。请检查磁盘空间和写权限。") from e


def _keep_manifest(folder: Path, manifest: Manifest | None, taken: Sequence[tuple[Path, _Ready]]) -> None:
    """The manifest with a set for each kind of document, and in it every document that no set reads yet."""
    held = manifest or Manifest(
        name=_UNFIT.sub("-", folder.absolute().name).strip("-") or "labelled",
        title="由更正过的表生成的数据集",
        source="由 jihe eval label 生成",
        licence="未注明；公开之前请核对",
        gold=GOLD,
        sets=(DocumentSet(name="_", condition="_", documents=("_",)),),
    )
    sets = {one.name: one for one in held.sets if manifest is not None}
    read = {path for one in sets.values() for pattern in one.documents for path in folder.glob(pattern)}
    for place, document in taken:
        if place not in read:
            name, grown = _grown(sets, document.kind, glob.escape(place.relative_to(folder).as_posix()))
            sets[name] = grown
    if manifest is not None and tuple(sets.values()) == manifest.sets:
        return
    made = held.model_copy(update={"sets": tuple(sets.values())})
    with replacing(folder / NAME) as part:
        plain = made.model_dump(mode="json", exclude_defaults=True)
        part.write_text(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _grown(sets: Mapping[str, DocumentSet], kind: str, pattern: str) -> tuple[str, DocumentSet]:
    """The set of a kind with one document more, by its name. A set of copies (scans, dumps) that has the name keeps it."""
    name = kind
    while name in sets and (sets[name].scanned is not None or sets[name].dumped):
        name = f"{name}-labelled"
    old = sets.get(name) or DocumentSet(name=name, condition=kind, documents=())
    return name, old.model_copy(update={"documents": (*old.documents, pattern)})
