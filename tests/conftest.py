"""What every kind of test shares: one deployed gateway per run, wherever it is."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator

import botocore.session
import pytest

from tests.chance import choose_examples
from tests.client import Client
from tests.turns import pytest_collection_modifyitems, pytest_runtest_protocol, pytest_xdist_make_scheduler

choose_examples()
os.environ.update(
    AWS_DEFAULT_REGION="eu-south-1",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_EC2_METADATA_DISABLED="true",
    POWERTOOLS_SERVICE_NAME="payment-gateway",
)


# Each session of botocore reads the descriptions of its services anew, which takes longer than what most tests do.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)
__all__ = ["pytest_collection_modifyitems", "pytest_runtest_protocol", "pytest_xdist_make_scheduler"]


@pytest.fixture(scope="session")
def gateway_url() -> Iterator[str]:
    """The base URL of a running gateway: ``GATEWAY_URL``, or a local cloud started for this run."""
    given = os.environ.get("GATEWAY_URL")
    if given:
        yield given.rstrip("/")
        return
    from tools.local.stack import start_gateway

    # What is due waits for the next minute, and a test for it: so a minute is short.
    parameters = {"CheckoutTimeoutSeconds": "600", "WebhookRetryIntervalSeconds": "2"}
    gateway = start_gateway(0, parameters, minute=10.0)
    try:
        yield gateway.base_url
    finally:
        gateway.stop()


@pytest.fixture
def client(gateway_url: str) -> Client:
    """A shop's server, with the demo merchant's secret key."""
    return Client(gateway_url)
