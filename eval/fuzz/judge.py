"""What came of an input, and whether that may be: a reading that can be kept, or an error that a user can be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.guarded.frames import Lost
from agents.reading_pool import Result
from schema.errors import DocumentError
from schema.reading import DocumentReading

COMPLAINTS: Mapping[str, str] = {
    "fault": "fault",
    "crashed": "crash",
    "stalled": "stall",
    "long": "stall",
    "memory": "memory",
    "output": "output",
}
"""What a loss is called among the findings. Memory and output are within bounds, and recorded to be looked at."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_TRACE = re.compile(r'Traceback|File "|line \d+, in |Error\(|Exception')
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 600
_FRAME = re.compile(r'File "([^"]+)", line (\d+),? in (\S+)')


@dataclass(frozen=True)
class Verdict:
    """What came of an input: `outcome` for the counts; `complaint` and where it arose when it may not be."""

    outcome: str
    complaint: str = ""
    detail: str = ""

    @property
    def signature(self) -> str:
        """What findings with the same cause have in common: the last frame of their trace, or else how they went wrong."""
        return f"{self.complaint}:{_place(self.detail)}"


def judged(result: Result, lost: Lost | None) -> Verdict:
    """What to say of a result; `lost` is what is known where the work came to nothing."""
    if lost is not None:
        return Verdict(lost.why, COMPLAINTS[lost.why], lost.detail)
    if isinstance(result, DocumentError):
        return Verdict(type(result).__name__, *_of_message(result))
    if result.error is not None:
        return Verdict(type(result.error).__name__, *_of_message(result.error))
    return Verdict("read", *of_reading(result.reading))


def _of_message(error: DocumentError) -> tuple[str, str]:
    """What is wrong with what a user is told."""
    told = error.told
    if not (_CHINESE.search(error.reason) and _CHINESE.search(error.advice)):
        return "message", f"not Chinese: {told!r}"
    if _TRACE.search(told):
        return "message", f"holds a trace: {told!r}"
    if _CONTROL.search(told):
        return "message", f"holds control characters: {told!r}"
    return ("message", f"too long: {told[:200]!r}") if len(told) > _LONGEST else ("", "")


def of_reading(reading: DocumentReading) -> tuple[str, str]:
    """What is wrong with a reading: it cannot be written as JSON, as exports write it."""
    try:
        reading.model_dump_json().encode()
    except ValueError as e:
        return "text", str(e)
    return "", ""


def _place(detail: str) -> str:
    frames = _FRAME.findall(detail)
    if not frames:
        return re.sub(r"'.*?'|\d+|0x\w+", "_", detail.strip().splitlines()[0][:80]) if detail.strip() else "?"
    # Python tells the last call last, the dump of a crash the last call first.
    path, line, name = frames[0] if "most recent call first" in detail else frames[-1]
    return f"{path.rsplit('/', 1)[-1]}:{line}:{name}"
