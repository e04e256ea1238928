"""AWS clients on one botocore session: a second session costs a cold start as much as the first."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from shared.adapters.later import later as later_made

if TYPE_CHECKING:
    from botocore.session import Session

# An AWS call that hangs must leave room for the handler's answer (API Gateway cuts at 29 s).
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
# Forms to S3 that others use are accepted in every region only with this signature and at the region's own host; the
# pages' policy names that host too. By itself botocore signs them for the global one.
_SIGNING = {
    "s3": Config(
        signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
    )
}


_making = threading.Lock()  # a session makes one client at a time


@cache
def _session() -> Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """The low-level client of ``service``, built on first use. Callers narrow its type."""
    with _making:
        return _session().create_client(service, config=_CONFIG.merge(_SIGNING.get(service, Config())))


def later(service: str) -> Any:
    """A client that is built by its first call: loading a service's description costs a cold start 15 ms."""
    return later_made(lambda: client(service))
