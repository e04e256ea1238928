"""The acquirer on a port of this machine: its API for shops, and the page on which buyers agree."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, Final
from urllib.parse import parse_qs

from tools.testing.far_sides.door import Door, Reply, Request, page, sent_to
from tools.testing.far_sides.paypal.api import Api
from tools.testing.far_sides.paypal.books import Business, Order, Refused

PAGE: Final = "/checkoutnow"
TOKENS: Final = "/v1/oauth2/token"
ORDERS: Final = "/v2/checkout/orders"
DECLINED: Final = "INSTRUMENT_DECLINED"


class PayPalAcquirer(Door):
    """Serves until ``close``. ``says``: a status and a body that the next calls get, whatever they ask for."""

    def __init__(self, *businesses: Business) -> None:
        self.businesses = businesses or (Business(),)
        self.asked: list[Request] = []
        self.says: list[tuple[int, dict[str, Any]]] = []
        super().__init__()

    @property
    def business(self) -> Business:
        return self.businesses[0]

    def is_question(self, request: Request) -> bool | None:
        if not request.path.startswith("/v"):
            return None
        if request.path == ORDERS:  # one that nobody is led to, and that does not say how it is paid, does nothing
            return b"payment_source" not in request.body
        return request.method == "GET" or request.path == TOKENS

    def answer(self, request: Request) -> Reply:
        if request.path == PAGE:
            return self._decided(request) if request.method == "POST" else self._shown(request)
        self.asked.append(request)
        if self.says:
            status, body = self.says.pop(0)
            return _json(status, body)
        if request.path == TOKENS:
            return self._token(request)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        business = next((one for one in self.businesses if bearer in one.tokens), None)
        if business is None:
            return _json(401, {"name": "AUTHENTICATION_FAILURE", "message": "Authentication failed"})
        try:
            return _json(*Api(business, self.origin).answer(request))
        except Refused as refusal:
            return _json(refusal.status, refusal.body)

    def _token(self, request: Request) -> Reply:
        given = b64decode(request.headers.get("authorization", "").removeprefix("Basic ") or "Og==").decode()
        known = next((one for one in self.businesses if given == f"{one.client_id}:{one.secret}"), None)
        if known is None or request.form.get("grant_type") != "client_credentials":
            return _json(401, {"error": "invalid_client", "error_description": "Client Authentication failed"})
        with known.lock:
            token = f"A21AA{known.number()}"
            known.tokens.add(token)
        return _json(200, {"access_token": token, "token_type": "Bearer", "expires_in": 32400})

    def _order(self, name: str) -> tuple[Business, Order] | None:
        return next(((b, b.orders[name]) for b in self.businesses if name in b.orders), None)

    def _shown(self, request: Request) -> Reply:
        name = parse_qs(request.query).get("token", [""])[0]
        known = self._order(name)
        if known is None:
            return Reply(404)
        form = (
            f'<form method="post" action="{PAGE}"><input type="hidden" name="token" value="{name}">'
            '<button>Agree</button><button name="cancel" value="1">Cancel</button></form>'
        )
        return page(form, "Simulated PayPal")

    def _decided(self, request: Request) -> Reply:
        given = request.form
        known = self._order(given.get("token", ""))
        if known is None:
            return Reply(404)
        business, order = known
        if given.get("cancel"):
            return sent_to(order.cancel_url)
        with business.lock:
            business.agreed(order.id, given.get("declines", ""))
        joint = "&" if "?" in order.return_url else "?"
        return sent_to(f"{order.return_url}{joint}token={order.id}&PayerID=BUYER1")


def _json(status: int, body: Any) -> Reply:
    text = b"" if body is None else json.dumps(body).encode()
    return Reply(status, text, headers={"Paypal-Debug-Id": "far"})
