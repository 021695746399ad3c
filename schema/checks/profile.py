"""Profiles: the thresholds, bands and tolerances of one province or level of government, as data."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from pydantic import Field, model_validator

from schema.errors import UsageError
from schema.record import Number, Record


class GradeBand(Record):
    """A grade and the total score from which it holds; `also` are other printed words for it."""

    grade: str
    from_: Number = Field(alias="from")
    also: tuple[str, ...] = ()


class ShareBand(Record):
    """The shares of the weight, in percent, that a qualitative level may score."""

    from_: Number = Field(alias="from")
    to: Number
    to_included: bool = True

    def holds(self, share: Decimal) -> bool:
        """Whether a share lies in the band; its lower end always does."""
        return self.from_ <= share and (share <= self.to if self.to_included else share < self.to)

    def __str__(self) -> str:
        return f"{self.from_}%至{self.to}%{'' if self.to_included else '（不含）'}"


class LevelBands(Record):
    """The bands of the three printed levels."""

    met: ShareBand
    partial: ShareBand
    not_met: ShareBand


class Profile(Record):
    """What the rules measure against.

    Shares and limits are in percent; `sum_tolerance` is in points and in the form's money; `money_limit` in 万元. `basis` says where the
    figures come from. Weights of `default_weights` are looked up by 执行率 and the keys of `categories`, plus 成本.
    """

    name: str
    title: str
    basis: str
    full_weight: Number
    sum_tolerance: Number
    rate_tolerance: Number
    truncated_places: int
    grades: tuple[GradeBand, ...]
    levels: LevelBands
    low_execution: Number
    budget_revised: Number
    over_fulfilment: Number
    money_limit: Number
    money_ratio: Number
    cost_marks: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    default_weights: dict[str, Number]
    default_weights_with_cost: dict[str, Number] | None = None

    @model_validator(mode="after")
    def _descending(self) -> Profile:
        starts = [band.from_ for band in self.grades]
        if starts != sorted(set(starts), reverse=True):
            raise ValueError("grades must run from the best down, without repeats")
        return self

    def grade_of(self, total: Decimal) -> str:
        """The grade of a total score; the last one below all bands."""
        return next((band.grade for band in self.grades if total >= band.from_), self.grades[-1].grade)

    def known_grade(self, printed: str) -> str | None:
        """The grade that a printed word names, or None when these bands know no such word."""
        return next((band.grade for band in self.grades if printed == band.grade or printed in band.also), None)


_FOLDER = files("schema.checks") / "profiles"


@lru_cache(maxsize=1)
def profile_names() -> tuple[str, ...]:
    """The profiles that come with jihe, in alphabetical order."""
    return tuple(sorted(entry.name.removesuffix(".json") for entry in _FOLDER.iterdir() if entry.name.endswith(".json")))


@lru_cache(maxsize=16)
def load_profile(name: str = "shanghai") -> Profile:
    """The profile of this name.

    Raises:
        UsageError: there is no such profile.
    """
    if name not in profile_names():
        raise UsageError(f"没有名为 {name!r} 的规则档案。可用的有：{'、'.join(profile_names())}。")
    text = (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
    return Profile.model_validate(json.loads(text, parse_float=Decimal))
