"""Connectors that sign in for each call, as those of real acquirers and issuers do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.method_providers import METHOD_PROVIDERS
from shared.adapters.settings import ConnectorSettings
from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.ports.connectors import PageRequest
from tools.local.deploy import STACK
from tools.ops.onboarding import DEMO_ID

NAME = "sandbox"


@dataclass(frozen=True, slots=True)
class _SignsIn:
    """The sandbox's connector, which acts when its credentials were opened. Nobody remembers them."""

    inner: object
    settings: ConnectorSettings

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self.inner, operation)
        if not callable(call) or operation == "takes":
            return call  # asks nobody

        def signed_in(first: Any, *more: Any, **named: Any) -> Any:
            owner = first.payment if isinstance(first, PageRequest) else first
            self.settings.credentials.forget(owner.merchant_id, owner.environment, NAME)
            return self.settings.signed_in(owner, NAME, lambda secrets: call(first, *more, **named))

        return signed_in


def with_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no gateway or provider acts without its credentials; the demo merchant's are there."""
    boto3.client("secretsmanager").create_secret(Name=f"{STACK}/connector/{DEMO_ID}/test/{NAME}", SecretString="{}")
    for table in (CARD_GATEWAYS, METHOD_PROVIDERS, VOUCHER_PROVIDERS):
        build: Callable[[ConnectorSettings], object] = table[NAME]
        monkeypatch.setitem(table, NAME, _signing(build))


def _signing(build: Callable[[ConnectorSettings], object]) -> Callable[[ConnectorSettings], object]:
    return lambda settings: _SignsIn(build(settings), settings)
