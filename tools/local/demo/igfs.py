"""The demo's scene at a real acquirer's door: IGFS, simulated on this machine, set up as an operator does."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from tools.testing.far_sides.igfs.server import PAGE, IgfsAcquirer
from tools.testing.far_sides.switch import Damage, Fault

if TYPE_CHECKING:
    from tools.local.demo.stage import Demo
    from tools.testing.far_sides.igfs.books import Order

APPROVED: Final = "4242424242424242"
DECLINED: Final = "4000000000000002"
LOST: Final = Fault(Damage.LOST, acted=True)


@dataclass(slots=True)
class Shop:
    """A merchant at the simulated acquirer, and a browser that follows redirects."""

    demo: Demo
    acquirer: IgfsAcquirer
    key: str

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return self.demo.call(method, path, body, key=self.key)

    def goes_to_pay(self, payment: dict[str, Any]) -> str:
        """The number of the acquirer's page to which the shop's link leads."""
        reply = self.demo.session.get(payment["redirectUrl"], timeout=40)
        return parse_qs(urlsplit(reply.url).query).get("referenceData", [""])[0]

    def types(self, page: str, number: str) -> str:
        """The path on which the browser ends up after a card on the acquirer's page."""
        form = {"referenceData": page, "pan": number}
        return urlsplit(self.demo.session.post(self.acquirer.origin + PAGE, form, timeout=40).url).path

    def ends(self, transaction: str) -> dict[str, Any]:
        path = f"/api/payment/transaction/{transaction}"
        headers = {"Authorization": f"Bearer {self.key}"}
        read = lambda: self.demo.session.get(self.demo.base_url + path, headers=headers, timeout=30).json()  # noqa: E731
        under_way = ("PROCESSING", "CARD_PREAUTH_SUCCESS")
        return dict(self.demo.until("the payment", read, lambda seen: seen["status"] not in under_way))

    def compares(self, page: str, captured: int, refunded: int) -> None:
        """The acquirer's own book of the page, in cents: nothing is ever left held."""
        order: Order = self.acquirer.terminal.page(page)
        seen = (order.held, order.captured, order.refunded)
        self.demo.check("the acquirer's book: held, captured, refunded", seen, (0, captured, refunded))


def scene(demo: Demo) -> None:
    """Set up by commands, a declined card, another, a voucher, an answer that is lost, a refund."""
    acquirer = IgfsAcquirer()
    try:
        demo.step("24. An operator sets a new shop up at IGFS, which is simulated on this machine")
        shop = Shop(demo, acquirer, _set_up(demo, acquirer))
        _declined_then_paid(shop)
        _answer_lost(shop)
    finally:
        acquirer.close()


def _set_up(demo: Demo, acquirer: IgfsAcquirer) -> str:
    """The shop's secret key."""
    made = _operator(demo, "merchant", "create", "--name", "Bottega at IGFS")
    terminal = acquirer.terminal
    which = ("--merchant", made["merchantId"], "--env-mode", "test", "--gateway", "igfs")
    with TemporaryDirectory() as folder:
        settings = Path(folder, "igfs.json")
        settings.touch(mode=0o600)
        document = {"server_url": acquirer.server_url, "tid": terminal.tid, "ksig": terminal.key}
        settings.write_text(json.dumps(document), encoding="utf-8")
        shown = _operator(demo, "connector", "set", *which, "--settings", f"@{settings}")
    demo.check("what is printed of the key", shown["settings"]["ksig"], "(set)")
    tested = _operator(demo, "connector", "test", *which)
    demo.check("one harmless call", tested, {"ok": True, "account": terminal.tid})
    return str(made["keys"]["sk_test"])


def _operator(demo: Demo, program: str, *command: str) -> dict[str, Any]:
    """One of the operator's commands, as ``make`` runs it."""
    port = str(urlsplit(demo.base_url).port)
    done = subprocess.run(
        [sys.executable, "-m", f"tools.ops.{program}", *command, "--port", port],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{program} {command[0]}: {done.stderr or done.stdout}")
    demo.show(f"{program} {command[0]}")
    return dict(json.loads(done.stdout))


def _declined_then_paid(shop: Shop) -> None:
    demo = shop.demo
    demo.step(
        "25. The shop's link leads to the acquirer's page; a declined card spends it, and the link leads to the next"
    )
    payment = shop.call("POST", "/api/payment/init", {"amount": 150.00, "description": "Order 25"})
    first = shop.goes_to_pay(payment)
    demo.check("after a declined card", shop.types(first, DECLINED), "/pay/result/")
    page = shop.goes_to_pay(payment)
    demo.check("another page", page not in ("", first), True)
    demo.check("after another card", shop.types(page, APPROVED), "/pay/choice/")

    demo.step("26. 50.00 by voucher, the rest captured at the acquirer and what was held besides released")
    choice = {"choice": "VOUCHERS", "vouchers": [{"otp": f"V5000-{secrets.token_hex(4)}"}]}
    shop.call("POST", f"/api/payment/voucher-choice/{payment['transactionId']}", choice)
    seen = shop.ends(payment["transactionId"])
    demo.check("status, captured", (seen["status"], seen["capturedAmount"]), ("SUCCESS", 100.0))
    shop.compares(page, 100_00, 0)


def _answer_lost(shop: Shop) -> None:
    demo = shop.demo
    demo.step("27. The answer to a capture is lost: it is asked for again, and taken once")
    payment = shop.call("POST", "/api/payment/init", {"amount": 20.00, "description": "Order 27"})
    page = shop.goes_to_pay(payment)
    shop.types(page, APPROVED)
    with shop.acquirer.switch.at(LOST):
        shop.call("POST", f"/api/payment/voucher-choice/{payment['transactionId']}", {"choice": "CARD_ONLY"})
        demo.until("the capture", lambda: shop.acquirer.terminal.page(page).captured, bool)
    seen = shop.ends(payment["transactionId"])
    captures = [(one["state"], one["amount"]) for one in seen["operations"] if one["operation"] == "CAPTURE"]
    demo.check("captured once", captures, [("SUCCEEDED", 20.0)])

    demo.step("28. All of it is given back")
    refund = shop.call("POST", f"/api/payment/refund/{payment['transactionId']}", {})
    demo.check("refund", refund["status"], "REFUNDED")
    shop.compares(page, 20_00, 20_00)
