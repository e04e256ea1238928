"""What the ports ``Credentials`` and ``CredentialStore`` promise, in memory and on Secrets Manager."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from shared.adapters.credentials import MOST_REMEMBERED, SecretsManagerCredentials
from shared.domain.errors import GatewayNotConfigured, Unavailable
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.ports.credentials import CredentialStore
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import FakeCredentials, FixedClock

VALUES = {"tid": "T1", "ksig": "a-very-secret-value"}
NAME = "stack/connector/m_shop/test/igfs"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def manager() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("secretsmanager", region_name="eu-south-1")


@pytest.fixture(params=["memory", pytest.param("moto", marks=pytest.mark.moto)])
def store(request: pytest.FixtureRequest, clock: FixedClock) -> CredentialStore:
    if request.param == "memory":
        return FakeCredentials()
    return remembering(request.getfixturevalue("manager"), clock)


def remembering(manager: Any, clock: FixedClock) -> SecretsManagerCredentials:
    return SecretsManagerCredentials(lambda: manager, "stack", clock)


def test_what_was_put_is_read_by_merchant_environment_and_gateway_and_put_again_replaces_it(
    store: CredentialStore,
) -> None:
    store.put(MERCHANT, TEST, "igfs", VALUES)
    assert dict(store.of(MERCHANT, TEST, "igfs")) == VALUES

    store.put(MERCHANT, TEST, "igfs", {"tid": "T2"})

    assert dict(store.of(MERCHANT, TEST, "igfs")) == {"tid": "T2"}


@pytest.mark.parametrize(
    "whose", [(MerchantId("m_other"), TEST, "igfs"), (MERCHANT, Environment.LIVE, "igfs"), (MERCHANT, TEST, "nexi")]
)
def test_nobody_elses_are_found(store: CredentialStore, whose: tuple[MerchantId, Environment, str]) -> None:
    store.put(MERCHANT, TEST, "igfs", VALUES)

    with pytest.raises(GatewayNotConfigured):
        store.of(*whose)


def test_no_text_shows_a_value(store: CredentialStore) -> None:
    store.put(MERCHANT, TEST, "igfs", VALUES)
    read = store.of(MERCHANT, TEST, "igfs")

    with pytest.raises(KeyError) as missing:
        read["nothing"]

    texts = (f"{read} {read!r} {store!r}", repr(missing.value), json.dumps({"logged": read}, default=str))
    assert not any("very-secret" in text for text in texts)


@pytest.mark.moto
def test_they_lie_in_one_secret_each_that_is_read_once_in_five_minutes(manager: Any, clock: FixedClock) -> None:
    store = remembering(manager, clock)
    store.put(MERCHANT, TEST, "igfs", VALUES)
    assert json.loads(manager.get_secret_value(SecretId=NAME)["SecretString"]) == VALUES
    assert store.of(MERCHANT, TEST, "igfs")["tid"] == "T1"

    manager.put_secret_value(SecretId=NAME, SecretString='{"tid": "T2"}')

    clock.advance(299)
    assert store.of(MERCHANT, TEST, "igfs")["tid"] == "T1"
    clock.advance(1)
    assert store.of(MERCHANT, TEST, "igfs")["tid"] == "T2"


@pytest.mark.moto
def test_what_the_acquirer_refused_is_read_anew_when_it_is_forgotten(manager: Any, clock: FixedClock) -> None:
    store = remembering(manager, clock)
    store.put(MERCHANT, TEST, "igfs", VALUES)
    store.of(MERCHANT, TEST, "igfs")
    manager.put_secret_value(SecretId=NAME, SecretString='{"tid": "T2"}')

    store.forget(MERCHANT, TEST, "igfs")

    assert store.of(MERCHANT, TEST, "igfs")["tid"] == "T2"


@pytest.mark.moto
def test_no_more_than_200_are_remembered_and_the_oldest_goes_first(manager: Any, clock: FixedClock) -> None:
    store = remembering(manager, clock)
    for number in range(MOST_REMEMBERED + 1):
        store.put(MerchantId(f"m_{number}"), TEST, "igfs", VALUES)
        store.of(MerchantId(f"m_{number}"), TEST, "igfs")
    for number in (0, 1, MOST_REMEMBERED):
        manager.put_secret_value(SecretId=f"stack/connector/m_{number}/test/igfs", SecretString='{"tid": "T2"}')

    assert store.of(MerchantId(f"m_{MOST_REMEMBERED}"), TEST, "igfs")["tid"] == "T1"
    assert store.of(MerchantId("m_1"), TEST, "igfs")["tid"] == "T1"
    assert store.of(MerchantId("m_0"), TEST, "igfs")["tid"] == "T2"


@pytest.mark.moto
@pytest.mark.parametrize(
    "text", ["a-very-secret-value", '["a-very-secret-value"]', '{"ksig": ["a-very-secret-value"]}']
)
def test_a_secret_of_another_form_is_unavailable_and_not_quoted(manager: Any, clock: FixedClock, text: str) -> None:
    manager.create_secret(Name=NAME, SecretString=text)

    with pytest.raises(Unavailable) as refused:
        remembering(manager, clock).of(MERCHANT, TEST, "igfs")

    assert "very-secret" not in "".join(traceback.format_exception_only(refused.value))
    assert refused.value.__cause__ is None


@pytest.mark.moto
def test_a_store_that_refuses_does_not_quote_what_was_sent(manager: Any, clock: FixedClock) -> None:
    def refuse(params: Any, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "ValidationException", "Message": str(params["body"])}}, "CreateSecret")

    manager.meta.events.register("before-call.secrets-manager.CreateSecret", refuse)

    with pytest.raises(Unavailable) as refused:
        remembering(manager, clock).put(MERCHANT, TEST, "igfs", VALUES)

    assert "ClientError" in str(refused.value)
    assert "very-secret" not in "".join(traceback.format_exception(refused.value))


def test_deleted_credentials_are_gone_and_may_be_deleted_again_and_stored_anew(store: CredentialStore) -> None:
    store.put(MERCHANT, TEST, "igfs", VALUES)
    store.of(MERCHANT, TEST, "igfs")

    store.delete(MERCHANT, TEST, "igfs")
    store.delete(MERCHANT, TEST, "igfs")

    with pytest.raises(GatewayNotConfigured):
        store.of(MERCHANT, TEST, "igfs")
    store.put(MERCHANT, TEST, "igfs", {"tid": "T2"})
    assert store.of(MERCHANT, TEST, "igfs")["tid"] == "T2"
