"""A suspended merchant: nothing new, no money moved by its keys, and what is under way finishes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.payment import capture, init, refund, transaction, void
from functions.sandbox import card_page_submit
from shared.domain.errors import Forbidden
from shared.domain.payment_link import LinkType
from shared.usecases.link.create_link import NewLink, create_link
from shared.usecases.link.open_link import open_link
from shared.usecases.merchant.suspend_merchant import suspend_merchant
from tests.unit.edge.conftest import PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tests.unit.links.desk import Desk
from tools.testing.builders import MERCHANT, a_credential, an_office, euro

ORDER = NewLink(euro(50_00), "https://p.example", LinkType.LINK, timedelta(days=1))
CARD = {"number": "4242424242424242", "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}


def suspend(edge: Edge, resume: bool = False) -> None:
    suspend_merchant(MERCHANT, office=an_office(edge.world.merchants), resume=resume)


def pay_by_card(created: Answer) -> Answer:
    return ask(card_page_submit.handler, dict(CARD), path={"paymentID": created.json["igfs"]["paymentId"]})


@pytest.mark.parametrize("key", [PUBLISHABLE, SECRET])
def test_its_keys_create_nothing_and_are_told_why_until_it_is_resumed(edge: Edge, key: str) -> None:
    suspend(edge)

    refused = ask(init.handler, {"amount": 10}, key=key)

    assert (refused.status, refused.json["code"]) == (403, "merchant_suspended")
    assert "suspended" in refused.json["message"]
    suspend(edge, resume=True)
    assert ask(init.handler, {"amount": 10}, key=key).status == 200


def test_no_link_is_made_and_none_opens_a_payment() -> None:
    desk = Desk()
    desk.ask()
    suspend_merchant(MERCHANT, office=an_office(desk.world.merchants))

    with pytest.raises(Forbidden):
        open_link(desk.link_id, world=desk.world, links=desk.links)
    with pytest.raises(Forbidden):
        create_link(
            ORDER,
            a_credential(merchant=desk.world.merchants.get(MERCHANT)),
            world=desk.world,
            links=desk.links,
            seed=bytes(64),
        )


def test_a_payment_under_way_is_paid_read_and_released_but_neither_captured_nor_refunded_by_a_key(edge: Edge) -> None:
    created = ask(init.handler, {"amount": 10}, key=SECRET)
    path = {"transactionId": created.json["transactionId"]}
    suspend(edge)

    assert pay_by_card(created).json["outcome"] == "APPROVED"
    assert ask(transaction.handler, key=SECRET, path=path).json["status"] == "CARD_PREAUTH_SUCCESS"
    for handler in (capture.handler, refund.handler):
        assert ask(handler, {}, key=SECRET, path=path).json["code"] == "merchant_suspended"
    assert ask(void.handler, {}, key=SECRET, path=path).status != 403
