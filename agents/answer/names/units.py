"""Departments, units and places by what a question calls them: 市数据局, 闵行科委, 嘉定, Jiading; and places that no form is from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from agents.answer.names.keys import name_key, sounds
from agents.answer.words import places as words_places

_HAN = r"[\u4e00-\u9fff]"
_ADMIN = re.compile(
    rf"(?P<city>{_HAN}{{2,6}}?(?:自治区|省|市|自治州|地区))?(?P<district>(?!{_HAN}{{0,4}}(?:社区|小区|园区))"
    rf"{_HAN}{{2,5}}?(?:自治县|新区|区|县|市|旗))?"
)
_REMARK = re.compile(r"[（(][^（()）]*[)）]")
_ENDINGS = ("委员会", "办公室", "中心", "局", "委", "办", "院", "站", "所", "馆", "会", "厅", "处", "队")
_SHORT = re.compile(rf"(?=({_HAN}{{1,4}}?(?:中心|局|委|办|院|站|所|馆)))")
_PLACE_TAILS = ("自治区", "自治州", "自治县", "新区", "地区", "省", "市", "区", "县", "旗")
_SHARES = tuple("一二三四五六七八九十两半几123456789")
_UNKNOWN_PLACE = re.compile(rf"(?:(?<!{_HAN})|(?<=[{words_places.BEFORE}])){_HAN}{{2,3}}?(?:新区|区|县|省|市)(?!民|场|级|直|内|域|外)")


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """Where a text speaks of units: all that a place has, or one. `whole` when a unit and not only its place is named."""

    start: int
    end: int
    units: tuple[str, ...]
    whole: bool


def stem(place: str) -> str:
    """A place without what kind it is: 嘉定区 -> 嘉定."""
    tail = next((t for t in _PLACE_TAILS if place.endswith(t) and len(place) - len(t) >= 2), "")
    return place[: len(place) - len(tail)]


def in_latin(place: str) -> list[str]:
    """A place in pinyin, in each way that it could be read."""
    return ["".join(readings) for readings in islice(product(*(sorted(sounds(c)) for c in place)), 16)]


class UnitIndex:
    """Names of departments and implementing units, as stored."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(name for name in names if name))
        self._places: dict[str, list[str]] = {}
        self._cores: dict[str, list[str]] = {}
        self._called: dict[str, list[str]] = {}
        for name in self.names:
            self._add(name)
        self._lengths = tuple(sorted({len(key) for key in (*self._called, *self._places)}, reverse=True))

    @property
    def cores(self) -> dict[str, list[str]]:
        """Units by their name without places."""
        return self._cores

    @property
    def places(self) -> tuple[str, ...]:
        """The places of the units, long and short forms."""
        return tuple(self._places)

    def find(self, key: str) -> list[UnitSpan]:
        """The units and places that a key text names, from left to right; of overlapping ones the longest."""
        found: list[UnitSpan] = []
        for start, end in self._stretches(key):
            word = key[start:end]
            known = self._called.get(word)
            found.append(UnitSpan(start, end, tuple(known or self._places[word]), known is not None))
        return _joined(sorted([*found, *self._short(key, found)], key=lambda span: span.start))

    def latin(self, word: str) -> tuple[str, ...]:
        """The units of a place that is written in Latin letters."""
        return tuple(self._latin.get(word, ()))

    def unknown_places(self, text: str) -> Iterator[tuple[int, int]]:
        """Stretches of a text that read like places of which there is no form."""
        for match in words_places.KNOWN.finditer(text):
            # 八成都没到: the tail of a share.
            share = match[0] == "成都" and text[max(0, match.start() - 1) : match.start()] in _SHARES
            if match[0] not in self._places and stem(match[0]) not in self._places and not share:
                yield match.span()
        for match in _UNKNOWN_PLACE.finditer(text):
            if not words_places.NO_PLACE.search(match[0]) and not any(place in match[0] for place in self._places):
                yield match.span()

    def _stretches(self, key: str) -> Iterator[tuple[int, int]]:
        i = 0
        while i < len(key):
            size = next((n for n in self._lengths if key[i : i + n] in self._called or key[i : i + n] in self._places), 0)
            if size and i + size <= len(key):
                yield i, i + size
            i += size or 1

    def _short(self, key: str, taken: list[UnitSpan]) -> Iterator[UnitSpan]:
        end = 0
        for match in _SHORT.finditer(key):
            start, word = match.start(), match[1]
            if start < end or any(span.whole and span.start < start + len(word) and start < span.end for span in taken):
                continue
            units = [name for core, names in self._cores.items() if _shortened(word, core) for name in names]
            if units:
                end = start + len(word)
                yield UnitSpan(start, end, tuple(units), True)

    def _add(self, name: str) -> None:
        plain = name_key(_REMARK.sub("", name))
        match = _ADMIN.match(plain)
        city, district = (match["city"] or "", match["district"] or "") if match else ("", "")
        core = plain[len(city) + len(district) :]
        if len(core) < 2:
            city, district, core = "", "", plain
        for place in filter(None, (city, district)):
            for called in {place, stem(place)}:
                self._places.setdefault(called, []).append(name)
        self._cores.setdefault(core, []).append(name)
        ways = {plain, name_key(name), core, city + core, district + core, stem(city) + core, stem(district) + core}
        ways |= {"区" + core} if district else {"市" + core} if city else set()
        for way in ways:
            if len(way) > 2:
                self._called.setdefault(way, []).append(name)

    @cached_property
    def _latin(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for place in {stem(place) for place in self._places}:
            units = self._places.get(place, [])
            for reading in in_latin(place):
                out.setdefault(reading, []).extend(units)
        return out


def _shortened(word: str, core: str) -> bool:
    """科委 of 科学技术委员会: the same first character, the others in their order, the same kind of unit at the end."""
    tail = next((t for t in _ENDINGS if word.endswith(t) and len(word) > len(t)), "")
    kind = {"委": ("委员会", "委"), "办": ("办公室", "办")}.get(tail, (tail,))
    if not tail or word[0] != core[0] or not core.endswith(kind) or len(word) < 2:
        return False
    place = 0
    for character in word[: len(word) - len(tail)]:
        place = core.find(character, place) + 1
        if not place:
            return False
    return True


def _joined(spans: list[UnitSpan]) -> list[UnitSpan]:
    """A place right before a unit narrows it: 闵行 + 科委. Where nothing is left, both stay apart for the caller to see."""
    out: list[UnitSpan] = []
    for span in spans:
        last = out[-1] if out else None
        if last and last.end >= span.end:
            continue
        if last and span.start <= last.end and not last.whole:
            both = tuple(unit for unit in span.units if unit in last.units)
            out[-1] = UnitSpan(last.start, span.end, both, True)
            continue
        if last and span.start < last.end:
            continue
        out.append(span)
    return out
