"""Domain objects with everything filled in; a test names only what it is about."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from shared.domain import ids
from shared.domain.account import Account, new_accounts
from shared.domain.event import Event, EventType, Facts
from shared.domain.ids import EndpointId, MerchantId, PageId, PaymentId
from shared.domain.merchant import Credential, Endpoint, KeyKind, Merchant, MerchantRecord, Secret
from shared.domain.money import Money
from shared.domain.operation import Kind, Operation, State
from shared.domain.payment import Environment, Mode, Payment, Status
from shared.domain.refund import CARD, Leg, Refund
from shared.ports.merchants import Merchants, NewKey
from shared.ports.world import Clock
from shared.usecases.merchant.changing import Office
from shared.usecases.merchant.create_merchant import kept
from shared.usecases.payment.facts import payment_facts
from tools.testing.fakes.clock import NOON

MERCHANT = MerchantId("m_shop")
TEST = Environment.TEST
_numbers = count(1)


def _unique() -> bytes:
    """Sixteen bytes that no other built object has."""
    return next(_numbers).to_bytes(16, "big")


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def a_payment(**overrides: Any) -> Payment:
    """A payment of 150.00 EUR that was created at noon and waits for a card."""
    created: datetime = overrides.get("created_at", NOON)
    unique = _unique()[-10:]
    page = ids.page_id(unique.rjust(15, b"\0"))
    made: dict[str, Any] = {
        "id": ids.payment_id(created, unique),
        "merchant_id": MERCHANT,
        "merchant_name": "Shop",
        "environment": TEST,
        "amount": euro(150_00),
        "mode": Mode.PREAUTH_VOUCHER_CAPTURE,
        "status": Status.PENDING,
        "gateway": "sandbox",
        "provider": "sandbox",
        "page_id": PageId(page),
        "redirect_url": f"https://pages.example/pay/card/?paymentID={page}",
        "pages_origin": "https://pages.example",
        "created_at": created,
        "expires_at": created + timedelta(seconds=1800),
        "executions": 1,
    }
    return Payment(**{**made, **overrides})


def an_operation(payment: Payment, kind: Kind, n: int | str = 1, **overrides: Any) -> Operation:
    """An operation of ``payment`` over its whole amount that succeeded."""
    made: dict[str, Any] = {
        "key": payment.key(kind, n),
        "kind": kind,
        "amount": payment.amount,
        "state": State.SUCCEEDED,
        "started_at": payment.created_at,
        "closed_at": payment.created_at,
    }
    return Operation(**{**made, **overrides})


def a_refund(payment: Payment, **overrides: Any) -> Refund:
    """A refund of 10.00 to the card whose leg was not answered yet."""
    amount: Money = overrides.get("amount", euro(10_00))
    leg = Leg(CARD, an_operation(payment, Kind.REFUND, amount=amount, state=State.PENDING, closed_at=None))
    made: dict[str, Any] = {
        "id": ids.refund_id(_unique()[-10:]),
        "number": 1,
        "amount": amount,
        "reason": "goods returned",
        "legs": (leg,),
        "created_at": payment.created_at,
    }
    return Refund(**{**made, **overrides})


def an_event(**overrides: Any) -> Event:
    created: datetime = overrides.get("created_at", NOON)
    made: dict[str, Any] = {
        "id": ids.event_id(created, _unique()[-10:], str(overrides.get("subject", ""))),
        "type": EventType.PAID,
        "merchant_id": MERCHANT,
        "environment": TEST,
        "subject": "TXN_20260302_AAAAAAAAAAAAAAAA",
        "sequence": 1,
        "created_at": created,
        "facts": Facts(payment_facts(a_payment(id=PaymentId("TXN_20260302_AAAAAAAAAAAAAAAA")), Kind.SALE, created)),
    }
    return Event(**{**made, **overrides})


def a_merchant(**overrides: Any) -> Merchant:
    return Merchant(**{"id": MERCHANT, "name": "Shop", "created_at": NOON, **overrides})


def an_account(**overrides: Any) -> Account:
    """A new merchant's account of the test environment: all on the sandbox."""
    return replace(new_accounts()[TEST], **overrides)


def a_record(*keys: NewKey, test: Account | None = None, **merchant: Any) -> MerchantRecord:
    """A shop with these keys; ``test`` is its account there."""
    made = MerchantRecord(a_merchant(**merchant), keys=tuple(kept(key) for key in keys))
    return made.with_account(TEST, test or an_account())


def a_credential(**overrides: Any) -> Credential:
    """The shop's secret test key."""
    made: dict[str, Any] = {
        "merchant": a_merchant(),
        "environment": TEST,
        "kind": KeyKind.SECRET,
        "account": an_account(),
    }
    return Credential(**{**made, **overrides})


def a_secret(**overrides: Any) -> Secret:
    return Secret(**{"value": "whsec_test_bm90IGEgcmVhbCBzZWNyZXQgLi4u", "created_at": NOON, **overrides})


def an_endpoint(**overrides: Any) -> Endpoint:
    made: dict[str, Any] = {
        "id": EndpointId(f"we_{_unique().hex()}"),
        "merchant_id": MERCHANT,
        "environment": TEST,
        "url": "https://shop.example/hook",
        "secrets": (a_secret(),),
        "created_at": NOON,
    }
    return Endpoint(**{**made, **overrides})


def an_office(merchants: Merchants, now: Clock = lambda: NOON) -> Office:
    """An operator at work; what races others waits no longer than it must."""
    return Office(merchants, "an operator", now, secrets.token_bytes, lambda attempt: time.sleep(0.002 * attempt))
