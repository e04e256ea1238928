"""No field of any request body takes a card number in, but the one that is for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

import pytest
from pydantic import BaseModel, ValidationError

from shared.domain.method import Payer
from shared.domain.payment import Mode
from shared.families.paygol.checkout import chosen
from shared.families.paygol.doors import WrongFields
from shared.families.paygol.orders import AMOUNT, wanted
from shared.families.paygol.problems import WrongParameters
from tools.contract.routes import endpoints
from tools.testing.builders import a_payment
from tools.testing.calling import example_event

NUMBER: Final = "4242424242424242"
WRITTEN: Final = (
    NUMBER,
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    f"Ada Rossi {NUMBER}",
    "４２４２４２４２４２４２４２４２",
)
URLS: Final = (f"https://shop.example/paid?by={NUMBER}", f"https://shop.example/{NUMBER}", f"{NUMBER}@example.com")
# Compared with a code and kept nowhere; and the card itself, whose fields print nothing.
NOT_KEPT: Final = {
    ("sandbox.card_page_challenge", "otp"),
    ("glomopay.authentication_submit", "otp"),
    *(("sandbox.card_page_submit", n) for n in ("number", "cvv")),
    *((module, "token") for module in ("operators.welcome", "merchant.session_begin")),  # compared by its hash
    ("merchant.settings_update", "logo"),  # opened as base64, and kept as the picture that is found in it
}
MODELS: Final = {module: endpoint.request for module, endpoint in endpoints().items() if endpoint.request}


def texts(schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether a value of this schema may be text."""
    if "$ref" in schema:
        return texts(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    return schema.get("type") == "string" or any(texts(part, whole) for part in schema.get("anyOf", []))


def bodies(module: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(field, the example body with ``text`` in it), for each field that takes text or a list of it."""
    example = json.loads(example_event(module)["body"] or "{}", parse_float=Decimal)
    whole = MODELS[module].model_json_schema()
    for name, schema in whole["properties"].items():
        if texts(schema, whole):
            yield name, {**example, name: text}
        for listed in [schema, *schema.get("anyOf", [])]:
            items = listed.get("items", {})
            if "properties" in whole.get("$defs", {}).get(items.get("$ref", "").rpartition("/")[2], {}):
                inner = whole["$defs"][items["$ref"].rpartition("/")[2]]["properties"]
                yield name, {**example, name: [dict.fromkeys(inner, text)], "choice": "VOUCHERS"}
            elif texts(items, whole) if items else False:
                yield name, {**example, name: [text]}


def _wanted(body: dict[str, Any]) -> object:
    given = {name: str(value) for name, value in body.items() if value}
    return asdict(wanted(given, mandatory=AMOUNT, whole=False))


def _chosen(body: dict[str, Any]) -> object:
    payment = a_payment(mode=Mode.ALTERNATIVE, family_data={}, payer=Payer("DE"))
    return asdict(chosen(payment, {name: str(value) for name, value in body.items()})[1])


# Where a family judges its fields behind the model: what is kept of them then. Of those that name a service or prove
# it, nothing is.
BEHIND: Final[dict[str, Callable[[dict[str, Any]], object]]] = {
    "paygol.auth_token": lambda body: None,
    "paygol.payment_methods": lambda body: None,
    "paygol.payment_status": lambda body: None,
    "paygol.payment_create": _wanted,
    "paygol.payment_webcheckout": _wanted,
    "paygol.checkout_method": _chosen,
}


def judged(module: str, model: type[BaseModel], body: dict[str, Any]) -> tuple[str, list[Any]]:
    """(what is kept of a body, the fields for which it is refused)."""
    if module in BEHIND:
        try:
            return str(BEHIND[module](body)), []
        except WrongParameters as error:
            return "", list(error.parameters)
        except WrongFields as error:
            return "", list(error.reasons)
    try:
        return json.dumps(model.model_validate(body).model_dump(mode="json"), ensure_ascii=False), []
    except ValidationError as error:
        return "", [problem["loc"][0] for problem in error.errors()]


@pytest.mark.parametrize("module", sorted(MODELS))
def test_a_card_number_is_refused_or_masked_in_every_field(module: str) -> None:
    model = MODELS[module]
    assert model is not None
    for text in (*WRITTEN, *URLS):
        for name, body in bodies(module, text):
            if (module, name) in NOT_KEPT:
                continue
            kept, refused = judged(module, model, body)
            assert set(refused) <= {name}, f"another field was refused: {refused}"
            assert text not in kept, f"{name} keeps {text}"
            assert NUMBER not in kept, f"{name} keeps {text}"


def test_there_are_fields_to_look_at() -> None:
    looked = {(module, name) for module in MODELS for name, _ in bodies(module, NUMBER)}

    assert looked >= {
        ("payment.init", "description"),
        ("payment.init", "customerId"),
        ("payment.init", "returnUrl"),
        ("payment_link.create", "customerName"),
        ("payment.voucher_choice", "vouchers"),
        ("dispute.respond", "response"),
        ("dispute.evidence", "fileName"),
        ("sandbox.card_page_submit", "holderName"),
    }
    assert len(looked) > 40
