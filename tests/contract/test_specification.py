"""The specification says what every field means, what is told without being asked, and never takes a promise back."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest

from pages.docs.reference import specification
from tools.contract import openapi, words
from tools.contract.notices import SCHEMAS
from tools.contract.promises import RELEASED, broken, promises
from tools.contract.routes import endpoints
from tools.contract.tour.whole import LEFT_OUT, STEPS

SPEC: Final = specification()
SAYS_ITSELF: Final = {"const", "enum", "properties", "allOf", "not", "required", "type"}


def undescribed(node: Any, where: str) -> Iterator[str]:
    """Properties without a description; one that narrows another's, in a part of an event, has that one's."""
    if isinstance(node, list):
        for part in node:
            yield from undescribed(part, where)
    if not isinstance(node, dict):
        return
    fields = node.get("properties")
    for name, part in fields.items() if isinstance(fields, dict) else ():
        narrows = where.startswith("Event") and set(part) <= SAYS_ITSELF
        if "description" not in part and not narrows:
            yield f"{where}.{name}"
    for part in node.values():
        yield from undescribed(part, where)


def test_every_field_is_described() -> None:
    schemas = SPEC["components"]["schemas"]

    assert [field for name, schema in schemas.items() for field in undescribed(schema, name)] == []


def test_every_row_of_the_words_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    needed: list[set[str]] = []
    monkeypatch.setattr(openapi, "described", lambda schemas: needed.append(words.described(schemas)))
    openapi.build()

    named = {
        parameter["name"]
        for methods in SPEC["paths"].values()
        for operation in methods.values()
        for parameter in operation["parameters"]
        if parameter["in"] == "path"
    }
    assert words.words().keys() - needed[0] - named == set()


def test_every_tag_is_explained_and_needed() -> None:
    used = {
        tag
        for section in ("paths", "webhooks")
        for methods in SPEC[section].values()
        for operation in methods.values()
        for tag in operation["tags"]
    }

    assert used == {tag["name"] for tag in SPEC["tags"]}


def test_everything_that_is_told_is_a_webhook_of_it() -> None:
    told = {path.stem for path in (SCHEMAS / "events").glob("*.json")} - {"envelope", "payment", "dispute"}

    assert told <= SPEC["webhooks"].keys()
    assert len(SPEC["webhooks"]) > len(told)
    assert all(
        "schema" in hook["post"]["requestBody"]["content"]["application/json"] for hook in SPEC["webhooks"].values()
    )


def test_no_promise_of_the_last_release_is_broken() -> None:
    now = promises(SPEC)

    assert len(now) > 3000
    taken_back = broken(set(RELEASED.read_text().splitlines()), now)
    assert taken_back == [], "clients of the last release have no such thing any more"


def without_a_field(spec: dict[str, Any]) -> None:
    del spec["components"]["schemas"]["InitReply"]["properties"]["redirectUrl"]


def of_another_type(spec: dict[str, Any]) -> None:
    spec["components"]["schemas"]["InitReply"]["properties"]["transactionId"]["type"] = "integer"


def demanding_more(spec: dict[str, Any]) -> None:
    spec["components"]["schemas"]["InitRequest"]["required"] += ["email"]


def taking_less(spec: dict[str, Any]) -> None:
    del spec["components"]["schemas"]["InitRequest"]["properties"]["notifyUrl"]


def without_a_path(spec: dict[str, Any]) -> None:
    del spec["paths"]["/api/payment/initiate"]


def telling_less(spec: dict[str, Any]) -> None:
    del spec["webhooks"]["charge.refunded"]


@pytest.mark.parametrize(
    "change", [without_a_field, of_another_type, demanding_more, taking_less, without_a_path, telling_less]
)
def test_a_change_that_breaks_a_client_is_seen(change: Any) -> None:
    changed = copy.deepcopy(SPEC)
    change(changed)

    assert broken(promises(SPEC), promises(changed))


def test_what_is_added_breaks_nobody() -> None:
    changed = copy.deepcopy(SPEC)
    changed["components"]["schemas"]["InitReply"]["properties"]["more"] = {"type": "string"}
    changed["components"]["schemas"]["InitRequest"]["properties"]["more"] = {"type": "string"}
    changed["paths"]["/api/new"] = changed["paths"]["/api/payment/init"]

    assert broken(promises(SPEC), promises(changed)) == []


def test_every_operation_is_in_the_tour_or_is_left_out_for_a_reason() -> None:
    assert {step.module for step in STEPS} | LEFT_OUT.keys() == endpoints().keys()
    assert not {step.module for step in STEPS} & LEFT_OUT.keys()
