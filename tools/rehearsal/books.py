"""What our record of each payment says, against the gateway's book, the issuer's and the shop's receiver."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tools.local.deploy import Stack
from tools.rehearsal.payments import Payment, Shop
from tools.testing.receiver import Receiver

_PATIENCE_SECONDS: Final = 240.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all payments, as text with two decimals: what we have and what the other sides have."""

    captured: tuple[Decimal, Decimal]
    vouchers: tuple[Decimal, Decimal]

    def __str__(self) -> str:
        (our_card, their_card), (our_vouchers, theirs) = self.captured, self.vouchers
        return f"card {our_card} = {their_card}, vouchers {our_vouchers} = {theirs}"


def compare(shop: Shop, payments: list[Payment]) -> tuple[Totals, list[str]]:
    """The totals of both sides, and each payment over which they differ, once what is left has been released."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (found := _compared(shop, payments))[1] and time.monotonic() < deadline:
        time.sleep(1)
    return found


def _compared(shop: Shop, payments: list[Payment]) -> tuple[Totals, list[str]]:
    ours = theirs = our_vouchers = their_vouchers = Decimal(0)
    wrong: list[str] = []
    for payment in payments:
        seen, book = shop.transaction(payment), shop.call("GET", f"/api/sandbox/payments/{payment.page}")
        captured, gateway = _money(seen["capturedAmount"]), _money(book["captured"])
        spent, issuer = _spent(seen), _at_the_issuer(shop, payment)
        ours, theirs = ours + captured, theirs + gateway
        our_vouchers, their_vouchers = our_vouchers + spent, their_vouchers + issuer
        whole = Decimal("150.00") if seen["status"] == "SUCCESS" else Decimal(0)
        let_go = _money(book["voided"]) + _money(book.get("released", 0))
        still_held = _money(book["authorised"]) - gateway - let_go
        if (captured, spent, captured + spent, still_held) != (gateway, issuer, whole, Decimal(0)):
            wrong.append(f"{payment.kind.name} {payment.id}: {captured}+{spent}, theirs {gateway}+{issuer}; {book}")
    return Totals((ours, theirs), (our_vouchers, their_vouchers)), wrong


def _money(major: object) -> Decimal:
    return Decimal(str(major)).quantize(Decimal("0.01"))


def _spent(seen: dict[str, Any]) -> Decimal:
    return sum((_money(each["spentAmount"]) for each in seen["vouchers"]), Decimal(0))


def _at_the_issuer(shop: Shop, payment: Payment) -> Decimal:
    books = [shop.call("GET", f"/api/sandbox/vouchers/{code}") for code in payment.codes]
    return sum((_money(book["spent"]) - _money(book["reversed"]) for book in books), Decimal(0))


def untold(stack: Stack, receiver: Receiver) -> list[str]:
    """The events with an address that its receiver has not taken, once nothing more came for a while."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (missing := list(_missing(stack, receiver))) and time.monotonic() < deadline:
        time.sleep(1)
    return missing


def _missing(stack: Stack, receiver: Receiver) -> Iterator[str]:
    taken = b"\n".join(each.body for each in receiver.arrived if each.answered == 200)
    tables = stack.client("dynamodb")
    pages = tables.get_paginator("scan").paginate(TableName=stack.outputs["EventsTableName"], ConsistentRead=True)
    for page in pages:
        for item in page["Items"]:
            address = item.get("notifyUrl", {}).get("S", "")
            if address.startswith(receiver.url) and item["sk"]["S"].encode() not in taken:
                yield f"{item['type']['S']} of {item['subject']['S']}"
