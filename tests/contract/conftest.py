"""One set of storage tests, three grounds; what the fakes promise is what DynamoDB does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.storage import Storage, create_tables, in_dynamodb, in_memory
from tools.local.cloud import Cloud, start_cloud
from tools.local.deploy import client as cloud_client
from tools.testing import moto_as_stored

__all__ = ["moto_as_stored"]

CLOUD = pytest.param("cloud", marks=pytest.mark.cloud)
MOTO = pytest.param("moto", marks=pytest.mark.moto)


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """A local cloud with nothing in it."""
    started = start_cloud()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def cloud_dynamodb(cloud: Cloud) -> Any:
    return cloud_client(cloud, "dynamodb")


def _on_cloud(request: pytest.FixtureRequest) -> Storage:
    client = request.getfixturevalue("cloud_dynamodb")
    prefix = f"t{uuid.uuid4().hex[:12]}-"
    create_tables(client, prefix)
    return in_dynamodb(client, prefix)


@pytest.fixture(params=["memory", MOTO, CLOUD])
def storage(request: pytest.FixtureRequest) -> Iterator[Storage]:
    """Empty storage, on each ground in turn."""
    if request.param == "memory":
        yield in_memory()
    elif request.param == "cloud":
        yield _on_cloud(request)
    else:
        with mock_aws():
            client = boto3.client("dynamodb")
            create_tables(client)
            yield in_dynamodb(client)


@pytest.fixture(params=["memory", CLOUD])
def shared_storage(request: pytest.FixtureRequest) -> Storage:
    """Empty storage for many threads at once. moto is left out: it loses updates under threads."""
    return in_memory() if request.param == "memory" else _on_cloud(request)
