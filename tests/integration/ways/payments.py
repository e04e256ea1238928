"""Payments: captured, covered, refused, restored, voided, given up, expired, refunded, asked about."""

from __future__ import annotations

from typing import Any, Final

import pytest

from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.adapters.ledger import edit
from shared.bootstrap import sandbox
from shared.domain.card_data import CardData
from shared.edge import asking
from tests.integration.ways.watching import Watch, after
from tools.contract.routes import endpoints
from tools.ops.onboarding import DEMO_PUBLISHABLE

VISA: Final = "4242424242424242"
CAPTURE_FAILS: Final = "4000000000000341"
ANSWER_LOST: Final = "4000000000000119"
CHALLENGED: Final = "4000002500003155"
AGREES: Final = "4000000000000093"
UNDECIDED: Final = "4000000000000101"
LONG_AGO: Final = "2026-01-01T00:00:00+00:00"


def asked_at_all(watch: Watch) -> None:
    """Every endpoint with its own sample; those that take a key, under one, and once more with nonsense."""
    for module, endpoint in endpoints().items():
        watch.ask(module, once=module if endpoint.idempotent else None)
        if endpoint.idempotent:
            watch.ask(module, None, {"amount": "x"}, once="refused")


def paid_in_every_way(watch: Watch) -> None:
    path = held(watch, VISA)
    watch.ask("payment.voucher_choice", path, {"choice": "CARD_ONLY"}, once="choice")
    watch.ask("payment.voucher_choice", path, {"choice": "CARD_ONLY"}, once="late choice")
    watch.steps(path, "await_tender_choice", "resume", "capture_card", "resume")
    watch.ask("payment.refund", path, {"amount": 10}, once="refund")
    watch.ask("payment.refund", path, {"amount": 10}, once="refund")
    watch.ask("payment.refund", path, {"amount": 1000}, once="too much")
    watch.ask("payment.refunds", path)
    watch.ask("payment.transaction", path)
    watch.ask("merchant.transactions")
    watch.ask("merchant.export")
    path = held(watch, CAPTURE_FAILS)
    watch.ask("payment.voucher_choice", path, vouchers("V5000-A1", "V2000-A2"))
    watch.steps(path, "validate_vouchers", "spend_vouchers", "notify_vouchers", "capture_card")
    watch.steps(path, "restore_vouchers", "void_card")
    path = held(watch, VISA)
    watch.ask("payment.capture", path, {"amount": 200}, once="too much")
    watch.ask("payment.capture", path, {"amount": 100}, once="capture")
    path = held(watch, VISA)
    watch.ask("payment.void", path, {}, once="void")
    watch.ask("payment.void", path, {}, once="void again")
    watch.steps(path, "void_card")


def receipts_again(watch: Watch) -> None:
    path = {"transactionId": bought(watch, VISA, email="ada@example.com")}
    watch.ask("payment.receipt_resend", path, {}, once="receipt")
    watch.ask("payment.receipt_resend", path, {}, once="receipt")
    unpaid, _ = opened(watch)
    watch.ask("payment.receipt_resend", unpaid, {}, once="no receipt")


def refused_vouchers(watch: Watch) -> None:
    path = held(watch, VISA)
    for code in ("V5000-C1", "V2000-INVALID1"):
        watch.ask("payment.voucher_check", path, {"otp": code})
    watch.ask("payment.voucher_choice", path, vouchers("V2000-INVALID1"))
    watch.steps(path, "validate_vouchers")
    path = held(watch, VISA)
    watch.ask("payment.voucher_choice", path, vouchers("V5000-B1", "V2000-SPENDFAIL1"))
    watch.steps(path, "validate_vouchers", "spend_vouchers", "restore_vouchers")


def given_up(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the shop, by the customer, and by nobody: with a machine that waits, without one, with a card unheard of."""
    path, _ = opened(watch)
    watch.ask("payment.cancel", path, once="cancel")
    made = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_DIRECT"})
    watch.ask("payment.cancel", {"transactionId": made["id"]})
    made = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_DIRECT"})
    watch.ask("sandbox.card_page_cancel", {"paymentID": made["igfs"]["paymentId"]})
    _, page = opened(watch)
    watch.ask("sandbox.card_page_cancel", page)
    abandoned, _ = opened(watch)
    unheard, page = opened(watch)
    paid_unheard(watch, page["paymentID"])
    with after(monkeypatch, hours=1):
        watch.steps(abandoned, "close_checkout", "void_card")
        watch.steps(unheard, "close_checkout", "void_card")


def pages_challenged(watch: Watch) -> None:
    made = watch.ask("payment.init", key=DEMO_PUBLISHABLE)
    watch.steps({"transactionId": made["id"]}, "await_preauth")
    page = {"paymentID": made["igfs"]["paymentId"]}
    watch.ask("sandbox.card_page_submit", page, card(CHALLENGED))
    watch.ask("sandbox.card_page_challenge", page, {"otp": "123456"})
    watch.steps({"transactionId": made["id"]}, "await_preauth")  # a machine that comes when the card is there already
    watch.ask("sandbox.voucher_book", {"otp": "V5000-A1"})
    watch.ask("sandbox.messages")
    watch.ask("payment.init", once="create")
    watch.ask("payment.init", once="create")


def undecided(watch: Watch) -> None:
    """A card that is held by a call of ours, and one whose bank the page that waits for it asks again."""
    _, page = opened(watch)
    watch.ask("sandbox.card_page_submit", page, card(AGREES))
    _, page = opened(watch)
    watch.ask("sandbox.card_page_submit", page, card(UNDECIDED))
    assert watch.ask("sandbox.card_page", page)["beingChecked"] is True
    with watch.aside():
        edit(sandbox.sandbox_books(), PAGE, page["paymentID"], lambda doc: doc.update(settlesAt=LONG_AGO))
    assert watch.ask("sandbox.card_page_ask", page)["beingChecked"] is False


def looked_after(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Housekeeping in the hour after, when everything that is open is due and every machine was replaced in vain."""
    opened(watch)
    watch.ask("payment.voucher_choice", held(watch, VISA), {"choice": "CARD_ONLY"})
    watch.ask("payment.voucher_choice", held(watch, VISA), vouchers("V5000-L1"))
    for minutes in (2, 4, 6, 8, 60, 62):
        with after(monkeypatch, minutes=minutes):
            assert watch.run("housekeeping.sweep", {})["failed"] == 0


def settled(watch: Watch) -> None:
    """A person says what became of a refund whose answer was lost."""
    payment = bought(watch, ANSWER_LOST)
    with pytest.MonkeyPatch.context() as late:
        late.setattr(asking, "LATEST_SECONDS", 0.0)
        assert watch.ask("payment.refund", {"transactionId": payment}, {"amount": 5})["status"] == "PENDING"
    word = {"payment": payment, "key": f"{payment}:REFUND:1", "who": "ada", "why": "seen in the back office"}
    assert watch.run("housekeeping.settle", {**word, "state": "SUCCEEDED"})["ok"] is True


def opened(watch: Watch) -> tuple[dict[str, str], dict[str, str]]:
    """A payment whose machine waits for a card: what its endpoints and its page are asked about by."""
    payment = watch.ask("payment.init")
    watch.steps({"transactionId": payment["id"]}, "await_preauth")
    return {"transactionId": payment["id"]}, {"paymentID": payment["igfs"]["paymentId"]}


def held(watch: Watch, number: str) -> dict[str, str]:
    """A payment whose machine waits for a choice."""
    path, page = opened(watch)
    watch.ask("sandbox.card_page", page)
    watch.ask("sandbox.card_page_submit", page, card(number))
    watch.ask("sandbox.card_page", page)
    watch.ask("sandbox.payment_book", page)
    watch.steps(path, "await_tender_choice")
    return path


def bought(watch: Watch, number: str, **order: str) -> str:
    """A payment by card alone, paid."""
    payment = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_DIRECT", **order})
    watch.ask("sandbox.card_page_submit", {"paymentID": payment["igfs"]["paymentId"]}, card(number))
    return str(payment["id"])


def paid_unheard(watch: Watch, page_id: str) -> None:
    """The gateway takes the card, and nobody brings the news."""
    data = CardData(number=VISA, holder_name="Ada", expiry_month=12, expiry_year=2030, cvv="123")
    with watch.aside():
        sandbox.sandbox_page().submit(page_id, data)


def card(number: str) -> dict[str, Any]:
    return {"number": number, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}


def vouchers(*codes: str) -> dict[str, Any]:
    return {"choice": "VOUCHERS", "vouchers": [{"otp": code} for code in codes]}
