"""A run: inputs made, read in guarded workers as users' documents are, judged, and kept where something is wrong."""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from agents.guarded.frames import Lost
from agents.material import Material
from agents.reading_pool import Reading, ReadingPool, Result
from eval.fuzz.findings import Finding, keep
from eval.fuzz.judge import Verdict, judged
from eval.fuzz.material import Seed, seeds
from eval.fuzz.mutate import Mutant, Start, mutant, start
from ingest.settings import Settings
from schema.errors import DocumentError
from store.store import Store

LIMITS = Settings(ocr="never", stalled=20.0, longest=20.0, memory=3 * 2**29, output=2**27)
OCR_LIMITS = replace(LIMITS, ocr="auto", stalled=90.0, longest=90.0, memory=2 * 2**30)
"""Recognising takes its time on a machine that others use, and so does loading what recognises."""
_DUMP = "PYTHONFAULTHANDLER"
_ROUND = 400
"""Inputs between two looks at the clock and two reports."""


@dataclass(frozen=True)
class Course:
    """Which inputs: `count` of a seed from number `start` on, of these kinds, for so many seconds at most."""

    seed: int
    start: int
    count: int
    kinds: tuple[str, ...]
    seconds: float = float("inf")
    workers: int = 1


@dataclass
class Tally:
    """What a run has come to so far."""

    course: Course
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)
    findings: dict[str, Finding] = field(default_factory=dict)
    done: int = 0
    seconds: float = 0.0
    slowest: float = 0.0

    @property
    def next_number(self) -> int:
        """Where to go on."""
        return self.course.start + self.done


@dataclass
class _Held:
    """An input that is made and written when a worker is free for it, and gone when it was read."""

    number: int
    path: Path
    start: Start
    made: Mutant | None = None
    begun: float = 0.0
    seconds: float = 0.0

    def take(self) -> Path:
        self.made = mutant(self.start)
        self.path.write_bytes(self.made.raw)
        self.begun = time.monotonic()
        return self.path

    def leave(self) -> None:
        self.seconds = time.monotonic() - self.begun
        self.path.unlink(missing_ok=True)


def run(course: Course, folder: Path, told: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Read the inputs of a course; what may not be is kept in the folder, once for each cause. `told` hears how far it is."""
    tally, started = Tally(course), time.monotonic()
    with _Fuzzer(tally, seeds(course.kinds), folder) as fuzzer:
        end = course.start + course.count
        for first in range(course.start, end, _ROUND):
            numbers = range(first, min(end, first + _ROUND))
            fuzzer.read(numbers)
            tally.done, tally.seconds = numbers.stop - course.start, time.monotonic() - started
            told(tally)
            if tally.seconds > course.seconds:
                break
    return tally


class _Fuzzer:
    """Its pools of workers, the home where readings are kept, and what is said of losses."""

    def __init__(self, tally: Tally, material: Mapping[str, tuple[Seed, ...]], folder: Path) -> None:
        self._tally, self._material, self._folder = tally, material, folder
        self._lost: dict[str, Lost] = {}
        self._pools: list[tuple[ReadingPool, Settings]] = []
        self._stack = ExitStack()

    def __enter__(self) -> _Fuzzer:
        self._inputs = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="jihe-fuzz-")))
        self._stack.enter_context(_frames_of_crashes())
        self._store = self._stack.enter_context(Store.open(self._inputs / "home"))
        self._run = self._store.start_run("fuzz")
        workers = self._tally.course.workers
        self._pools = [
            (self._stack.enter_context(ReadingPool(workers, limits, tell_lost=self._heard)), limits) for limits in (LIMITS, OCR_LIMITS)
        ]
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, numbers: Sequence[int]) -> None:
        """Read these inputs."""
        held = [self._held(number) for number in numbers]
        for pool, limits in self._pools:
            self._read_all(pool, limits, [one for one in held if (one.start.good.kind == "image") == (limits is OCR_LIMITS)])

    def _held(self, number: int) -> _Held:
        begun = start(self._tally.course.seed, number, self._material)
        return _Held(number, self._inputs / f"{number}{begun.suffix}", begun)

    def _read_all(self, pool: ReadingPool, limits: Settings, held: Sequence[_Held]) -> None:
        left = {one.number: one for one in held}
        while left:
            readings = [Reading(number, one.path, _unwatched, one, one.path.name) for number, one in left.items()]
            try:
                for reading, result in pool.read(readings, limits):
                    self._take(left.pop(reading.number), result, limits)
            except Exception as e:  # noqa: BLE001 - whatever ends the parent is what is looked for; it is kept as a finding
                one = left.pop(next(iter(left)))
                self._found(one, Verdict("parent", "parent", f"{type(e).__name__}: {e}\n{traceback.format_exc()}"), limits)
                left = {number: self._held(number) for number in left}

    def _take(self, held: _Held, result: Result, limits: Settings) -> None:
        lost = self._lost.pop(str(held.path), None)
        verdict = judged(result, lost)
        if verdict.complaint == "stall":
            verdict = self._once_more(held, limits)
        if not isinstance(result, DocumentError) and not verdict.complaint:
            verdict = self._kept(result, verdict)
        self._tally.slowest = max(self._tally.slowest, held.seconds)
        self._tally.outcomes.setdefault(held.start.good.kind, Counter())[verdict.outcome] += 1
        if held.made is not None:
            self._tally.steps.update(held.made.steps)
        if verdict.complaint:
            self._found(held, verdict, limits)

    def _once_more(self, held: _Held, limits: Settings) -> Verdict:
        """The verdict of a second reading, in a process of its own: a machine with other things to do may have held up the first."""
        held.path.write_bytes(mutant(start(self._tally.course.seed, held.number, self._material)).raw)
        verdict, _ = replayed(held.path, limits)
        held.path.unlink()
        self._lost.pop(str(held.path), None)
        return verdict if verdict.complaint else Verdict("held up")

    def _kept(self, result: Material, verdict: Verdict) -> Verdict:
        """The verdict once the reading was put into a home, as an import does."""
        try:
            self._store.save(result.reading, self._run)
        except Exception as e:  # noqa: BLE001 - the parent would have ended here; it is kept as a finding
            return Verdict("parent", "parent", f"{type(e).__name__}: {e}\n{traceback.format_exc()}")
        return verdict

    def _found(self, held: _Held, verdict: Verdict, limits: Settings) -> None:
        known = self._tally.findings.get(verdict.signature)
        if known is not None:
            self._tally.findings[verdict.signature] = replace(known, times=known.times + 1)
            return
        seed = self._tally.course.seed
        made = mutant(start(seed, held.number, self._material))
        self._tally.findings[verdict.signature] = keep(self._folder, (seed, held.number), made, verdict, limits)

    def _heard(self, lost: Lost, name: str) -> None:
        self._lost[name] = lost


def replayed(path: Path, limits: Settings) -> tuple[Verdict, float]:
    """What comes of one file now, and the seconds it took."""
    lost: list[Lost] = []

    started = time.monotonic()
    with _frames_of_crashes(), ReadingPool(1, limits, tell_lost=lambda what, _: lost.append(what)) as pool:
        result = next(result for _, result in pool.read([Reading(0, path, _unwatched)], limits))
    return judged(result, lost[0] if lost else None), time.monotonic() - started


def _unwatched(_pages: int, _read: int) -> None:
    """How far a document is concerns nobody here."""


@contextmanager
def _frames_of_crashes() -> Iterator[None]:
    """Workers that start meanwhile tell, when they crash, where they were."""
    before = os.environ.get(_DUMP)
    os.environ[_DUMP] = "1"
    try:
        yield
    finally:
        os.environ.pop(_DUMP)
        if before is not None:
            os.environ[_DUMP] = before
