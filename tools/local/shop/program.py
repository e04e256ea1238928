"""The sample shop over HTTP, as a program that the local front mounts."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tools.local.shop.desk import LinkDesk
from tools.local.shop.merchant import BadBasket, Merchant, Order, euros
from tools.local.shop.plugin import Plugin

STATIC: Final = Path(__file__).parent / "static"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

Answer = tuple[int, Mapping[str, str], bytes]
Program = Callable[[str, str, Mapping[str, str], bytes], Answer]


def create_shop(
    origin: str, publishable_key: str, secret_key: str, webhook_secret: str, service: tuple[str, str]
) -> Program:
    """A shop whose gateway and own address are both ``origin`` (no trailing slash); mount it at ``/`` and ``/shop``.

    ``webhook_secret`` is what the gateway signs ``notifyUrl`` deliveries with; ``service`` is the Paygol service's
    number and secret.
    """
    number, service_secret = service
    plugin = Plugin(origin, number, service_secret, secret_key)
    merchant = Merchant(webhook_secret)
    desk = LinkDesk(f"{origin}/paymentgw", secret_key)

    def program(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        address = urlsplit(target)
        path = address.path.removeprefix("/shop").strip("/")
        if method == "GET" and path == "state":
            return _json(200, merchant.seen(_number(parse_qs(address.query).get("after", ["0"])[0])))
        if method == "GET" and path == "config":
            return _json(200, {"publishableKey": publishable_key})
        if method == "POST" and path == "orders":
            return _order(merchant, plugin, body)
        if method == "GET" and path == "ipn":
            return _told_by_query(merchant, plugin, dict(parse_qsl(address.query, keep_blank_values=True)))
        if method == "POST" and path == "form":
            return _form(merchant, plugin, body)
        if path.split("/")[0] == "links":
            return _at_desk(desk, method, path, headers, body)
        if method == "POST" and path.startswith("webhook/"):
            genuine = merchant.notified(_number(path.removeprefix("webhook/")), headers, body)
            return _json(200 if genuine else 400, {"received": genuine})
        if method in ("GET", "HEAD"):
            return _file(path or "index.html")
        return _json(405, {"message": "the shop does not know this request"})

    return program


def _order(merchant: Merchant, plugin: Plugin, body: bytes) -> Answer:
    """Price the basket here: a browser says what is wanted, never what it costs."""
    order = _placed(merchant, body)
    if not isinstance(order, Order):
        return order
    return _json(
        200,
        {
            "number": order.number,
            "amount": euros(order.total),
            "maxVoucherAmount": euros(order.food),
            "description": order.description,
            "notifyUrl": f"{plugin.origin}/shop/webhook/{order.number}",
            "returnUrl": f"{plugin.origin}/?order={order.number}",
        },
    )


def _form(merchant: Merchant, plugin: Plugin, body: bytes) -> Answer:
    """The same order as the form that the browser posts to the gateway."""
    order = _placed(merchant, body)
    if not isinstance(order, Order):
        return order
    return _json(200, {"action": "/paymentgw/pay", "fields": plugin.form(order, euros(order.total))})


def _placed(merchant: Merchant, body: bytes) -> Order | Answer:
    try:
        return merchant.place(json.loads(body))
    except BadBasket as error:
        return _json(400, {"message": str(error)})
    except ValueError:
        return _json(400, {"message": "the basket is not JSON"})


def _told_by_query(merchant: Merchant, plugin: Plugin, told: Mapping[str, str]) -> Answer:
    checks, event = plugin.read(told)
    genuine = merchant.told(_number(told.get("custom", "")), checks, event)
    return _json(200 if genuine else 400, {"received": genuine})


def _at_desk(desk: LinkDesk, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """The links page: ``links`` itself, what is listed, what is created, and what is done to one of them."""
    parts = path.split("/")[1:]
    if method in ("GET", "HEAD"):
        return _json(*desk.listed()) if parts == ["list"] else _file("links.html")
    if method != "POST":
        return _json(405, {"message": "the shop does not know this request"})
    if len(parts) == 2:
        return _json(*desk.act(*parts))
    try:
        wanted = json.loads(body)
    except ValueError:
        return _json(400, {"message": "the form is not JSON"})
    named = {name.lower(): value for name, value in headers.items()}
    return _json(*desk.create(wanted, named.get("idempotency-key", "")))


def _file(name: str) -> Answer:
    found = STATIC / Path(name).name
    if not found.is_file():
        return _json(404, {"message": "the shop has no such page"})
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return 200, {**HEADERS, "Content-Type": f"{kind}; charset=utf-8"}, found.read_bytes()


def _json(status: int, content: object) -> Answer:
    return status, {**HEADERS, "Content-Type": "application/json"}, json.dumps(content).encode()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
