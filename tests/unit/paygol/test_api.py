"""The signed API: who is believed, what is created, what is told; errors as HTTP 200 that say what is wrong."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.paygol.auth_token import handler as auth_token
from functions.paygol.payment_create import handler as create
from functions.paygol.payment_methods import handler as methods
from functions.paygol.payment_status import handler as status
from functions.paygol.payment_webcheckout import handler as webcheckout
from shared.domain.errors import Unavailable
from shared.domain.payment import Environment, Mode
from shared.edge.request import MAX_BODY_BYTES
from shared.families.paygol.signing import HEADER, signature
from tests.unit.edge.conftest import stands_in
from tests.unit.paygol.conftest import JOHN, OTHER_SECRET, SECRET, Shop
from tools.testing.builders import an_account


def error(answer: dict[str, Any]) -> tuple[int, str, list[str]]:
    return answer["result"], answer["error"]["code"], answer["error"].get("parameters", [])


def nothing_created(shop: Shop) -> bool:
    return shop.world.payments.all() == []


# ---- who is believed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_service_that_signs_gets_a_token_under_get_and_post(shop: Shop, method: str) -> None:
    answer = shop.sends(auth_token, {}, method=method)

    assert answer.status == 200
    assert answer.json["result"] == 0
    assert answer.headers[HEADER] == signature(SECRET.encode(), answer.text.encode())


def test_a_number_of_a_service_may_be_a_number(shop: Shop) -> None:
    assert shop.sends(auth_token, b'{"pg_serviceid":123}').json["result"] == 0


def test_a_signature_over_the_sorted_form_is_believed_too(shop: Shop) -> None:
    body = b'{"pg_token": "", "pg_serviceid": 123, "pg_name": "a/b \\u00e9", "Pg_10": 1.50, "pg_9": null}'
    documented = rb'{"pg_9":null,"Pg_10":1.50,"pg_name":"a\/b \u00e9","pg_serviceid":123,"pg_token":""}'

    answer = shop.sends(auth_token, body, signed=signature(SECRET.encode(), documented))

    assert answer.json["result"] == 0


def test_a_byte_order_mark_is_signed_with_the_rest_and_is_no_part_of_the_json(shop: Shop) -> None:
    body = b'{"pg_serviceid":123}'
    marked = b"\xef\xbb\xbf" + body

    assert shop.sends(auth_token, marked).json["result"] == 0
    without = shop.sends(auth_token, marked, signed=signature(SECRET.encode(), b'{"pg_serviceid":124}'))
    assert without.json["result"] != 0


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-32-be", "latin-1"])
def test_json_in_another_code_than_utf_8_is_refused_with_that_reason(shop: Shop, code: str) -> None:
    answer = shop.sends(auth_token, '{"pg_serviceid":123,"pg_name":"é"}'.encode(code)).json

    assert error(answer)[:2] == (1, "invalid_request")
    assert answer["error"]["message"].endswith("the body must be JSON in UTF-8")


@pytest.mark.parametrize("shown", ["", "0" * 64, "\u00e9", "x" * 5000], ids=["none", "wrong", "no ASCII", "long"])
def test_a_wrong_signature_creates_nothing_and_is_answered_signed(shop: Shop, shown: str) -> None:
    body = {"pg_token": shop.fresh_token(), **JOHN}

    answer = shop.sends(create, body, signed=shown)

    assert answer.status == 200
    assert error(answer.json) == (3, "invalid_signature", [])
    assert answer.headers[HEADER] == signature(SECRET.encode(), answer.text.encode())
    assert nothing_created(shop)


def test_letters_of_a_signature_may_be_of_either_case(shop: Shop) -> None:
    body = b'{"pg_serviceid":"123"}'

    assert shop.sends(auth_token, body, signed=signature(SECRET.encode(), body).upper()).json["result"] == 0


@pytest.mark.parametrize("number", ["999", "abc", "1 23", "\u0661\u0662\u0663", "1" * 400])
def test_an_unknown_service_is_answered_with_a_signature_that_nobody_takes_for_ours(shop: Shop, number: str) -> None:
    body = json.dumps({"pg_serviceid": number}).encode()

    answer = shop.sends(auth_token, body)

    assert error(answer.json)[:2] == (2, "unknown_service")
    assert answer.headers[HEADER] != signature(SECRET.encode(), answer.text.encode())


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff", b'{"pg_serviceid":', b'{}', b'{"pg_serviceid":""}', b'{"pg_serviceid":true}',
     b'{"pg_serviceid":"123","pg_name":"\\ud800"}', b'{"pg_serviceid":"123","pg_name":"\\u0000"}',
     b'{"pg_serviceid":"123","pg_name":"\\u007f"}', b'{"pg_serviceid":NaN}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_request_is_told_so(shop: Shop, body: bytes) -> None:
    answer = shop.sends(auth_token, body)

    assert answer.status == 200
    assert error(answer.json)[:2] == (1, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        b'{"pg_serviceid":"123","pg_price":1,"pg_price":"100"}',
        b'{"pg_serviceid":"123","x":{"pg_price":1,"pg_price":1}}',
    ],
)
def test_a_name_that_stands_twice_is_no_request_though_it_is_signed(shop: Shop, body: bytes) -> None:
    answer = shop.sends(auth_token, body)

    assert answer.status == 200
    assert error(answer.json)[:2] == (1, "invalid_request")
    assert answer.json["error"]["message"] == "E01: pg_price stands twice in one object of the body"


def test_a_body_that_is_too_large_stays_413_and_is_signed(shop: Shop) -> None:
    answer = shop.sends(auth_token, b" " * (MAX_BODY_BYTES + 1))

    assert answer.status == 413
    assert answer.json["result"] == 1


@pytest.mark.parametrize("token", [None, "", "garbage", "1.2", "zz.00", 5, ["x"], "f" * 400])
def test_without_a_token_of_ours_nothing_is_created(shop: Shop, token: object) -> None:
    answer = shop.sends(create, {"pg_token": token, **JOHN})

    assert error(answer.json)[:2] == (4, "invalid_token")
    assert nothing_created(shop)


def test_a_token_lasts_a_day(shop: Shop) -> None:
    shop.fresh_token()

    shop.world.now.advance(timedelta(hours=24).total_seconds() - 1)
    assert shop.asks(methods, pg_country="DE")["result"] == 0
    shop.world.now.advance(2)
    assert error(shop.sends(methods, {"pg_token": shop.token, "pg_country": "DE"}).json)[0] == 4


def test_a_token_of_another_service_is_none(shop: Shop, neighbour: Shop) -> None:
    answer = shop.sends(create, {"pg_token": neighbour.fresh_token(), **JOHN})

    assert error(answer.json)[0] == 4


# ---- methods -----------------------------------------------------------------------------------------


def test_a_country_has_its_methods_each_with_three_keys(shop: Shop) -> None:
    listed = shop.asks(methods, pg_country="de")["methods"]

    assert list(listed) == ["creditcard", "paysafecard", "bitcoin", "giropay", "sofort"]
    image = "https://pages.example/pay-now/images/method_button_giropay.png"
    assert listed["giropay"] == {"code": "giropay", "name": "Giropay", "image": image}


def test_a_country_without_methods_of_its_own_has_what_is_everywhere(shop: Shop) -> None:
    assert list(shop.asks(methods, pg_country="JP")["methods"]) == ["creditcard", "bitcoin"]


@pytest.mark.parametrize(("country", "result"), [("XX", 6), ("", 5), ("DEU", 6), (7, 6)])
def test_a_country_that_is_none_is_told(shop: Shop, country: object, result: int) -> None:
    assert error(shop.asks(methods, pg_country=country)) == (
        result,
        {5: "missing_parameter", 6: "invalid_parameter"}[result],
        ["pg_country"],
    )


def test_only_what_can_be_paid_is_listed(shop: Shop) -> None:
    live = Shop(shop.world, "124", OTHER_SECRET)

    assert live.asks(methods, pg_country="DE")["methods"] == {}


# ---- create ------------------------------------------------------------------------------------------


def test_a_transaction_is_created_and_told_with_every_key(shop: Shop) -> None:
    given = JOHN | {"pg_custom": "internalID=1", "pg_return_url": "https://shop.example/ok?a=1"}

    data = shop.asks(create, **given)["data"]

    number = data["transaction_id"]
    assert data == {
        "service_id": "123",
        "transaction_id": number,
        "status": "created",
        "payment_method": "bitcoin",
        "amount": "11.00",
        "currency": "EUR",
        "payment_method_url": f"https://pages.example/paymentgw/api/pay-direct/{number}",
        "custom": "internalID=1",
        "customer": {
            "first_name": "John",
            "last_name": "Doe",
            "email": "jdoe@my-site.com",
            "phone": "",
            "personal_id": "",
            "country": "DE",
        },
        "redirect_urls": {"success_url": "https://shop.example/ok?a=1", "cancel_url": ""},
    }
    stored = shop.world.payments.get(number)
    assert (stored.family, stored.mode, stored.reference) == ("paygol", Mode.ALTERNATIVE, "internalID=1")
    assert stored.family_data["origin"] == "api"


def test_the_same_call_twice_makes_two_transactions(shop: Shop) -> None:
    numbers = {shop.asks(create, **JOHN)["data"]["transaction_id"] for _ in range(3)}

    assert len(numbers) == 3


def test_a_card_has_its_page_from_the_beginning(shop: Shop) -> None:
    number = shop.asks(create, **JOHN | {"pg_method": "card"})["data"]["transaction_id"]

    stored = shop.world.payments.get(number)
    assert (stored.mode, stored.method) == (Mode.SALE_DIRECT, "creditcard")
    assert stored.redirect_url.startswith("https://pages.example/pay/card/")


def test_everything_that_is_missing_is_named_at_once(shop: Shop) -> None:
    answer = shop.asks(create, pg_method="bradesco", pg_country="BR", pg_email="a@b.example", pg_first_name="")

    assert error(answer) == (
        5,
        "missing_parameter",
        ["pg_price", "pg_currency", "pg_first_name", "pg_last_name", "pg_personalid", "pg_phone"],
    )
    assert answer["error"]["message"].startswith("E05: pg_price, pg_currency")
    assert answer["error"]["message"].count(":") == 1


def test_a_method_that_needs_nobodys_name_asks_for_none(shop: Shop) -> None:
    given = {"pg_price": 8500, "pg_currency": "clp", "pg_country": "CL", "pg_method": "webpay", "pg_email": "a@b.cl"}

    assert shop.asks(create, **given)["data"]["amount"] == "8500"


@pytest.mark.parametrize(
    ("given", "result", "named"),
    [
        ({"pg_country": "XX"}, 6, "pg_country"),
        ({"pg_currency": "XXX"}, 8, "pg_currency"),
        ({"pg_currency": "EURO"}, 8, "pg_currency"),
        ({"pg_method": "cheque"}, 9, "pg_method"),
        ({"pg_method": "ideal"}, 10, "pg_method"),
        ({"pg_price": "0"}, 7, "pg_price"),
        ({"pg_price": 0}, 7, "pg_price"),
        ({"pg_price": "-1"}, 7, "pg_price"),
        ({"pg_price": "12,50"}, 7, "pg_price"),
        ({"pg_price": "1e3"}, 7, "pg_price"),
        ({"pg_price": "11.001"}, 7, "pg_price"),
        ({"pg_price": "9" * 30}, 7, "pg_price"),
        ({"pg_price": " 11"}, 7, "pg_price"),
        ({"pg_price": True}, 6, "pg_price"),
        ({"pg_price": {}}, 6, "pg_price"),
        ({"pg_email": "nobody"}, 6, "pg_email"),
        ({"pg_first_name": "x" * 101}, 6, "pg_first_name"),
        ({"pg_custom": "x" * 256}, 6, "pg_custom"),
        ({"pg_custom": "4242 4242 4242 4242"}, 6, "pg_custom"),
        ({"pg_phone": "abc"}, 6, "pg_phone"),
        ({"pg_phone": "378282246310005"}, 6, "pg_phone"),
        ({"pg_return_url": "javascript:alert(1)"}, 6, "pg_return_url"),
        ({"pg_cancel_url": "https://user@shop.example"}, 6, "pg_cancel_url"),
        ({"pg_cancel_url": "/relative"}, 6, "pg_cancel_url"),
        ({"pg_return_url": "http://[::1"}, 6, "pg_return_url"),
        ({"pg_method": "giropay", "pg_bic": "123423432"}, 6, "pg_bic"),
        (
            {"pg_method": "bradesco", "pg_country": "BR", "pg_personalid": "123", "pg_phone": "31123456"},
            6,
            "pg_phone",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_creates_nothing_and_is_named(
    shop: Shop, given: dict[str, object], result: int, named: str
) -> None:
    answer = shop.asks(create, **JOHN | given)

    assert answer["result"] == result
    assert named in answer["error"]["message"]
    assert answer["error"].get("parameters", [named])[0] == named
    assert answer["error"]["message"].startswith(f"E{result:02d}: ")
    assert answer["error"]["message"].count(":") == 1
    assert nothing_created(shop)


@pytest.mark.parametrize(
    ("price", "currency", "told"),
    [
        ("12.5", "EUR", "12.50"),
        ("15", "EUR", "15.00"),
        ("1000.00", "CLP", "1000"),
        ("1.25", "KWD", "1.250"),
        (12.5, "EUR", "12.50"),
        (11, "EUR", "11.00"),
    ],
)
def test_a_price_is_read_as_shops_write_it(shop: Shop, price: object, currency: str, told: str) -> None:
    data = shop.asks(create, **JOHN | {"pg_price": price, "pg_currency": currency})["data"]

    assert (data["amount"], data["currency"]) == (told, currency)


@pytest.mark.parametrize(
    ("literal", "told"),
    [("9.9900000000000002", "9.99"), ("0.10000000000000001", "0.10"), ("29.989999999999998", "29.99")],
)
def test_the_noise_that_php_prints_in_a_number_is_no_amount(shop: Shop, literal: str, told: str) -> None:
    text = json.dumps({"pg_serviceid": "123", "pg_token": shop.fresh_token(), **JOHN, "pg_price": "LITERAL"})

    answer = shop.sends(create, text.replace('"LITERAL"', literal).encode())

    assert answer.json["data"]["amount"] == told


def test_the_same_digits_as_a_text_are_an_amount_that_does_not_exist(shop: Shop) -> None:
    assert shop.asks(create, **JOHN | {"pg_price": "9.9900000000000002"})["result"] == 7


def test_a_bic_may_stand_where_the_personal_id_does(shop: Shop) -> None:
    given = JOHN | {"pg_method": "giropay", "pg_personalid": "deutdeff"}

    assert shop.asks(create, **given)["data"]["customer"]["personal_id"] == "DEUTDEFF"


def test_what_another_method_would_need_is_not_judged(shop: Shop) -> None:
    given = JOHN | {"pg_bic": "123423432", "pg_iban": "no iban", "pg_ip": "not an address", "pg_unknown": [1]}

    assert shop.asks(create, **given)["result"] == 0


@pytest.mark.parametrize(("given", "kept"), [("203.0.113.7", "203.0.113.7"), ("5555555555554444", None), ("x", None)])
def test_only_an_address_is_kept_as_one(shop: Shop, given: str, kept: str | None) -> None:
    number = shop.asks(create, **JOHN | {"pg_ip": given})["data"]["transaction_id"]

    assert shop.world.payments.get(number).family_data.get("ip") == kept


@pytest.mark.parametrize("custom", ["  a|b\t'\"{};\u00e9 \U0001f600 ", "   ", "\u00a0", "\r\n"])
def test_custom_comes_back_exactly(shop: Shop, custom: str) -> None:
    assert shop.asks(create, **JOHN | {"pg_custom": custom})["data"]["custom"] == custom


@pytest.mark.parametrize(
    ("method", "country"), [("santander", "BR"), ("Santander", "MX"), ("P24", "PL"), ("mistercash", "BE")]
)
def test_aliases_lead_to_the_canonical_code(shop: Shop, method: str, country: str) -> None:
    given = JOHN | {
        "pg_method": method,
        "pg_country": country,
        "pg_personalid": "123456",
        "pg_phone": "5531123456789",
    }

    code = shop.asks(create, **given)["data"]["payment_method"]

    assert code == {"BR": "santanderbr", "MX": "santandermx", "PL": "przelewy24", "BE": "bancontact"}[country]


def test_a_live_service_without_providers_is_told_so(shop: Shop) -> None:
    live = Shop(shop.world, "124", OTHER_SECRET)

    assert error(live.asks(create, **JOHN))[:2] == (12, "gateway_not_configured")
    assert nothing_created(shop)


def test_our_own_trouble_is_503_with_the_same_body_and_header(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"pg_token": shop.fresh_token(), "transaction_id": "ABCD-ZZZZ-BIKE-R234"}

    class Down:
        def get(self, *given: object) -> None:
            raise Unavailable("down")

    stands_in(monkeypatch, "payments", Down)

    answer = shop.sends(status, body)

    assert (answer.status, answer.json["result"]) == (503, 13)
    assert answer.headers[HEADER] == signature(SECRET.encode(), answer.text.encode())


def test_a_bug_of_ours_is_500_with_the_same_body_and_header(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"pg_token": shop.fresh_token(), "transaction_id": "ABCD-ZZZZ-BIKE-R234"}
    stands_in(monkeypatch, "payments", lambda: None)

    answer = shop.sends(status, body)

    assert (answer.status, answer.json["result"]) == (500, 13)
    assert answer.headers[HEADER] == signature(SECRET.encode(), answer.text.encode())


# ---- web checkout and status ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "\\u007f"])
def test_what_is_no_text_is_refused_in_an_answer_that_the_service_can_verify(shop: Shop, text: str) -> None:
    """A library that finds no signature of its own says that, and hides what was wrong."""
    body = f'{{"pg_serviceid":"123","pg_name":"{text}"}}'.encode()

    answer = shop.sends(auth_token, body)

    assert (answer.status, answer.json["result"]) == (200, 1)
    assert answer.headers[HEADER] == signature(SECRET.encode(), answer.text.encode())


def test_giropay_asks_for_its_bic_under_the_name_that_is_documented(shop: Shop) -> None:
    given = JOHN | {"pg_method": "giropay"}

    assert shop.asks(create, **given)["error"]["parameters"] == ["pg_personalid"]
    for name in ("pg_personalid", "pg_bic"):
        assert shop.asks(create, **given, **{name: "deutdeff"})["data"]["customer"]["personal_id"] == "DEUTDEFF"


def test_a_web_checkout_needs_price_currency_and_country_alone(shop: Shop) -> None:
    data = shop.asks(webcheckout, pg_price="5", pg_currency="EUR", pg_country="IT")["data"]

    assert data["redirectUrl"] == f"https://pages.example/paymentgw/api/pay-direct/{data['transaction_id']}"
    told = shop.asks(status, transaction_id=data["transaction_id"])["payment"]
    assert (told["status"], told["payment_method"]) == ("created", "")


def test_what_a_web_checkout_is_given_is_judged(shop: Shop) -> None:
    given = {"pg_price": "5", "pg_currency": "EUR", "pg_country": "IT", "pg_email": "nobody"}

    assert error(shop.asks(webcheckout, **given))[2] == ["pg_email"]
    assert error(shop.asks(webcheckout, pg_price="5"))[2] == ["pg_currency", "pg_country"]


@pytest.mark.parametrize("name", ["transaction_id", "pg_transaction_id"])
def test_a_transaction_is_read_under_both_names(shop: Shop, name: str) -> None:
    number = shop.asks(create, **JOHN)["data"]["transaction_id"]

    told = shop.asks(status, **{name: number})["payment"]

    assert (told["transaction_id"], told["created_at"], told["completed_at"]) == (number, "2026-03-02 12:00:00", None)


def test_another_services_transaction_is_as_unknown_as_one_that_never_was(shop: Shop, neighbour: Shop) -> None:
    theirs = neighbour.asks(create, **JOHN)["data"]["transaction_id"]
    answers = [shop.asks(status, transaction_id=n) for n in (theirs, "ABCD-ZZZZ-BIKE-R234", "garbage", "../../x")]

    assert [error(answer)[:2] for answer in answers] == [(11, "unknown_transaction")] * 4
    assert len({answer["error"]["message"] for answer in answers}) == 1


def test_a_suspended_merchants_service_creates_nothing(shop: Shop) -> None:
    record = shop.world.merchants.record(shop.world.merchants.service("123").credential.merchant.id)
    from dataclasses import replace

    from shared.domain.merchant import AuditLine

    suspended = replace(record, merchant=replace(record.merchant, suspended_at=shop.world.now()))
    shop.world.merchants.change(record, suspended, AuditLine(shop.world.now(), "x", "suspend", ()))

    assert shop.asks(create, **JOHN)["result"] != 0
    assert nothing_created(shop)


def test_an_account_is_asked_by_environment(shop: Shop) -> None:
    from dataclasses import replace

    from shared.domain.merchant import AuditLine

    record = shop.world.merchants.record(shop.world.merchants.service("124").credential.merchant.id)
    card_only = an_account(method_provider=None)
    after = record.with_account(Environment.LIVE, card_only)
    shop.world.merchants.change(record, replace(after), AuditLine(shop.world.now(), "x", "connector", ()))
    live = Shop(shop.world, "124", OTHER_SECRET)

    assert list(live.asks(methods, pg_country="DE")["methods"]) == ["creditcard"]
