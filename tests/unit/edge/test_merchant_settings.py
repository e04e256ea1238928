"""What a merchant reads of its own settings: those of its key's environment, and nothing that opens anything."""

from __future__ import annotations

from typing import Any

import pytest

from functions.merchant.changes import handler as changes
from functions.merchant.settings import handler as settings
from shared.domain.account import Connector, Role
from shared.domain.payment import Environment
from shared.usecases.merchant.change_merchant import change_merchant
from shared.usecases.merchant.connect import connect
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import ask
from tools.testing.builders import MERCHANT, an_office
from tools.testing.fakes import FakeCredentials


def change(edge: Edge, environment: Environment | None = None, **to: str) -> None:
    named = {name.replace("_", "-"): value for name, value in to.items()}
    change_merchant(MERCHANT, named, office=an_office(edge.world.merchants), environment=environment)


def set_up(edge: Edge) -> FakeCredentials:
    kept = FakeCredentials()
    connect(
        MERCHANT,
        Environment.LIVE,
        Role.CARD_GATEWAY,
        Connector("acquirer", {"tid": "T1"}),
        {"ksig": "very-secret"},
        office=an_office(edge.world.merchants),
        credentials=kept,
    )
    return kept


def read(key: str) -> Any:
    return ask(settings, key=key)


def test_a_secret_key_reads_what_its_environment_is_set_up_with(edge: Edge) -> None:
    set_up(edge)
    change(edge, contact="help@shop.example")
    change(edge, Environment.LIVE, origins="https://shop.example", payments_a_minute="60")

    live, test = read(LIVE).json, read(SECRET).json

    assert (live["environment"], live["version"]) == ("live", 4)
    assert live["settings"]["origins"] == ["https://shop.example"]
    assert (live["settings"]["contact"], live["settings"]["payments-a-minute"]) == ("help@shop.example", 60)
    assert live["connectors"]["cardGateway"]["name"] == "acquirer"
    assert live["connectors"]["cardGateway"]["settings"] == {"tid": "T1", "ksig": "(set)"}
    assert (test["settings"]["origins"], test["connectors"]["cardGateway"]["name"]) == ([], "sandbox")
    assert [len(reply["keys"]) for reply in (live, test)] == [1, 2]


def test_nothing_that_opens_anything_is_in_it(edge: Edge) -> None:
    set_up(edge)
    (address,) = edge.world.merchants.record(MERCHANT).addressed()

    said = read(LIVE).text + ask(changes, key=LIVE).text

    assert not [secret for secret in (address, "very-secret", LIVE, SECRET, PUBLISHABLE) if secret in said]
    assert "operator" not in said


def test_changes_are_listed_newest_first_by_their_fields_and_those_of_the_other_environment_are_not(
    edge: Edge,
) -> None:
    change(edge, contact="help@shop.example")
    change(edge, Environment.LIVE, origins="https://shop.example")
    set_up(edge)

    live, test = ask(changes, key=LIVE).json, ask(changes, key=SECRET).json

    assert [(one["what"], one["fields"]) for one in live["changes"]] == [
        ("connector", ["card_gateway"]),
        ("merchant-set", ["origins"]),
        ("merchant-set", ["contact"]),
    ]
    assert [one["fields"] for one in test["changes"]] == [["contact"]]
    assert "shop.example" not in str(live)


def test_it_is_for_the_secret_key_of_its_own_merchant(edge: Edge) -> None:
    change(edge, contact="help@shop.example")

    for handler in (settings, changes):
        assert ask(handler, key=PUBLISHABLE).status == 403
        assert ask(handler).status == 401
    assert read(OTHER_SHOP).json["settings"]["contact"] == ""
    assert ask(changes, key=OTHER_SHOP).json["changes"] == []


@pytest.mark.parametrize("handler", [settings, changes])
def test_a_suspended_merchant_still_reads_them(edge: Edge, handler: Any) -> None:
    from shared.usecases.merchant.suspend_merchant import suspend_merchant

    suspend_merchant(MERCHANT, office=an_office(edge.world.merchants))

    assert ask(handler, key=SECRET).status == 200
