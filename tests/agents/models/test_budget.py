"""Budgets and estimates of tokens."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest

from agents.models import Budget, estimate_tokens, parse_budget
from agents.models.price import Price
from schema.errors import UsageError
from tests.agents.models.conftest import PRICE

DOLLARS = Price(Decimal(1), Decimal(1), "$")


@pytest.mark.parametrize(
    ("text", "price", "tokens", "money"),
    [
        ("200000", None, 200_000, None),
        ("20万", None, 200_000, None),
        ("1.5 万", PRICE, 15_000, None),
        ("5元", PRICE, None, Decimal(5)),
        ("￥0.5", PRICE, None, Decimal("0.5")),
        ("$2", DOLLARS, None, Decimal(2)),
        ("2美元", DOLLARS, None, Decimal(2)),
        ("200000+5元", PRICE, 200_000, Decimal(5)),
        ("5元＋20万", PRICE, 200_000, Decimal(5)),
        ("0", None, 0, None),
    ],
)
def test_budgets_as_users_write_them(text: str, price: Price | None, tokens: int | None, money: Decimal | None) -> None:
    budget = parse_budget(text, price)
    assert (budget.tokens, budget.money) == (tokens, money)


@pytest.mark.parametrize(
    ("text", "price", "said"),
    [
        ("5元", None, "JIHE_MODEL_PRICE"),
        ("$5", PRICE, "币种"),
        ("", None, "看不懂"),
        ("many", None, "看不懂"),
        ("-5", None, "看不懂"),
        ("5+6", None, "看不懂"),
        ("5元+6元", PRICE, "看不懂"),
    ],
)
def test_bad_budgets(text: str, price: Price | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_budget(text, price)


def test_money_without_a_price_is_refused_however_it_is_made() -> None:
    with pytest.raises(UsageError, match="JIHE_MODEL_PRICE"):
        Budget(money=Decimal(1))


def test_reservations_keep_to_the_limit() -> None:
    budget = Budget(tokens=100)
    first = budget.reserve(40, 20)
    assert first is not None
    budget.settle(first, 40, 50)
    assert budget.reserve(5, 6) is None
    assert budget.reserve(5, 5) is not None


def test_money_is_kept_to() -> None:
    budget = Budget(money=Decimal("0.01"), price=PRICE)
    assert budget.reserve(1000, 1001) is None
    assert budget.reserve(1000, 1000) is not None


def test_who_would_not_fit_waits_for_those_under_way() -> None:
    budget = Budget(tokens=100)
    first = budget.reserve(10, 80)
    assert first is not None
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.append(budget.reserve(10, 60)))
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    budget.settle(first, 10, 10)
    waiting.join(5)
    assert got != [None]
    assert budget.told == "100 token"
    assert budget.spent == "20 token"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("项目支出绩效自评表", 9, 12),
        ("indicator", 2, 5),
        ("15,425.64", 9, 9),
        ("≥95%", 4, 8),
        ("𠮷", 3, 4),
        ("   \n\n   ", 1, 3),
        ('{"weight":"10.00"}', 8, 20),
    ],
)
def test_estimates_are_near_and_rather_high(text: str, least: int, most: int) -> None:
    assert least <= estimate_tokens(text) <= most


def test_an_estimate_is_never_below_a_part() -> None:
    text = "产出指标 abc 12.5%\n"
    assert estimate_tokens(text * 10) >= 9 * estimate_tokens(text) > estimate_tokens("")
