"""Column types that keep what SQLite would bend: exact decimals and moments with their time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Select
from sqlalchemy.engine import Dialect, Row
from sqlalchemy.types import TypeDecorator

from schema.errors import StoreError
from schema.record import MAX_PLACES, plain

AnyRow = Row[*tuple[Any, ...]]
"""A row of whatever columns a query names."""
AnySelect = Select[*tuple[Any, ...]]
"""A query of whatever columns."""
LIMIT = 2**63
"""What a signed 64-bit column holds; scaled by 10^6 that is 9.2 万亿."""


class Amount(TypeDecorator[Decimal]):
    """A decimal as an integer of millionths, since SQLite's NUMERIC is a binary float."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """The number in millionths."""
        if value is None:
            return None
        scaled = int(value.scaleb(MAX_PLACES))
        if abs(scaled) >= LIMIT:
            raise StoreError(f"数值 {value} 超出可存范围（绝对值须小于 9 万亿）。请核对原件后用 jihe correct 更正。")
        return scaled

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """The number those millionths are."""
        return None if value is None else plain(Decimal(value).scaleb(-MAX_PLACES))


class Moment(TypeDecorator[datetime]):
    """A point in time, kept in UTC; SQLite drops the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment with its zone."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
