"""The hosted pages as anybody's browser gets them, and what the build said they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import shared
from shared.domain.errors import Unavailable
from shared.domain.served import Built, Served

INVENTORY: Final = Path(shared.__file__).parent / "static" / "served.json"
_SECONDS: Final = 10


def built() -> list[Built]:
    """From the layer: whoever can write to the pages' bucket cannot write there."""
    return [Built(**row) for row in json.loads(INVENTORY.read_text())]


def served_at(origin: str, path: str) -> Served:
    """One address of the pages. Raises Unavailable when there is no answer, or none of theirs."""
    import requests

    try:
        reply = requests.get(f"{origin}{path}", timeout=_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise Unavailable(f"the pages do not answer ({type(error).__name__})") from error
    if reply.status_code >= 500:
        raise Unavailable(f"the pages answer {reply.status_code}")
    return Served(reply.status_code, reply.content, reply.headers.get("Content-Security-Policy", ""))
