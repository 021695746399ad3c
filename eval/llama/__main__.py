"""`python -m eval.llama -o FOLDER`: model files for llama-server, one that says anything and one for each sample that reads it rightly."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.llama.gold import gold_forms, sample_names
from eval.llama.nonsense import random_model
from eval.llama.tape import tape_model
from schema.errors import UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files and name them; 1 when that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m eval.llama", description="Model files for llama-server, without a model.")
    # The empty list is what argparse checks against the choices where none is named.
    parser.add_argument("samples", nargs="*", choices=[*sample_names(), []], metavar="SAMPLE", help="samples to tape; all if not given")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the files")
    parser.add_argument("--seed", type=int, default=0, help="of the random model")
    given = parser.parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)
    try:
        for line in _made(given.samples or sample_names(), given.output, given.seed):
            sys.stdout.write(f"{line}\n")
    except UsageError as e:
        sys.stderr.write(f"{e}\n")
        return 1
    return 0


def _made(names: Sequence[str], folder: Path, seed: int) -> Iterator[str]:
    words: list[str] = []
    for name in names:
        forms = list(gold_forms(name))
        words += [word for form in forms for word in form.words()]
        path = folder / f"{name}.gguf"
        tokens = tape_model(path, {key: text for form in forms for key, text in form.answers.items()})
        yield f"{path}: {len(forms)} forms, {tokens} tokens"
    random_model(folder / "random.gguf", words, seed)
    yield str(folder / "random.gguf")


if __name__ == "__main__":
    raise SystemExit(main())
