"""Glomopay: customers."""

from __future__ import annotations

import json

from tests.integration.ways.watching import Watch
from tools.testing.calling import example_event


def glomopay_in_every_way(watch: Watch) -> None:
    asked = json.loads(example_event("glomopay.customer_create")["body"]) | {"email": "ways@example.com"}
    customer = {"id": watch.ask("glomopay.customer_create", None, asked)["id"]}
    watch.ask("glomopay.customer_get", customer)
    watch.ask("glomopay.customer_list")
    watch.ask("glomopay.customer_update", customer, {"email": "moved@example.com"})
