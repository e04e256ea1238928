"""GET /brand/{merchantId}/{file}: a merchant's logo, for hosted pages and mails."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core
from shared.domain.ids import MerchantId
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint

# A picture and nothing else, whatever a browser makes of its bytes and however it is opened.
HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@endpoint(
    "GET",
    "/brand/{merchantId}/{file}",
    caller=Caller.ANYONE,
    summary="A merchant's logo, under a name that changes with its content",
    reply_type="image/png",
    problems=(404,),
    file=True,
)
def handler(call: Call) -> Reply:
    picture = core.logos().get(MerchantId(call.path("merchantId")), call.path("file"))
    return Reply(picture.content, 200, {**HEADERS, "Content-Type": picture.media_type})
