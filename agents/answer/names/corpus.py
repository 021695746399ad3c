"""What a question may name: the projects, units, places, years and indicators of the stored forms, found in its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from agents.answer.names.english import english_units
from agents.answer.names.keys import NameIndex, name_key
from agents.answer.names.links import Links
from agents.answer.names.units import UnitIndex, in_latin
from agents.answer.words.asking import EDGES
from agents.answer.words.places import PLACES

Kind = Literal["project", "unit", "place", "year", "indicator", "unknown"]
_HAN = re.compile(r"[\u4e00-\u9fff]")
_YEAR = re.compile(
    r"(?<![\d.])(?:(?P<long>(?:19|20)\d\d)(?:(?:财|会计)?年度?|(?![\d.%万亿元个次分]))|(?P<short>[12]\d)年(?:度|(?!前|内|来|以))|(?P<han>二[〇零○]一?二?[〇零○一二三四五六七八九]{1,2})年度?)"
)
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_GENERIC = re.compile(r"(?:专项)?(?:经费|费用|资金|费|项目|工程)\Z")
_PLAIN_TAIL = re.compile(r"(?:项目|工程)\Z")
_BEFORE_PROJECT = re.compile(r"(?:类|这类)?(?:项目|工程)")
_BRIEF = 4
_MONEY_TAIL = re.compile(r"(?:经费|费用|资金|费)\Z")
_LONG = 6
_LEAST_INDICATOR = 4
"""Characters of an indicator's name that is taken for named wherever it stands; shorter ones are common words."""


@lru_cache(maxsize=1)
def _known_in_latin() -> frozenset[str]:
    return frozenset(reading for place in PLACES for reading in in_latin(place))


def _closed(text: str, start: int, end: int) -> tuple[int, int]:
    """A bracket that the name opened belongs to it, though keys have none."""
    inside = text[start:end]
    return start, end + (text[end : end + 1] == ")" and inside.count("(") > inside.count(")"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHead:
    """What the planner has to know of a stored form."""

    form_id: str
    project_name: str | None = None
    department: str | None = None
    implementing_unit: str | None = None
    fiscal_year: int | None = None
    grade: str | None = None
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text and what it names.

    Attributes:
        start, end: places in the text as it was given.
        said: the stretch itself.
        names: the stored names it may mean, all of them where it is ambiguous.
        forms: ids of the forms of a project.
        year: for years; those no form is of are kind unknown.
    """

    start: int
    end: int
    kind: Kind
    said: str
    names: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Keyed:
    """A text without what names are compared without, and where each character of it stood."""

    key: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Keyed:
        """Both at once."""
        pairs = [(c, i) for i, whole in enumerate(text) for c in name_key(whole)]
        return cls("".join(c for c, _ in pairs), tuple(i for _, i in pairs))

    def outside(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text that a stretch of the key stands for."""
        return self.places[start], self.places[end - 1] + 1


class Corpus:
    """The names of all stored forms, made once per state of the store."""

    def __init__(self, forms: Iterable[FormHead]) -> None:
        self.forms: dict[str, FormHead] = {form.form_id: form for form in forms}
        heads = self.forms.values()
        self.projects = NameIndex(form.project_name for form in heads if form.project_name)
        self.indicators = NameIndex(name for form in heads for name in form.indicators)
        self.units = UnitIndex(unit for form in heads for unit in (form.department, form.implementing_unit) if unit)
        self.years = frozenset(form.fiscal_year for form in heads if form.fiscal_year)
        self._forms_of: dict[str, list[str]] = {}
        self._project_numbers = {name: number for number, name in enumerate(self.projects.names)}
        self._numbers = {name: number for number, name in enumerate(self.indicators.names)}
        for form in heads:
            self._forms_of.setdefault(form.project_name or "", []).append(form.form_id)

    def find(self, text: str) -> list[Span]:
        """What a text names for certain: whole names of projects and indicators, units, places and years; and what reads like one and is
        stored nowhere. From left to right, without overlaps."""
        keyed = Keyed.of(text)
        taken = [False] * len(text)
        found: list[Span] = []
        for span in (*self._whole(text, keyed), *self._units(text, keyed), *self._years(text)):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = [True] * (span.end - span.start)
                found.append(span)
        return sorted(found, key=lambda span: span.start)

    def protected(self, text: str, least: int = 4) -> list[tuple[int, int]]:
        """Stretches that stand in some name in a row: no word is to be looked for inside of them.

        Besides runs of the least length, pairs of characters that names hold: they keep single characters (读 of 阅读量).
        """
        keyed, found, i = Keyed.of(text), [], 0
        while i < len(keyed.key):
            size = max(self.projects.longest(keyed.key, i), self.indicators.longest(keyed.key, i))
            if size >= least and self._is_telling(keyed.key[i : i + size]):
                found.append(keyed.outside(i, i + size))
                i += size
                continue
            if size > 1 and self._is_pair(keyed.key[i : i + 2]) and keyed.places[i + 1] - keyed.places[i] == 1:
                found.append(keyed.outside(i, i + 2))
            i += 1
        return found

    def _is_pair(self, pair: str) -> bool:
        return not any(c in EDGES for c in pair) and _HAN.match(pair) is not None

    def _is_telling(self, piece: str) -> bool:
        """Whether a piece of a name is long enough to tell it: half of the name, or six characters."""
        holding = [index.keys[n] for index in (self.projects, self.indicators) for n in index.holding(piece)] if len(piece) < _LONG else []
        return not holding or 2 * len(piece) >= min(map(len, holding))

    def project(self, word: str, among: Collection[str] | None = None) -> list[str]:
        """Names of projects that a word means: those that hold it, else their core, else those most like it; of the given forms only."""
        key = name_key(word)
        allowed = None if among is None else {self.forms[form].project_name for form in among}
        core = _GENERIC.sub("", key)
        # One word before 项目 tells a subject, not the beginning of a name: 热线项目 means all that hold 热线.
        brief = _PLAIN_TAIL.search(key) is not None and 2 <= len(core) <= _BRIEF
        ways = [self.projects.exact.get(key, []), self.projects.holding(key) if len(key) > 1 and not brief else []]
        if 2 <= len(core) < len(key):
            holding = self.projects.holding(core)
            kin = [n for n in holding if _MONEY_TAIL.search(self.projects.keys[n])] if _MONEY_TAIL.search(key) else []
            ways.append(kin or holding)
        for numbers in ways:
            names = [self.projects.names[n] for n in numbers]
            if kept := [name for name in names if allowed is None or name in allowed]:
                return kept
        near = None if allowed is None else {n for n, name in enumerate(self.projects.names) if name in allowed}
        return [self.projects.names[n] for n in self.projects.alike(core if len(core) > 3 else key, near)]

    def indicator(self, word: str, among: Collection[str] | None = None) -> list[str]:
        """Names of indicators that a word means, in the same way."""
        key = name_key(word)
        allowed = None if among is None else self.numbers_of_indicators(among)
        exact = self.indicators.exact.get(key, [])
        held = self.indicators.holding(key) if len(key) > 1 else []
        if held and len(key) >= _LEAST_INDICATOR:
            # 公章刻制 is said of 公章刻制合格率, and of 公章免费刻制数 as well.
            held = sorted({*held, *self.indicators.gapped(key)})
        for numbers in (exact, held):
            if kept := [n for n in numbers if allowed is None or n in allowed]:
                return [self.indicators.names[n] for n in kept]
        return [self.indicators.names[n] for n in self.indicators.alike(key, allowed)]

    def forms_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The forms of projects."""
        return tuple(form for name in names for form in self._forms_of.get(name, ()))

    @cached_property
    def project_links(self) -> Links:
        """Evidence for projects."""
        return Links(self.projects)

    @cached_property
    def indicator_links(self) -> Links:
        """Evidence for indicators."""
        return Links(self.indicators)

    def numbers_of_projects(self, forms: Collection[str]) -> set[int]:
        """The numbers of these forms' names in `projects`."""
        return {self._project_numbers[name] for form in forms if (name := self.forms[form].project_name) in self._project_numbers}

    def numbers_of_indicators(self, forms: Collection[str]) -> set[int]:
        """The numbers of these forms' indicators in `indicators`."""
        return {self._numbers[name] for form in forms for name in self.forms[form].indicators if name in self._numbers}

    def having(self, rows: Iterable[str]) -> tuple[str, ...]:
        """The forms that have one of the indicators, in their order."""
        found = {form for name in rows for form in self._having.get(name, ())}
        return tuple(sorted(found, key=self._places.__getitem__))

    def within(self, units: Collection[str], years: Collection[int] = (), grades: Collection[str] = ()) -> list[str]:
        """The forms of units, years and grades; empty collections leave all."""
        return [
            form.form_id
            for form in self.forms.values()
            if (not units or form.department in units or form.implementing_unit in units)
            and (not years or form.fiscal_year in years)
            and (not grades or form.grade in grades)
        ]

    def named_in(self, word: str) -> bool:
        """Whether some name holds the word."""
        key = name_key(word)
        return bool(key) and max(self.projects.longest(key, 0), self.indicators.longest(key, 0)) == len(key)

    @cached_property
    def everything(self) -> tuple[str, ...]:
        """All ids."""
        return tuple(self.forms)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {form: place for place, form in enumerate(self.forms)}

    @cached_property
    def _having(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for form in self.forms.values():
            for name in form.indicators:
                found.setdefault(name, []).append(form.form_id)
        return found

    def _whole(self, text: str, keyed: Keyed) -> Iterator[Span]:
        """Whole names, the longest first."""
        spans = []
        for kind, index in (("project", self.projects), ("indicator", self.indicators)):
            for size in index.lengths:
                if size < (2 if kind == "project" else _LEAST_INDICATOR):
                    break
                for i in range(len(keyed.key) - size + 1):
                    if numbers := index.exact.get(keyed.key[i : i + size]):
                        start, end = _closed(text, *keyed.outside(i, i + size))
                        if kind == "indicator" and self._is_of_project(text, keyed.key, i, size, end):
                            continue
                        spans.append((size, kind == "indicator", start, end, numbers))
        for _, is_indicator, start, end, numbers in sorted(spans, key=lambda s: (-s[0], s[1], s[2])):
            index = self.indicators if is_indicator else self.projects
            names = tuple(index.names[n] for n in numbers)
            forms = () if is_indicator else self.forms_of(names)
            yield Span(start, end, "indicator" if is_indicator else "project", text[start:end], names, forms)

    def _is_of_project(self, text: str, key: str, i: int, size: int, end: int) -> bool:
        """Whether the name of an indicator is here a word of a project's: 基础设施 of 政务云基础设施服务, 等保测评 before 项目."""
        if _BEFORE_PROJECT.match(text, end):
            return True
        runs = ((start, self.projects.longest(key, start)) for start in range(max(0, i - _LONG), i + 1))
        return any(start + run >= i + size and run >= size + 2 for start, run in runs)

    def _units(self, text: str, keyed: Keyed) -> Iterator[Span]:
        unknown = sorted(self.units.unknown_places(text), key=lambda p: p[0] - p[1])
        for found in self.units.find(keyed.key):
            start, end = keyed.outside(found.start, found.end)
            if before := next((place for place in unknown if start - 1 <= place[1] <= start or place[0] < start < place[1]), None):
                # 浦东新区 + 行政服务中心: a unit there is none of, though others of its kind are stored.
                yield Span(before[0], end, "unknown", text[before[0] : end])
            elif not found.units:
                yield Span(start, end, "unknown", text[start:end])
            else:
                yield Span(start, end, "unit" if found.whole else "place", text[start:end], found.units)
        for start, end in unknown:
            yield Span(start, end, "unknown", text[start:end])
        for named in english_units(text, self.units.names, self.units.latin):
            yield Span(named.start, named.end, "unit", text[named.start : named.end], named.units)
        for match in re.finditer(r"[a-z]{4,}", text):
            if units := self.units.latin(match[0]):
                yield Span(match.start(), match.end(), "place", match[0], units)
            elif match[0] in _known_in_latin():
                yield Span(match.start(), match.end(), "unknown", match[0])

    def _years(self, text: str) -> Iterator[Span]:
        for match in _YEAR.finditer(text):
            digits = match["long"] or (f"20{match['short']}" if match["short"] else (match["han"] or "").translate(_HAN_DIGITS))
            if not digits.isdecimal() or len(digits) != 4:
                continue
            year = int(digits)
            kind: Kind = "year" if year in self.years else "unknown"
            yield Span(match.start(), match.end(), kind, match[0], year=year)
