"""The simulated Shift4: its official library works with it, and it refuses where Shift4 would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import shift4

from tools.testing.far_sides.shift4.books import APPROVED, DECLINES, EXPIRED, INVALID, Account
from tools.testing.far_sides.shift4.server import Shift4Acquirer
from tools.testing.far_sides.shift4.side import DECLINED


@pytest.fixture
def acquirer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shift4Acquirer]:
    made = Shift4Acquirer(Account(), Account("pk_test_AnotherShop", "sk_test_AnotherShop"))
    monkeypatch.setattr(shift4, "api_url", made.origin)
    monkeypatch.setattr(shift4, "secret_key", made.account.secret)
    yield made
    with suppress(OSError):
        made.close()


def token(number: str = APPROVED) -> str:
    made = shift4.tokens.create({"number": number, "expMonth": "12", "expYear": "2030", "cvc": "123"})
    return str(made["id"])


def charged(amount: int = 150_00, card: str = "", key: str = "", **more: Any) -> Any:
    body = {"amount": amount, "currency": "EUR", "card": card or token(), **more}
    return shift4.charges.create(body, request_options={"idempotency_key": key} if key else None)


def no(call: Any) -> shift4.Shift4Exception:
    with pytest.raises(shift4.Shift4Exception) as caught:
        call()
    return caught.value


def test_a_charge_that_is_not_captured_holds_and_is_captured_whole_whatever_the_body_says(
    acquirer: Shift4Acquirer,
) -> None:
    held = charged(captured=False, metadata={"transactionId": "TXN_1"})
    assert (held["status"], held["captured"], held["metadata"]) == ("successful", False, {"transactionId": "TXN_1"})

    taken = shift4.charges.capture(held["id"])

    book = acquirer.account.charges[held["id"]]
    assert (taken["captured"], taken["amount"], book.taken, book.held) == (True, 150_00, 150_00, 0)
    assert "already captured" in str(no(lambda: shift4.charges.capture(held["id"])).message)


def test_a_refund_of_what_is_not_captured_lets_all_of_it_go_and_no_part_of_it(acquirer: Shift4Acquirer) -> None:
    held = charged(captured=False)
    no(lambda: shift4.charges.refund(held["id"], {"amount": 50_00}))

    gone = shift4.charges.refund(held["id"])

    book = acquirer.account.charges[held["id"]]
    assert (gone["refunded"], gone["captured"], book.held, book.taken, book.refunded) == (True, False, 0, 0, 0)
    no(lambda: shift4.charges.refund(held["id"]))
    no(lambda: shift4.charges.capture(held["id"]))


def test_refunds_go_in_parts_and_never_beyond_what_was_taken(acquirer: Shift4Acquirer) -> None:
    paid = charged()

    shift4.charges.refund(paid["id"], {"amount": 100_00})
    no(lambda: shift4.charges.refund(paid["id"], {"amount": 50_01}))
    whole = shift4.charges.refund(paid["id"], {"amount": 50_00})

    assert (whole["amountRefunded"], whole["refunded"]) == (150_00, True)
    assert acquirer.account.charges[paid["id"]].refunded == 150_00


def test_a_key_acts_once_and_is_answered_the_same_also_with_a_refusal(acquirer: Shift4Acquirer) -> None:
    card, declined = token(), token(DECLINED)

    first, again = (charged(card=card, key="key-1") for _ in range(2))
    refusals = [no(lambda: charged(card=declined, key="key-2")) for _ in range(2)]

    assert first == again
    assert [each.code for each in refusals] == ["insufficient_funds"] * 2
    assert len(acquirer.account.charges) == 2
    assert "another request" in str(no(lambda: charged(card=card, amount=1, key="key-1")).message)


def test_a_token_is_used_once_and_each_card_is_declined_as_its_page_of_test_cards_says(
    acquirer: Shift4Acquirer,
) -> None:
    used = token()
    charged(card=used)

    assert "already used" in str(no(lambda: charged(card=used)).message)
    for number, code in DECLINES.items():
        assert no(lambda number=number: charged(card=token(number))).code == code
    assert [no(lambda n=n: token(n)).code for n in (INVALID, EXPIRED)] == ["invalid_number", "expired_card"]
    failed = shift4.charges.list({"limit": 10})["list"]
    assert [each["status"] for each in failed] == ["failed"] * len(DECLINES) + ["successful"]


def test_charges_are_listed_the_newest_first_a_page_at_a_time_and_by_when_they_were_made(
    acquirer: Shift4Acquirer,
) -> None:
    made = [charged(100 + n)["id"] for n in range(3)]

    first = shift4.charges.list({"limit": 2})
    rest = shift4.charges.list({"limit": 2, "startingAfterId": first["list"][-1]["id"]})

    assert [each["id"] for each in first["list"] + rest["list"]] == made[::-1]
    assert (first["hasMore"], rest["hasMore"]) == (True, False)
    assert shift4.charges.list({"created[lte]": acquirer.account.seconds - 60})["list"] == []


def test_a_card_is_saved_with_a_customer_charged_and_forgotten(acquirer: Shift4Acquirer) -> None:
    customer = shift4.customers.create({"email": "ada@example.com", "card": token()})
    card = customer["cards"][0]["id"]

    paid = charged(card=card, customerId=customer["id"], type="merchant_initiated")
    shift4.cards.delete(customer["id"], card)

    assert (paid["customerId"], paid["captured"]) == (customer["id"], True)
    assert no(lambda: charged(card=card, customerId=customer["id"])).type == "invalid_request"
    no(lambda: shift4.cards.delete(customer["id"], card))
    no(lambda: charged(type="whenever"))


def test_another_shops_key_opens_none_of_it_and_the_key_of_a_page_makes_tokens_alone(
    acquirer: Shift4Acquirer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = charged()
    acquirer.tells(acquirer.account.charges[paid["id"]])

    monkeypatch.setattr(shift4, "secret_key", "sk_test_AnotherShop")
    no(lambda: shift4.charges.get(paid["id"]))
    no(lambda: shift4.events.get(next(iter(acquirer.account.events))))
    monkeypatch.setattr(shift4, "secret_key", acquirer.account.public)
    token()

    assert "API key" in str(no(lambda: shift4.charges.get(paid["id"])).message)


def test_an_event_is_asked_for_by_its_name(acquirer: Shift4Acquirer) -> None:
    paid = charged(metadata={"transactionId": "TXN_1"})

    acquirer.tells(acquirer.account.charges[paid["id"]])

    name = next(iter(acquirer.account.events))
    told = shift4.events.get(name)
    assert (told["type"], told["data"]["metadata"]) == ("CHARGE_SUCCEEDED", {"transactionId": "TXN_1"})
    no(lambda: shift4.events.get("event_0000000000"))
