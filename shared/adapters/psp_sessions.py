"""Kept connections to acquirers, on ``requests``: one session per host, one deadline over each exchange.

Imported where a call is made and nowhere else: the library would be a good part of every cold start.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from shared.adapters.psp_connections import HERE, Bounds, Exchange, PlainPool, SecuredPool
from shared.adapters.wire import Failed

MOST_SESSIONS: Final = 64
_AT_ONCE: Final = 65_536
_CLOSED: Final = frozenset({"ConnectionError", "ChunkedEncodingError", "SSLError"})
_HEADERS: Final = {"User-Agent": "payment-gateway/1", "Accept": "*/*", "Accept-Encoding": "identity"}
logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings quote addresses and headers


class Broken(Exception):
    """No whole answer. ``sent``: a byte may have left; ``stale``: a kept connection that was closed meanwhile."""

    def __init__(self, why: str, *, sent: bool, stale: bool = False) -> None:
        super().__init__(why)
        self.sent = sent
        self.stale = stale


class _Adapter(HTTPAdapter):
    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        super().__init__(pool_connections=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more, ssl_context=self._tls)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecuredPool}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """By the context's own roots, which are read once and not for each connection."""
        conn.cert_reqs = "CERT_REQUIRED"


class _Session(requests.Session):
    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.clear()
        self.headers.update(_HEADERS)
        # One merchant's calls leave nothing that another's would bring along.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(tls))

    def resolve_redirects(self, *args: Any, **more: Any) -> Iterator[Any]:
        """None is followed, and none is read to see where it would lead."""
        return iter(())


@cache
def _system_roots() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


_sessions: dict[tuple[str, bool, ssl.SSLContext], _Session] = {}
_lock: Final = threading.Lock()


def _kept(url: str, bounds: Bounds, tls: ssl.SSLContext) -> _Session:
    name = (urlsplit(url).netloc, bounds.private, tls)
    with _lock:
        if name not in _sessions:
            while len(_sessions) >= MOST_SESSIONS:
                del _sessions[next(iter(_sessions))]
            _sessions[name] = _Session(tls)
        return _sessions[name]


def exchange(
    method: str, url: str, headers: Mapping[str, str], body: bytes, bounds: Bounds, *, fresh: bool = False
) -> tuple[int, dict[str, str], bytes]:
    """(status, headers by lower-case name, body). Raises Broken. ``fresh`` uses no kept connection."""
    tls = bounds.tls or _system_roots()
    session = _Session(tls) if fresh else _kept(url, bounds, tls)
    under_way = HERE.exchange = Exchange(bounds)
    watch = threading.Timer(bounds.seconds, under_way.cut)
    watch.daemon = True
    watch.start()
    try:
        return _made(session, method, url, headers, body, bounds)
    except Failed as failure:
        why = str(failure)
    except (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
        why = "timeout" if under_way.over else type(error).__name__
    finally:
        watch.cancel()
        under_way.end()
        if fresh:
            session.close()
    # Raised out here: the error that was caught carries the request, and with it the key.
    raise Broken(why, sent=under_way.sent, stale=why in _CLOSED and not under_way.dialled and not under_way.over)


def _made(
    session: _Session, method: str, url: str, headers: Mapping[str, str], body: bytes, bounds: Bounds
) -> tuple[int, dict[str, str], bytes]:
    waits = (bounds.connect, bounds.seconds)
    with session.request(
        method, url, headers=dict(headers), data=body or None, timeout=waits, allow_redirects=False, stream=True
    ) as reply:
        read = b""
        for part in reply.raw.stream(_AT_ONCE, decode_content=False):
            read += part
            if len(read) > bounds.most_bytes:
                raise Failed("too_long")
        if HERE.exchange.over or not _ends_by_itself(reply):
            raise Failed("cut_off")
        return reply.status_code, {name.lower(): value for name, value in reply.headers.items()}, read


def _ends_by_itself(reply: requests.Response) -> bool:
    """Whether breaking off would have been noticed: what only closes at its end looks whole when it is cut."""
    told = "chunked" in reply.headers.get("Transfer-Encoding", "").lower() or "Content-Length" in reply.headers
    return told or reply.status_code == 204
