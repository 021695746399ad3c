"""What a model costs: the price per million tokens, and sums of money told in its currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from schema.errors import UsageError

PLACES = 4
"""Decimal places a price may have: with them every sum is exact to the tenth place, as the ledger keeps it."""

_SIGNS = {"元": "元", "¥": "元", "￥": "元", "人民币": "元", "$": "$", "美元": "$"}
_NUMBER = r"(\d{1,6}(?:\.\d{1,4})?)"
_PRICE = re.compile(rf"\s*([$¥￥]?)\s*{_NUMBER}\s*/\s*[$¥￥]?\s*{_NUMBER}\s*(元|美元|人民币)?\s*")


@dataclass(frozen=True)
class Price:
    """Money per million tokens.

    Attributes:
        prompt: of what is sent.
        completion: of what comes back.
        currency: 元 or $.
    """

    prompt: Decimal
    completion: Decimal
    currency: str

    def cost(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """What so many tokens cost."""
        return (self.prompt * prompt_tokens + self.completion * completion_tokens) / 1_000_000


def parse_price(text: str, variable: str) -> Price:
    """A price as users write it: `2/8元` or `$0.15/0.6`, sent/received, per million tokens.

    Raises:
        UsageError: it is written otherwise.
    """
    match = _PRICE.fullmatch(text)
    if match is None or bool(match[1]) == bool(match[4]):
        raise UsageError(
            f"{variable} 的值 {text!r} 看不懂。写法：每百万 token 的输入价/输出价，带币种，最多 {PLACES} 位小数，例如 2/8元 或 $0.15/0.6。"
        )
    return Price(Decimal(match[2]), Decimal(match[3]), _SIGNS[match[1] or match[4]])


def currency_of(sign: str) -> str:
    """The currency a sign stands for: 元 or $."""
    return _SIGNS[sign]


def told_money(amount: Decimal, currency: str) -> str:
    """A sum as it is written: 0.0123元, $0.0123."""
    number = f"{amount:.4f}"
    return f"{currency}{number}" if currency == "$" else f"{number}{currency}"
