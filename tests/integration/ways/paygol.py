"""Paygol: its signed calls, and what follows from them."""

from __future__ import annotations

import json

from tests.integration.ways.watching import Watch
from tools.testing.calling import example_event, sample


def paygol_in_every_way(watch: Watch) -> None:
    watch.ask("paygol.auth_token")
    watch.ask("paygol.payment_methods")
    asked = sample("paygol.payment_create")["body"]
    made = watch.ask("paygol.payment_create")["data"]
    watch.ask("paygol.payment_create", None, {**asked, "pg_method": "creditcard"})
    watch.ask("paygol.payment_webcheckout")
    watch.ask("paygol.payment_webcheckout", None, {**asked, "pg_method": "creditcard"})
    watch.ask("paygol.payment_status", None, {"transaction_id": made["transaction_id"]})
    assert json.loads(example_event("paygol.auth_token")["body"])["pg_serviceid"] == "123"
