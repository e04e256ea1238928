"""What a shop's plugin for Paygol does: a form for the browser, and the notification that comes as a query."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import requests

if TYPE_CHECKING:
    from tools.local.shop.merchant import Order

SECONDS: Final = 20
CURRENCY: Final = "EUR"


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a shop's owner enters: the number of the service and its secret. Neither key nor secret reach the page."""

    origin: str
    service: str
    service_secret: str = field(repr=False)
    secret_key: str = field(repr=False)

    def form(self, order: Order, price: str) -> dict[str, str]:
        """The fields to post to ``/paymentgw/pay``; country and method are asked for there."""
        self._be_told()
        back = f"{self.origin}/?order={order.number}"
        return {
            "pg_serviceid": self.service,
            "pg_currency": CURRENCY,
            "pg_price": price,
            "pg_name": order.description,
            "pg_custom": str(order.number),
            "pg_return_url": back,
            "pg_cancel_url": back,
        }

    def read(self, told: Mapping[str, str]) -> tuple[dict[str, bool], dict[str, Any]]:
        """What was checked of a notification, and what it says; the secret in it is left out.

        Such a notification says of itself that something was paid. The amount is for the order to judge.
        """
        checks = {
            "key": hmac.compare_digest(told.get("key", "").encode(), self.service_secret.encode()),
            "service_id": told.get("service_id") == self.service,
            "frmcurrency": told.get("frmcurrency") == CURRENCY,
        }
        shown = {name: value for name, value in told.items() if name != "key"}
        return checks, {
            **shown,
            "type": "notification",
            "status": "SUCCESS",
            "totalAmount": told.get("frmprice", "0"),
        }

    def _be_told(self) -> None:
        """Name our own address for notifications, where the service has none."""
        address = f"{self.origin}/paymentgw/api/merchant/paygol"
        key = {"Authorization": f"Bearer {self.secret_key}"}
        there = requests.get(address, headers=key, timeout=SECONDS).json()
        if there.get("ipn_url") is None:
            requests.patch(address, json={"ipn_url": f"{self.origin}/shop/ipn"}, headers=key, timeout=SECONDS)
