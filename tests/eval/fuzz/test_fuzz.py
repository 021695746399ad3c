"""The fuzzer itself: the same input for the same number, findings kept and replayed; and a short run in which nothing is found."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from agents.guarded.frames import Lost
from agents.material import Material
from agents.reader import read_document
from eval.fuzz import judge, run
from eval.fuzz.__main__ import main
from eval.fuzz.findings import known
from eval.fuzz.material import KINDS, Seed, seeds
from eval.fuzz.mutate import MUTATIONS, mutant, start
from ingest.settings import Settings
from schema.errors import DamagedDocument, NoFormFound, UsageError

CHEAP = ("pdf", "docx", "xls", "text")


@pytest.fixture(scope="module")
def material() -> dict[str, tuple[Seed, ...]]:
    return seeds()


def test_every_kind_has_good_documents_that_are_read(material: dict[str, tuple[Seed, ...]], tmp_path: Path) -> None:
    for kind in KINDS[:-1]:
        good = material[kind][0]
        path = tmp_path / f"good{good.suffix}"
        path.write_bytes(good.raw)
        assert len(read_document(path, Settings(ocr="never")).forms) == 1, kind
    assert {good.name for good in material["image"]} == {"png", "jpg", "tiff", "bmp", "webp"}


def test_the_same_number_gives_the_same_bytes(material: dict[str, tuple[Seed, ...]]) -> None:
    material = {kind: material[kind] for kind in (*CHEAP, "xlsx")}
    again = seeds(material)
    made = [mutant(start(1, number, material)) for number in range(60)]
    assert made == [mutant(start(1, number, again)) for number in range(60)]
    assert len({one.raw for one in made}) > 55
    assert {one.kind for one in made} >= {"pdf", "docx", "xls", "text"}


def test_every_mutation_bears_anything(material: dict[str, tuple[Seed, ...]]) -> None:
    for kind, mutations in MUTATIONS.items():
        for mutation in dict.fromkeys(mutations):
            for raw in (b"", b"x", material[kind][0].raw):
                assert isinstance(mutation(raw, Random(1)), bytes)


@pytest.mark.parametrize(
    ("result", "lost", "complaint"),
    [
        (DamagedDocument("a.pdf", "文件不完整", "请重新下载"), None, ""),
        (DamagedDocument("a.pdf", "broken", "请重新下载"), None, "message"),
        (DamagedDocument("a.pdf", '坏了：File "x.py", line 3, in read', "请重新下载"), None, "message"),
        (DamagedDocument("a.pdf", "坏了\n又坏了", "请重新下载"), None, "message"),
        (DamagedDocument("a.pdf", "坏" * 700, "请重新下载"), None, "message"),
        (NoFormFound("a.pdf", "没有表", "请确认"), Lost("fault", "Traceback"), "fault"),
        (NoFormFound("a.pdf", "没有表", "请确认"), Lost("long"), "stall"),
    ],
)
def test_what_may_not_be_is_told(result: DamagedDocument, lost: Lost | None, complaint: str) -> None:
    assert judge.judged(result, lost).complaint == complaint


def test_findings_with_one_cause_have_one_signature() -> None:
    trace = (
        'Traceback (most recent call last):\n  File "/a/reader.py", line 1, in read\n  File "/b/rows.py", line {}, in cells\nKeyError: {}'
    )
    frames = '  File "/b/mupdf.py", line 7 in draw\n  File "/a/x.py", line 1 in y'
    dump = f"Fatal Python error: Segmentation fault\n\nCurrent thread (most recent call first):\n{frames}"
    one, same, other = (judge.Verdict("fault", "fault", trace.format(line, key)).signature for line, key in ((3, 1), (3, 2), (4, 1)))
    assert one == same == "fault:rows.py:3:cells"
    assert other != one
    assert judge.Verdict("crashed", "crash", dump).signature == "crash:mupdf.py:7:draw"


def test_a_finding_is_kept_and_replayed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def never_right(result: object, lost: Lost | None) -> judge.Verdict:
        return judge.Verdict("read", "message", "as if") if isinstance(result, Material) else judge.Verdict("told")

    monkeypatch.setattr(run, "judged", never_right)
    assert main(["-o", str(tmp_path), "--count", "12", "--kinds", "docx", "--seed", "4"]) == 1
    report = json.loads((tmp_path / "report-4-0.json").read_text("utf-8"))
    assert (report["inputs"], report["next"], [found["signature"] for found in report["findings"]]) == (12, 12, ["message:as if"])
    folder = Path(report["findings"][0]["file"]).parent
    told = json.loads((folder / "finding.json").read_text("utf-8"))
    assert (folder / "input.docx").read_bytes() == mutant(start(4, told["number"], seeds(["docx"]))).raw
    assert known(folder) == known(folder / "finding.json") == known(folder / "input.docx") == (folder / "input.docx", False)
    monkeypatch.undo()
    assert main(["--replay", str(folder)]) == 0
    assert "input.docx: read" in capsys.readouterr().out
    with pytest.raises(UsageError):
        known(tmp_path / "none")


def test_a_run_goes_on_where_another_one_ended(tmp_path: Path) -> None:
    whole = run.run(run.Course(2, 0, 12, ("docx",)), tmp_path)
    parts = [run.run(run.Course(2, first, 6, ("docx",)), tmp_path) for first in (0, 6)]
    assert whole.outcomes["docx"] == parts[0].outcomes["docx"] + parts[1].outcomes["docx"]
    assert parts[0].next_number == 6


def test_what_ends_the_parent_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise ValueError("cannot be kept")

    monkeypatch.setattr("store.store.Store.save", broken)
    tally = run.run(run.Course(2, 0, 12, ("docx",)), tmp_path)
    assert {found.complaint for found in tally.findings.values()} == {"parent"}
    assert "cannot be kept" in next(iter(tally.findings.values())).detail


def test_a_stall_is_one_when_it_comes_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stalled(result: object, lost: Lost | None) -> judge.Verdict:
        return judge.Verdict("long", "stall")

    course = run.Course(2, 0, 3, ("docx",))
    monkeypatch.setattr(run, "judged", stalled)
    assert [found.times for found in run.run(course, tmp_path).findings.values()] == [3]
    monkeypatch.setattr(run, "replayed", lambda path, limits: (judge.Verdict("read"), 0.1))
    tally = run.run(course, tmp_path)
    assert tally.findings == {}
    assert tally.outcomes["docx"] == {"held up": 3}


def test_nothing_is_found_in_a_short_run(tmp_path: Path) -> None:
    tally = run.run(run.Course(1, 0, 150, CHEAP), tmp_path)
    assert sum(counts.total() for counts in tally.outcomes.values()) == 150
    assert tally.findings == {}
    assert min(tally.outcomes[kind]["read"] for kind in CHEAP) > 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nothing_is_found_in_a_longer_run(tmp_path: Path) -> None:
    tally = run.run(run.Course(9, 0, 3000, KINDS, workers=2), tmp_path)
    assert tally.findings == {}
