"""GET /js/payglobe.js: the library that shops put into their pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import shared
from shared.domain.errors import NotFound
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint


@cache
def _library() -> str:
    built = Path(shared.__file__).parent / "static" / "payglobe.js"
    if not built.is_file():
        raise NotFound("payglobe.js was not built into this deployment")
    return built.read_text()


@endpoint(
    "GET",
    "/js/payglobe.js",
    caller=Caller.ANYONE,
    summary="The browser library",
    reply_type="text/javascript; charset=utf-8",
    cors=True,
)
def handler(call: Call) -> Reply:
    headers = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=300"}
    return Reply(_library(), headers=headers)
