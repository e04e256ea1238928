"""The operators' door: a key of its own opens it, and whatever is done there has a name."""

from __future__ import annotations

from typing import Any

import pytest

from functions.operators.merchant_act import handler as act
from functions.operators.merchant_get import handler as get
from functions.operators.merchants_create import handler as create
from functions.operators.merchants_list import handler as listing
from functions.operators.welcome import handler as welcome
from functions.payment.init import handler as init
from shared.bootstrap import core, runtime
from shared.domain.ids import fingerprint
from shared.domain.operator import Operator, new_key
from tests.unit.edge.conftest import PUBLISHABLE, SECRET, Edge, stands_in
from tests.unit.edge.requests import Answer, ask
from tools.testing.builders import MERCHANT
from tools.testing.fakes import NOON, FakeMessenger, FakeOperators, FakeVault

KEY = new_key(b"a" * 20)
SHOP = {"name": "Bottega Uno", "email": "owner@shop.example", "language": "it"}


@pytest.fixture(autouse=True)
def operators(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> FakeOperators:
    known, vault = FakeOperators(), FakeVault()
    known.put(Operator("ada", fingerprint(KEY), NOON))
    stands_in(monkeypatch, "operators", lambda: known)
    monkeypatch.setattr(core, "messenger", lambda: edge.world.messenger)
    monkeypatch.setattr(core, "vault", lambda: vault)
    monkeypatch.setattr(runtime, "flag", lambda name: name == "SANDBOX")
    return known


def made(**more: Any) -> dict[str, Any]:
    done = ask(create, SHOP | more, key=KEY)
    assert done.status == 201, done.text
    return done.json


def token_of(reply: dict[str, Any]) -> str:
    return str(reply["link"]).partition("#")[2]


def opened(token: str) -> Answer:
    return ask(welcome, {"token": token})


def at(merchant: str) -> dict[str, str]:
    return {"merchantId": merchant}


def do(action: str, merchant: str, body: object = None, key: str | None = KEY) -> Answer:
    return ask(act, body or {}, key=key, path={"merchantId": merchant, "action": action})


@pytest.mark.parametrize("key", [SECRET, PUBLISHABLE, "op_nobody", new_key(b"b" * 20), None])
def test_no_key_but_an_operators_opens_any_of_it(edge: Edge, key: str | None) -> None:
    answers = [ask(create, SHOP, key=key), ask(listing, key=key)]
    answers += [ask(get, key=key, path=at(MERCHANT))]
    answers += [do(action, MERCHANT, key=key) for action in ("suspend", "resume", "invite")]

    assert {(answer.status, answer.json["code"]) for answer in answers} == {(401, "unauthenticated")}


def test_an_operators_key_is_no_merchants(edge: Edge) -> None:
    assert ask(init, {"amount": 10}, key=KEY).status == 401


def test_a_merchant_gets_its_keys_by_a_link_that_works_once(edge: Edge) -> None:
    shop = made()
    assert (shop["hasKeys"], shop["invitedUntil"]) == (False, "2026-03-05T12:00:00Z")
    sent = edge.world.messenger
    assert isinstance(sent, FakeMessenger)
    mail = sent.sent[-1].message
    assert (mail.to, mail.kind) == ("owner@shop.example", "welcome")
    assert token_of(shop) in mail.text
    assert "le vostre chiavi" in mail.subject

    shown = opened(token_of(shop))

    assert shown.status == 200
    assert set(shown.json["keys"]) == {"pk_test", "sk_test", "pk_live", "sk_live"}
    assert ask(init, {"amount": 10}, key=shown.json["keys"]["sk_test"]).status == 200
    assert [service["environment"] for service in shown.json["paygol"]] == ["test", "live"]
    again = opened(token_of(shop))
    assert (again.status, "opened already" in again.json["message"]) == (404, True)


def test_a_link_that_is_over_or_was_never_sent_opens_nothing_and_says_the_same(edge: Edge) -> None:
    shop = made()
    edge.world.now.advance(minutes=72 * 60 + 1)
    late = opened(token_of(shop))
    strange = [
        opened(each) for each in ("", "nobody", f"{MERCHANT}.AAAA", "m_nobody.AAAA", f"{shop['merchantId']}.A")
    ]

    assert {(answer.status, answer.json["message"]) for answer in (late, *strange)} == {(404, late.json["message"])}
    assert ask(get, key=KEY, path=at(shop["merchantId"])).json["hasKeys"] is False


def test_another_link_ends_the_one_before(edge: Edge) -> None:
    shop = made()
    newer = do("invite", shop["merchantId"]).json

    assert opened(token_of(shop)).status == 404
    assert opened(token_of(newer)).status == 200


def test_keys_are_replaced_only_when_that_is_said_and_only_when_the_link_is_opened(edge: Edge) -> None:
    shop = made()
    old = opened(token_of(shop)).json["keys"]["sk_test"]
    merchant = shop["merchantId"]

    assert do("invite", merchant).json["code"] == "has_keys"
    asked = do("invite", merchant, {"replaceKeys": True}).json
    assert ask(init, {"amount": 10}, key=old).status == 200
    new = opened(token_of(asked)).json["keys"]["sk_test"]

    assert [ask(init, {"amount": 10}, key=key).status for key in (old, new)] == [401, 200]


def test_the_same_idempotency_key_makes_one_merchant(edge: Edge) -> None:
    first, again = (ask(create, SHOP, key=KEY, idempotency_key="one") for _ in range(2))

    assert first.json["merchantId"] == again.json["merchantId"]
    assert "link" not in again.json
    assert len(ask(listing, key=KEY, query={"q": "bottega"}).json["merchants"]) == 1


def test_a_merchant_that_is_made_again_is_refused_with_the_number_of_the_first_for_a_day(edge: Edge) -> None:
    shop = made()
    again = ask(create, SHOP | {"name": "BOTTEGA UNO"}, key=KEY, idempotency_key="another")

    assert (again.status, again.json["code"]) == (409, "merchant_exists")
    assert shop["merchantId"] in again.json["message"]
    assert made(name="Bottega Due")["merchantId"] != shop["merchantId"]
    edge.world.now.advance(minutes=24 * 60)
    assert made()["merchantId"] != shop["merchantId"]


def test_merchants_are_found_by_a_part_of_what_they_are_called_and_page_by_page(edge: Edge) -> None:
    for name in ("Cafe Uno", "Bar Due", "Alimentari Tre"):
        made(name=name, email=f"{name.partition(' ')[0].lower()}@shop.example")

    by_name = ask(listing, key=KEY, query={"q": "DUE"}).json["merchants"]
    by_mail = ask(listing, key=KEY, query={"q": "cafe@"}).json["merchants"]
    first = ask(listing, key=KEY, query={"limit": "2"}).json
    then = ask(listing, key=KEY, query={"limit": "100", "after": first["merchants"][-1]["merchantId"]}).json

    assert [[one["name"] for one in found] for found in (by_name, by_mail)] == [["Bar Due"], ["Cafe Uno"]]
    names = [one["name"] for page in (first, then) for one in page["merchants"]]
    assert names == ["Alimentari Tre", "Bar Due", "Cafe Uno", "Other", "Shop"]
    assert (first["hasMore"], then["hasMore"]) == (True, False)


def test_a_merchant_is_suspended_and_resumed_and_the_trail_says_by_whom(edge: Edge) -> None:
    assert do("suspend", MERCHANT).json["suspendedAt"]
    assert do("suspend", MERCHANT).status == 200
    assert ask(init, {"amount": 10}, key=SECRET).json["code"] == "merchant_suspended"

    resume = do("resume", MERCHANT)

    assert resume.json["suspendedAt"] is None
    assert ask(init, {"amount": 10}, key=SECRET).status == 200
    trail = ask(get, key=KEY, path=at(MERCHANT)).json["changes"]
    assert [(line["who"], line["what"]) for line in trail] == [
        ("operator ada", "merchant-resume"),
        ("operator ada", "merchant-suspend"),
    ]


def test_who_made_and_invited_a_merchant_and_that_the_link_was_opened_is_in_its_trail(edge: Edge) -> None:
    shop = made()
    opened(token_of(shop))

    trail = ask(get, key=KEY, path=at(shop["merchantId"])).json["changes"]

    assert [(line["who"], line["what"], line["fields"]) for line in trail] == [
        ("the mailed link", "welcome", ["keys", "invitation"]),
        ("operator ada", "invite", ["invitation"]),
        ("operator ada", "merchant", ["merchant"]),
    ]


def test_nothing_that_opens_anything_is_shown_or_kept(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = made()
    keys = opened(token_of(shop)).json["keys"]
    said = ask(get, key=KEY, path=at(shop["merchantId"])).text + ask(listing, key=KEY).text

    assert not [value for value in (*keys.values(), token_of(shop), KEY) if value in said]
    monkeypatch.setattr(runtime, "flag", lambda name: False)
    assert made(name="Live shop")["link"] is None


def test_a_name_that_is_none_and_a_merchant_without_an_address_are_refused(edge: Edge) -> None:
    assert ask(create, SHOP | {"name": " "}, key=KEY).json["param"] == "name"
    assert ask(create, SHOP | {"email": "nobody"}, key=KEY).json["param"] == "email"
    assert do("invite", MERCHANT, {"replaceKeys": True}).json["code"] == "no_address"
    assert do("delete", MERCHANT).status == 404
    assert ask(get, key=KEY, path=at("m_nobody")).status == 404
