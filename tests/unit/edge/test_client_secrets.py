"""A client secret opens its own payment and nothing else."""

from __future__ import annotations

import pytest

from functions.payment.transaction import handler as transaction
from shared.domain import ids
from shared.domain.payment import Payment
from tests.unit.edge.conftest import OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tools.testing.builders import a_payment

REDACTED = {"customerEmail", "customerId", "card", "operations", "attention", "refundableAmount"}


@pytest.fixture
def paid(edge: Edge) -> tuple[Payment, str]:
    payment = a_payment(email="ada@example.com")
    secret = ids.client_secret(payment.id, b"a" * 20)
    payment = a_payment(id=payment.id, email="ada@example.com", client_secrets=(ids.fingerprint(secret),))
    edge.world.payments.add(payment)
    return payment, secret


def read(payment_id: str, key: str) -> Answer:
    return ask(transaction, key=key, path={"transactionId": payment_id})


def test_it_reads_its_payment_redacted(paid: tuple[Payment, str]) -> None:
    payment, secret = paid

    answer = read(payment.id, secret)

    assert answer.status == 200
    assert not REDACTED & set(answer.json)
    assert "ada@example.com" not in answer.text


def test_a_publishable_key_sees_it_redacted_too_and_a_secret_key_sees_all(paid: tuple[Payment, str]) -> None:
    payment, _ = paid

    assert not REDACTED & set(read(payment.id, PUBLISHABLE).json)
    assert set(read(payment.id, SECRET).json) >= REDACTED


def test_no_reply_holds_a_client_secret_or_its_fingerprint(paid: tuple[Payment, str]) -> None:
    payment, secret = paid

    for key in (secret, PUBLISHABLE, SECRET):
        text = read(payment.id, key).text
        assert secret not in text
        assert ids.fingerprint(secret) not in text


def test_it_opens_no_other_payment(edge: Edge, paid: tuple[Payment, str]) -> None:
    _, secret = paid
    other = a_payment()
    edge.world.payments.add(other)

    assert read(other.id, secret).status == 404


def test_a_wrong_secret_for_the_right_payment_is_401(paid: tuple[Payment, str]) -> None:
    payment, _ = paid

    assert read(payment.id, ids.client_secret(payment.id, b"b" * 20)).status == 401


def test_another_shop_does_not_see_it(paid: tuple[Payment, str]) -> None:
    assert read(paid[0].id, OTHER_SHOP).status == 404
