"""GET /api/payment-links/{id}/qrcode: the link as a QR code, for anybody who shows it."""

from __future__ import annotations

import hashlib
from typing import Final

from shared.domain.errors import InvalidRequest
from shared.edge import qr
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.links import named_link

SMALLEST: Final = 100
LARGEST: Final = 1000
USUAL: Final = 300
DAY: Final = "public, max-age=86400"  # the address in a code never changes


@endpoint(
    "GET",
    "/api/payment-links/{id}/qrcode",
    caller=Caller.ANYONE,
    summary="The QR code of a payment link; no key needed",
    reply_type="image/png",
    query={"size": "pixels, 100 to 1000, 300 unless given", "format": "png, or svg"},
    file=True,
)
def handler(call: Call) -> Reply:
    size, kind = _size(call), call.query("format") or "png"
    if kind not in ("png", "svg"):
        raise InvalidRequest("format is png or svg", param="format")
    url = named_link(call).url
    etag = f'"{hashlib.sha256(f"{url}|{size}|{kind}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": DAY, "Access-Control-Allow-Origin": "*"}
    known = call.request.headers.get("if-none-match", "")
    if known.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Reply("", 304, headers)
    if kind == "svg":
        return Reply(qr.svg(url, size), 200, {**headers, "Content-Type": "image/svg+xml"})
    return Reply(qr.png(url, size), 200, {**headers, "Content-Type": "image/png"})


def _size(call: Call) -> int:
    text = call.query("size")
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and SMALLEST <= int(text) <= LARGEST):
        raise InvalidRequest(f"size is a whole number from {SMALLEST} to {LARGEST}", param="size")
    return int(text)
