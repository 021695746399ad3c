"""The OCR engine: where text stands in a picture, and what a line of it reads.

Detection goes through rapidocr. Recognition runs the model of rapidocr's wheel on onnxruntime directly, because what rapidocr returns is
one text and one score a line: jihe needs each character's own confidence, its place, and what else it may have been.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import rapidocr
from numpy.typing import NDArray
from rapidocr.utils.process_img import ResizeImgError

from ingest.scan.raster import Pixels
from schema.text import fold

HEIGHT = 48
"""Pixels that the recogniser wants a line to be high."""
_PIXELS_A_BATCH = 48 * 320 * 8
_ROUND_TO = 32
_NARROWEST = 160
_WIDEST = 3200
_ALTERNATIVES = 3
_DETECTOR_SIDE = 736


@dataclass(frozen=True)
class Character:
    """One recognised character: its confidence, its horizontal range in the crop (0 to 1), and what else it may be, best first."""

    text: str
    confidence: float
    x0: float
    x1: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Reading:
    """What one line was read as."""

    characters: tuple[Character, ...]

    @cached_property
    def text(self) -> str:
        """The characters in order."""
        return "".join(c.text for c in self.characters)

    @cached_property
    def confidence(self) -> float:
        """That of the least certain character; 0 for nothing at all."""
        return min((c.confidence for c in self.characters), default=0.0)


class Engine:
    """The models, loaded once per process; `threads` is how many cores it may use."""

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return engine_of, (self._threads,)

    @cached_property
    def _detector(self) -> rapidocr.RapidOCR:
        threads = {"EngineConfig.onnxruntime.intra_op_num_threads": self._threads, "EngineConfig.onnxruntime.inter_op_num_threads": 1}
        return rapidocr.RapidOCR(params={"Global.log_level": "critical", **threads})

    @cached_property
    def _recogniser(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 4
        folder = Path(rapidocr.__file__).parent / "models"
        model = next(folder.glob("*_rec_*.onnx"))
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _alphabet(self) -> list[str]:
        """The characters by class: the first is CTC's blank, the last the space."""
        return ["", *self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]

    def detect(self, pixels: Pixels) -> NDArray[np.float64]:
        """Quadrilaterals (n x 4 x 2, in pixels, from the top left clockwise) around lines of text."""
        colour = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR) if pixels.ndim == 2 else pixels
        try:
            found = self._detector(colour, use_det=True, use_cls=False, use_rec=False)
        except ResizeImgError:
            # Thousands of times as long as it is wide: scaled to what the model takes, nothing is left of it.
            return np.zeros((0, 4, 2))
        boxes = getattr(found, "boxes", None)
        return np.zeros((0, 4, 2)) if boxes is None else np.asarray(boxes, np.float64)

    def read(self, crops: Sequence[Pixels], narrowest: int = _NARROWEST) -> list[Reading]:
        """What each crop of one line reads, in the order of the crops; crops are padded to `narrowest` pixels at a height of 48."""
        scaled = [_scaled(crop) for crop in crops]
        order = sorted(range(len(crops)), key=lambda i: scaled[i].shape[1])
        out: list[Reading] = [Reading(())] * len(crops)
        for batch in _batches(order, [image.shape[1] for image in scaled]):
            width = max(narrowest, _padded(max(scaled[i].shape[1] for i in batch)))
            data = np.zeros((len(batch), 3, HEIGHT, width), np.float32)
            for row, i in enumerate(batch):
                # The recogniser wants colour; grey is the same in all three.
                data[row, :, :, : scaled[i].shape[1]] = scaled[i].astype(np.float32) / 127.5 - 1
            odds = self._recogniser.run(None, {self._recogniser.get_inputs()[0].name: data})[0]
            for row, i in enumerate(batch):
                out[i] = self._decode(odds[row], odds.shape[1] * scaled[i].shape[1] / width)
        return out

    def _decode(self, odds: NDArray[np.float32], steps: float) -> Reading:
        """Steps x classes to characters: runs of one class are one character, blanks part them."""
        best = odds.argmax(axis=1)
        characters: list[Character] = []
        start = 0
        for i in range(1, len(best) + 1):
            if i < len(best) and best[i] == best[start]:
                continue
            if best[start]:
                characters.append(self._character(odds[start:i], int(best[start]), (start / steps, i / steps)))
            start = i
        return Reading(tuple(characters))

    def _character(self, odds: NDArray[np.float32], index: int, span: tuple[float, float]) -> Character:
        peak = odds[int(odds[:, index].argmax())]
        ranked = np.argpartition(peak, -_ALTERNATIVES - 1)[-_ALTERNATIVES - 1 :]
        others = sorted(((self._alphabet[k], float(peak[k])) for k in ranked if k != index), key=lambda pair: -pair[1])
        x0, x1 = (min(1.0, max(0.0, x)) for x in span)
        text = self._alphabet[index]
        # Whether a bracket is wide or narrow cannot be seen and does not matter; the model wavers between the two.
        same = sum(odd for other, odd in others if fold(other) == fold(text))
        return Character(text, min(1.0, float(peak[index]) + same), x0, x1, tuple(others[:_ALTERNATIVES]))


@cache
def engine_of(threads: int) -> Engine:
    """The one engine of this process."""
    return Engine(threads)


def _scaled(crop: Pixels) -> NDArray[np.uint8]:
    width = min(_WIDEST, max(4, math.ceil(HEIGHT * crop.shape[1] / crop.shape[0])))
    method = cv2.INTER_AREA if crop.shape[0] > HEIGHT * 1.5 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (width, HEIGHT), interpolation=method), np.uint8)


def _padded(width: int) -> int:
    return max(_NARROWEST, -(-width // _ROUND_TO) * _ROUND_TO)


def _batches(order: Sequence[int], widths: Sequence[int]) -> list[list[int]]:
    """Crops of about one width together, so that little of a batch is padding."""
    out: list[list[int]] = []
    for i in order:
        wide = _padded(widths[i])
        if out and wide * HEIGHT * (len(out[-1]) + 1) <= _PIXELS_A_BATCH and wide <= 1.25 * _padded(widths[out[-1][0]]):
            out[-1].append(i)
        else:
            out.append([i])
    return out
