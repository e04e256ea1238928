"""The guide's refund on the merchant's own server, run with Express against the gateway."""

from __future__ import annotations

import requests

from tests.client import Client
from tests.consumers.test_receivers import RECEIVERS, Consumer, node, running
from tools.ops.onboarding import DEMO_SECRET


def test_guides_express_server_refunds_and_says_what_was_refused(client: Client, gateway_url: str) -> None:
    payment = client.init(150.00)
    client.card(payment)
    client.choose(payment)
    client.settled(payment, {"SUCCESS"})
    sample = Consumer(
        lambda port: node(RECEIVERS / "guide" / "refund_sample.js"),
        environment=lambda: {"PAYGLOBE_SECRET_KEY": DEMO_SECRET, "PAYGLOBE_URL": gateway_url},
    )

    with running(sample) as server:
        url = f"{server.url.removesuffix('/webhook')}/admin/refund/{payment['transactionId']}"
        given = requests.post(url, json={"amount": 50.00, "reason": "Damaged item"}, timeout=60)
        refused = requests.post(url, json={"amount": 500.00, "reason": "Too much"}, timeout=60)

    assert given.status_code == 200
    assert given.json()["refund"] | {"refundId": "", "refundedAt": ""} == {
        "success": True,
        "transactionId": payment["transactionId"],
        "refundAmount": 50.00,
        "remainingAmount": 100.00,
        "status": "PARTIALLY_REFUNDED",
        "refundId": "",
        "refundedAt": "",
    }
    assert refused.status_code == 400
    assert refused.json() == {"error": "at most 100.00 can still be refunded"}
