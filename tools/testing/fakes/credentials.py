"""Connectors' credentials in memory."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.errors import GatewayNotConfigured
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.ports.credentials import Hidden


class FakeCredentials:
    """The port ``CredentialStore``; nothing in it is ever older than what was put."""

    def __init__(self) -> None:
        self._kept: dict[tuple[MerchantId, Environment, str], Hidden] = {}

    def of(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> Mapping[str, str]:
        found = self._kept.get((merchant_id, environment, gateway))
        if found is None:
            raise GatewayNotConfigured("this connector has no credentials")
        return found

    newer = of

    def forget(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> None:
        """Nothing is remembered."""

    def put(self, merchant_id: MerchantId, environment: Environment, gateway: str, values: Mapping[str, str]) -> None:
        self._kept[merchant_id, environment, gateway] = Hidden(values)

    def delete(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> None:
        self._kept.pop((merchant_id, environment, gateway), None)
