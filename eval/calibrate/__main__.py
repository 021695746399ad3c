"""`python -m eval.calibrate -o PAGE.md`: made-up forms degraded, read, compared; what each threshold of confidence would do."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from agents.reader import read_document
from eval.calibrate.measure import Reading, readings, report
from eval.degrade.presets import PRESETS, Name
from eval.degrade.tool import degraded, write
from eval.synthesis.corpus import write_corpus
from schema.errors import DocumentError

DEFAULT_PRESETS = "light,medium,heavy,photo"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on N made-up forms at each preset and write the page."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description="How far the confidence of OCR can be trusted.")
    parser.add_argument("-n", "--forms", type=int, default=12, help="made-up forms at each preset; a page takes some seconds")
    parser.add_argument("--presets", default=DEFAULT_PRESETS, help="strengths of degradation, parted by commas")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same forms and pixels")
    parser.add_argument("-o", "--output", type=Path, help="page to write; the terminal if not given")
    given = parser.parse_args(arguments)
    by_preset = {name: list(_read(name, given.forms, given.seed)) for name in given.presets.split(",")}
    command = f"python -m eval.calibrate -n {given.forms} --presets {given.presets} --seed {given.seed}"
    page = f"命令：`{command}`\n\n{report(by_preset)}"
    if given.output is None:
        sys.stdout.write(page)
    else:
        given.output.write_text(page, "utf-8")


def _read(preset: Name, count: int, seed: int) -> Iterator[Reading]:
    with tempfile.TemporaryDirectory(prefix="jihe-calibrate-") as folder:
        for path, gold in write_corpus(Path(folder), count, seed=seed):
            scan = write(list(degraded(path, PRESETS[preset], seed)), Path(folder) / preset / path.stem, "pdf")[0]
            try:
                forms = read_document(scan).forms
            except DocumentError as e:
                sys.stderr.write(f"{preset} {path.name}：{e.told}\n")
                continue
            for form in forms[:1]:
                yield from readings(form, gold)
            sys.stderr.write(f"{preset} {path.name}\n")


if __name__ == "__main__":
    main()
