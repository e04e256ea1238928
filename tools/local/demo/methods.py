"""The demo's scene about payment methods: a signed API, a method of the customer's country, a notification."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

import click

from tools.ops.onboarding import DEMO_SERVICE, DEMO_SERVICE_SECRET

if TYPE_CHECKING:
    from tools.local.demo.stage import Demo
    from tools.testing.receiver import Receiver

SECRET = DEMO_SERVICE_SECRET.encode()
HEADER = "X-PG-SIG"
ADA = {"pg_first_name": "Ada", "pg_last_name": "Jansen", "pg_email": "ada@example.com"}


def scene(demo: Demo, receiver: Receiver) -> None:
    """A shop with an integration of Paygol's changes the host, and is paid by iDEAL."""
    demo.step("18. A shop with Paygol's API changes the host: service 123, signed calls")
    demo.call("PATCH", "/api/merchant/paygol", {"ipn_url": receiver.url})
    token = _signed(demo, "/api/v2/auth/token", {})["token"]
    methods = _signed(demo, "/api/v2/payment/methods", {"pg_token": token, "pg_country": "NL"})["methods"]
    demo.check("iDEAL is offered in the Netherlands", "ideal" in methods, True)

    demo.step("19. The customer pays 25.00 by iDEAL")
    order = {"pg_price": "25.00", "pg_currency": "EUR", "pg_country": "NL", "pg_method": "ideal", "pg_custom": "7"}
    made = _signed(demo, "/api/v2/payment/create", {"pg_token": token, **order, **ADA})["data"]
    demo.show(f"page    {made['payment_method_url']}")
    arrived = len(receiver.arrived)
    paid = demo.call("POST", f"/sandbox/methods/{made['transaction_id']}", {"action": "pay"}, key=None)
    demo.check("status", paid["status"], "completed")

    demo.step("20. The notification is signed by the service, and the provider's book agrees")
    news = demo.until("the notification", lambda: receiver.arrived[arrived:], bool)[0]
    wanted = hmac.new(SECRET, news.body, "sha256").hexdigest()
    demo.check("signature", news.headers.get("x-pg-sig") == wanted, True)
    said = json.loads(news.body)
    demo.check("what it says", (said["status"], said["price"], said["custom"]), ("completed", "25.00", "7"))
    book = demo.call("GET", f"/api/sandbox/methods/{made['transaction_id']}")
    demo.check("the provider's book", (book["paid"], book["refunded"]), (25.0, 0.0))
    demo.call("PATCH", "/api/merchant/paygol", {"ipn_url": None})


def _signed(demo: Demo, path: str, given: dict[str, object]) -> dict[str, Any]:
    body = json.dumps({"pg_serviceid": DEMO_SERVICE, **given}).encode()
    headers = {HEADER: hmac.new(SECRET, body, "sha256").hexdigest(), "Content-Type": "application/json"}
    reply = demo.session.request("GET", demo.base_url + path, data=body, headers=headers, timeout=40)
    ours = hmac.new(SECRET, reply.content, "sha256").hexdigest()
    click.echo(f"  GET {path} -> {reply.status_code}, signed: {reply.headers[HEADER] == ours}")
    return dict(reply.json())
