"""Payment links: paid, paid too late, cancelled with a card held, sent, reminded, expired."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.integration.ways.payments import ANSWER_LOST, VISA, card, paid_unheard
from tests.integration.ways.watching import Watch, after
from tests.integration.ways.webhooks import stream, untold
from tools.testing.calling import example_event


def links_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = linked(watch, {"linkType": "MAIL", "reminderDays": 1})
    watch.ask("payment_link.resend", mine, once="again")
    text = linked(watch, {"linkType": "SMS", "customerPhone": "+393331234567", "reminderDays": 1})
    watch.ask("payment_link.resend", text, once="again")
    watch.ask("payment_link.qrcode", mine, query={"size": "300"})
    watch.ask("payment_link.list")
    watch.ask("payment_link.list", query={"status": "PENDING"})
    watch.ask("payment_link.verify", mine)
    paid_by = stream(_paid_by_link(watch, mine))
    untold(watch, paid_by)
    watch.run("payment.receipt", paid_by)
    watch.ask("payment_link.get", mine)
    watch.ask("payment_link.public", mine)
    paid = linked(watch, {})
    _paid_by_link(watch, paid)
    watch.ask("payment_link.get", paid)
    held = linked(watch, {})
    _card_of_link(watch, held)
    watch.ask("payment_link.cancel", held, once="cancel")
    _asked_about(watch, monkeypatch)
    late = linked(watch, {"linkType": "MAIL", "reminderDays": 1})
    _paid_by_link(watch, late)
    unpaid = linked(watch, {"linkType": "MAIL", "reminderDays": 1})
    _card_of_link(watch, unpaid)
    for days in (29.5, 31):
        with after(monkeypatch, days=days):
            watch.ask("payment_link.list")
            watch.run("housekeeping.links", {})


def _asked_about(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links whose payments have answers missing: of the page, a voucher, the capture, a refund."""
    unanswered = linked(watch, {})
    path = _card_of_link(watch, unanswered, ANSWER_LOST)
    watch.ask("payment.voucher_choice", path, {"choice": "VOUCHERS", "vouchers": [{"otp": "V2000-SPENDLOST9"}]})
    watch.steps(path, "validate_vouchers", "spend_vouchers")
    watch.ask("payment_link.verify", unanswered)
    watch.steps(path, "notify_vouchers", "capture_card")
    watch.ask("payment_link.verify", unanswered)
    watch.ask("payment.refund", path, {"amount": 10})
    watch.ask("payment_link.verify", unanswered)
    unheard = linked(watch, {})
    path, page = _opened_by_link(watch, unheard)
    paid_unheard(watch, page)
    watch.ask("payment_link.verify", unheard)
    expired = linked(watch, {})
    _opened_by_link(watch, expired)
    with after(monkeypatch, hours=1):
        watch.ask("payment_link.open", expired)


def linked(watch: Watch, changes: dict[str, object]) -> dict[str, str]:
    """A new link: what its endpoints are asked about by."""
    event = example_event("payment_link.create")
    made = watch.ask("payment_link.create", None, json.loads(event["body"]) | changes, once=str(uuid.uuid4()))
    return {"id": made["transactionId"]}


def _opened_by_link(watch: Watch, link: dict[str, str]) -> tuple[dict[str, str], str]:
    page = watch.ask("payment_link.open", link)["redirectUrl"].partition("paymentID=")[2]
    watch.ask("payment_link.open", link)
    path = {"transactionId": watch.ask("payment_link.get", link)["paymentTransactionId"]}
    watch.steps(path, "await_preauth")
    return path, page


def _card_of_link(watch: Watch, link: dict[str, str], number: str = VISA) -> dict[str, str]:
    path, page = _opened_by_link(watch, link)
    watch.ask("sandbox.card_page_submit", {"paymentID": page}, card(number))
    watch.steps(path, "await_tender_choice")
    return path


def _paid_by_link(watch: Watch, link: dict[str, str]) -> str:
    path = _card_of_link(watch, link)
    watch.ask("payment.voucher_choice", path, {"choice": "CARD_ONLY"})
    watch.steps(path, "capture_card")
    return path["transactionId"]
