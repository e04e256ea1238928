"""Payment links of this API: paid by card on the hosted page, changed, withdrawn, over, and told."""

from __future__ import annotations

from typing import Any

import pytest

from functions.glomopay.payin_cancel import handler as cancel
from functions.glomopay.payin_create import handler as create
from functions.glomopay.payin_get import handler as read
from functions.glomopay.payin_list import handler as listed
from functions.glomopay.payin_update import handler as update
from functions.glomopay.payment_get import handler as read_payment
from functions.glomopay.payment_list import handler as list_payments
from functions.payment_link.open import handler as open_it
from functions.payment_link.public import handler as public
from functions.sandbox.card_page_submit import handler as submit
from shared.usecases.link.look_after_links import sweep_links
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tests.unit.glomopay.shop import spoken
from tools.testing.fakes import FakeLinks

CARD = {"number": "4242424242424242", "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}


def payin(customer: dict[str, Any], key: str = SECRET, **more: Any) -> Answer:
    return ask(create, {"customer_id": customer["id"], "currency": "USD", "amount": 1000, **more}, key=key)


def made(customer: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = payin(customer, **more)
    assert answer.status == 201, answer.text
    return answer.json


def shown(name: str) -> dict[str, Any]:
    return ask(read, key=SECRET, path={"id": name}).json


def pay(name: str, card: dict[str, Any] = CARD) -> Answer:
    """A customer opens the link and enters a card."""
    opened = ask(open_it, path={"id": name})
    assert opened.status == 200, opened.text
    page = opened.json["redirectUrl"].partition("paymentID=")[2]
    return ask(submit, card, path={"paymentID": page})


def told(edge: Edge) -> list[str]:
    return [name for name, _ in spoken(edge)]


def test_a_link_is_answered_with_what_was_sent_and_where_it_leads(customer: dict[str, Any]) -> None:
    link = made(customer, invoice_number="R-1", notes={"a": "b"}, reminder_frequency=7, request_id="ignored")

    assert link == {
        "id": link["id"], "status": "active", "payment_link": f"https://pages.example/pay/link/?id={link['id']}",
        "customer_id": customer["id"], "amount": 1000, "currency": "USD", "purpose_code": None, "document_id": None,
        "documents": [], "invoice_number": "R-1", "invoice_description": None, "invoice_amount": None,
        "reference_number": None, "product": None, "notes": {"a": "b"}, "payment_methods": ["card"],
        "reminder_frequency": 7, "expires_at": "2026-09-02T12:00:00.000Z",
        "created_at": "2026-03-02T12:00:00.000Z", "updated_at": "2026-03-02T12:00:00.000Z",
    }  # fmt: skip
    assert link["id"].startswith("plink_")
    assert shown(link["id"]) == link
    assert ask(public, path={"id": link["id"]}).json["status"] == "PENDING"


@pytest.mark.parametrize(
    "changed",
    [{"amount": "1"}, {"currency": "usd"}, {"reminder_frequency": 3}, {"reminder_frequency": True},
     {"reminder_frequency": 7.0}, {"expires_at": "2026-09-02T12:00:01Z"},
     {"expires_at": "2026-03-02T12:00:00Z"}, {"payment_methods": ["pay_via_bank"]}, {"customer_id": "1"}],
    ids=str,
)  # fmt: skip
def test_a_bad_field_is_a_400(customer: dict[str, Any], changed: dict[str, Any]) -> None:
    assert payin(customer, **changed).status == 400


def test_a_paid_link_has_a_payment_of_this_api_and_is_told_once(edge: Edge, customer: dict[str, Any]) -> None:
    link = made(customer, purpose_code="P1401", notes={"a": "b"})

    assert pay(link["id"]).json["outcome"] == "APPROVED"

    assert shown(link["id"])["status"] == shown(link["id"])["status"] == "paid"
    (payment,) = ask(list_payments, key=SECRET, query={"payment_type": "payment_link"}).json["data"]
    assert payment["id"].startswith("payt_")
    assert {name: payment[name] for name in ("payin_id", "payin_type", "order_id", "status", "customer_id")} == {
        "payin_id": link["id"],
        "payin_type": "payment_link",
        "order_id": None,
        "status": "success",
        "customer_id": customer["id"],
    }
    assert (payment["purpose_code"], payment["notes"], payment["country"]) == ("P1401", {"a": "b"}, "ITA")
    assert payment["payment_method"]["details"]["end_digits"] == "4242"
    assert ask(read_payment, key=SECRET, path={"id": payment["id"]}).json == payment
    assert told(edge) == ["payment.success", "payment_link.paid"]


def test_a_card_that_was_declined_is_followed_by_another(edge: Edge, customer: dict[str, Any]) -> None:
    link = made(customer)

    assert pay(link["id"], CARD | {"number": "4000000000000002"}).json["outcome"] == "DECLINED"
    (payment,) = ask(list_payments, key=SECRET).json["data"]
    assert (payment["status"], payment["payment_method"]["details"]) == ("in_progress", None)
    assert pay(link["id"]).json["outcome"] == "APPROVED"
    assert told(edge) == ["payment.success"]


def test_a_withdrawn_link_takes_no_card_and_is_told(edge: Edge, customer: dict[str, Any]) -> None:
    link = made(customer)
    edge.world.now.advance(minutes=1)

    withdrawn = ask(cancel, key=SECRET, path={"id": link["id"]})

    assert (withdrawn.status, withdrawn.json) == (
        200,
        {**link, "status": "cancelled", "updated_at": "2026-03-02T12:01:00.000Z"},
    )
    assert ask(open_it, path={"id": link["id"]}).status == 409
    assert ask(cancel, key=SECRET, path={"id": link["id"]}).status == 400
    assert told(edge) == ["payment_link.cancelled"]


def test_a_link_expires_and_is_told_once(edge: Edge, links: FakeLinks, customer: dict[str, Any]) -> None:
    name = made(customer, expires_at="2026-03-02T13:00:00Z")["id"]
    edge.world.now.advance(hours=1)

    assert shown(name)["status"] == "expired"
    for _ in range(2):
        sweep_links(10, world=edge.world, links=links)
    assert told(edge) == ["payment_link.expired"]
    assert ask(update, {"reminder_frequency": 1}, key=SECRET, path={"id": name}).status == 400


def test_end_and_reminders_of_an_active_link_can_be_changed(edge: Edge, customer: dict[str, Any]) -> None:
    link = made(customer)
    edge.world.now.advance(minutes=1)

    changes = {"expires_at": "2026-03-10T12:00:00Z", "reminder_frequency": 2}
    changed = ask(update, changes, key=SECRET, path={"id": link["id"]})

    assert changed.json == {
        **link,
        "expires_at": "2026-03-10T12:00:00.000Z",
        "reminder_frequency": 2,
        "updated_at": "2026-03-02T12:01:00.000Z",
    }
    assert ask(update, {}, key=SECRET, path={"id": link["id"]}).json == changed.json
    for bad in ({"expires_at": "2026-03-01T12:00:00Z"}, {"expires_at": "x"}, {"reminder_frequency": 5}):
        assert ask(update, bad, key=SECRET, path={"id": link["id"]}).status == 400


def test_the_customer_is_reminded_every_so_many_days_until_the_end(
    edge: Edge, links: FakeLinks, customer: dict[str, Any]
) -> None:
    made(customer, reminder_frequency=2, expires_at="2026-03-07T12:00:00Z")

    for _ in range(10):
        edge.world.now.advance(hours=12)
        for _ in range(2):
            sweep_links(10, world=edge.world, links=links)

    assert [sent.message.to for sent in edge.world.messenger.sent] == ["ada@example.com"] * 2


def test_links_are_listed_and_narrowed(edge: Edge, links: FakeLinks, customer: dict[str, Any]) -> None:
    first = made(customer, expires_at="2026-03-02T13:00:00Z")
    edge.world.now.advance(hours=1)
    second = made(customer)

    def found(**query: str) -> list[str]:
        return [one["id"] for one in ask(listed, key=SECRET, query=query).json["data"]]

    assert found() == [second["id"], first["id"]]
    assert found(status="active", customer_id=customer["id"]) == [second["id"]]
    assert found(status="expired") == [first["id"]]
    assert found(status="paid") == found(customer_id="cust_1") == []
    assert ask(listed, key=SECRET, query={"status": "done"}).status == 400


def test_whose_link_it_is_decides_who_reads_and_changes_it(customer: dict[str, Any]) -> None:
    name = made(customer)["id"]

    for endpoint in (read, update, cancel):
        assert ask(endpoint, {}, key=PUBLISHABLE, path={"id": name}).status == 401
        assert ask(endpoint, {}, key=SECRET, path={"id": "LINK_1"}).status == 400
        for key, path in ((OTHER_SHOP, name), (LIVE, name), (SECRET, "plink_nobodyatall12345")):
            assert ask(endpoint, {}, key=key, path={"id": path}).status == 404
