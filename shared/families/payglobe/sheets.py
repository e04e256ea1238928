"""Lists as sheets: CSV (RFC 4180) that a spreadsheet opens and takes for nothing but text and numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from shared.domain.money import Money
from shared.domain.payment import Payment
from shared.families.payglobe.payments import released
from shared.families.payglobe.views import iso
from shared.usecases.merchant.statement import Line

Cell = str | Decimal | datetime | None
# A spreadsheet takes what begins so for a formula, and some run programs.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
COLUMNS: Final[dict[str, Callable[[Payment], Cell]]] = {
    "transactionId": lambda p: p.id,
    "createdAt": lambda p: p.created_at,
    "completedAt": lambda p: p.completed_at,
    "status": lambda p: p.status.value,
    "currency": lambda p: p.amount.currency,
    "amount": lambda p: p.amount.major,
    "card": lambda p: p.captured.major,
    "voucher": lambda p: p.spent.major,
    "refunded": lambda p: Money(p.refunded, p.amount.currency).major,
    "released": released,
    "disputed": lambda p: Money(p.disputed, p.amount.currency).major,
    "gateway": lambda p: p.called,
    "method": lambda p: p.method,
    "cardBrand": lambda p: p.card.brand if p.card else None,
    "cardLast4": lambda p: p.card.last4 if p.card else None,
    "description": lambda p: p.description,
    "reference": lambda p: p.reference,
    "orderId": lambda p: p.order_id,
    "linkId": lambda p: p.link_id,
    "customerId": lambda p: p.customer_id,
    "customerEmail": lambda p: p.email,
    "family": lambda p: p.family,
    "returned": lambda p: p.returned.major,
}


def payments_sheet(payments: Iterable[Payment], *, headed: bool) -> str:
    """A row per payment, under the names of the columns where it is ``headed``. Amounts are decimals with a point."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    if headed:
        rows.writerow(COLUMNS)
    rows.writerows([_cell(column(payment)) for column in COLUMNS.values()] for payment in payments)
    return written.getvalue()


STATEMENT: Final = ("day", "currency", "tender", "issuer", "paid", "refunded", "net", "returned", "lost")


def statement_sheet(month: str, lines: Iterable[Line]) -> str:
    """A row per day, currency, tender and issuer, then those of the month, whose day is the month itself."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(STATEMENT)
    for line in lines:
        day = line.day.isoformat() if line.day else month
        amounts = (line.paid.major, line.refunded.major, line.net, line.returned.major, line.lost)
        rows.writerow([day, line.currency, line.tender, _cell(line.issuer), *map(str, amounts)])
    return written.getvalue()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return iso(value) or ""
    if isinstance(value, Decimal):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA) else value
