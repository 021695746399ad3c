"""Figures that running text speaks of: 不少于16000件快递, 共计441个项目.

Years, dates, document numbers (沪府办〔2020〕7号), ordinals, ranges and products (7*24小时) are no mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from schema.comparison import common
from schema.numerals import NUMBER, normalise, number
from schema.text import fold
from schema.units import split_unit
from schema.values import Comparator, Quantity, bound_after, unify_comparators

_NUMBER = re.compile(rf"(?P<about>约|近|将近|接近|超)?(?P<sign>[≥≤><=])?(?P<number>{NUMBER})")
_NOT_BEFORE = re.compile(r"(?:[A-Za-z\d*×/〔\[【({第]|\d[+~:.\-]|\d[%个次人天年月日万]?[至到\-~]|\d[年月](?:度|份)?)\Z")
_NOT_AFTER = re.compile(
    r"年(?!限)|月(?![均度])|日|号|届|级|楼|[〕\]】})、]|\.(?!\d)|[*×/+~:\-]\d|[*×]|[%个次人天万]?[至到\-~]\d|[A-Za-z]{3,}"
)
_MORE = re.compile(r"(?P<scale>万亿|万|亿)?(?P<more>余|多(?!\w?\d))")
_REMARK = re.compile(r"\([^()\d]*\)")
_CLAUSE = re.compile(r"[,;.!?、()]")


@dataclass(frozen=True, slots=True)
class Mention:
    """One figure of a text. `before` and `after` are what its clause says on either side; `rest` the text after the number itself."""

    quantity: Quantity
    before: str
    after: str
    rest: str

    @property
    def clause(self) -> str:
        """The clause without the figure."""
        return self.before + self.after

    def value_for(self, other: Quantity) -> Decimal | None:
        """The value in the base unit of the other quantity, or None when the text counts something else."""
        unit = other.unit
        if self.quantity.unit.bare and not unit.bare:
            # A unit unknown to the table is recognised by its own spelling.
            named = bool(unit.printed) and self.rest.startswith(unit.printed)
            return self.quantity.amount * unit.factor if named else None
        pair = common(other, self.quantity)
        return None if pair is None else pair[1]


def find_mentions(text: str | None) -> tuple[Mention, ...]:
    """Every figure of a text, in order."""
    if not text:
        return ()
    # A full-width comma in running text parts clauses; as a half-width one it could join two figures to one.
    plain = unify_comparators(normalise(text.replace("，", "；")))
    return tuple(_mentions(plain))


def _mentions(text: str) -> Iterator[Mention]:
    for m in _NUMBER.finditer(text):
        start = m.start()
        head, tail = text[max(0, start - 40) : start], text[m.end() : m.end() + 40]
        amount = number(m["number"])
        if amount is None or _NOT_BEFORE.search(head) or _NOT_AFTER.match(tail):
            continue
        more = _MORE.match(tail)
        counted = (more["scale"] or "") + tail[more.end() :] if more else tail
        unit, rest = split_unit(counted)
        sign, rest = bound_after(rest)
        comparator: Comparator | None = m["sign"] or sign or (">" if m["about"] == "超" else None)  # type: ignore[assignment]
        about = bool(more) or bool(m["about"] and m["about"] != "超")
        quantity = Quantity(amount, unit, comparator, approximate=about, text=m[0])
        before = _CLAUSE.split(_REMARK.sub("", head))[-1]
        yield Mention(quantity, before, _CLAUSE.split(rest)[0], counted)


def common_pairs(a: str, b: str) -> int:
    """How many pairs of neighbouring characters two texts share: enough to tell that a clause speaks of an indicator."""
    return len(pairs(fold(a)) & pairs(fold(b)))


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters of a folded text."""
    return {text[i : i + 2] for i in range(len(text) - 1)}
