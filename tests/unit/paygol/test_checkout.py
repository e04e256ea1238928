"""The page of a transaction: what it shows, how a method is chosen, begun, left; and the browser's way back."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.paygol.checkout import handler as checkout
from functions.paygol.checkout_cancel import handler as cancel
from functions.paygol.checkout_method import handler as choose
from functions.paygol.checkout_start import handler as start
from functions.paygol.pay_direct import handler as pay_direct
from functions.paygol.pay_direct_return import handler as back
from functions.paygol.payment_create import handler as create
from functions.paygol.payment_status import handler as status
from functions.paygol.payment_webcheckout import handler as webcheckout
from functions.sandbox.method_act import handler as act
from functions.sandbox.method_book import handler as book
from shared.adapters.method_providers.sandbox_counter import SandboxCounter
from shared.bootstrap import sandbox
from shared.domain.card_data import CardData
from shared.domain.errors import IllegalTransition
from shared.domain.payment import Mode
from shared.edge.http import Served
from shared.families.paygol.signing import signature
from shared.usecases.payment.record_card_outcome import record_card_outcome
from tests.unit.edge.conftest import SECRET as SHOP_KEY
from tests.unit.edge.requests import Answer, ask
from tests.unit.paygol.conftest import JOHN, SECRET, Shop

RETURN, CANCEL = "https://shop.example/ok?a=1#end", "http://shop.example/no"
URLS = {"pg_return_url": RETURN, "pg_cancel_url": CANCEL}
PAYER = {"pg_first_name": "Ada", "pg_last_name": "Rossi", "pg_email": "ada@shop.example"}


@pytest.fixture(autouse=True)
def counter(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> SandboxCounter:
    counter = SandboxCounter(shop.world.books, shop.world.now)
    monkeypatch.setattr(sandbox, "sandbox_counter", lambda: counter)
    return counter


def at(endpoint: Served, number: str, body: object = None) -> Answer:
    return ask(endpoint, body, path={"id": number})


def page(endpoint: Served, number: str, body: object = None) -> dict[str, Any]:
    answer = at(endpoint, number, body)
    assert answer.status == 200, answer.text
    return answer.json


def opened(shop: Shop, **given: object) -> str:
    """The number of a web checkout in Germany."""
    asked = {"pg_price": "11.00", "pg_currency": "EUR", "pg_country": "DE", **URLS, **given}
    return str(shop.asks(webcheckout, **asked)["data"]["transaction_id"])


def made(shop: Shop, **given: object) -> str:
    return str(shop.asks(create, **JOHN | URLS | given)["data"]["transaction_id"])


def paid(shop: Shop, **given: object) -> str:
    number = made(shop, **given)
    assert page(act, number, {"action": "pay"})["status"] == "completed"
    return number


def goes(endpoint: Served, number: str) -> str:
    answer = at(endpoint, number)
    assert answer.status == 302
    return answer.headers["Location"]


# ---- the page ----------------------------------------------------------------------------------------


def test_a_page_shows_what_can_be_chosen_and_nothing_of_the_payer(shop: Shop) -> None:
    shown = page(checkout, opened(shop, pg_name="Coffee", **PAYER))

    assert [method["code"] for method in shown["methods"]] == [
        "creditcard", "paysafecard", "bitcoin", "giropay", "sofort",
    ]  # fmt: skip
    assert (shown["status"], shown["method"], shown["missing"], shown["country"]) == ("created", None, [], "DE")
    assert (shown["description"], shown["returnUrl"], shown["nextUrl"]) == ("Coffee", RETURN, None)
    assert not any(word in str(shown) for word in ("Ada", "Rossi", "ada@shop"))


def test_a_method_says_what_it_still_needs(shop: Shop) -> None:
    number = opened(shop)

    shown = page(choose, number, {"pg_method": "giropay", "pg_first_name": "Ada"})

    assert shown["method"]["code"] == "giropay"
    assert shown["missing"] == ["pg_email", "pg_last_name", "pg_bic"]
    assert at(start, number, {}).status == 400
    assert at(start, number, {}).json["fields"] == dict.fromkeys(shown["missing"], "is missing")


def test_another_country_has_other_methods_and_forgets_the_one_of_the_first(shop: Shop) -> None:
    number = opened(shop, pg_method="giropay")

    shown = page(choose, number, {"pg_country": "nl"})

    assert (shown["country"], shown["method"]) == ("NL", None)
    assert "ideal" in [method["code"] for method in shown["methods"]]


def test_each_field_that_is_wrong_is_named_and_nothing_is_kept(shop: Shop) -> None:
    number = opened(shop)

    answer = at(choose, number, {"pg_country": "XX", "pg_method": "cheque", "pg_email": "no", "pg_phone": "no"})

    assert answer.status == 400
    assert set(answer.json["fields"]) == {"pg_country", "pg_method", "pg_email", "pg_phone"}
    assert answer.json["reasons"]["pg_phone"] == {"why": "phone"}
    named = at(choose, number, {"pg_country": "NL", "pg_method": "giropay", "pg_first_name": "x" * 101}).json
    assert named["reasons"] == {
        "pg_method": {"why": "not_offered", "country": "NL"}, "pg_first_name": {"why": "too_long", "most": "100"},
    }  # fmt: skip
    assert page(checkout, number)["country"] == "DE"


@pytest.mark.parametrize("name", ["pg_first_name", "pg_last_name", "pg_email", "pg_personalid", "pg_phone"])
@pytest.mark.parametrize("sign", ["\x00", "\x7f", "\x85", "\ud800", "\uffff"])
def test_a_field_that_is_no_text_is_named_and_kept_by_nobody(shop: Shop, name: str, sign: str) -> None:
    number = opened(shop)

    answer = at(choose, number, {name: f"ada{sign}@shop.example"})

    assert (answer.status, answer.json["fields"]) == (400, {name: "holds characters that are no text"})
    assert answer.json["reasons"] == {name: {"why": "characters"}}


def test_what_was_begun_shows_what_to_pay_with(shop: Shop) -> None:
    number = made(shop)

    shown = page(start, number, {})

    assert shown["status"] == "pending"
    assert shown["instructions"]["reference"]
    assert page(start, number, {})["instructions"] == shown["instructions"]
    assert at(choose, number, {"pg_method": "sofort"}).status == 409


def test_nothing_begins_without_a_method(shop: Shop) -> None:
    assert at(start, opened(shop), {}).status == 409


def test_a_customer_who_leaves_ends_it_once(shop: Shop) -> None:
    number = opened(shop)

    assert page(cancel, number, {})["status"] == page(cancel, number, {})["status"] == "cancelled"
    assert at(choose, number, {"pg_method": "bitcoin"}).status == 409
    assert at(start, number, {}).status == 409


def test_what_is_paid_cannot_be_left(shop: Shop) -> None:
    assert at(cancel, paid(shop), {}).status == 409


@pytest.mark.parametrize("endpoint", [checkout, choose, start, cancel, act], ids=lambda e: e.path)
@pytest.mark.parametrize("number", ["ABCD-ZZZZ-BIKE-R234", "garbage", "TXN_20260302_AAAAAAAAAAAAAAAA"])
def test_a_number_that_is_nobodys_is_404(shop: Shop, endpoint: Served, number: str) -> None:
    assert at(endpoint, number, {"action": "pay"} if endpoint is act else {}).status == 404


@pytest.mark.parametrize("body", ["{", "[]", '{"pg_country": 5}', '{"pg_method": ["x"]}'])
def test_a_body_that_is_none_is_400(shop: Shop, body: str) -> None:
    assert at(choose, opened(shop), body).status == 400


# ---- a card among the methods ---------------------------------------------------------------------------


def test_a_card_that_is_chosen_has_its_page(shop: Shop) -> None:
    number = opened(shop, **PAYER)
    page(choose, number, {"pg_method": "creditcard"})

    shown = page(start, number, {})

    assert shown["nextUrl"].startswith("https://pages.example/pay/card/?paymentID=")
    assert goes(pay_direct, number) == shown["nextUrl"]
    assert page(start, number, {})["nextUrl"] == shown["nextUrl"]


def card(shop: Shop, number: str, card_number: str) -> None:
    payment = shop.world.payments.get(number)  # type: ignore[arg-type]
    sandbox.sandbox_page().submit(payment.page_id, CardData(card_number, "Ada", 12, 2030, "123"))
    record_card_outcome(payment.id, world=shop.world)


def test_a_card_that_was_declined_leads_back_to_where_another_method_is_taken(shop: Shop) -> None:
    number = made(shop, pg_method="creditcard")
    card(shop, number, "4000000000000002")
    assert goes(back, number) == f"https://pages.example/pay/method/?id={number}"

    page(choose, number, {"pg_method": "bitcoin"})

    assert page(start, number, {})["status"] == "pending"
    assert page(act, number, {"action": "pay"})["status"] == "completed"


def test_a_card_may_be_taken_up_again_after_another_method_was_looked_at(shop: Shop) -> None:
    number = made(shop, pg_method="creditcard")
    first = goes(pay_direct, number)
    page(choose, number, {"pg_method": "bitcoin"})
    page(choose, number, {"pg_method": "creditcard"})

    second = page(start, number, {})["nextUrl"]
    card(shop, number, "4242424242424242")

    assert second != first
    assert page(checkout, number)["status"] == "completed"


def test_a_card_page_that_was_left_takes_no_card(shop: Shop) -> None:
    number = made(shop, pg_method="creditcard")
    left = shop.world.payments.get(number).page_id  # type: ignore[arg-type]
    page(choose, number, {"pg_method": "bitcoin"})

    with pytest.raises(IllegalTransition):
        sandbox.sandbox_page().submit(left, CardData("4242424242424242", "Ada", 12, 2030, "123"))

    page(start, number, {})
    assert page(act, number, {"action": "pay"})["status"] == "completed"


def test_a_card_that_was_accepted_meanwhile_stands(shop: Shop) -> None:
    number = made(shop, pg_method="creditcard")
    payment = shop.world.payments.get(number)  # type: ignore[arg-type]
    sandbox.sandbox_page().submit(payment.page_id, CardData("4242424242424242", "Ada", 12, 2030, "123"))

    assert at(choose, number, {"pg_method": "bitcoin"}).status == 409
    assert page(checkout, number)["status"] == "completed"


def test_a_declined_card_that_nobody_followed_is_a_rejection(shop: Shop) -> None:
    number = made(shop, pg_method="creditcard")
    card(shop, number, "4000000000000002")

    assert page(cancel, number, {})["status"] == "rejected"


# ---- the browser's way -----------------------------------------------------------------------------------


def test_whatever_is_no_card_leads_to_the_method_page(shop: Shop) -> None:
    number = made(shop)

    assert goes(pay_direct, number) == f"https://pages.example/pay/method/?id={number}"
    assert goes(back, number) == f"https://pages.example/pay/method/?id={number}"


@pytest.mark.parametrize("endpoint", [pay_direct, back], ids=lambda e: e.path)
def test_a_browser_with_a_number_that_is_nobodys_reads_so(shop: Shop, endpoint: Served) -> None:
    answer = at(endpoint, "ABCD-ZZZZ-BIKE-R234")

    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


def test_who_paid_comes_back_with_what_the_shop_verifies(shop: Shop) -> None:
    custom = "order 7 \u00e9?"
    url = goes(back, paid(shop, pg_custom=custom))

    parts = urlsplit(url)
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (parts.path, parts.fragment, given["a"], given["status"]) == ("/ok", "end", "1", "completed")
    asked = f"PGID={given['PGID']}&status={given['status']}&custom={given['custom']}"
    assert given["key"] == signature(SECRET.encode(), asked.encode())
    assert b64decode(given["custom"].translate(str.maketrans("._-", "+/="))).decode() == custom


@pytest.mark.parametrize("name", ["key", "custom", "status", "PGID", "key[]", "custom%5B7%5D"])
def test_a_shops_own_parameter_of_such_a_name_is_left_alone(shop: Shop, name: str) -> None:
    own = f"https://shop.example/?wc=1&{name}=wc_order_7"

    assert goes(back, paid(shop, pg_return_url=own)) == own


def test_every_other_end_leads_to_the_cancel_url(shop: Shop) -> None:
    number = made(shop)
    page(act, number, {"action": "reject"})

    assert goes(back, number).startswith(f"{CANCEL}?PGID={number}&status=rejected&")


def test_without_an_address_of_the_shop_the_page_shows_the_end(shop: Shop) -> None:
    number = made(shop, pg_return_url="", pg_cancel_url="")
    page(act, number, {"action": "pay"})

    assert goes(back, number) == f"https://pages.example/pay/method/?id={number}"


# ---- the sandbox's provider --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "ends"), [("pay", "completed"), ("reject", "rejected"), ("fail", "failed"), ("expire", "expired")]
)
def test_the_provider_ends_it_once_and_says_where_to_go(shop: Shop, action: str, ends: str) -> None:
    number = made(shop)

    said = [page(act, number, {"action": action}) for _ in range(2)]

    assert said[0] == said[1] == {
        "status": ends, "nextUrl": f"https://pages.example/paymentgw/api/pay-direct/{number}/return",
    }  # fmt: skip
    other = "reject" if action == "pay" else "pay"
    assert at(act, number, {"action": other}).status == 409
    told = shop.asks(status, transaction_id=number)["payment"]
    assert (told["status"], told["completed_at"] is not None) == (ends, ends == "completed")


def test_an_action_that_is_none_is_400_and_one_without_a_method_409(shop: Shop) -> None:
    assert at(act, made(shop), {"action": "steal"}).status == 400
    assert at(act, opened(shop), {"action": "pay"}).status == 409
    assert at(act, made(shop, pg_method="creditcard"), {"action": "pay"}).status == 409


def test_what_ended_before_it_was_begun_is_a_conflict_for_its_provider(shop: Shop) -> None:
    number = made(shop)
    page(cancel, number, {})

    assert [at(act, number, {"action": action}).status for action in ("pay", "expire")] == [409, 409]


def test_the_providers_book_is_its_merchants_alone(shop: Shop) -> None:
    number = paid(shop)

    assert ask(book, path={"id": number}, key=SHOP_KEY).status == 404


def test_a_transaction_keeps_its_gateway_and_its_provider(shop: Shop) -> None:
    stored = shop.world.payments.get(made(shop, pg_method="creditcard"))  # type: ignore[arg-type]

    assert (stored.mode, stored.gateway, stored.provider) == (Mode.SALE_DIRECT, "sandbox", "sandbox")


def test_the_merchants_own_view_of_a_payment_has_its_transaction(shop: Shop) -> None:
    from shared.families.about import about
    from tools.testing.builders import a_payment

    payment = shop.world.payments.get(paid(shop, pg_custom="7"))  # type: ignore[arg-type]

    full, short = about(payment, full=True)["paygol"], about(payment, full=False)["paygol"]
    assert short == {"method": "bitcoin", "status": "completed"}
    assert isinstance(full, dict)
    assert (full["custom"], full["via"], full["customer"]["first_name"]) == ("7", "api", "John")
    assert about(a_payment(), full=True) == {}
