"""What a merchant is told of who bears the risk of a payment, for a dispute that may come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from functions.payment.transaction import handler as transaction
from shared.domain.authentication import Proof, Protection, ThreeDs
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Status
from shared.domain.taking import pending
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import ask
from tools.testing.builders import a_payment
from tools.testing.fakes import NOON


def told(edge: Edge, **proofs: Proof) -> Any:
    """``cardAuthentication`` of a payment whose operations, by their kind, have these proofs."""
    payment = replace(a_payment(), status=Status.CARD_PREAUTH_SUCCESS)
    for kind, proof in proofs.items():
        made = pending(payment, Kind(kind), 1, payment.amount, NOON)
        payment = payment.with_operation(made.closed(Answer(State.SUCCEEDED, proof=proof), NOON))
    edge.world.payments.add(payment)
    return ask(transaction, key=SECRET, path={"transactionId": payment.id}).json["cardAuthentication"]


def test_what_the_gateway_does_not_say_is_null_and_its_own_word_stands(edge: Edge) -> None:
    assert told(edge, PREAUTH=Proof("MCS1", ThreeDs(status="FULL_SECURE"))) == {
        "networkReference": "MCS1",
        "sellerProtection": None,
        "threeDSecure": {
            **{"enrolled": None, "authenticated": None, "liabilityShift": None, "eci": None},
            "status": "FULL_SECURE",
        },
    }


def test_the_protection_of_what_was_taken_goes_before_that_of_the_hold(edge: Edge) -> None:
    hold, taken = Proof(protection=Protection("NOT_ELIGIBLE")), Proof(protection=Protection("ELIGIBLE", ("A", "B")))

    said = [told(edge, PREAUTH=hold)["sellerProtection"], told(edge, PREAUTH=hold, CAPTURE=taken)["sellerProtection"]]

    assert said == [{"status": "NOT_ELIGIBLE", "disputes": []}, {"status": "ELIGIBLE", "disputes": ["A", "B"]}]
