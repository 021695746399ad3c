"""Level labels where they are printed, and which of them stands over a row.

In print a label stands before the first row it covers; a page break or a row beside it may cut it. Where labels do not stand before rows
(they are printed behind them, or nobody can tell), nothing is said about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from agents.extract.llm.same import key
from agents.extract.sheet import Span
from schema.vocabulary import LEVEL1_LABELS, LEVEL1_SYNONYMS, LEVEL2_LABELS, LEVEL2_SYNONYMS, LEVELS, strip_points

_SECOND = frozenset(map(key, (*LEVEL2_LABELS, *LEVEL2_SYNONYMS)))
_USUAL = frozenset(map(key, (*LEVEL1_LABELS, *LEVEL2_LABELS)))
_OF_LEVEL = (
    {"level1": frozenset(map(key, LEVEL1_LABELS)), "level2": frozenset(map(key, LEVEL2_LABELS))},
    {"level1": frozenset(map(key, LEVEL1_SYNONYMS)), "level2": _SECOND},
)
"""Which wordings are of which level: usual ones first."""
_PREFIXES = frozenset(label[:n] for label in LEVELS for n in range(1, len(label)))
_APART = 16
"""Pieces over which the parts of one label may be spread."""
_UNSAID = 2
"""Characters that a page break may take from the end of a label."""


@dataclass(frozen=True)
class LevelLabel:
    """A printed label: its level, its text without points, and the indexes of its pieces."""

    level: str
    text: str
    pieces: tuple[int, ...]


def labels_in_columns(texts: Sequence[str], columns: Sequence[Span | None], heads: Mapping[str, Span]) -> list[LevelLabel]:
    """The labels of a ruled table: what stands in the columns of the levels; `heads` are the columns by field."""
    found: list[LevelLabel] = []
    for level in ("level1", "level2"):
        if level not in heads:
            continue
        held: list[int] = []
        for i, column in enumerate(columns):
            if column is None or not heads[level].holds(column) or _covers_name(column, heads):
                continue
            if held and not _goes_on("".join(key(texts[k]) for k in held), key(texts[i])):
                found.append(_label(level, texts, held))
                held = []
            held.append(i)
        if held:
            found.append(_label(level, texts, held))
    return sorted(found, key=lambda label: label.pieces[0])


def labels_in_text(texts: Sequence[str]) -> list[LevelLabel]:
    """The labels of a text, told by their wording: whole ones first, then those that other print parts or a page break cuts short."""
    runs: dict[int, list[int]] = {}
    used: set[int] = set()
    for tell in (_whole_run, _parted_run):
        for i in range(len(texts)):
            run = tell(texts, i, used) if i not in used else runs.get(i, []) and _longer_run(texts, runs[i], used)
            if run:
                runs[i] = run
                used.update(run)
    found = [_label("", texts, runs[i]) for i in sorted(runs)]
    return [_levelled(label, found[max(0, n - 1) : n], found[n + 1 : n + 2]) for n, label in enumerate(found)]


def over_rows(labels: Sequence[LevelLabel], firsts: Sequence[int | None]) -> Iterator[dict[str, LevelLabel]]:
    """The labels that stand over each row; `firsts` are the indexes of the rows' first pieces, in order, None where a row was not found."""
    for first in firsts:
        before = [label for label in labels if first is not None and label.pieces[0] < first]
        level1 = next((label for label in reversed(before) if label.level == "level1"), None)
        level2 = next((label for label in reversed(before) if label.level == "level2"), None)
        if level1 and level2 and level1.pieces[0] > level2.pieces[0]:
            level2 = None
        yield {label.level: label for label in (level1, level2) if label is not None}


def precede_rows(labels: Sequence[LevelLabel], inside: Set[int]) -> bool:
    """Whether labels stand right before rows, as they do where each row is printed with the labels that start at it.

    `inside` are the pieces of rows other than their first ones.
    """
    inner = {i for label in labels for i in label.pieces}
    following = [_next(label.pieces[0], inner) not in inside for label in labels]
    return 4 * sum(following) >= 3 * len(following)


def _next(i: int, inner: set[int]) -> int:
    while i in inner:
        i += 1
    return i


def _covers_name(column: Span, heads: Mapping[str, Span]) -> bool:
    return "name" in heads and heads["name"].holds(column)


def _goes_on(held: str, text: str) -> bool:
    """Whether a label printed in two parts goes on: together they are one label, or begin one, and the first alone is no usual one."""
    return strip_points(held) not in _USUAL and _begins(held + text)


def _begins(text: str) -> bool:
    return strip_points(text) in LEVELS or text in _PREFIXES


def _whole_run(texts: Sequence[str], start: int, used: set[int]) -> list[int]:
    """The pieces of the longest label that starts here and is printed in one go."""
    held, best = "", list[int]()
    for i in range(start, len(texts)):
        held += key(texts[i])
        if i in used or not _begins(held):
            break
        if strip_points(held) in LEVELS:
            best = list(range(start, i + 1))
    return best


def _parted_run(texts: Sequence[str], start: int, used: set[int]) -> list[int]:
    """The pieces of a label that starts here and goes on behind other print, or is cut short by a page break."""
    held = key(texts[start])
    run = _extended(texts, [start], used) if held in _PREFIXES else []
    return run if strip_points("".join(key(texts[i]) for i in run)) in LEVELS or _completed(texts, run) else []


def _longer_run(texts: Sequence[str], run: Sequence[int], used: set[int]) -> list[int]:
    """A label that is a short form of a usual one (质量), with the rest of that (指标) where it is printed apart."""
    if strip_points("".join(key(texts[i]) for i in run)) in _USUAL:
        return []
    longer = _extended(texts, run, used)
    return longer if strip_points("".join(key(texts[i]) for i in longer)) in _USUAL else []


def _extended(texts: Sequence[str], run: Sequence[int], used: set[int]) -> list[int]:
    held, out = "".join(key(texts[i]) for i in run), list(run)
    for i in range(run[-1] + 1, min(len(texts), run[0] + _APART)):
        text = key(texts[i])
        if i not in used and _begins(held + text):
            held, out = held + text, [*out, i]
            if strip_points(held) in _USUAL:
                break
    return out


def _completed(texts: Sequence[str], run: Sequence[int]) -> str | None:
    """The usual label of which all but the last character or two is printed; None where there is none, or more than one."""
    held = "".join(key(texts[i]) for i in run)
    found = [label for label in _USUAL if label.startswith(held) and 0 < len(label) - len(held) <= _UNSAID]
    return found[0] if len(found) == 1 and len(held) > _UNSAID else None


def _label(level: str, texts: Sequence[str], run: Sequence[int]) -> LevelLabel:
    return LevelLabel(level, _completed(texts, run) or strip_points("".join(texts[i] for i in run)), tuple(run))


def _levelled(label: LevelLabel, before: Sequence[LevelLabel], after: Sequence[LevelLabel]) -> LevelLabel:
    """The label with its level, by its wording; where templates use that on both levels, by the labels printed with it."""
    text = key(label.text)
    levels = next((found for known in _OF_LEVEL if (found := [name for name, labels in known.items() if text in labels])), ["level2"])
    level = levels[0]
    if len(levels) > 1:
        follows = bool(after) and key(after[0].text) in _SECOND and after[0].pieces[0] == label.pieces[-1] + 1
        level = "level1" if follows else "level2"
    elif text in _SECOND and before and key(before[0].text) == text and before[0].pieces[-1] + 1 == label.pieces[0]:
        level = "level2"
    return LevelLabel(level, label.text, label.pieces)
