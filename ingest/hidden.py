"""Text that a PDF holds but does not show: transparent, in the colour of what is behind it, tiny, off the page, clipped, covered.

What is plainly hidden shows in the text layer itself. What only might be (light text, text below a later fill or image) is looked up in
the picture of the page: text that can be taken away without changing the picture is not seen. Pages without any suspicion are not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ingest.mupdf import pymupdf
from ingest.page import bounds
from ingest.suspects import How, Span, Suspect, Suspicion, areas_of, clips_of, find_suspects, is_stencil, key_of
from schema.evidence import Box

Why = Literal["透明", "与底色相同", "字极小", "在页面之外", "被裁掉", "被遮盖"]

FAINTEST_ALPHA = 13
"""Of 255; what is more transparent than this is not seen."""
SMALLEST = 2.0
"""Points; smaller print cannot be read on paper."""
_WHY: dict[How, Why] = {"covered": "被遮盖", "alike": "与底色相同", "over": "与底色相同", "faint": "透明"}
_TEXT_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES
_QUOTED, _LONGEST_QUOTE = 3, 16
"""How much of the hidden text a note quotes."""


class Hidden(NamedTuple):
    """A piece of text that does not show, why, and its box in the unturned page."""

    text: str
    why: Why
    box: Box


@dataclass(frozen=True)
class Text:
    """The text layer of a page, boxes in the unturned page.

    Attributes:
        spans: what shows, or may show.
        hidden: what is hidden for certain.
        suspicion: characters that must be looked up in the picture of the page.
    """

    spans: list[Span]
    hidden: list[Hidden]
    suspicion: Suspicion

    def without(self, unseen: Set[Suspect]) -> Text:
        """The text with these suspects put to what is hidden; those cut off shrink to what shows of them."""
        found = {(suspect.char.text, suspect.char.box): suspect for suspect in self.suspicion.suspects if suspect in unseen}
        spans, hidden = [], list(self.hidden)
        for span in self.spans:
            kept, lost = [], []
            for char in span["chars"]:
                suspect = found.get((char["c"], char["bbox"]))
                if suspect is None:
                    kept.append(char)
                elif suspect.inside is not None:
                    kept.append(char | {"bbox": suspect.inside})
                else:
                    lost.append(char)
            if lost:
                how = found[(lost[0]["c"], lost[0]["bbox"])].how
                # White space is never looked up: with all of its words gone, it goes as well.
                alone = all(char["c"].isspace() for char in kept)
                text = _text(span) if alone else "".join(char["c"] for char in lost)
                hidden.append(Hidden(text, _WHY[how], _around(lost)))
                kept = [] if alone else kept
            spans.append(span | {"chars": kept})
        return Text(spans, hidden, Suspicion([], []))


def read_text(page: pymupdf.Page, drawings: Sequence[Mapping[str, Any]]) -> Text:
    """The text layer, sorted by what shows. `drawings` are PyMuPDF's, clips among them; all boxes are in the unturned page."""
    trace = page.get_texttrace()
    spans = _spans(page, pymupdf.TEXT_CLIP)
    hidden = _left_out(page, trace, spans)
    shown: list[Span] = []
    for span in spans:
        why = _plainly_hidden(span)
        if why is None:
            shown.append(span)
        elif text := _text(span):
            hidden.append(Hidden(text, why, span["bbox"]))
    found = find_suspects(shown, areas_of(page, drawings), clips_of(drawings, *_size(page)), trace)
    return Text(shown, hidden, found)


def note_of(hidden: Sequence[Hidden]) -> str | None:
    """What to tell a person about the hidden text of a page; None when there is none."""
    if not hidden:
        return None
    hidden = _joined(hidden)
    counts = {why: sum(piece.why == why for piece in hidden) for why in dict.fromkeys(piece.why for piece in hidden)}
    reasons = "，".join(f"{why} {count}" for why, count in counts.items())
    quotes = "、".join(f"“{_quote(piece.text)}”" for piece in hidden[:_QUOTED])
    return f"未采用看不见的文字 {len(hidden)} 处（{reasons}）：{quotes}" + ("等" if len(hidden) > _QUOTED else "")


def _joined(hidden: Sequence[Hidden]) -> list[Hidden]:
    """Pieces that go on on the same line made one: some programs write every character for itself."""
    out: list[Hidden] = []
    for piece in hidden:
        if out and piece.why == out[-1].why and _goes_on(out[-1].box, piece.box):
            out[-1] = Hidden(out[-1].text + piece.text, piece.why, bounds((out[-1].box, piece.box)))
        else:
            out.append(piece)
    return out


def _goes_on(one: Box, other: Box) -> bool:
    height = max(one[3] - one[1], 0.1)
    return abs(one[1] - other[1]) < 0.5 * height and -0.5 * height < other[0] - one[2] < 0.5 * height


def _around(chars: Sequence[Mapping[str, Any]]) -> Box:
    return bounds(char["bbox"] for char in chars)


def _quote(text: str) -> str:
    clean = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return clean if len(clean) <= _LONGEST_QUOTE else clean[:_LONGEST_QUOTE] + "…"


def _spans(page: pymupdf.Page, flags: int) -> list[Span]:
    blocks = page.get_text("rawdict", flags=_TEXT_FLAGS | flags)["blocks"]
    return [span for block in blocks for line in block["lines"] for span in line["spans"]]


def _text(span: Span) -> str:
    return "".join(char["c"] for char in span["chars"]).strip()


def _plainly_hidden(span: Span) -> Why | None:
    if span["alpha"] < FAINTEST_ALPHA and not is_stencil(span):
        return "透明"
    x0, y0, x1, y1 = span["bbox"]
    if span["size"] < SMALLEST or max(x1 - x0, y1 - y0) < SMALLEST:
        return "字极小"
    # Squeezed to nothing across the line; boxes of line-wise text are as high as the font, whichever way it runs.
    return "字极小" if min(x1 - x0, y1 - y0) < SMALLEST / 4 else None


def _left_out(page: pymupdf.Page, trace: Sequence[Span], spans: Sequence[Span]) -> list[Hidden]:
    """What MuPDF leaves out of the text by itself: off the page, or clipped away.

    Both are found by counting first, since nearly every page has neither.
    """
    drawn = sum(not chr(char[0]).isspace() for span in trace for char in span["chars"] if char[0] > 0)
    kept = sum(not char["c"].isspace() for span in spans if not is_stencil(span) for char in span["chars"])
    if drawn <= kept:
        return []
    width, height = _size(page)
    out: list[Hidden] = []
    for span in trace:
        off = [chr(code) for code, _, _, box in span["chars"] if code > 0 and not _within(box, width, height)]
        if text := "".join(off).strip():
            out.append(Hidden(text, "在页面之外", span["bbox"]))
    known = {key_of(char) for span in spans for char in span["chars"]}
    for span in _spans(page, 0):
        clipped = [char for char in span["chars"] if _within(char["bbox"], width, height) and key_of(char) not in known]
        if text := "".join(char["c"] for char in clipped).strip():
            out.append(Hidden(text, "被裁掉", _around(clipped)))
    return out


def _size(page: pymupdf.Page) -> tuple[float, float]:
    """Width and height of the unturned page."""
    rect = page.rect
    return (rect.height, rect.width) if page.rotation in (90, 270) else (rect.width, rect.height)


def _within(box: Sequence[float], width: float, height: float) -> bool:
    return 0 <= box[0] + box[2] <= 2 * width and 0 <= box[1] + box[3] <= 2 * height
