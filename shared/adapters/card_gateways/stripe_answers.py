"""What Stripe's objects mean as answers: an intent that was captured or charged, a refund, and a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.adapters.card_gateways import stripe_codes as codes
from shared.adapters.card_gateways.stripe_wire import Said
from shared.adapters.reading import part, word
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Answer, State


def objects(said: Said) -> Iterator[Mapping[str, Any]]:
    listed = said.body.get("data")
    if not said.done or not isinstance(listed, list):
        raise OutcomeUnknown("Stripe gave no list")
    return (each for each in listed if isinstance(each, Mapping))


def captured(intent: Mapping[str, Any]) -> Answer:
    if word(intent, "status") != "succeeded":
        raise OutcomeUnknown("Stripe does not say that the capture is done")
    return Answer(State.SUCCEEDED, codes.DONE, reference=word(intent, "latest_charge") or word(intent, "id"))


def charged(intent: Mapping[str, Any]) -> Answer:
    status, error = word(intent, "status"), part(intent, "last_payment_error")
    if status == "succeeded":
        return Answer(State.SUCCEEDED, codes.DONE, reference=word(intent, "id"))
    if status == "processing" or (status == "requires_payment_method" and not error):
        raise OutcomeUnknown("Stripe does not know yet what came of the charge")
    said = Said(0, {"error": error or {"code": status}})
    return refused(said)


def refunded(refund: Mapping[str, Any]) -> Answer:
    status, reference = word(refund, "status"), word(refund, "id")
    if status in ("failed", "canceled"):
        return Answer(State.REFUSED, word(refund, "failure_reason") or status, "The refund failed", reference)
    return Answer(State.SUCCEEDED, codes.DONE, reference=reference, final=status == "succeeded")


def refused(said: Said) -> Answer:
    about = word(part(said.error, "payment_intent"), "id")
    return Answer(State.REFUSED, said.code, word(said.error, "message"), about or None, reason=said.reason)
