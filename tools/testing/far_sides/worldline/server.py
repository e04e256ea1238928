"""The acquirer on a port of this machine: its API for shops, the page on which cards are typed, and its webhooks."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from typing import Any

from tools.testing.far_sides.door import Door, Reply, Request, page, sent_to
from tools.testing.far_sides.worldline.api import PAGE, Api, is_signed
from tools.testing.far_sides.worldline.books import Checkout, Payment, Shop

WEBHOOK_KEY, WEBHOOK_SECRET = "c0ffee00c0ffee00", "the-secret-of-the-webhooks"


class WorldlineAcquirer(Door):
    """Serves until ``close``. ``says``: a status and a body that the next calls get, whatever they ask for."""

    def __init__(self, *shops: Shop) -> None:
        self.shops = shops or (Shop(),)
        self.asked: list[Request] = []
        self.says: list[tuple[int, Any]] = []
        super().__init__()

    @property
    def shop(self) -> Shop:
        return self.shops[0]

    def is_question(self, request: Request) -> bool | None:
        return request.method == "GET" if request.path.startswith("/v2/") else None

    def answer(self, request: Request) -> Reply:
        if request.path.startswith(PAGE):
            return self._typed(request) if request.method == "POST" else self._shown(request)
        self.asked.append(request)
        if self.says:
            return _json(*self.says.pop(0))
        known = next((shop for shop in self.shops if is_signed(shop, request)), None)
        if known is None or not request.path.startswith(f"/v2/{known.merchant_id}/"):
            return _json(401 if known is None else 403, {"errorId": "far-0000", "errors": [{"errorCode": "9002"}]})
        return _json(*Api(known, self.origin).answer(request))

    def tells(self, payment: Payment, kind: str = "payment.pending_capture") -> bytes:
        """The body of a webhook about it."""
        output = {"references": {"merchantReference": payment.reference}}
        about = {"id": payment.id, "status": payment.status, "paymentOutput": output}
        return json.dumps({"apiVersion": "v1", "id": "e1", "type": kind, "payment": about}).encode()

    def _checkout(self, request: Request) -> tuple[Shop, Checkout] | None:
        name = request.path.removeprefix(f"{PAGE}/")
        return next(((shop, shop.checkouts[name]) for shop in self.shops if name in shop.checkouts), None)

    def _shown(self, request: Request) -> Reply:
        known = self._checkout(request)
        if known is None:
            return Reply(404)
        if known[1].status != "IN_PROGRESS":
            return page("<p>This page has ended.</p>", "Simulated Worldline")
        form = (
            f'<form method="post" action="{request.path}"><label>Card <input name="number"></label>'
            '<button>Pay</button><button name="cancel" value="1">Cancel</button></form>'
        )
        return page(form, "Simulated Worldline")

    def _typed(self, request: Request) -> Reply:
        known, given = self._checkout(request), request.form
        if known is None:
            return Reply(404)
        shop, checkout = known
        with shop.lock:
            if given.get("cancel"):
                shop.left(checkout.id)
            else:
                shop.entered(checkout.id, given.get("number", "").replace(" ", ""))
        if checkout.status == "IN_PROGRESS":
            return sent_to(request.path)
        joint = "&" if "?" in checkout.return_url else "?"
        return sent_to(f"{checkout.return_url}{joint}RETURNMAC=far-mac&hostedCheckoutId={checkout.id}")


def signed(body: bytes, secret: str = WEBHOOK_SECRET) -> dict[str, str]:
    """The headers of a webhook; names in lower case, as they arrive."""
    digest = hmac.digest(secret.encode(), body, "sha256")
    return {"x-gcs-keyid": WEBHOOK_KEY, "x-gcs-signature": b64encode(digest).decode()}


def _json(status: int, body: Any) -> Reply:
    return Reply(status, b"" if body is None else json.dumps(body).encode())
