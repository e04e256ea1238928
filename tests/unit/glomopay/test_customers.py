"""The customer endpoints: what each field takes, who finds whom, and one customer of each address."""

from __future__ import annotations

from typing import Any

import pytest

from functions.glomopay.customer_create import handler as create
from functions.glomopay.customer_get import handler as read
from functions.glomopay.customer_list import handler as listed
from functions.glomopay.customer_update import handler as update
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import ask
from tests.unit.glomopay.conftest import ADA

CARD = "4242424242424242"


def test_a_customer_is_answered_with_every_field_and_read_again(customer: dict[str, Any]) -> None:
    assert customer == {
        **ADA,
        "country": "ITA",
        "id": customer["id"],
        "phone": None,
        "pincode": None,
        "dob": None,
        "nationality": None,
        "status": "active",
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": "2026-03-02T12:00:00.000Z",
    }
    assert customer["id"].startswith("cust_")
    assert len(customer["id"]) >= 21
    assert ask(read, key=SECRET, path={"id": customer["id"]}).json == customer


def test_every_optional_field_may_be_null_and_what_is_unknown_is_left_out(customer: dict[str, Any]) -> None:
    more = {"email": "b@example.com", "phone": None, "pincode": None, "dob": None, "nationality": None, "vip": True}

    made = ask(create, ADA | more, key=SECRET)

    assert made.status == 201
    assert "vip" not in made.json


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "A"),
        ("name", "A" * 129),
        ("name", "Ada<script>"),
        ("name", None),
        ("customer_type", "person"),
        ("email", "ada"),
        ("email", f"{CARD}@example.com"),
        ("address", ""),
        ("address", "x" * 256),
        ("city", 7),
        ("state", ""),
        ("country", "IT"),
        ("country", "XXQ"),
        ("country", "ıta"),
        ("pincode", "1" * 17),
        ("pincode", CARD),
        ("phone", "call me"),
        ("phone", CARD),
        ("dob", "2990-01-01"),
        ("dob", "1990-02-30"),
        ("dob", "1990/02/03"),
        ("dob", "1-2-1990"),
        ("nationality", "Italian"),
    ],
)
def test_a_bad_field_is_a_400_that_names_it_and_never_what_was_sent(edge: Edge, field: str, value: object) -> None:
    answer = ask(create, ADA | {field: value}, key=SECRET)

    assert (answer.status, answer.json["error"]) == (400, "Bad Request")
    assert answer.json["message"].startswith(f"{field}: ")
    assert CARD not in answer.text


@pytest.mark.parametrize("dob", ["28-02-1990", "1990-02-28"])
def test_a_birthday_is_echoed_as_it_was_written(customer: dict[str, Any], dob: str) -> None:
    assert ask(create, ADA | {"email": "b@example.com", "dob": dob}, key=SECRET).json["dob"] == dob


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.com"])
def test_the_same_address_again_is_a_400_in_the_known_words(customer: dict[str, Any], email: str) -> None:
    answer = ask(create, ADA | {"email": email}, key=SECRET)

    assert (answer.status, answer.json["message"]) == (400, "Validation failed: Email has already been taken")


def test_an_address_of_another_country_is_another_customer(customer: dict[str, Any]) -> None:
    assert ask(create, ADA | {"country": "FRA"}, key=SECRET).status == 201


@pytest.mark.parametrize("key", [None, PUBLISHABLE, "sk_test_NobodysSecretKey", "nonsense"])
@pytest.mark.parametrize("endpoint", [create, read, listed, update])
def test_without_a_secret_key_every_door_is_a_401_with_a_message_alone(
    customer: dict[str, Any], endpoint: Any, key: str | None
) -> None:
    path = {"id": customer["id"]} if "{id}" in endpoint.path else None

    answer = ask(endpoint, ADA, key=key, path=path)

    assert (answer.status, list(answer.json)) == (401, ["message"])


@pytest.mark.parametrize("key", [OTHER_SHOP, LIVE])
def test_another_shop_and_the_other_environment_find_nobody(customer: dict[str, Any], key: str) -> None:
    for endpoint, body in ((read, None), (update, {"phone": "12345"})):
        answer = ask(endpoint, body, key=key, path={"id": customer["id"]})
        assert (answer.status, answer.json["message"]) == (404, "Customer not found")
    assert ask(listed, key=key).json["data"] == []


def test_an_id_of_another_kind_is_a_400_and_an_unknown_one_a_404(customer: dict[str, Any]) -> None:
    wrong, unknown = (ask(read, key=SECRET, path={"id": name}) for name in ("order_1", "cust_NobodyAtAll12345"))

    assert (wrong.status, wrong.json["message"]) == (400, "Id must start with 'cust_'")
    assert (unknown.status, unknown.json["message"]) == (404, "Customer not found")


def test_address_and_number_can_be_changed_and_the_old_address_is_free(edge: Edge, customer: dict[str, Any]) -> None:
    edge.world.now.advance(minutes=1)
    path = {"id": customer["id"]}

    changed = ask(update, {"email": "new@example.com", "phone": "+39 010-1234567"}, key=SECRET, path=path).json

    assert changed == {
        **customer,
        "email": "new@example.com",
        "phone": "+39 010-1234567",
        "updated_at": "2026-03-02T12:01:00.000Z",
    }
    assert ask(create, ADA, key=SECRET).status == 201
    taken = ask(update, {"email": "ada@example.com"}, key=SECRET, path=path)
    assert (taken.status, taken.json["message"]) == (400, "Validation failed: Email has already been taken")


def test_what_says_the_same_moves_no_time(edge: Edge, customer: dict[str, Any]) -> None:
    edge.world.now.advance(minutes=1)

    assert ask(update, {"email": ADA["email"]}, key=SECRET, path={"id": customer["id"]}).json == customer
    assert ask(update, {}, key=SECRET, path={"id": customer["id"]}).json == customer


@pytest.mark.parametrize("field", ["name", "country", "status", "id", "anything"])
def test_nothing_else_of_a_customer_can_be_changed(customer: dict[str, Any], field: str) -> None:
    answer = ask(update, {"phone": "12345", field: "x"}, key=SECRET, path={"id": customer["id"]})

    assert answer.status == 400
    assert ask(read, key=SECRET, path={"id": customer["id"]}).json == customer


def test_customers_are_listed_page_by_page_until_next_is_null(edge: Edge, customer: dict[str, Any]) -> None:
    for number in range(4):
        edge.world.now.advance(seconds=1)
        ask(create, ADA | {"email": f"c{number}@example.com"}, key=SECRET)

    seen, page = [], 1
    while page:
        answer = ask(listed, key=SECRET, query={"page": str(page), "per_page": "2"}).json
        seen += [one["email"] for one in answer["data"]]
        page = answer["page_meta"]["next"]
    assert seen == ["c3@example.com", "c2@example.com", "c1@example.com", "c0@example.com", "ada@example.com"]
    assert answer["page_meta"] == {
        "current": 3,
        "previous": 2,
        "next": None,
        "per_page": 2,
        "pages": 3,
        "count": 5,
    }


def test_an_empty_list_has_one_page(customer: dict[str, Any]) -> None:
    answer = ask(listed, key=SECRET, query={"email_address": "nobody@example.com"}).json

    assert answer["data"] == []
    assert answer["page_meta"] == {
        "current": 1,
        "previous": None,
        "next": None,
        "per_page": 20,
        "pages": 1,
        "count": 0,
    }


def test_a_customer_is_found_by_its_address_in_any_letter_case(customer: dict[str, Any]) -> None:
    assert ask(listed, key=SECRET, query={"email_address": "ADA@example.com"}).json["data"] == [customer]


def test_what_is_listed_is_never_listed_after_or_before_the_time_that_it_shows(
    edge: Edge, customer: dict[str, Any]
) -> None:
    """A time is shown to the millisecond, and a nightly list begins after the last one seen."""
    edge.world.now.advance(seconds=1.000456)
    made = ask(create, ADA | {"email": "late@example.com"}, key=SECRET).json
    edge.world.now.advance(seconds=0.000300)
    same = ask(create, ADA | {"email": "later@example.com"}, key=SECRET).json
    edge.world.now.advance(seconds=0.001)
    ask(create, ADA | {"email": "last@example.com"}, key=SECRET)

    def emails(**query: str) -> list[str]:
        return [one["email"] for one in ask(listed, key=SECRET, query=query).json["data"]]

    assert made["created_at"] == same["created_at"] == "2026-03-02T12:00:01.000Z"
    assert emails(after=made["created_at"]) == ["last@example.com"]
    assert emails(before=made["created_at"]) == ["ada@example.com"]
    assert emails(after="2026-03-02T12:00:01.000800Z") == ["last@example.com"]
    assert emails(before="2026-03-02T12:00:01.000001Z", after=customer["created_at"]) == [
        "later@example.com",
        "late@example.com",
    ]


def test_more_than_a_hundred_a_page_is_a_hundred(customer: dict[str, Any]) -> None:
    assert ask(listed, key=SECRET, query={"per_page": "5000"}).json["page_meta"]["per_page"] == 100


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"}, {"page": "-1"}, {"page": "one"}, {"page": "1.0"}, {"page": "9" * 30},
        {"per_page": "0"}, {"per_page": "-1"}, {"per_page": "x"},
        {"after": "yesterday"}, {"before": "2026-01-01"}, {"page": "101", "per_page": "100"},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_page_or_time_is_a_400(customer: dict[str, Any], query: dict[str, str]) -> None:
    assert ask(listed, key=SECRET, query=query).status == 400
