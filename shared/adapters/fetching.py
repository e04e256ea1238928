"""Short answers from fixed hosts over TLS: PayPal's certificates, Shift4's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.errors import Unavailable

SECONDS: Final = (2.0, 4.0)  # to connect, to wait for bytes
MOST_BYTES: Final = 200_000
_NOT_THERE: Final = frozenset({400, 401, 403, 404})


def fetch(url: str, headers: Mapping[str, str]) -> bytes | None:
    """The body of a 200; None for what is not there or not ours to see. Raises Unavailable."""
    import requests  # most messages need nothing fetched

    try:
        with requests.get(url, headers=dict(headers), timeout=SECONDS, allow_redirects=False, stream=True) as reply:
            if reply.status_code in _NOT_THERE:
                return None
            body = reply.raw.read(MOST_BYTES + 1, decode_content=True)
            if reply.status_code != 200 or len(body) > MOST_BYTES:
                raise Unavailable("the PSP does not answer; try again")
            return bytes(body)
    except (requests.RequestException, OSError) as error:
        # Without the cause: it would carry the request, and with it the key.
        raise Unavailable(f"the PSP does not answer ({type(error).__name__}); try again") from None
