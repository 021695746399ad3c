"""Faults of a model's answers as a step of a run: documents read once, a model played over them at each setting, what came of it kept.

A round is a fixed list of settings; whoever asks for more faults than one holds gets whole rounds with further seeds. Each setting is kept
when it is done, so that a run which was broken off goes on behind it.
"""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from agents.material import Material
from agents.reader import read_material
from eval.dataset.making import SetDocument, make_documents
from eval.dataset.manifest import Dataset, DocumentSet, kind_of
from eval.metrics.injection import Injection, Tally, injection_figures, tally
from ingest.settings import Settings
from schema.errors import DocumentError
from schema.form import Form
from store.export.atomic import replacing

FOLDER = "faults"
"""The folder of a run that holds what each setting came to."""
MOST_ROUNDS = 50
"""However many faults are asked for: a dataset of one empty form would never hold them."""
MOST_QUICK = 2
"""Documents at most over which a quick run plays."""
_MODEST, _HARD = (0.1, 0.0), (0.3, 0.5)
"""Share of the cells told wrongly, and how probably a fault is told again."""
_CUTS = 0.2
_READINGS = (("digital", False), ("digital", True), ("dump", True))
"""What the model is asked about, and whether it is believed without what layout read."""
Read = tuple[list[Material], list[Form]]
"""What was read of documents, and their gold forms."""
Told = Callable[[str, int, int], None]
"""Told what is done, how many settings of the round are, and how many it has."""


@dataclass(frozen=True)
class Play:
    """One setting: what is read, how a model is played."""

    name: str
    alone: bool
    share: float
    relapse: float
    seed: int

    @property
    def file(self) -> str:
        """Where it is kept."""
        return f"{self.name}-{'alone' if self.alone else 'both'}-{self.share:g}-{self.relapse:g}-{self.seed}.json"


def round_of(seed: int, *, quick: bool) -> list[Play]:
    """The settings of one round: all readings with few and with many faults; of a quick one with many."""
    kinds = (_HARD,) if quick else (_MODEST, _HARD)
    return [Play(name, alone, share, relapse, seed) for share, relapse in kinds for name, alone in _READINGS]


def faulted_set(dataset: Dataset) -> DocumentSet | None:
    """The set whose documents a model is played over: the first that is neither scanned nor dumped."""
    return next((one for one in dataset.manifest.sets if kind_of(one) == "digital"), None)


@dataclass
class Faults:
    """The step.

    Attributes:
        shared: the folder of the copies that runs share.
        folder: of the run.
        least: at least so many faults are told, in whole rounds.
        limit: documents at most.
        seed: of the first round.
    """

    dataset: Dataset
    shared: Path
    folder: Path
    least: int
    quick: bool
    limit: int | None
    seed: int

    def play(self, told: Told) -> Injection | None:
        """Every setting until there are faults enough; None where no document of the dataset is read as it is."""
        if not self._documents:
            return None
        kept: list[Tally] = []
        for number in range(MOST_ROUNDS):
            plays = [play for play in round_of(self.seed + number, quick=self.quick) if play.name != "dump" or self._pdfs]
            for done, play in enumerate(plays):
                told(f"模型埋错第 {number + 1} 轮 {play.name}，已 {_planted(kept)} 处", done, len(plays))
                kept.append(self._kept(play) or self._played(play))
            if _planted(kept) >= self.least:
                break
        return injection_figures(kept)

    def _kept(self, play: Play) -> Tally | None:
        try:
            return Tally.model_validate_json((self.folder / FOLDER / play.file).read_bytes())
        except (OSError, ValidationError):
            # Not played yet, or by another version.
            return None

    def _played(self, play: Play) -> Tally:
        # It imports LangChain, which takes two seconds to load.
        from eval.simulate.run import Setting, run  # noqa: PLC0415

        materials, gold = self._read if play.name == "digital" else self._dumped
        setting = Setting(play.share, play.relapse, play.seed, play.alone, cuts=_CUTS)
        ran = run(materials, gold, setting)
        out = tally(play.name, setting, ran.measured, ran.requests, ran.ledger_agrees)
        (self.folder / FOLDER).mkdir(parents=True, exist_ok=True)
        with replacing(self.folder / FOLDER / play.file) as part:
            part.write_text(out.model_dump_json(), encoding="utf-8")
        return out

    @cached_property
    def _documents(self) -> list[SetDocument]:
        chosen = faulted_set(self.dataset)
        if chosen is None:
            return []
        limit = min(self.limit or MOST_QUICK, MOST_QUICK) if self.quick else self.limit
        return make_documents(self.dataset, chosen, self.shared, quick=self.quick, limit=limit)

    @property
    def _pdfs(self) -> list[SetDocument]:
        return [one for one in self._documents if one.path.suffix.lower() == ".pdf"]

    @cached_property
    def _read(self) -> Read:
        return _read(self._documents)

    @cached_property
    def _dumped(self) -> Read:
        """The texts of the PDFs among the documents, layout gone."""
        chosen = faulted_set(self.dataset)
        if chosen is None:
            return [], []
        named = tuple(glob.escape(str(one.path.relative_to(self.dataset.root))) for one in self._pdfs)
        return _read(make_documents(self.dataset, chosen.model_copy(update={"dumped": True, "documents": named}), self.shared))


def _planted(kept: Sequence[Tally]) -> int:
    return sum(one.setting.planted for one in kept)


def _read(documents: Sequence[SetDocument]) -> Read:
    """What can be read of documents, and the gold forms of that; the rest is told of among the failures of its set."""
    materials: list[Material] = []
    gold: list[Form] = []
    for one in documents:
        try:
            materials.append(read_material(one.path, Settings(texts=True)))
        except DocumentError:
            continue
        gold += one.gold
    return materials, _told_apart(gold)


def _told_apart(forms: Sequence[Form]) -> list[Form]:
    """The forms, those whose id another one has numbered: an answer is about one of them."""
    seen: Counter[str] = Counter()
    out = []
    for form in forms:
        seen[form.form_id] += 1
        number = seen[form.form_id]
        out.append(form if number == 1 else form.model_copy(update={"form_id": f"{form.form_id}#{number}"}))
    return out
