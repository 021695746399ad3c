"""Faults in wording: explanations nobody printed, translations, paraphrases, cut texts, and spellings made uniform."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from eval.simulate.fault_cells import Edits, one_changed, shuffled
from eval.simulate.sheet import HEAD_ADDRESSES, POINTS, VALUES, Key, Sheet, differs, is_number

NARRATIVES = ("expected_goal", "actual_result", "deviation")
_EXPLANATIONS = (
    "受客观因素影响，进度略有滞后，后续将加强跟踪督促。",
    "指标设定偏高，下一年度将合理设定指标值。",
    "实际需求超出预期，今后将加强前期调研。",
)
"""Explanations that say nothing, as models invent them."""
_HEADS = {
    "率": "rate", "数": "number", "量": "volume", "度": "degree", "性": "performance", "额": "amount", "时": "time", "本": "cost",
    "制": "mechanism",
}  # fmt: skip
_WORDS = ("service", "completion", "quality", "operation", "project", "response", "management", "user", "system", "annual")
_SYNONYMS = {
    "进一步": "更加", "提升": "提高", "提高": "提升", "加强": "强化", "持续": "不断", "确保": "保证", "保障": "保证", "通过": "借助",
    "完成": "做完", "开展": "进行", "以及": "和", "及时": "迅速", "后续": "今后", "导致": "造成", "存在": "有", "相关": "有关",
    "有效": "切实", "工作": "事务", "需求": "需要",
}  # fmt: skip
_SYNONYM = re.compile("|".join(_SYNONYMS))
_CLAUSES = re.compile(r"(?<=[，；。])")
_LEAST = 6
"""Characters below which a text is not cut."""
_UNIT = re.compile(r"[(（]([^()（）]+)[)）]")
_ZEROS = re.compile(r"(?<=\d)\.0+(?!\d)|(?<=\.\d)0+(?!\d)")
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NARROW = str.maketrans("（）：；，％", "():;,%")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def deviation_invented(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A row that explains nothing gets an explanation."""
    rows = [i for i, text in enumerate(sheet.column("deviation")) if text is None and sheet.free((i, "deviation"))]
    return {(rng.choice(rows), "deviation"): rng.choice(_EXPLANATIONS)} if rows else {}


def deviation_of_neighbour(sheet: Sheet, rng: random.Random, room: int) -> Edits:
    """A row has the explanation of the row above or below, which keeps it or loses it."""
    for key, text in shuffled(rng, sheet.printed(("deviation",))):
        for step in shuffled(rng, (-1, 1)):
            other: Key = ((key[0] or 0) + step, "deviation")
            if sheet.free(other) and differs("deviation", sheet.value(other), text):
                lost: Edits = {key: None} if room > 1 and rng.random() < 0.5 else {}
                return {other: text} | lost
    return {}


def name_translated(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """The name of an indicator is in English."""
    names = sheet.printed(("name",))
    if not names:
        return {}
    key, right = rng.choice(names)
    return {key: " ".join([*rng.sample(_WORDS, 2), _HEADS.get(right[-1:], "level")]).capitalize()}


def text_paraphrased(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A goal or an explanation says the same in other words, or in another order."""

    def change(text: str) -> Iterator[str]:
        yield _SYNONYM.sub(lambda m: _SYNONYMS[m[0]] if rng.random() < 0.6 else m[0], text)
        yield _SYNONYM.sub(lambda m: _SYNONYMS[m[0]], text)
        clauses = [clause for clause in _CLAUSES.split(text) if clause]
        yield "".join(reversed(clauses))

    return one_changed(sheet, rng, NARRATIVES, change)


def text_truncated(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A text breaks off, with or without dots."""

    def change(text: str) -> Iterator[str]:
        if len(text) >= _LEAST:
            yield text[: round(len(text) * rng.uniform(0.3, 0.8))] + rng.choice(("", "……", "..."))

    names = [address for address in HEAD_ADDRESSES if not is_number(address)]
    return one_changed(sheet, rng, (*names, "name", *VALUES, "deviation"), change)


def text_normalised(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A spelling is made uniform: ≥95.00(%) as ≥95%, narrow brackets, straight quotes, no thousands separators. It still means the same."""
    every = (*HEAD_ADDRESSES, *POINTS, *VALUES, "name", "deviation")
    for key, right in shuffled(rng, sheet.printed(every)):
        for wrong in shuffled(rng, _uniform(key[1], right)):
            if wrong != right and not differs(key[1], right, wrong):
                return {key: wrong}
    return {}


def _uniform(name: str, text: str) -> Iterator[str]:
    if is_number(name):
        yield _GROUPING.sub("", text)
        yield _ZEROS.sub("", text)
    elif name in VALUES:
        yield _UNIT.sub(r"\1", _ZEROS.sub("", text))
        yield _ZEROS.sub("", text)
    yield text.translate(_NARROW)
    yield text.translate(_STRAIGHT)
