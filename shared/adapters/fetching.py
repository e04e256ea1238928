"""Short answers from fixed hosts over TLS: PayPal's certificates, Shift4's events."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Final

from shared.domain.errors import SenderNotAsked

SECONDS: Final = (2.0, 4.0)  # to connect, to wait for bytes
MOST_BYTES: Final = 200_000
_NOT_THERE: Final = frozenset({400, 401, 403, 404})


def fetch(url: str, headers: Mapping[str, str], *, trusting: ssl.SSLContext | None = None) -> bytes | None:
    """The body of a 200; None for what is not there or not ours to see. Follows no redirect. Raises SenderNotAsked.

    The certificate of the host is checked against the system's roots unless ``trusting`` says otherwise.
    """
    import urllib3  # most messages need nothing fetched

    pool = urllib3.PoolManager(
        ssl_context=trusting or ssl.create_default_context(),
        retries=False,
        timeout=urllib3.Timeout(*SECONDS),
    )
    try:
        with pool.request("GET", url, headers=headers, redirect=False, preload_content=False) as reply:
            if reply.status in _NOT_THERE:
                return None
            body = reply.read(MOST_BYTES + 1, decode_content=True)
            if reply.status != 200 or len(body) > MOST_BYTES:
                raise SenderNotAsked("the PSP does not answer; try again")
            return body
    except (urllib3.exceptions.HTTPError, OSError) as error:
        # Without the cause: it would carry the request, and with it the key.
        raise SenderNotAsked(f"the PSP does not answer ({type(error).__name__}); try again") from None
    finally:
        pool.clear()
