"""Endpoints in a warm worker's memory: an attempt costs no read while the settings are as new as the event."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.domain.ids import MerchantId
from shared.domain.merchant import Endpoint, Secret
from shared.domain.payment import Environment
from shared.ports.merchants import Merchants
from shared.ports.world import Clock

MOST: Final = 500
FORGOTTEN_AFTER: Final = timedelta(seconds=60)


@dataclass(slots=True)
class EndpointMemory:
    """The port ``RememberedEndpoints``. Safe for threads; keeps at most ``MOST`` records for a minute each."""

    merchants: Merchants
    now: Clock
    _endpoints: dict[tuple[str, str, str], tuple[datetime, Endpoint]] = field(default_factory=dict, repr=False)
    _secrets: dict[tuple[str, str], tuple[datetime, Secret]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        version: int | None,
    ) -> Endpoint:
        key = (merchant_id, environment.value, endpoint_id)
        with self._lock:
            known = self._endpoints.get(key)
        if version is not None and known and known[1].version >= version and self._is_fresh(known[0]):
            return known[1]
        endpoint = self.merchants.endpoint(merchant_id, environment, endpoint_id)
        with self._lock:
            if len(self._endpoints) >= MOST:
                self._endpoints.clear()
            self._endpoints[key] = (self.now(), endpoint)
        return endpoint

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        key = (merchant_id, environment.value)
        with self._lock:
            known = self._secrets.get(key)
        if known and self._is_fresh(known[0]):
            return known[1]
        secret = self.merchants.own_secret(merchant_id, environment)
        with self._lock:
            if len(self._secrets) >= MOST:
                self._secrets.clear()
            self._secrets[key] = (self.now(), secret)
        return secret

    def _is_fresh(self, read_at: datetime) -> bool:
        return self.now() - read_at < FORGOTTEN_AFTER
