"""The order endpoints: what is echoed, what is refused, who may read one, and how an order ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.glomopay.order_create import handler as create
from functions.glomopay.order_get import handler as read
from functions.glomopay.order_list import handler as listed
from functions.glomopay.order_public import handler as public
from shared.domain.event import EventType
from shared.domain.ids import OrderId, PaymentId
from shared.domain.payment import Payment, Status
from shared.domain.statuses import OrderStatus
from shared.ports.orders import OrderChange
from shared.ports.payments import Change
from shared.usecases.order.look_after_orders import sweep_orders
from shared.usecases.order.settle_order import settle_order
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, Context, ask
from tools.testing.builders import a_payment
from tools.testing.fakes import FakeOrders

CARD = "4242424242424242"
GUIDE: dict[str, Any] = {
    "document_id": "doc_nYUqLpuYQ0M8",
    "currency": "USD",
    "amount": 1000,
    "purpose_code": "P1401",
    "invoice_number": "RG12FF590",
    "invoice_description": "Payment requested for services provided",
    "invoice_amount": 1000,
    "reference_number": "R0001",
    "product": {
        "name": "ShieldGuard Insurance",
        "description": "Flexible insurance for belongings, travel, and digital assets; easy to manage",
    },
    "notes": {"key1": "value1", "key2": "value2"},
    "payment_methods": ["card"],
}


def order(customer: dict[str, Any], key: str = SECRET, **more: Any) -> Answer:
    return ask(create, {"customer_id": customer["id"], "currency": "USD", "amount": 1000, **more}, key=key)


def made(customer: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = order(customer, **more)
    assert answer.status == 201, answer.text
    return answer.json


def shown(order_id: str) -> dict[str, Any]:
    return ask(read, key=SECRET, path={"id": order_id}).json


def tried(edge: Edge, orders: FakeOrders, order_id: str, **settings: Any) -> Payment:
    """A try of the order that stands so."""
    current = orders.get(OrderId(order_id))
    name = PaymentId(f"payt_{current.tries}aaaaaaaaaaaaaaa")
    payment = a_payment(id=name, order_id=current.id, amount=current.amount, created_at=edge.world.now(), **settings)
    assert orders.save(OrderChange(current.tried_by(payment), attempt=Change(payment))) is None
    return edge.world.payments.get(payment.id)


def ended(edge: Edge, payment: Payment, status: Status) -> Payment:
    edge.world.payments.save(Change(replace(payment, status=status, completed_at=edge.world.now())))
    return edge.world.payments.get(payment.id)


def told(edge: Edge) -> list[EventType]:
    return [event.type for event in edge.world.events.told]


def test_the_guides_order_is_echoed_with_every_field(customer: dict[str, Any]) -> None:
    answer = made(customer, **GUIDE)

    assert answer == {
        **GUIDE,
        "customer_id": customer["id"],
        "id": answer["id"],
        "status": "active",
        "request_id": None,
        "documents": [],
        "expires_at": "2026-06-02T12:00:00.000Z",
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": "2026-03-02T12:00:00.000Z",
    }
    assert shown(answer["id"]) == answer


def test_every_optional_field_may_be_null(customer: dict[str, Any]) -> None:
    names = (*GUIDE.keys() - {"currency", "amount"}, "documents", "request_id", "expires_at")

    answer = made(customer, **dict.fromkeys(names))

    assert (answer["notes"], answer["documents"], answer["payment_methods"]) == ({}, [], ["card"])
    assert [answer[name] for name in ("product", "purpose_code", "invoice_amount", "request_id")] == [None] * 4


def test_texts_are_echoed_as_they_were_sent_blanks_and_all(customer: dict[str, Any]) -> None:
    texts = {"invoice_number": "", "invoice_description": "  two  ", "reference_number": " R-1 "}
    product = {"name": "", "description": "\n a line "}
    notes = {"a": " x ", "b": ""}

    answer = made(customer, **texts, product=product, notes=notes)

    assert {name: answer[name] for name in texts} == texts
    assert (answer["product"], answer["notes"]) == (product, notes)
    assert shown(answer["id"]) == answer


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 1000), ("KWD", 1), ("USD", 999_999_999_999)])
def test_amounts_are_minor_units_of_any_currency(customer: dict[str, Any], currency: str, amount: int) -> None:
    answer = made(customer, currency=currency, amount=amount)

    assert (answer["amount"], answer["currency"]) == (amount, currency)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("amount", "1000", "must be an integer"),
        ("amount", 10.5, "must be an integer"),
        ("amount", 10.0, "must be an integer"),
        ("amount", True, "must be an integer"),
        ("amount", None, "must be an integer"),
        ("amount", 0, "must be greater than 0"),
        ("amount", -1, "must be greater than 0"),
        ("amount", 10**12, "must be at most"),
        ("currency", "usd", ""),
        ("currency", "XXX", ""),
        ("currency", "ZZZ", ""),
        ("currency", 840, ""),
        ("customer_id", "order_1", "Id must start with 'cust_'"),
        ("customer_id", 7, ""),
        ("purpose_code", "X1401", ""),
        ("purpose_code", "P14011", ""),
        ("purpose_code", "P140\u0661", "P or S and four digits"),
        ("document_id", "nYUqLpuYQ0M8", ""),
        ("documents", ["doc_1", "1"], ""),
        ("documents", "doc_1", ""),
        ("invoice_amount", -1, "must not be negative"),
        ("invoice_number", "x" * 256, ""),
        ("invoice_description", "x" * 1001, ""),
        ("product", "insurance", ""),
        ("product", {"name": 7}, ""),
        ("notes", {"a b": "x"}, ""),
        ("notes", {"a": 7}, ""),
        ("notes", {"a": "x" * 501}, ""),
        ("notes", {"a": CARD}, ""),
        ("notes", {CARD: "x"}, ""),
        ("notes", {CARD: 7}, ""),
        ("notes", {f"k{n}": "x" for n in range(21)}, ""),
        ("notes", [], ""),
        ("payment_methods", [], ""),
        ("payment_methods", ["cash"], ""),
        ("payment_methods", ["bank_transfer"], "Payment method bank_transfer is not enabled for this business"),
        ("request_id", "", ""),
        ("request_id", "x" * 256, ""),
        ("request_id", "a\nb", ""),
        ("request_id", CARD, ""),
        ("expires_at", "tomorrow", ""),
        ("expires_at", 1795233600, ""),
        ("expires_at", "2026-03-02T11:59:59Z", "must be in the future"),
        ("expires_at", "2026-06-02T12:00:01Z", "at most 3 months ahead"),
    ],
)
def test_a_bad_field_is_a_400_with_its_reason(customer: dict[str, Any], field: str, value: Any, says: str) -> None:
    answer = order(customer, **{field: value})

    assert (answer.status, answer.json["error"]) == (400, "Bad Request"), answer.text
    assert says in answer.json["message"]
    assert CARD not in answer.text


def test_a_text_that_looks_like_a_card_is_masked_where_people_write(customer: dict[str, Any]) -> None:
    answer = made(customer, invoice_description=f"paid by {CARD}", product={"name": CARD})

    assert CARD not in str(answer)
    assert answer["product"]["name"].endswith("4242")


@pytest.mark.parametrize("name", ["cust_NobodyAtAll12345", "cust_" + "x" * 70])
def test_an_unknown_customer_is_a_404_whatever_else_is_wrong(customer: dict[str, Any], name: str) -> None:
    answer = order({"id": name}, amount="x")

    assert (answer.status, answer.json["message"]) == (404, "Customer not found")


def test_another_shops_customer_is_a_404(customer: dict[str, Any]) -> None:
    assert order(customer, key=OTHER_SHOP).status == 404


def test_a_live_key_without_a_gateway_can_order_nothing(edge: Edge) -> None:
    from functions.glomopay.customer_create import handler as create_customer
    from tests.unit.glomopay.conftest import ADA

    live = ask(create_customer, ADA, key=LIVE).json

    answer = order(live, key=LIVE)

    assert (answer.status, answer.json["code"]) == (422, "gateway_not_configured")


def test_a_request_id_names_one_order_for_ever_and_is_found_by_it(customer: dict[str, Any]) -> None:
    first = made(customer, request_id="shop-77")

    again = order(customer, request_id="shop-77", amount=5)

    assert (again.status, again.json["message"]) == (400, "Order already exists for this request_id")
    found = ask(listed, key=SECRET, query={"request_id": "shop-77"}).json
    assert (found["data"], found["page_meta"]["count"]) == ([first], 1)
    assert ask(listed, key=SECRET, query={"request_id": "shop-77", "status": "paid"}).json["data"] == []
    assert ask(listed, key=SECRET, query={"request_id": "shop-78"}).json["data"] == []
    assert ask(listed, key=OTHER_SHOP, query={"request_id": "shop-77"}).json["data"] == []


def test_a_refused_order_takes_no_request_id(customer: dict[str, Any]) -> None:
    assert order(customer, request_id="shop-77", amount=0).status == 400

    made(customer, request_id="shop-77")


def test_orders_are_listed_and_narrowed_by_customer_and_status(edge: Edge, customer: dict[str, Any]) -> None:
    first = made(customer, expires_at="2026-03-02T13:00:00Z")
    edge.world.now.advance(seconds=1)
    second = made(customer)
    edge.world.now.advance(hours=1)

    def ids(**query: str) -> list[str]:
        return [one["id"] for one in ask(listed, key=SECRET, query=query).json["data"]]

    assert ids() == [second["id"], first["id"]]
    assert ids(customer_id=customer["id"], status="active") == [second["id"]]
    assert ids(status="expired") == [first["id"]]
    assert ids(status="paid") == ids(status="under_review") == ids(customer_id="cust_1") == []


@pytest.mark.parametrize("query", [{"status": "done"}, {"customer_id": "1"}, {"page": "0"}], ids=str)
def test_a_bad_filter_is_a_400(customer: dict[str, Any], query: dict[str, str]) -> None:
    assert ask(listed, key=SECRET, query=query).status == 400


def test_ids_are_judged_by_prefix_then_by_who_owns_them(customer: dict[str, Any]) -> None:
    mine = made(customer)["id"]

    assert ask(read, key=SECRET, path={"id": "payt_1"}).json["message"] == "Id must start with 'order_'"
    for key, name in ((SECRET, "order_NobodysOrder1234"), (OTHER_SHOP, mine), (LIVE, mine)):
        answer = ask(read, key=key, path={"id": name})
        assert (answer.status, answer.json["message"]) == (404, "Order not found")


@pytest.mark.parametrize("key", [PUBLISHABLE, PUBLISHABLE.removeprefix("pk_"), SECRET])
def test_the_public_view_needs_any_key_and_shows_nothing_of_the_customer(customer: dict[str, Any], key: str) -> None:
    whole = made(customer, **GUIDE)

    answer = ask(public, key=key, path={"id": whole["id"]})

    shared_fields = ("id", "status", "amount", "currency", "payment_methods", "product", "expires_at", "created_at")
    assert answer.json == {name: whole[name] for name in shared_fields} | {
        "merchant_name": "Shop",
        "orderType": "standard",
    }
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("key", [None, "pk_test_Nobodys12345678", "live_ShopPublishable1", "test_ShopSecret1234"])
def test_the_public_view_without_a_known_key_is_a_401(customer: dict[str, Any], key: str | None) -> None:
    assert ask(public, key=key, path={"id": made(customer)["id"]}).status == 401


def test_a_browser_may_ask_before_it_reads(edge: Edge) -> None:
    answer = public({"httpMethod": "OPTIONS", "resource": public.path}, Context())  # type: ignore[arg-type]

    assert answer["statusCode"] == 204
    assert answer["headers"]["Access-Control-Allow-Headers"] == "Authorization,Content-Type"


def test_a_paid_try_makes_the_order_paid_once_whoever_sees_it(
    edge: Edge, orders: FakeOrders, customer: dict[str, Any]
) -> None:
    before = made(customer)
    edge.world.now.advance(minutes=1)
    payment = ended(edge, tried(edge, orders, before["id"]), Status.SUCCESS)

    views = [shown(before["id"]) for _ in range(2)]
    settle_order(payment, world=edge.world, orders=orders)
    sweep_orders(10, world=edge.world, orders=orders)

    assert views == [{**before, "status": "paid", "updated_at": "2026-03-02T12:01:00.000Z"}] * 2
    assert told(edge) == [EventType.ORDER_PAID]


def test_the_public_view_shows_what_is_paid_and_records_nothing(
    edge: Edge, orders: FakeOrders, customer: dict[str, Any]
) -> None:
    before = made(customer)
    ended(edge, tried(edge, orders, before["id"]), Status.SUCCESS)

    assert ask(public, key=PUBLISHABLE, path={"id": before["id"]}).json["status"] == "paid"
    assert told(edge) == []


def test_a_failed_try_leaves_the_order_as_it_was(edge: Edge, orders: FakeOrders, customer: dict[str, Any]) -> None:
    before = made(customer)
    edge.world.now.advance(minutes=1)
    payment = ended(edge, tried(edge, orders, before["id"]), Status.FAILED)
    settle_order(payment, world=edge.world, orders=orders)

    assert shown(before["id"]) == before
    assert orders.get(OrderId(before["id"])).attempt is None
    assert told(edge) == []


def test_an_older_try_says_nothing_about_the_order(edge: Edge, orders: FakeOrders, customer: dict[str, Any]) -> None:
    name = made(customer)["id"]
    first = ended(edge, tried(edge, orders, name), Status.FAILED)
    settle_order(first, world=edge.world, orders=orders)
    second = tried(edge, orders, name)

    settle_order(replace(first, status=Status.SUCCESS), world=edge.world, orders=orders)

    assert orders.get(OrderId(name)).attempt == second.id
    assert shown(name)["status"] == "active"


def test_an_order_whose_time_is_up_is_expired_at_once_and_told_once(
    edge: Edge, orders: FakeOrders, customer: dict[str, Any]
) -> None:
    name = made(customer, expires_at="2026-03-02T13:00:00Z")["id"]
    edge.world.now.advance(minutes=60)

    assert shown(name)["status"] == "expired"
    assert told(edge) == []
    for _ in range(2):
        assert sweep_orders(10, world=edge.world, orders=orders).failed == []
    assert told(edge) == [EventType.ORDER_EXPIRED]
    assert shown(name)["updated_at"] == "2026-03-02T13:00:00.000Z"


def test_a_try_that_began_in_time_may_still_pay(edge: Edge, orders: FakeOrders, customer: dict[str, Any]) -> None:
    name = made(customer, expires_at="2026-03-02T13:00:00Z")["id"]
    edge.world.now.advance(minutes=59)
    payment = tried(edge, orders, name)
    edge.world.now.advance(minutes=2)
    sweep_orders(10, world=edge.world, orders=orders)

    assert shown(name)["status"] == "active"
    ended(edge, payment, Status.SUCCESS)
    edge.world.now.advance(minutes=1)
    sweep_orders(10, world=edge.world, orders=orders)
    assert shown(name)["status"] == "paid"
    assert told(edge) == [EventType.ORDER_PAID]


def test_an_order_whose_try_does_not_end_is_looked_at_ever_less_often(
    edge: Edge, orders: FakeOrders, customer: dict[str, Any]
) -> None:
    """For instance while its gateway answers nobody; what the payment comes to is told by its event anyway."""
    name = OrderId(made(customer, expires_at="2026-03-02T12:10:00Z")["id"])
    payment = tried(edge, orders, name)
    written = orders.get(name).version

    for _ in range(6 * 60):
        edge.world.now.advance(minutes=1)
        sweep_orders(10, world=edge.world, orders=orders)

    assert orders.get(name).version - written < 15
    ended(edge, payment, Status.SUCCESS)
    edge.world.now.advance(hours=1)
    sweep_orders(10, world=edge.world, orders=orders)
    assert orders.get(name).status is OrderStatus.PAID


def test_an_order_whose_last_try_failed_after_its_end_expires(
    edge: Edge, orders: FakeOrders, customer: dict[str, Any]
) -> None:
    name = made(customer, expires_at="2026-03-02T13:00:00Z")["id"]
    payment = tried(edge, orders, name)
    edge.world.now.advance(minutes=61)
    ended(edge, payment, Status.FAILED)

    assert shown(name)["status"] == "expired"
    sweep_orders(10, world=edge.world, orders=orders)
    assert told(edge) == [EventType.ORDER_EXPIRED]


def test_two_who_see_the_same_success_tell_it_once(edge: Edge, orders: FakeOrders, customer: dict[str, Any]) -> None:
    name = made(customer)["id"]
    payment = ended(edge, tried(edge, orders, name), Status.SUCCESS)
    orders.meanwhile(lambda: settle_order(payment, world=edge.world, orders=orders))

    settle_order(payment, world=edge.world, orders=orders)

    assert told(edge) == [EventType.ORDER_PAID]
