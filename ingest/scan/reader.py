"""Strips of text to readings: one pass over all, then a closer look at those that are unsure or break the grammar of numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ingest.scan.engine import Engine, Reading
from ingest.scan.raster import Pixels
from ingest.scan.words import Strip, crop
from schema.text import fold

SURE = 0.97
"""Confidence of the least certain character from which one pass is enough."""
_LONG = 14
"""Characters from which a text is worth only one second look: narratives are compared as a whole, numbers to the last point."""
_WIDE = 320
"""Pixels that a short line is padded to on a closer look: the recogniser was trained on such, and in noise it shows."""
_NUMBERISH = re.compile(r"[\d.,:;%()<>=≥≤~/+-]")
_MOSTLY = 0.6
"""Share of a text's characters that are figures and signs, from which it is a number."""
_NUMBER = re.compile(
    r"\(?[<>=≥≤±+-]{0,2}(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:%|‰)?"
    # A unit may go on in the next line of the cell: ≥1000.00(人 | 次).
    r"(?:\([^()]{0,8}\)?|[^\d.,:;()]{1,8}(?:/[^\d.,:;()]{1,4})?)?\)?"
)
_MARGINS = (-0.15, -0.1, -0.05, 0.0, 0.1)
_STROKES = frozenset("1lIi|!/\\-_一丨丿")
"""What a stroke of a stamp or a pen reads."""
_CLEAR = 0.7
"""Confidence that ink must have to be text where the detector saw none."""
_SIGNS = frozenset("≥≤>＞<＜≧≦")
_FAINT = 0.003
"""Odds from which another reading of a sign is worth a second look."""
_SPECKS = ".,:;'`·•"


@dataclass(frozen=True)
class _Look:
    """One way of looking at a strip again: the margin around it as a share of its height, and what is done to the crop."""

    margin: float
    change: Callable[[Pixels], Pixels]


def _plain(pixels: Pixels) -> Pixels:
    return pixels


def _calm(pixels: Pixels) -> Pixels:
    """Noise removed where like pieces of the crop tell it from print."""
    return np.asarray(cv2.fastNlMeansDenoising(np.ascontiguousarray(pixels), None, 20, 5, 11), np.uint8)


def _soft(pixels: Pixels) -> Pixels:
    """Noise evened out, and contrast restored."""
    smooth = cv2.GaussianBlur(pixels, (0, 0), 1.0).astype(np.float32)
    low, high = np.percentile(smooth, 2), np.percentile(smooth, 80)
    return np.asarray(np.clip((smooth - low) * (245 / max(20.0, float(high - low))), 0, 255), np.uint8)


_LOOKS = (_Look(-0.1, _plain), _Look(-0.1, _soft), _Look(-0.05, _calm), _Look(0.05, _plain))


def read_once(engine: Engine, erased: Pixels, strips: Sequence[Strip]) -> list[Reading]:
    """What each strip reads at first sight."""
    return [_tidied(reading) for reading in engine.read([crop(erased, strip) for strip in strips])]


def read_closely(engine: Engine, erased: Pixels, strips: Sequence[Strip], first: Sequence[Reading]) -> list[Reading]:
    """The first readings, with those that are unsure settled by further looks; where looks differ, confidence is lowered."""
    out = list(first)
    unsure = [i for i, r in enumerate(first) if r.confidence < SURE or not plausible(r.text) or _may_be_sign(r)]
    for i, readings in zip(
        unsure, look_again(engine, erased, [strips[i] for i in unsure], [len(first[i].text) for i in unsure]), strict=True
    ):
        out[i] = settle([first[i], *readings])
    return [Reading(()) if _is_rubbish(strip, reading) else reading for strip, reading in zip(strips, out, strict=True)]


def _is_rubbish(strip: Strip, reading: Reading) -> bool:
    """Whether ink that the detector did not take for text is none: a stroke, or nothing that looks agree on."""
    return not strip.found and (reading.confidence < _CLEAR or fold(reading.text) in _STROKES)


def _may_be_sign(reading: Reading) -> bool:
    """Whether what was read as the first figure of a number may be a sign: ≥ is read as 2."""
    first = reading.characters[0] if reading.characters else None
    return first is not None and first.text in "2>7<Z" and any(o in _SIGNS and odds > _FAINT for o, odds in first.others)


def look_again(engine: Engine, erased: Pixels, strips: Sequence[Strip], lengths: Sequence[int]) -> list[list[Reading]]:
    """Further readings of each strip, `lengths` being about how many characters each has."""
    out: list[list[Reading]] = [[] for _ in strips]
    for k, look in enumerate(_LOOKS):
        chosen = [i for i, length in enumerate(lengths) if length <= _LONG or k == len(_LOOKS) - 2]
        crops = [look.change(crop(erased, strips[i], look.margin)) for i in chosen]
        for i, reading in zip(chosen, engine.read(crops, _WIDE), strict=True):
            out[i].append(_tidied(reading))
    return out


def look_hard(engine: Engine, erased: Pixels, strip: Strip) -> list[tuple[str, float]]:
    """All that one strip may read, by many looks, each text with its share of the votes; best first."""
    crops = [change(crop(erased, strip, margin)) for margin in _MARGINS for change in (_plain, _soft, _calm)]
    readings = [_tidied(reading) for reading in engine.read(crops, _WIDE)]
    votes: dict[str, float] = {}
    for reading in readings:
        votes[reading.text] = votes.get(reading.text, 0.0) + _weight(reading)
    total = max(1e-6, sum(votes.values()))
    return sorted(((text, vote / total) for text, vote in votes.items() if text), key=lambda pair: -pair[1])


def settle(readings: Sequence[Reading]) -> Reading:
    """The reading that most looks agree on; its confidence falls with their share.

    What breaks the grammar of numbers counts for little, and stays unsure even if all agree on it.
    """
    votes: dict[str, float] = {}
    for reading in readings:
        key = fold(reading.text)
        votes[key] = votes.get(key, 0.0) + _weight(reading)
    best = max(votes, key=lambda key: votes[key])
    agreeing = [reading for reading in readings if fold(reading.text) == best]
    share = votes[best] / max(1e-6, sum(votes.values()))
    chosen = max(agreeing, key=lambda reading: reading.confidence)
    trust = share if plausible(chosen.text) else min(share, 0.3)
    return Reading(tuple(replace(c, confidence=c.confidence * trust) for c in chosen.characters))


def _weight(reading: Reading) -> float:
    mean = sum(c.confidence for c in reading.characters) / len(reading.characters) if reading.characters else 0.3
    return mean**2 * (1.0 if plausible(reading.text) else 0.25)


def plausible(text: str) -> bool:
    """Whether a text that is mostly figures has the form of a number, with sign and unit; other texts always are."""
    folded = fold(text)
    if not any(ch.isdigit() for ch in folded) or len(folded) > _LONG:
        return True
    if len(_NUMBERISH.findall(folded)) < _MOSTLY * len(folded):
        return True
    return _NUMBER.fullmatch(folded) is not None


def _tidied(reading: Reading) -> Reading:
    """The reading without specks at its ends: a point before a number, or a Latin one behind a bracket, a figure or a Chinese character."""
    characters = list(reading.characters)
    while len(characters) > 1 and (characters[-1].text in _SPECKS or characters[-1].text.isspace()):
        characters.pop()
    while len(characters) > 1 and (characters[0].text in _SPECKS or characters[0].text.isspace()):
        characters.pop(0)
    return Reading(tuple(characters))
