"""Where runs are kept: `evals/ID/` in the home, one folder per run, and the copies and model answers that runs share.

A run's folder holds `run.json` (RunRecord), and per set the forms as read (`SET/forms.json`), every cell beside its gold value
(`SET/results.json`), and the home they were read into.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.metrics.compare import FormResult
from eval.runs.record import RunRecord, RunSettings, Stamp
from schema.errors import UsageError
from store.export.atomic import replacing

EVALS = "evals"
RECORD = "run.json"
FORMS = "forms.json"
RESULTS = "results.json"
SHARED = "shared"
"""Copies of documents and answers of models, by content."""

_RESULTS = TypeAdapter(tuple[FormResult, ...])


class Runs:
    """The runs kept in a home.

    Args:
        home: the folder of the store; made where it is missing.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / EVALS
        self._elsewhere: dict[str, Path] = {}

    @property
    def shared(self) -> Path:
        """The folder that all runs share."""
        out = self.folder / SHARED
        out.mkdir(parents=True, exist_ok=True)
        return out

    def of(self, run: RunRecord) -> Path:
        """The folder of a run: in the home, or where its record was got from by its path."""
        return self._elsewhere.get(run.id, self.folder / run.id)

    def copies_of(self, run: RunRecord) -> Path:
        """The folder that the runs beside a run share."""
        return self.of(run).parent / SHARED

    def all(self) -> list[RunRecord]:
        """Every run, newest first; a folder that holds none that can be read is passed over."""
        return sorted(self._records(), key=lambda run: run.started_at, reverse=True)

    def get(self, name: str) -> RunRecord:
        """A run by its id, a beginning of it, `last`, or the path of a run.json.

        Raises:
            UsageError: there is none, or several.
        """
        path = Path(name)
        if path.name == RECORD or path.suffix == ".json":
            run = read_record(path)
            self._elsewhere[run.id] = path.absolute().parent
            return run
        runs = [run for run in self.all() if run.finished_at is not None]
        if name == "last" and runs:
            return runs[0]
        found = [run for run in runs if run.id.startswith(name)]
        if len(found) != 1:
            known = "、".join(run.id for run in runs[:5]) or "还没有，用 jihe eval run 做一次"
            raise UsageError(f"{'没有' if not found else '不止一次'}评测叫 {name}。已有的：{known}。")
        return found[0]

    def begin(self, settings: RunSettings, stamp: Stamp) -> RunRecord:
        """A new run; or the one with the same settings and stamp that was broken off."""
        for run in self.all():
            if run.finished_at is None and run.settings == settings and run.stamp == stamp:
                return run
        now = datetime.now(UTC)
        run = RunRecord(id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}", settings=settings, stamp=stamp, started_at=now)
        self.keep(run)
        return run

    def keep(self, run: RunRecord) -> None:
        """Write a run's record."""
        self.of(run).mkdir(parents=True, exist_ok=True)
        with replacing(self.of(run) / RECORD) as part:
            part.write_text(json.dumps(run.model_dump(mode="json"), ensure_ascii=False, indent=1), encoding="utf-8")

    def keep_results(self, run: RunRecord, chosen: str, results: tuple[FormResult, ...]) -> None:
        """Write the cells of a set."""
        with replacing(self.of(run) / chosen / RESULTS) as part:
            part.write_bytes(_RESULTS.dump_json(results))

    def results(self, run: RunRecord, chosen: str) -> tuple[FormResult, ...]:
        """The cells of a set; decimals come back as the text they are printed as.

        Raises:
            UsageError: the file is gone or of another version.
        """
        path = self.of(run) / chosen / RESULTS
        try:
            return _RESULTS.validate_json(path.read_bytes())
        except (OSError, ValidationError) as e:
            raise UsageError(f"{path}：读不出这次评测的逐格结果（应在 {RECORD} 旁边）。请重新运行 jihe eval run。") from e

    def _records(self) -> Iterator[RunRecord]:
        for path in self.folder.glob(f"*/{RECORD}"):
            try:
                yield read_record(path)
            except UsageError:
                # Another version's, or half deleted; `get` by its path tells what is wrong with it.
                continue


def read_record(path: Path) -> RunRecord:
    """A run's record from its file.

    Raises:
        UsageError: it cannot be read, or is of another version.
    """
    try:
        return RunRecord.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise UsageError(f"{path}：读不出来（{e.strerror or e}）。") from e
    except (ValidationError, UnicodeDecodeError) as e:
        raise UsageError(f"{path}：不是这个版本的评测记录。请重新运行 jihe eval run。") from e
