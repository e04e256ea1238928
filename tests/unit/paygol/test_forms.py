"""Forms, links and the older API: what begins, where the browser goes, and what a shop's owner reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
from defusedxml import ElementTree

from functions.paygol.check_payment import handler as check
from functions.paygol.pay import handler as pay
from shared.domain.merchant import AuditLine
from shared.domain.payment import Mode
from shared.families.paygol.fields import LANGUAGES
from shared.families.paygol.reasons import Why, texts_of
from tests.unit.edge.requests import Answer, Context, ask
from tests.unit.paygol.conftest import JOHN, Shop
from tools.testing.fakes import NOON

FORM = {"pg_serviceid": "123", "pg_price": "12.5", "pg_currency": "EUR"}
WHOLE = FORM | JOHN | {"pg_price": "12.5"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


def posted(fields: dict[str, str] | bytes, **headers: str) -> Answer:
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    return ask(pay, body, headers=headers or URLENCODED)


def linked(fields: dict[str, list[str]]) -> dict[str, Any]:
    """By GET, with every value of each field."""
    event = {
        "httpMethod": "GET",
        "resource": "/pay",
        "headers": {},
        "queryStringParameters": {name: values[0] for name, values in fields.items()},
        "multiValueQueryStringParameters": fields,
        "stageVariables": {"pagesOrigin": "https://pages.example/"},
        "requestContext": {"requestId": "request-1"},
    }
    return dict(pay(event, Context()))  # type: ignore[arg-type]


def begun(shop: Shop) -> Any:
    [payment] = shop.world.payments.all()
    return payment


# ---- the form ----------------------------------------------------------------------------------------


def test_a_form_begins_a_transaction_whose_page_asks_for_the_rest(shop: Shop) -> None:
    answer = posted(FORM | {"pg_custom": "order 7", "pg_button.x": "3", "pg_name": "Coffee"})

    payment = begun(shop)
    assert (answer.status, answer.headers["Location"]) == (303, f"https://pages.example/pay/method/?id={payment.id}")
    assert (payment.mode, payment.reference, payment.description) == (Mode.ALTERNATIVE, "order 7", "Coffee")
    assert payment.family_data["origin"] == "form"


def test_a_link_is_a_form_and_of_a_field_sent_twice_the_last_counts(shop: Shop) -> None:
    answer = linked({name: ["1", value] for name, value in FORM.items()} | {"pg_custom": ["a|b';{"]})

    assert answer["statusCode"] == 303
    assert (str(begun(shop).amount), begun(shop).reference) == ("12.50 EUR", "a|b';{")


def test_a_multipart_form_is_read(shop: Shop) -> None:
    parts = "".join(
        f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in FORM.items()
    )

    answer = posted(f"{parts}--xx--\r\n".encode(), **{"Content-Type": "multipart/form-data; boundary=xx"})

    assert answer.status == 303
    assert str(begun(shop).amount) == "12.50 EUR"


def test_what_old_shops_wrote_is_read_as_they_wrote_it(shop: Shop) -> None:
    posted(urlencode(FORM).encode() + b"&pg_custom=caf%E9&pg_name=\xe9t\xe9")

    assert (begun(shop).reference, begun(shop).description) == ("caf\u00e9", "\u00e9t\u00e9")


@pytest.mark.parametrize("mode", ["basic", "advanced"])
def test_a_link_whose_own_reference_lost_a_letter_on_the_way_is_refused_by_name(shop: Shop, mode: str) -> None:
    """API Gateway decodes a query itself, and has no letter for an old shop's %E9: its order is never found."""
    given = WHOLE | {"pg_custom": "caf\ufffd", "pg_mode": mode}

    lost = linked({name: [value] for name, value in given.items()})

    assert (lost["statusCode"], shop.world.payments.all()) == (400, [])
    assert f"pg_custom {Why.CHARACTERS}" in lost["body"]


def test_a_name_that_lost_a_letter_on_the_way_is_shown_as_it_came(shop: Shop) -> None:
    assert linked({name: [value] for name, value in (FORM | {"pg_name": "caf\ufffd"}).items()})["statusCode"] == 303
    assert begun(shop).description == "caf\ufffd"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"pg_price": ""}, ["pg_price is missing"]),
        ({"pg_price": "12,5", "pg_email": "no", "pg_currency": "XXX"}, ["pg_price", "pg_email", "pg_currency"]),
        ({"pg_serviceid": "999"}, ["pg_serviceid is no service"]),
        ({"pg_serviceid": ""}, ["pg_serviceid is missing"]),
        ({"pg_mode": "fancy"}, ["pg_mode is none of"]),
        ({"pg_return_url": "javascript:alert(1)", "pg_cancel_url": "nowhere"}, ["pg_return_url", "pg_cancel_url"]),
        ({"pg_mode": "advanced"}, ["pg_country is missing", "pg_method is missing", "pg_email is missing"]),
    ],
    ids=str,
)
def test_a_wrong_form_names_every_field_and_redirects_nobody(
    shop: Shop, wrong: dict[str, str], named: list[str]
) -> None:
    answer = posted(FORM | wrong)

    assert answer.status == 400
    assert [line for line in named if line not in answer.text] == []
    assert "Location" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert shop.world.payments.all() == []


def test_what_was_given_is_only_text_on_the_page_of_an_error(shop: Shop) -> None:
    answer = posted(FORM | {"pg_price": "<script>", "pg_mode": "<b>", "pg_cancel_url": 'https://a.example/"><x'})

    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


def test_an_error_is_told_in_the_asked_language_with_a_way_back(shop: Shop) -> None:
    answer = posted(
        FORM | {"pg_price": "x", "pg_language": "pt-BR", "pg_cancel_url": "https://shop.example/?a=1&b=2"}
    )

    assert "Este pagamento n\u00e3o pode come\u00e7ar" in answer.text
    assert '<a href="https://shop.example/?a=1&amp;b=2">' in answer.text


ALL_WRONG = {
    "pg_price": "12,5", "pg_currency": "XXX", "pg_country": "Spain", "pg_email": "no", "pg_phone": "1",
    "pg_personalid": "x",
    "pg_first_name": "y" * 101, "pg_custom": "4242424242424242", "pg_return_url": "nowhere", "pg_language": "",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_told_in_the_asked_language(shop: Shop, language: str) -> None:
    answer = posted(FORM | ALL_WRONG | {"pg_language": language})

    said = texts_of(language)
    whys = [
        "NO_NUMBER", "CURRENCY", "COUNTRY", "EMAIL", "PHONE", "PERSONAL_ID", "TOO_LONG", "CARD_NUMBER", "ADDRESS",
    ]  # fmt: skip
    assert [why for why in whys if escape(said[why].format(most=100)) not in answer.text] == []
    assert f'<html lang="{language}">' in answer.text
    english = texts_of("en")
    assert language == "en" or not any(escape(english[why].format(most=100)) in answer.text for why in whys)


def test_every_language_has_every_reason_with_its_marks() -> None:
    for language in LANGUAGES:
        said = texts_of(language)
        assert set(said) == {"THIS", "FORM", *(why.name for why in Why)}
        assert all(re.findall(r"{\w+}", said[why.name]) == re.findall(r"{\w+}", why.value) for why in Why)


@pytest.mark.parametrize(("body", "why"), [(b"a=b&" * 500, "TOO_MANY"), (b"pg_name=a%00b", "CHARACTERS")])
def test_a_form_that_cannot_be_read_says_so_in_the_browsers_language(shop: Shop, body: bytes, why: str) -> None:
    answer = posted(body, **{"Accept-Language": "tlh, pt-BR;q=0.8, en;q=0.5"})

    assert answer.status == 400
    assert f"O formul\u00e1rio {texts_of('pt')[why]}" in answer.text


def test_a_card_that_the_merchant_does_not_take_is_named_as_the_method(shop: Shop) -> None:
    merchants = shop.world.merchants
    record = merchants.record(merchants.service("123").credential.merchant.id)
    accounts = {env: replace(each, allowed_modes=(Mode.ALTERNATIVE,)) for env, each in record.accounts.items()}
    merchants.change(record, replace(record, accounts=accounts), AuditLine(NOON, "x", "modes", ()))

    answer = posted(WHOLE | {"pg_method": "creditcard", "pg_mode": "advanced"})

    assert (answer.status, "pg_method is not taken by this merchant" in answer.text) == (400, True)


@pytest.mark.parametrize("given", [{}, {"pg_method": "bitcoin"}, {"pg_mode": "advanced"}])
def test_a_form_for_an_environment_that_nobody_takes_anything_in_says_so(shop: Shop, given: dict[str, str]) -> None:
    more = {"pg_serviceid": "124", "pg_language": "de", "pg_cancel_url": "https://shop.example/cart"}

    answer = posted((WHOLE if given else FORM) | more | given)

    assert (answer.status, shop.world.payments.all()) == (400, [])
    assert f"pg_method {texts_of('de')['NOT_TAKEN']}" in answer.text
    assert "https://shop.example/cart" in answer.text


def test_a_white_label_form_with_everything_needs_no_chooser(shop: Shop) -> None:
    answer = posted(WHOLE | {"pg_mode": "advanced"})

    assert answer.status == 303
    assert begun(shop).method == "bitcoin"


@pytest.mark.parametrize("mode", ["advanced", "api"])
@pytest.mark.parametrize("method", ["webpay", "multicaja", "servipag", "khipu"])
def test_a_white_label_form_asks_for_no_name_that_its_method_does_not_need(
    shop: Shop, mode: str, method: str
) -> None:
    given = {"pg_mode": mode, "pg_country": "CL", "pg_method": method}

    assert posted(FORM | given | {"pg_email": "a@b.example"}).status == (200 if mode == "api" else 303)
    assert begun(shop).method == method
    refused = posted(FORM | given).text
    assert ("pg_email" in refused, "pg_first_name" in refused) == (True, False)


@pytest.mark.parametrize("method", [{}, {"pg_method": "no such method"}])
def test_a_white_label_form_without_a_method_is_told_of_the_names_at_once(shop: Shop, method: dict[str, str]) -> None:
    answer = posted(FORM | {"pg_mode": "advanced"} | method)

    wanted = ("pg_country", "pg_method", "pg_email", "pg_first_name", "pg_last_name")
    assert [name for name in wanted if name not in answer.text] == []


@pytest.mark.parametrize("body", [b"", b"%", b"\xff\xfe", b"pg_price", b"&" * 1000, b"a=b&" * 500])
def test_no_body_is_a_failure_of_ours(shop: Shop, body: bytes) -> None:
    assert posted(body).status == 400


# ---- the older API -------------------------------------------------------------------------------------


def asked(wanted: str, **given: str) -> Answer:
    return posted(WHOLE | {"pg_mode": "api", "pg_format": wanted} | given)


def test_the_older_api_answers_as_json_xml_and_text(shop: Shop) -> None:
    by_json, by_xml, by_text = asked("json"), asked("xml", pg_custom="<&>"), asked("txt", pg_custom="a|b")

    assert by_json.headers["Content-Type"] == "application/json"
    assert json.loads(by_json.text)["data"]["payment_method"] == "bitcoin"
    root = ElementTree.fromstring(by_xml.text)
    assert (root.tag, root.findtext("response"), root.findtext("custom")) == ("paygol", "OK", "<&>")
    assert root.findtext("customer/first_name") == "John"
    cells = by_text.text.split("|")
    assert (cells[0], cells[1], cells[2], cells[8], len(cells)) == ("OK", "123", "bitcoin", "a%7Cb", 11)


@pytest.mark.parametrize("custom", ["a\rb", "a\r\nb\tc", " ]]> ", "\U0001f600\ufdd0"])
def test_what_xml_would_make_another_of_comes_back_exactly(shop: Shop, custom: str) -> None:
    root = ElementTree.fromstring(asked("xml", pg_custom=custom).text)

    assert root.findtext("custom") == custom


@pytest.mark.parametrize("custom", ["\ufffe", "\uffff"])
def test_what_xml_cannot_say_is_no_text(shop: Shop, custom: str) -> None:
    assert ElementTree.fromstring(asked("xml", pg_custom=custom).text).findtext("code") == "invalid_request"
    assert shop.world.payments.all() == []


def test_the_older_api_refuses_with_200(shop: Shop) -> None:
    by_json, by_xml, by_text = (asked(wanted, pg_price="x") for wanted in ("json", "xml", "txt"))

    assert (by_json.status, json.loads(by_json.text)["data"]) == (200, None)
    assert json.loads(by_json.text)["error"]["code"] == "invalid_amount"
    assert ElementTree.fromstring(by_xml.text).findtext("response") == "ERROR"
    assert by_text.text.startswith("ERROR|invalid_amount|E07: pg_price")
    assert shop.world.payments.all() == []


@pytest.mark.parametrize("wanted", ["json", "xml", "txt"])
def test_the_older_api_says_in_its_own_way_that_a_field_is_no_text(shop: Shop, wanted: str) -> None:
    answer = asked(wanted, pg_name="a\x00b")

    assert (answer.status, "invalid_request" in answer.text, "<html" in answer.text) == (200, True, False)
    assert checked(service="12\x003", id="x", format=wanted).status == 200


# ---- check-payment -------------------------------------------------------------------------------------


def checked(**query: str) -> Answer:
    event = {
        "httpMethod": "GET",
        "resource": "/api/check-payment",
        "headers": {},
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        "requestContext": {"requestId": "request-1"},
    }
    reply = check(event, Context())  # type: ignore[arg-type]
    return Answer(reply["statusCode"], reply["headers"], reply["body"])


def test_a_transaction_is_checked_by_service_and_number_without_its_payer(shop: Shop) -> None:
    posted(WHOLE)
    number = begun(shop).id

    by_json, by_text = checked(service="123", id=number), checked(service="123", id=number, format="txt")
    root = ElementTree.fromstring(checked(service="123", id=number, format="xml").text)

    assert json.loads(by_json.text)["data"]["status"] == "created"
    assert "John" not in by_json.text
    assert by_text.text == f"OK|created|123|{number}|12.50|EUR|"
    assert (root.findtext("response"), root.findtext("status")) == ("OK", "created")


@pytest.mark.parametrize(
    "query", [{}, {"service": "123"}, {"service": "123", "id": "ABCD-ZZZZ-BIKE-R234"}, {"service": "1", "id": "x"}]
)
def test_what_cannot_be_checked_is_told_with_200(shop: Shop, query: dict[str, str]) -> None:
    answer = checked(**query)

    assert answer.status == 200
    assert json.loads(answer.text)["data"] is None


def test_another_services_number_finds_nothing(shop: Shop) -> None:
    posted(WHOLE)

    assert json.loads(checked(service="456", id=begun(shop).id).text)["error"]["code"] == "unknown_transaction"
