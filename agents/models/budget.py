"""What a run may spend, in tokens, in money, or in both; kept also while several questions are under way."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from decimal import Decimal

from agents.models.price import Price, currency_of, told_money
from schema.errors import UsageError

OPTION = "预算"
_TOKENS = re.compile(r"(\d+(?:\.\d+)?)\s*(万?)")
_MONEY = re.compile(r"([$¥￥])\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(元|美元)")


@dataclass(frozen=True)
class Reservation:
    """Tokens put aside for a question under way: what it may use at most."""

    prompt: int
    completion: int


class Budget:
    """A limit, what was spent, and what is put aside for questions under way. Safe to share between threads.

    Args:
        tokens: at most so many, sent and received together; None for no limit.
        money: at most so much, in the currency of the price; needs one.
        price: to tell money from tokens.
    """

    def __init__(self, tokens: int | None = None, money: Decimal | None = None, price: Price | None = None) -> None:
        if money is not None and price is None:
            raise UsageError(_MONEY_NEEDS_PRICE)
        self.tokens = tokens
        self.money = money
        self.price = price
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self._reserved: list[Reservation] = []
        self._changed = threading.Condition()

    def reserve(self, prompt: int, completion: int) -> Reservation | None:
        """Put aside what a question may use; None when the rest of the budget is too small for it.

        While other questions are under way their final cost is open, so the answer waits for them where it depends on it.
        """
        wanted = Reservation(prompt, completion)
        with self._changed:
            while not self._fits(wanted):
                if not self._reserved:
                    return None
                self._changed.wait()
            self._reserved.append(wanted)
        return wanted

    def settle(self, reservation: Reservation, prompt: int, completion: int) -> None:
        """Replace what was put aside by what was used."""
        with self._changed:
            self._reserved.remove(reservation)
            self.prompt_tokens += prompt
            self.completion_tokens += completion
            self._changed.notify_all()

    @property
    def spent(self) -> str:
        """What was spent so far, for people."""
        used = f"{self.prompt_tokens + self.completion_tokens} token"
        if self.price is None:
            return used
        return f"{used}，{told_money(self.price.cost(self.prompt_tokens, self.completion_tokens), self.price.currency)}"

    @property
    def told(self) -> str:
        """The limit, for people."""
        parts = [f"{self.tokens} token"] if self.tokens is not None else []
        if self.money is not None and self.price is not None:
            parts.append(told_money(self.money, self.price.currency))
        return " + ".join(parts) or "不限"

    def _fits(self, wanted: Reservation) -> bool:
        prompt = self.prompt_tokens + sum(part.prompt for part in (*self._reserved, wanted))
        completion = self.completion_tokens + sum(part.completion for part in (*self._reserved, wanted))
        if self.tokens is not None and prompt + completion > self.tokens:
            return False
        return self.money is None or self.price is None or self.price.cost(prompt, completion) <= self.money


def parse_budget(text: str, price: Price | None = None) -> Budget:
    """A budget as users write it: `200000`, `20万`, `5元`, `$2`, or tokens and money with a + between them.

    Raises:
        UsageError: it is written otherwise, or money is named and there is no price, or one in another currency.
    """
    tokens: int | None = None
    money: Decimal | None = None
    for part in re.split(r"[+＋]", text):
        written = part.strip()
        if (match := _TOKENS.fullmatch(written)) and tokens is None:
            tokens = int(Decimal(match[1]) * (10_000 if match[2] else 1))
        elif (match := _MONEY.fullmatch(written)) and money is None:
            money = _money(Decimal(match[2] or match[3]), currency_of(match[1] or match[4]), price)
        else:
            raise UsageError(f"{OPTION} {text!r} 看不懂。可写 token 数（200000 或 20万）、金额（5元 或 $2），或两者（200000+5元）。")
    return Budget(tokens, money, price)


_MONEY_NEEDS_PRICE = f"{OPTION}是金额，但不知道模型的价格。请用 JIHE_MODEL_PRICE 写明价格（例如 2/8元），或改用 token 数。"


def _money(amount: Decimal, currency: str, price: Price | None) -> Decimal:
    if price is None:
        raise UsageError(_MONEY_NEEDS_PRICE)
    if price.currency != currency:
        raise UsageError(f"{OPTION}的币种（{currency}）与 JIHE_MODEL_PRICE 的币种（{price.currency}）不同。请用同一币种。")
    return amount
