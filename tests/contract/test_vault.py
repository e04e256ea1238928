"""What the port ``Vault`` promises, by KMS in process and in the local cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from shared.adapters.vault import KmsVault
from shared.domain.errors import Unavailable
from tests.contract.conftest import CLOUD, MOTO
from tools.local.deploy import client as cloud_client

CONTEXT = {"merchant": "m_shop", "environment": "test", "card": "1"}
TOKEN = "sbxtok_PAYAAAAAAAAAAAAAAAAAAAAAAAA_0011223344556677"


def _with_key(client: Any) -> KmsVault:
    return KmsVault(client, client.create_key()["KeyMetadata"]["Arn"])


@pytest.fixture(params=[MOTO, CLOUD])
def vault(request: pytest.FixtureRequest) -> Iterator[KmsVault]:
    if request.param == "cloud":
        yield _with_key(cloud_client(request.getfixturevalue("cloud"), "kms"))
        return
    with mock_aws():
        yield _with_key(boto3.client("kms"))


def test_what_was_sealed_opens_again_and_is_not_readable(vault: KmsVault) -> None:
    sealed = vault.seal(TOKEN, CONTEXT)

    assert vault.open(sealed, CONTEXT) == TOKEN
    assert sealed.isascii()
    assert TOKEN not in sealed


@pytest.mark.parametrize("name", sorted(CONTEXT))
def test_it_opens_for_no_other_merchant_environment_or_card(vault: KmsVault, name: str) -> None:
    sealed = vault.seal(TOKEN, CONTEXT)

    with pytest.raises(ClientError) as refused:
        vault.open(sealed, CONTEXT | {name: "another"})
    assert TOKEN not in str(refused.value)


class Broken:
    """KMS in trouble."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, operation: str) -> Any:
        def call(**given: object) -> Any:
            raise self.error

        return call


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException"}}, "Encrypt"),
        ClientError({"Error": {"Code": "KMSInternalException"}}, "Encrypt"),
        EndpointConnectionError(endpoint_url="https://kms"),
    ],
)
def test_a_service_in_trouble_is_unavailable(error: Exception) -> None:
    client: Any = Broken(error)

    with pytest.raises(Unavailable):
        KmsVault(client, "key").seal(TOKEN, CONTEXT)
    with pytest.raises(Unavailable):
        KmsVault(client, "key").open("c2VhbGVk", CONTEXT)
