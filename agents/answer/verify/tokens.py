"""A sentence of an answer as tokens: marks, names of projects, rows and units, quotations, years, numbers with their units."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from agents.answer.verify import words
from agents.answer.verify.text import BOLD, MASK, RUN, blotted, level, marks, quoted_spans
from schema.numerals import NUMBER, chinese_number
from schema.units import split_unit


@dataclass(frozen=True, slots=True)
class Term:
    """A name that stands in a sentence: kind is project, strange (a project of other forms), row, group, unit or said."""

    begin: int
    end: int
    text: str
    kind: str
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """Marks behind one another, and the citations they mean."""

    begin: int
    end: int
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is told: `value` in the base of its unit, `step` the worth of its last digit there.

    Attributes:
        unit: 元, 分, %, 百分点, another base, or "" for none.
        counts: forms, rows, either; empty where it counts nothing.
        relation: about, over, under, least, most, or empty.
    """

    begin: int
    end: int
    value: Decimal
    step: Decimal
    unit: str = ""
    factor: Decimal = Decimal(1)
    counts: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence read; `rest` is its text with names, quotations, marks and numbers masked, `plain` with names, quotations and marks."""

    text: str
    plain: str
    rest: str
    runs: tuple[Run, ...]
    terms: tuple[Term, ...]
    quotes: tuple[tuple[int, int, str], ...]
    numbers: tuple[Number, ...]
    years: tuple[tuple[int, int], ...]
    bold: tuple[str, ...]

    def named(self, *kinds: str) -> list[Term]:
        """Terms of some kinds, in their order."""
        return [term for term in self.terms if term.kind in kinds]


class Lexicon:
    """Names to look for in sentences, the longest first."""

    def __init__(self, names: Iterable[tuple[str, str, frozenset[str]]]) -> None:
        found: dict[str, dict[str, tuple[str, str, frozenset[str]]]] = defaultdict(dict)
        for text, kind, forms in names:
            flat = level(text)
            if len(flat) >= 2:
                found[flat[0]].setdefault(flat, (text, kind, forms))
        self._by_first = {c: sorted(those.items(), key=lambda one: -len(one[0])) for c, those in found.items()}

    def scan(self, flat: str) -> Iterator[Term]:
        """The names that a leveled text holds, none inside another."""
        i = 0
        while i < len(flat):
            for key, (text, kind, forms) in self._by_first.get(flat[i], ()):
                if flat.startswith(key, i) and not _cuts(flat, i, i + len(key)):
                    yield Term(i, i + len(key), text, kind, forms)
                    i += len(key) - 1
                    break
            i += 1


def _cuts(flat: str, begin: int, end: int) -> bool:
    """Whether a stretch begins or ends amid a number."""
    return (flat[end - 1 : end + 1].isdigit() and end < len(flat)) or (begin > 0 and flat[begin - 1 : begin + 1].isdigit())


def read(sentence: str, lexicon: Lexicon) -> Tokens:
    """A sentence as tokens; asterisks of bold print are taken out first."""
    bold = tuple(BOLD.findall(RUN.sub(" ", sentence)))
    text = sentence.replace("*", "")
    runs = tuple(Run(m.start(), m.end(), tuple(dict.fromkeys(marks(m[0])))) for m in RUN.finditer(text))
    masked = text
    for run in runs:
        masked = blotted(masked, run.begin, run.end)
    flat = level(masked)
    terms = list(lexicon.scan(flat))
    quotes = tuple((a, b, text[a:b]) for a, b in quoted_spans(_without(masked, terms, "project", "strange")) if b > a)
    inside = [(a, b) for a, b, _ in quotes]
    # A name inside a longer quotation belongs to the quotation; one that is the whole of it is a name.
    terms = [t for t in terms if not any(a <= t.begin and t.end <= b and (t.begin, t.end) != (a, b) for a, b in inside)]
    whole = {(t.begin, t.end) for t in terms}
    quotes = tuple(q for q in quotes if (q[0], q[1]) not in whole)
    for begin, end in [(t.begin, t.end) for t in terms] + [(a, b) for a, b, _ in quotes]:
        flat = blotted(flat, begin, end)
    years = tuple((m.start(), int(m[1])) for m in _YEAR.finditer(flat))
    numbered = _YEAR.sub(lambda m: MASK * len(m[0]), flat)
    found = tuple(_shared_units(list(_numbers(numbered)), numbered))
    rest = numbered
    for one in found:
        rest = blotted(rest, one.begin, one.end)
    return Tokens(text, flat, rest, runs, tuple(terms), quotes, found, years, bold)


def _without(text: str, terms: Iterable[Term], *kinds: str) -> str:
    """Names may hold quotation marks of their own: “甲乙通办”服务."""
    for term in terms:
        if term.kind in kinds:
            text = blotted(text, term.begin, term.end)
    return text


_YEAR = re.compile(
    r"(?<![\d.,/])((?:19|20)\d\d)(?![\d.,]\d|\d)(?=\s*(?:年|[)）|,，;；:.\ue000]|$|-|the\b|\s*(?:forms?|fiscal|and|to|vs)\b|[a-z\s]))(?:年度?)?(?!\s*(?:[万亿]?元|分(?![a-z])|%|个|项|points))"
)
_RAW = re.compile(rf"(?<![a-z\d.第])-?(?:{NUMBER})")
_HAN_NUMBER = re.compile(
    r"(?<![第一二两三四五六七八九十百])[两二三四五六七八九十]{1,3}(?=个(?:项目|指标|单位|年度)|项指标|个?项目|张(?:自评)?表|家单位|处|条说明|者)|(?<=[有仅只为共])一(?=个项目|项指标|个指标)"
)
_ENGLISH = {
    w: i for i, w in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1)
}
_WORD_NUMBER = re.compile(
    rf"\b({'|'.join(_ENGLISH)})\b(?=\s+(?:of the )?(?:[a-z]+ )?(?:projects?|forms?|indicators?|items|rows|units|reports)\b)"
)
_UNITS: tuple[tuple[re.Pattern[str], str, Decimal], ...] = tuple(
    (re.compile(pattern), unit, Decimal(factor))
    for pattern, unit, factor in (
        (r"\s*个?百分点|\s*percentage points?|\s*pp\b", "百分点", 1), (r"\s*(?:%|percent\b|per cent\b)", "%", 1),
        (r"\s*亿元|\s*(?:hundred million|yi) yuan", "元", 10**8), (r"\s*百万元|\s*million (?:yuan|rmb|cny)", "元", 10**6),
        (r"\s*billion (?:yuan|rmb)", "元", 10**9),
        (r"\s*万元|\s*(?:wan|ten thousand) yuan", "元", 10**4), (r"\s*千元", "元", 1000), (r"\s*元(?!/)|\s*(?:yuan|rmb|cny)\b", "元", 1),
        (r"\s*分(?![中之管别项值数类析钟行公])|[\s-]*points?\b", "分", 1), (r"\s*倍|\s*times\b", "倍", 1),
    )
)  # fmt: skip
_RELATIONS = {
    name: re.compile(rf"(?:{pattern})[了为是在]?[^\S\n]*\Z")
    for name, pattern in (
        ("least", words.LEAST),
        ("most", words.MOST),
        ("over", words.OVER),
        ("under", words.UNDER),
        ("about", words.ABOUT),
    )
}
_AFTER = {
    "about": re.compile(r"\s*(?:左右|上下)"),
    "over": re.compile(rf"\s*(?:{words.OVER_AFTER})"),
    "under": re.compile(rf"\s*(?:{words.UNDER_AFTER})"),
}
_COUNTED = tuple((kind, re.compile(rf"\s*(?:of the )?(?:{pattern})")) for kind, pattern in words.COUNTED.items())


def _numbers(flat: str) -> Iterator[Number]:
    found = [(m.start(), m.end(), Decimal(m[0].replace(",", ""))) for m in _RAW.finditer(_unsigned(flat))]
    found += [(m.start(), m.end(), value) for m in _HAN_NUMBER.finditer(flat) if (value := chinese_number(m[0])) is not None]
    found += [(m.start(), m.end(), Decimal(_ENGLISH[m[1]])) for m in _WORD_NUMBER.finditer(flat)]
    for begin, end, value in sorted(found):
        yield _number(flat, begin, end, value)


def _shared_units(numbers: list[Number], flat: str) -> list[Number]:
    """Numbers in a row share the unit of the last: 6.70、27.90 和 8.98 万元."""
    for i in range(len(numbers) - 2, -1, -1):
        one, after = numbers[i], numbers[i + 1]
        if not one.unit and not one.counts and after.unit and _JOINT.fullmatch(flat[one.end : after.begin]):
            times = after.factor
            numbers[i] = replace(one, value=one.value * times, step=one.step * times, unit=after.unit, factor=times)
    return numbers


_JOINT = re.compile(rf"[,和与及/\s{MASK}]*(?:and)?[,\s{MASK}]*")


def _unsigned(flat: str) -> str:
    return re.sub(r"(?<=[\w)\ue000])-(?=\d)", " ", flat)


def _number(flat: str, begin: int, end: int, value: Decimal) -> Number:
    unit, factor, stop, counts = "", Decimal(1), end, ""
    tail = flat[end : end + 24]
    for pattern, name, times in _UNITS:
        m = pattern.match(tail)
        if m:
            unit, factor, stop = name, times, end + m.end()
            break
    else:
        counts = next((kind for kind, pattern in _COUNTED if pattern.match(tail)), "")
        read_unit, left = split_unit(tail.lstrip(" ("))
        if not read_unit.bare or read_unit.factor != 1:
            unit, factor = read_unit.base, read_unit.factor
            stop = end + len(tail) - len(left)
    before, after = flat[max(0, begin - 16) : begin], flat[stop : stop + 8]
    relation = next((name for name, p in _RELATIONS.items() if p.search(before)), "")
    relation = relation or next((name for name, p in _AFTER.items() if p.match(after)), "")
    step = Decimal(1).scaleb(int(value.as_tuple().exponent)) * factor
    return Number(begin, stop, value * factor, step, unit, factor, counts, relation)


def nearest(terms: list[Term], position: int) -> Term | None:
    """The last term that begins before a position."""
    i = bisect_right([term.begin for term in terms], position)
    return terms[i - 1] if i else None


_LABEL = tuple((re.compile(pattern), frozenset(kinds)) for pattern, kinds in words.LABELS)


@lru_cache(maxsize=4096)
def labels(flat: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
    """Names of cells in a stretch, by their places: the longest of those that overlap."""
    found = sorted(((m.start(), m.end(), kinds) for pattern, kinds in _LABEL for m in pattern.finditer(flat)), key=lambda f: (f[0], -f[1]))
    kept: list[tuple[int, int, frozenset[str]]] = []
    for one in found:
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return tuple(kept)


def cues(stretch: str) -> frozenset[str]:
    """Which reckonings the words of a stretch speak of."""
    return frozenset(name for name, pattern in _CUES.items() if pattern.search(stretch))


_CUES: Mapping[str, re.Pattern[str]] = {name: re.compile(pattern) for name, pattern in words.CUES.items()}
