"""`python -m eval.degrade IN.pdf -o OUT`: scans and photos of digital PDFs, or of made-up forms with their gold."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from eval.degrade.presets import PRESETS
from eval.degrade.tool import Format, degraded, write
from eval.synthesis.corpus import write_corpus
from schema.canonical import dump_forms


def main(arguments: Sequence[str] | None = None) -> None:
    """Write degraded copies; beside each a truth.json says where the points of its pages went."""
    given = _parser().parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)
    files = _made_up(given.output, given.made_up, given.seed) if given.made_up else _files(given.source)
    for file in files:
        made = list(degraded(file, PRESETS[given.preset], given.seed, given.pages))
        for path in write(made, given.output / file.stem, given.format, grey=given.grey):
            sys.stdout.write(f"{path}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.degrade", description="Scans and photos made from digital PDFs.")
    parser.add_argument("source", nargs="*", type=Path, help="PDFs, or folders of them")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the copies")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="light", help="how strong")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same pixels")
    parser.add_argument("--pages", type=_numbers, default=[], help="pages to take, such as 1-2,5; all if not given")
    parser.add_argument("--format", choices=get_args(Format), default="pdf", help="pdf, tiff: one file; png, jpg: a folder of pages")
    parser.add_argument("--grey", action="store_true", help="without colour")
    parser.add_argument("--made-up", type=int, default=0, metavar="N", help="N made-up forms with their gold, instead of given PDFs")
    return parser


def _files(given: Sequence[Path]) -> list[Path]:
    return [file for path in given for file in (sorted(path.glob("*.pdf")) if path.is_dir() else [path])]


def _made_up(output: Path, count: int, seed: int) -> list[Path]:
    digital = output / "digital"
    digital.mkdir(exist_ok=True)
    written = write_corpus(digital, count, seed=seed)
    (output / "gold.json").write_text(dump_forms([form for _, form in written]), "utf-8")
    return [path for path, _ in written]


def _numbers(pages: str) -> list[int]:
    numbers: list[int] = []
    for part in filter(None, pages.split(",")):
        low, _, high = part.partition("-")
        numbers += range(int(low), int(high or low) + 1)
    return numbers


if __name__ == "__main__":
    main()
