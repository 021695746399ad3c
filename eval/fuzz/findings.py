"""Inputs that something came of that may not be: kept with how they came about, so that they can be read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.fuzz.judge import Verdict
from eval.fuzz.mutate import Mutant
from ingest.settings import Settings
from schema.errors import UsageError

_RECORD = "finding.json"


@dataclass(frozen=True)
class Finding:
    """The first input of those with one cause, and how many there were."""

    complaint: str
    signature: str
    seed: int
    number: int
    kind: str
    good: str
    steps: tuple[str, ...]
    detail: str
    file: str
    ocr: str
    times: int = 1


def keep(folder: Path, where: tuple[int, int], made: Mutant, verdict: Verdict, settings: Settings) -> Finding:
    """Write an input into the folder; `where` is its seed and number."""
    place = folder / f"{verdict.complaint}-{hashlib.sha256(verdict.signature.encode()).hexdigest()[:10]}"
    place.mkdir(parents=True, exist_ok=True)
    # The first one found stays.
    file = next(iter(sorted(place.glob("input*"))), place / f"input{made.suffix}")
    finding = Finding(
        verdict.complaint, verdict.signature, *where, made.kind, made.seed, made.steps, verdict.detail[-4000:], str(file), settings.ocr
    )
    if not (place / _RECORD).exists():
        file.write_bytes(made.raw)
        (place / _RECORD).write_text(json.dumps(asdict(finding), ensure_ascii=False, indent=1), "utf-8")
    return finding


def known(path: Path) -> tuple[Path, bool]:
    """The input to read again, and whether by OCR: of a finding's folder, its record, or any file.

    Raises:
        UsageError: there is no such file.
    """
    record = path if path.name == _RECORD else (path if path.is_dir() else path.parent) / _RECORD
    if (path.is_dir() or path == record) and record.is_file():
        told = json.loads(record.read_text("utf-8"))
        return record.parent / Path(told["file"]).name, told["ocr"] != "never"
    if not path.is_file():
        raise UsageError(f"{path}：没有这个文件")
    return path, record.is_file() and json.loads(record.read_text("utf-8"))["ocr"] != "never"
