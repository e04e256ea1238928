"""Refunds of payments of this API: in parts, once each, through either door."""

from __future__ import annotations

from typing import Any

import pytest

from functions.glomopay.payment_get import handler as read_payment
from functions.glomopay.refund_create import handler as create
from functions.glomopay.refund_get import handler as read
from functions.glomopay.refund_list import handler as listed
from functions.payment.refund import handler as refund_there
from shared.edge import asking
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tests.unit.glomopay.shop import PLAIN_CARD, begun, order, shown


@pytest.fixture
def paid(customer: dict[str, Any]) -> str:
    """A payment of 10.00 that succeeded."""
    holder = begun(order(customer), PLAIN_CARD)
    holder.answer(None)
    return holder.id


def refund(payment_id: str, **more: Any) -> Answer:
    return ask(create, {"payment_id": payment_id, **more}, key=SECRET)


def test_a_refund_is_answered_whole_and_read_again(edge: Edge, customer: dict[str, Any], paid: str) -> None:
    made = refund(paid, amount=400, reason="Damaged", request_id="r-1", document_id="doc_1", file_name="a.pdf")

    nothing = {"amount": 0, "currency": "USD"}
    assert (made.status, made.json) == (
        201,
        {
            "id": made.json["id"],
            "customer_id": customer["id"],
            "payment_id": paid,
            "reason": "Damaged",
            "fx_fee": nothing,
            "txn_fee": nothing,
            "documents": [],
            "status": "success",
            "currency": "USD",
            "amount": 400,
            "request_id": "r-1",
            "created_at": "2026-03-02T12:00:00.000Z",
            "updated_at": "2026-03-02T12:00:00.000Z",
        },
    )
    assert ask(read, key=SECRET, path={"id": made.json["id"]}).json == made.json
    assert (shown(paid)["status"], shown(paid)["amount_refunded"]) == ("success", 400)


def test_a_payment_is_changed_by_what_goes_back_of_it_and_by_nothing_else_of_a_refund(
    edge: Edge, paid: str, customer: dict[str, Any]
) -> None:
    paid_at = shown(paid)["updated_at"]
    refused = begun(order(customer), "4000000000005126")
    refused.answer(None)
    edge.world.now.advance(minutes=3)
    given = refund(paid, amount=400).json
    refund(refused.id, amount=400)
    edge.world.now.advance(minutes=2)

    after = shown(paid)

    assert (after["updated_at"], after["paid_at"]) == (given["updated_at"], paid_at)
    assert after["updated_at"] > paid_at
    assert shown(refused.id)["updated_at"] == paid_at
    refund(paid)
    assert shown(paid)["updated_at"] > after["updated_at"]


def test_parts_up_to_all_of_it_and_no_more(paid: str) -> None:
    assert refund(paid, amount=400).status == 201
    too_much = refund(paid, amount=601)
    assert refund(paid).json["amount"] == 600
    nothing_left = refund(paid)

    assert (too_much.status, nothing_left.status) == (400, 400)
    assert too_much.json["message"] == "at most 600 can still be refunded"
    assert shown(paid)["amount_refunded"] == 1000


@pytest.mark.parametrize(
    "changed",
    [{"amount": 0}, {"amount": "5"}, {"amount": 1.5}, {"payment_id": "order_1"}, {"payment_id": None},
     {"reason": 7}, {"request_id": ""}, {"document_id": "x"}],
    ids=str,
)  # fmt: skip
def test_a_bad_field_is_a_400(paid: str, changed: dict[str, Any]) -> None:
    assert ask(create, {"payment_id": paid} | changed, key=SECRET).status == 400
    assert shown(paid)["amount_refunded"] == 0


def test_what_is_not_paid_cannot_be_refunded(customer: dict[str, Any]) -> None:
    assert refund(begun(order(customer)).id).status == 400


def test_a_payment_is_refundable_for_180_days(edge: Edge, paid: str) -> None:
    edge.world.now.advance(days=180)
    assert refund(paid, amount=1).status == 201
    edge.world.now.advance(seconds=1)
    assert refund(paid, amount=1).status == 400


def test_a_request_id_names_one_refund_for_ever(paid: str) -> None:
    first = refund(paid, amount=100, request_id="r-1").json

    again = refund(paid, amount=100, request_id="r-1")

    assert (again.status, again.json["message"]) == (400, "Refund already exists for this request_id")
    assert shown(paid)["amount_refunded"] == 100
    assert ask(listed, key=SECRET, query={"request_id": "r-1"}).json["data"] == [first]
    assert ask(listed, key=SECRET, query={"request_id": "r-2"}).json["data"] == []


@pytest.mark.parametrize("amount", [{}, {"amount": 1000}, {"amount": 1}])
def test_who_asks_again_for_all_of_it_hears_that_it_was_done_and_not_that_nothing_is_left(
    paid: str, amount: dict[str, int]
) -> None:
    """After a timeout a shop sends the same again, and then looks for its number."""
    assert refund(paid, request_id="all").status == 201

    again, another = refund(paid, request_id="all", **amount), refund(paid, request_id="other", **amount)

    assert (again.status, again.json["message"]) == (400, "Refund already exists for this request_id")
    assert (another.status, another.json["code"]) == (400, "nothing_to_refund")


def test_a_refused_refund_is_a_422_with_itself(customer: dict[str, Any]) -> None:
    holder = begun(order(customer), "4000000000005126")
    holder.answer(None)

    refused = refund(holder.id, amount=100)

    assert (refused.status, refused.json["status"]) == (422, "failed")
    assert ask(read, key=SECRET, path={"id": refused.json["id"]}).json == refused.json
    assert shown(holder.id)["amount_refunded"] == 0


def test_a_refund_whose_answer_is_lost_is_in_progress_and_no_other_begins(
    edge: Edge, customer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.usecases.housekeeping.look_after_payments import sweep

    monkeypatch.setattr(asking, "LATEST_SECONDS", -1.0)
    holder = begun(order(customer), "4000000000000119")
    holder.answer(None)
    edge.world.now.advance(minutes=2)
    sweep(10, world=edge.world)

    lost, another = refund(holder.id, amount=100), refund(holder.id, amount=100)
    edge.world.now.advance(minutes=2)
    sweep(10, world=edge.world)

    assert (lost.status, lost.json["status"]) == (202, "in_progress")
    assert (another.status, another.json["message"]) == (409, "Refund is being processed")
    assert ask(read, key=SECRET, path={"id": lost.json["id"]}).json["status"] == "success"
    assert shown(holder.id)["amount_refunded"] == 100


def test_a_refund_through_the_other_door_is_listed_here(edge: Edge, paid: str) -> None:
    mine = refund(paid, amount=100).json
    edge.world.now.advance(seconds=1)
    there = ask(refund_there, {"amount": 2.00}, key=SECRET, path={"transactionId": paid}).json

    found = ask(listed, key=SECRET).json

    assert [one["id"] for one in found["data"]] == [there["refundId"], mine["id"]]
    assert [one["amount"] for one in found["data"]] == [200, 100]
    assert there["refundId"].startswith("refund_")
    assert [
        one["id"]
        for one in ask(listed, key=SECRET, query={"payment_id": paid, "page": "2", "per_page": "1"}).json["data"]
    ] == [mine["id"]]
    assert ask(listed, key=SECRET, query={"status": "failed"}).json["data"] == []


def test_whose_refund_it_is_decides_who_reads_it(paid: str) -> None:
    made = refund(paid, amount=100).json["id"]

    assert ask(read, key=PUBLISHABLE, path={"id": made}).status == 401
    for key, name in ((OTHER_SHOP, made), (LIVE, made), (SECRET, "refund_nobody"), (SECRET, made[:-1] + "2")):
        assert ask(read, key=key, path={"id": name}).status == 404, name
    assert ask(read, key=SECRET, path={"id": "ref_1"}).status == 400
    assert ask(create, {"payment_id": paid}, key=OTHER_SHOP).status == 404
    assert ask(listed, key=OTHER_SHOP).json["data"] == []
    for query in ({"status": "done"}, {"payment_id": "refund_1"}):
        assert ask(listed, key=SECRET, query=query).status == 400
    assert ask(read_payment, key=SECRET, path={"id": paid}).status == 200


@pytest.mark.parametrize(
    ("payment_id", "status", "message"),
    [
        ("payt_abcdefghijklmnop", 404, "Payment not found"),
        ("order_1", 400, "payment_id: Id must start with 'payt_'"),
        (None, 400, "payment_id: must be text"),
    ],
)
def test_whose_payment_it_is_comes_before_what_is_wrong_with_the_rest(
    edge: Edge, payment_id: str | None, status: int, message: str
) -> None:
    answer = ask(create, {"payment_id": payment_id, "amount": "1000", "reason": 7}, key=SECRET)

    assert (answer.status, answer.json["message"]) == (status, message)
