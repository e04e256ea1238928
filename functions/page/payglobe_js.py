"""GET /js/payglobe.js and /js/v1/payglobe.<hash>.js: the library that shops put into their pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import shared
from shared.domain.errors import NotFound
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint

BUILT: Final = Path(shared.__file__).parent / "static"
LATEST: Final = "public, max-age=300"
FOREVER: Final = "public, max-age=31536000, immutable"


@cache
def _release() -> tuple[str, str]:
    """(name of the hashed file, text). The build leaves exactly one below ``v1``."""
    hashed = next((BUILT / "v1").glob("payglobe.*.js"), None)
    if hashed is None:
        raise NotFound("payglobe.js was not built into this deployment")
    return hashed.name, hashed.read_text()


@endpoint(
    "GET",
    "/js/payglobe.js",
    aliases=("/js/v1/{file}",),
    caller=Caller.ANYONE,
    summary="The browser library; below v1 under a name that changes with its content, for integrity checks",
    reply_type="text/javascript; charset=utf-8",
    cors=True,
    file=True,
)
def handler(call: Call) -> Reply:
    name, text = _release()
    asked = call.path("file")
    if asked not in ("", name):
        raise NotFound("there is no such version of payglobe.js")
    headers = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": FOREVER if asked else LATEST}
    return Reply(text, headers=headers)
