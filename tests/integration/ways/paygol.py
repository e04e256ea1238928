"""Paygol: its signed calls, the page of a transaction, and the browser's way."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.integration.ways.watching import Watch
from tools.testing.calling import example_event, sample

DECLINED = "4000000000000002"


def paygol_in_every_way(watch: Watch) -> None:
    watch.ask("paygol.auth_token")
    _kept(watch)
    watch.run("paygol.pay", example_event("paygol.pay"))
    watch.run("paygol.pay", _form({**sample("paygol.payment_create")["body"], "pg_method": "creditcard"}))
    watch.ask("paygol.payment_methods")
    asked = sample("paygol.payment_create")["body"]
    made = _made(watch, {**asked, "pg_return_url": "https://shop.example/ok"})
    watch.ask("paygol.payment_status", None, {"transaction_id": made["id"]})
    watch.ask("paygol.payment_webcheckout")
    watch.ask("paygol.payment_webcheckout", None, {**asked, "pg_method": "creditcard"})
    watch.ask("paygol.pay_direct", made)
    watch.ask("paygol.checkout", made)
    watch.ask("paygol.check_payment", None, query={"service": "123", "id": made["id"]})
    watch.ask("paygol.checkout_start", made, {})
    watch.ask("sandbox.method_act", made, {"action": "pay"})
    watch.ask("sandbox.method_book", made)
    watch.ask("paygol.pay_direct_return", made)
    _left(watch, asked)
    watch.ask("merchant.paygol_rotate_secret")


def _kept(watch: Watch) -> None:
    """Where the service's notices go, and back to nowhere. Its secret is replaced last: the samples sign with it."""
    watch.ask("merchant.paygol_get")
    watch.ask("merchant.paygol_update")
    watch.ask("merchant.paygol_update", None, {"ipn_url": None})


def _form(given: dict[str, Any]) -> dict[str, Any]:
    return {**example_event("paygol.pay"), "body": urlencode({"pg_serviceid": "123", "pg_mode": "advanced", **given})}


def _left(watch: Watch, asked: dict[str, Any]) -> None:
    """A card that is left for another method, chosen again, and given up; a slip that is given up."""
    by_card = _made(watch, {**asked, "pg_method": "creditcard"})
    watch.ask("paygol.checkout_method", by_card, {"pg_method": "bitcoin"})
    watch.ask("paygol.checkout_method", by_card, {"pg_method": "creditcard"})
    watch.ask("paygol.checkout_start", by_card, {})
    watch.ask("paygol.checkout_cancel", by_card, {})
    by_slip = _made(watch, asked)
    watch.ask("paygol.checkout_start", by_slip, {})
    watch.ask("paygol.checkout_cancel", by_slip, {})


def _made(watch: Watch, asked: dict[str, Any]) -> dict[str, str]:
    return {"id": watch.ask("paygol.payment_create", None, asked)["data"]["transaction_id"]}
