"""The template's tables, queues and secrets in an in-process AWS, and the handlers wired to them."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import boto3
from cryptography.hazmat.primitives.asymmetric import rsa
from moto import mock_aws
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from shared.adapters.vault import KmsVault
from shared.usecases.merchant.key_ring import sealed_by
from tools.local.cloud import REGION
from tools.ops.onboarding import add_demo_customer, add_demo_merchant, now
from tools.testing import moto_as_stored
from tools.testing.resources import clear_caches, create_resources

# moto makes an RSA key beside every key of KMS, and a symmetric one never uses it.
_rsa_key = functools.cache(rsa.generate_private_key)
_begin = ExecutionWorker.start
__all__ = ["in_process", "moto_as_stored"]
_ACCOUNT = {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@contextmanager
def in_process() -> Iterator[dict[str, str]]:
    """The environment of the handlers, with every table of the template behind it and the demo merchant in it."""
    settings: Any = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    unused = patch("moto.kms.utils.rsa.generate_private_key", _rsa_key)
    begun = patch.object(ExecutionWorker, "start", _begun)
    with patch.dict(os.environ, _ACCOUNT), mock_aws(config=settings), unused, begun:
        environment = create_resources(_client)
        with patch.dict(os.environ, environment):
            clear_caches()
            database, merchants = _client("dynamodb"), environment["MERCHANTS_TABLE"]
            vault = KmsVault(_client("kms"), environment["CARD_KEY_ARN"])
            add_demo_merchant(database, merchants, sealed_by(vault, now))
            add_demo_customer(database, merchants, environment["CUSTOMERS_TABLE"])
            yield environment
            clear_caches()


def _begun(worker: ExecutionWorker) -> None:
    """moto looks for a task in every machine, and falls over one whose thread has not come to its first line."""
    _begin(worker)
    end = time.monotonic() + 10
    while worker.env is None and time.monotonic() < end:
        time.sleep(0.001)


@functools.cache
def _client(service: str) -> Any:
    """One for all of them: moto stands behind every client while it is on."""
    return boto3.client(service)  # type: ignore[call-overload]
