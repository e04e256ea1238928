"""Saved cards: charged, refused, charged with a lost answer, saved twice, deleted, deleted without an answer."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.card_gateways.sandbox import SandboxCardGateway
from shared.domain.errors import Unavailable
from tests.integration.ways.payments import ANSWER_LOST, CAPTURE_FAILS, VISA, card
from tests.integration.ways.watching import Watch, after

ASKS_HOLDER = "4000002760003184"
MINE = {"customerId": "cust_123"}


def cards_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (VISA, CAPTURE_FAILS, ANSWER_LOST, ASKS_HOLDER, VISA):
        _saved(watch, number)
    shown = watch.ask("token_payment.list", query=MINE)["cards"]
    assert [each["last4"] for each in shown] == [
        number[-4:] for number in (VISA, CAPTURE_FAILS, ANSWER_LOST, ASKS_HOLDER)
    ]
    for each in shown:
        order = {"cardId": each["id"], "amount": 50.00, **MINE}
        watch.ask("token_payment.pay", None, order, once=f"pay {each['id']}")
        watch.ask("token_payment.pay", None, order, once=f"pay {each['id']}")
        path = {"cardId": str(each["id"])}
        watch.ask("token_payment.set_default", path, once=str(each["id"]), query=MINE)
        if each["last4"] == ANSWER_LOST[-4:]:
            watch.ask("token_payment.pay", None, order)  # left open, for housekeeping
        _deleted(watch, path, monkeypatch, heard=each["last4"] != CAPTURE_FAILS[-4:])
    with after(monkeypatch, hours=1):
        looked = watch.run("housekeeping.cards", {})
        assert looked == {"looked": 2, "failed": 0, "putOff": 0}, looked


def _deleted(watch: Watch, path: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, heard: bool) -> None:
    def down(self: SandboxCardGateway, *about: Any) -> None:
        raise Unavailable("the gateway is down")

    with monkeypatch.context() as now:
        if not heard:
            now.setattr(SandboxCardGateway, "delete_token", down)
        watch.ask("token_payment.delete", path, query=MINE)


def _saved(watch: Watch, number: str) -> None:
    payment = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_WITH_TOKENIZATION"})
    watch.ask("sandbox.card_page_submit", {"paymentID": payment["igfs"]["paymentId"]}, card(number))
    body = {"transactionId": payment["id"], **MINE}
    watch.ask("token_payment.save_card", None, body, once=payment["id"])
