"""A merchant changes its own settings: all that it names or nothing, on the version that it read."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from functions.checkout.resume import handler as resume
from functions.merchant.changes import handler as changes
from functions.merchant.settings import handler as settings
from functions.merchant.settings_update import handler as update
from functions.page.logo import handler as logo
from functions.payment.init import handler as init
from functions.payment_link.create import handler as create_link
from functions.payment_link.open import handler as open_link
from functions.sandbox.card_page import handler as card_page
from shared.bootstrap import core
from shared.usecases.merchant.change_merchant import THE_OPERATORS
from tests.unit.edge.conftest import LIVE, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tests.unit.test_brand import a_png
from tools.testing.builders import a_payment
from tools.testing.fakes import FakeLinks, FakeLogos


@pytest.fixture(autouse=True)
def logos(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> FakeLogos:
    kept = FakeLogos()
    monkeypatch.setattr(core, "logos", lambda: kept)
    monkeypatch.setattr(core, "able", lambda _: edge.world.gateways.card(a_payment()).abilities)
    return kept


def version(key: str = SECRET) -> int:
    return int(ask(settings, key=key).json["version"])


def change(to: dict[str, Any], key: str = SECRET, **more: Any) -> Answer:
    return ask(update, {"version": version(key if key != PUBLISHABLE else SECRET), "settings": to, **more}, key=key)


def test_what_is_named_is_changed_and_the_rest_stays(edge: Edge) -> None:
    before = ask(settings, key=SECRET).json

    done = change({"origins": ["https://shop.example", "https://www.shop.example"], "contact": "help@shop.example"})

    assert done.status == 200
    assert done.json == ask(settings, key=SECRET).json
    changed = {"origins": ["https://shop.example", "https://www.shop.example"], "contact": "help@shop.example"}
    assert done.json["settings"] == before["settings"] | changed
    assert done.json["version"] == before["version"] + 1
    assert change({"origins": []}).json["settings"]["origins"] == []


def test_a_setting_of_one_environment_is_changed_in_the_keys_own(edge: Edge) -> None:
    change({"receipts": "off", "name": "Bottega Uno"}, key=LIVE)

    live, test = (ask(settings, key=key).json["settings"] for key in (LIVE, SECRET))

    assert (live["receipts"], test["receipts"]) == ("off", "on")
    assert (live["name"], test["name"]) == ("Bottega Uno", "Bottega Uno")


def test_every_setting_that_is_wrong_is_named_at_once_and_none_is_changed(edge: Edge) -> None:
    refused = change({"origins": ["shop"], "contact": "help@shop.example", "accent": "red", "receipts": "maybe"})

    assert refused.status == 400
    assert [error["param"] for error in refused.json["errors"]] == ["origins", "accent", "receipts"]
    assert ask(settings, key=SECRET).json["settings"]["contact"] == ""


def test_of_two_who_read_the_same_version_the_second_is_told_and_loses_nothing(edge: Edge) -> None:
    read = version()
    assert ask(update, {"version": read, "settings": {"contact": "one@shop.example"}}, key=SECRET).status == 200

    late = ask(update, {"version": read, "settings": {"name": "Two"}}, key=SECRET)

    assert (late.status, late.json["code"]) == (409, "settings_changed")
    assert f"version {read + 1}" in late.json["message"]
    now = ask(settings, key=SECRET).json["settings"]
    assert (now["contact"], now["name"]) == ("one@shop.example", "Shop")


def test_a_logo_that_is_shown_no_more_ends_and_what_is_shown_never_does(edge: Edge, logos: FakeLogos) -> None:
    first, second = (base64.b64encode(a_png(size, 8)).decode() for size in (8, 16))

    def ended() -> set[str]:
        return {name for _, name in logos.ends}

    one = change({}, logo=first).json["logo"].rpartition("/")[2]
    assert ended() == set()
    two = change({}, logo=second).json["logo"].rpartition("/")[2]
    assert ended() == {one}
    change({}, logo=first)
    assert ended() == {two}
    refused = ask(update, {"version": 1, "settings": {}, "logo": base64.b64encode(a_png(32, 8)).decode()}, key=SECRET)
    assert refused.status == 409
    assert len(ended()) == 2
    change({}, logo=None)
    assert {one, two} < ended()


@pytest.mark.parametrize(
    ("to", "param"),
    [
        ({"origins": ["http://shop.example"]}, "origins"),
        ({"contact": "nobody"}, "contact"),
        ({"default-mode": "LATER"}, "default-mode"),
        ({"allowed-modes": []}, "allowed-modes"),
        ({"receipts": "perhaps"}, "receipts"),
        ({"accent": "#777777"}, "accent"),
        ({"colour": "red"}, "colour"),
        ({"name": ""}, "name"),
    ],
)
def test_one_that_is_wrong_is_named_and_none_of_them_is_changed(edge: Edge, to: dict[str, Any], param: str) -> None:
    before = ask(settings, key=SECRET).json

    refused = change({"time-zone": "Europe/Paris", **to})

    assert (refused.status, refused.json["param"]) == (400, param)
    assert ask(settings, key=SECRET).json == before


@pytest.mark.parametrize("name", sorted(THE_OPERATORS))
def test_what_bounds_a_stolen_key_is_not_the_keys_to_change(edge: Edge, name: str) -> None:
    refused = change({name: "on" if name == "s2s-cards" else "100000"})

    assert (refused.status, refused.json["code"], refused.json["param"]) == (400, "operator_only", name)


def test_a_publishable_key_changes_nothing(edge: Edge) -> None:
    assert change({"name": "Mine"}, key=PUBLISHABLE).json["code"] == "secret_key_required"


def test_a_change_is_in_the_trail_as_the_merchants_own(edge: Edge) -> None:
    change({"accent": "#0b5d4b"})

    newest = ask(changes, key=SECRET).json["changes"][0]

    assert (newest["what"], newest["fields"]) == ("merchant-set", ["brand"])


def test_colour_and_logo_are_on_the_pages_of_payments_that_begin_afterwards(edge: Edge) -> None:
    before = ask(init, {"amount": 10}, key=SECRET).json
    done = change({"accent": "#0b5d4b"}, logo=base64.b64encode(a_png()).decode())
    after = ask(init, {"amount": 10}, key=SECRET).json

    shown = ask(card_page, path={"paymentID": after["igfs"]["paymentId"]}).json["brand"]

    assert shown == {"accent": "#0b5d4b", "logo": done.json["logo"]}
    assert ask(resume, path={"transactionId": after["transactionId"]}).json["brand"] == shown
    assert ask(resume, path={"transactionId": before["transactionId"]}).json["brand"] is None


def test_a_logo_is_served_as_a_picture_and_nothing_else(edge: Edge) -> None:
    address = change({}, logo=base64.b64encode(a_png()).decode()).json["logo"]
    merchant, file = address.removeprefix("/paymentgw/brand/").split("/")

    served = ask(logo, path={"merchantId": merchant, "file": file})

    assert served.text.encode("latin-1") == a_png()
    assert served.headers["Content-Type"] == "image/png"
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in served.headers["Cache-Control"]
    assert ask(logo, path={"merchantId": "m_other", "file": file}).status == 404


def test_null_takes_a_logo_away_and_leaving_it_out_leaves_it(edge: Edge) -> None:
    kept = change({}, logo=base64.b64encode(a_png()).decode()).json["logo"]

    assert change({"name": "Bottega"}).json["logo"] == kept
    assert change({}, logo=None).json["logo"] is None


@pytest.mark.parametrize(
    ("sent", "code"),
    [("no base64!", "invalid_request"), (base64.b64encode(b"<svg/>").decode(), "file_type"), ("A" * 70_000, None)],
)
def test_a_logo_that_is_none_is_refused_and_the_settings_beside_it_stay(
    edge: Edge, sent: str, code: str | None
) -> None:
    refused = change({"name": "Bottega"}, logo=sent)

    assert (refused.status, refused.json["param"]) == (400, "logo")
    assert code in (None, refused.json["code"])
    assert ask(settings, key=SECRET).json["settings"]["name"] == "Shop"


def test_a_merchant_may_want_it_said_what_vouchers_may_pay_and_then_nothing_begins_without(edge: Edge) -> None:
    assert change({"voucher-amount-required": "on"}).status == 200

    answer = ask(init, {"amount": 150.00}, key=PUBLISHABLE)

    assert (answer.status, answer.json["code"], answer.json["param"]) == (
        400,
        "voucher_amount_required",
        "maxVoucherAmount",
    )
    said: list[dict[str, Any]] = [{"maxVoucherAmount": 0}, {"maxVoucherAmount": 20}, {"paymentMode": "SALE_DIRECT"}]
    assert [ask(init, {"amount": 150.00, **more}, key=SECRET).status for more in said] == [200] * 3


def test_a_link_of_before_that_must_be_said_is_paid_as_it_was_made(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = FakeLinks()
    monkeypatch.setattr(core, "links", lambda: links)
    before = ask(create_link, {"amount": 50.00}, key=SECRET).json["transactionId"]
    change({"voucher-amount-required": "on"})

    assert ask(create_link, {"amount": 50.00}, key=SECRET).json["code"] == "voucher_amount_required"
    assert ask(create_link, {"amount": 50.00, "maxVoucherAmount": 0}, key=SECRET).status == 200
    assert ask(open_link, path={"id": before}).status == 200


@pytest.mark.parametrize(
    "name", ["Shop\r\nBcc: x@example.com", "a\u2028b", "\u202epohS", "a\x00b", "", " ", "x" * 101]
)
def test_a_name_that_would_not_be_one_line_of_text_in_a_mails_subject_is_refused(edge: Edge, name: str) -> None:
    refused = change({"name": name})

    assert (refused.status, refused.json["param"]) == (400, "name")


def test_a_name_may_be_in_any_script(edge: Edge) -> None:
    for name in (
        "Caff\u00e8 \u20ac 1",
        "\u0645\u06cc\u200c\u062e\u0631\u06cc\u0645",
        "\u5546\u5e97 \U0001f469\u200d\U0001f373",
    ):
        assert change({"name": name}).json["settings"]["name"] == name


def test_a_setting_that_is_too_long_is_named_as_it_was_sent(edge: Edge) -> None:
    refused = change({"name": "x" * 256})

    assert refused.json["message"] == "settings.name: must have at most 255 characters"
