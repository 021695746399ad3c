"""`python -m eval.degrade IN.pdf -o OUT`: scans and photos of digital PDFs, or of made-up forms with their gold."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from eval.degrade.presets import PRESETS
from eval.degrade.tool import QUALITY, Format, degraded, write
from eval.synthesis.corpus import write_corpus
from eval.synthesis.layouts import LAYOUTS, vary
from schema.canonical import dump_forms


def main(arguments: Sequence[str] | None = None) -> None:
    """Write degraded copies; beside each a truth.json says where the points of its pages went."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if complaint := _complaint(given):
        parser.error(complaint)
    given.output.mkdir(parents=True, exist_ok=True)
    preset = replace(PRESETS[given.preset], turned=1.0) if given.turned else PRESETS[given.preset]
    files = _made_up(given.output, given.made_up, given.seed) if given.made_up else _files(given.source)
    for file in files:
        made = degraded(file, preset, given.seed, given.pages)
        for path in write(made, given.output / file.stem, given.format, grey=given.grey, quality=given.quality):
            sys.stdout.write(f"{path}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.degrade", description="Scans and photos made from digital PDFs.")
    parser.add_argument("source", nargs="*", type=Path, help="PDFs, or folders of them")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the copies")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="light", help="how strong")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same pixels")
    parser.add_argument("--pages", type=_numbers, default=[], help="pages to take, such as 1-2,5; all if not given")
    parser.add_argument("--format", choices=get_args(Format), default="pdf", help="pdf, tiff: one file; png, jpg: a folder of pages")
    parser.add_argument("--turned", action="store_true", help="pages on their sides or upside down")
    parser.add_argument("--grey", action="store_true", help="without colour")
    parser.add_argument("--quality", type=int, default=QUALITY, help="of the JPEG in the files: small for small files")
    parser.add_argument("--made-up", type=int, default=0, metavar="N", help="N made-up forms in shaken layouts, with their gold")
    return parser


def _complaint(given: argparse.Namespace) -> str | None:
    files = _files(given.source)
    if bool(files) == bool(given.made_up):
        return "name PDFs or folders of them, or --made-up N"
    if absent := [file for file in files if not file.is_file()]:
        return f"no such file: {absent[0]}"
    if any(file.resolve().parent == given.output.resolve() for file in files):
        return "the copies would take the place of the given files: choose another folder"
    return None


def _files(given: Sequence[Path]) -> list[Path]:
    return [file for path in given for file in (sorted(path.glob("*.pdf")) if path.is_dir() else [path])]


def _made_up(output: Path, count: int, seed: int) -> list[Path]:
    digital = output / "digital"
    digital.mkdir(exist_ok=True)
    shake, named = random.Random(seed), list(LAYOUTS.values())
    layouts = [vary(named[number % len(named)], shake) for number in range(count)]
    written = write_corpus(digital, count, seed=seed, layouts=layouts)
    (output / "gold").mkdir(exist_ok=True)
    for path, form in written:
        (output / "gold" / f"{path.stem}.json").write_text(dump_forms([form]), "utf-8")
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
