"""Requests to addresses that merchants chose: the dialled address is judged and pinned, every part has a budget."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import field
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.parse import SplitResult, urlsplit

from shared.adapters.dialling import Resolve, dial
from shared.adapters.wire import Deadline, Failed, Incoming, Secured, Stream, Wire
from shared.domain.delivery import Outcome, retry_after
from shared.domain.errors import GatewayError
from shared.domain.record import dataclass
from shared.domain.target_url import check_webhook_url
from shared.ports.webhooks import Outgoing

USER_AGENT: Final = "PayGlobe-Webhooks/1.0"
# Bytes of each part of an answer, as sent; the connection is closed after that.
MOST_HANDSHAKE: Final = 131_072  # certificates of a long chain
MOST_HEAD: Final = 65_536  # status and headers, with every interim answer before them
MOST_READ: Final = 16_384  # the body
EXCERPT: Final = 500


@dataclass(frozen=True, slots=True)
class Budgets:
    """Seconds. ``total`` bounds the whole attempt; the others say sooner which part of it hangs.

    By the time a ``body`` is read the status is known: reading on is only for the merchant's own log.
    """

    lookup: float = 2.0
    connect: float = 3.0
    first_byte: float = 9.0
    body: float = 2.0
    total: float = 10.0


@dataclass(frozen=True, slots=True)
class PinnedSender:
    """The port ``Sender``. ``tls`` is shared by all attempts: one of its own would cost an attempt 20-fold."""

    allow_private: bool = False
    budgets: Budgets = field(default_factory=Budgets)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    resolve: Resolve | None = None

    def send(self, outgoing: Outgoing) -> Outcome:
        began = time.perf_counter()
        deadline = Deadline(self.budgets.total)
        try:
            status, answered, excerpt = self._exchange(outgoing, deadline)
        except Failed as failure:
            return Outcome(_milliseconds(began), error=str(failure))
        error = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "http_error"
        return Outcome(
            _milliseconds(began),
            status_code=status,
            error=error,
            response_excerpt=excerpt,
            retry_after_seconds=retry_after(answered, datetime.now(UTC)),
        )

    def _exchange(self, outgoing: Outgoing, deadline: Deadline) -> tuple[int, dict[str, str], str]:
        parts, host = self._judged(outgoing.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with contextlib.ExitStack() as stack:
            connection = stack.enter_context(self._connect(host, port, deadline))
            try:
                wire = Wire(connection, deadline.shortened(self.budgets.connect), MOST_HANDSHAKE)
                stream = Secured(wire, self.tls, host) if parts.scheme == "https" else wire
                wire.bound(deadline, MOST_HEAD)
                stream.send(_request(parts, host, outgoing))
                return _answer(wire, stream, outgoing.method, deadline, self.budgets)
            except TimeoutError as error:
                raise Failed("timeout") from error
            except ssl.SSLError as error:
                raise Failed("tls_failure") from error
            except ConnectionError as error:
                raise Failed("connection_reset") from error
            except HTTPException as error:
                raise Failed("invalid_response") from error
            except OSError as error:
                raise Failed("connection_failed") from error

    def _judged(self, url: str) -> tuple[SplitResult, str]:
        try:
            check_webhook_url(url, "url", allow_private=self.allow_private)
        except GatewayError as error:
            raise Failed("address_refused") from error
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            return parts, host if ":" in host else host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise Failed("dns_failure") from error

    def _connect(self, host: str, port: int, deadline: Deadline) -> socket.socket:
        budgets, private = self.budgets, self.allow_private
        return dial(
            host,
            port,
            deadline,
            allow_private=private,
            lookup=budgets.lookup,
            connect=budgets.connect,
            resolve=self.resolve,
        )


def _request(parts: SplitResult, host: str, outgoing: Outgoing) -> bytes:
    """The raw request, made from the parts that were judged; nothing in it can start another header."""
    from urllib.parse import quote

    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    named = f"[{host}]" if ":" in host else host
    lines = {
        "Host": named if parts.port is None else f"{named}:{parts.port}",
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        # A GET without a body has none at all: some shops' front servers refuse one with a length.
        **({"Content-Length": str(len(outgoing.body))} if outgoing.body or outgoing.method != "GET" else {}),
        "Connection": "close",
        **outgoing.headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{outgoing.method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + outgoing.body


def _answer(
    wire: Wire, stream: Stream, method: str, deadline: Deadline, budgets: Budgets
) -> tuple[int, dict[str, str], str]:
    wire.bound(deadline.shortened(budgets.first_byte), MOST_HEAD)
    response = HTTPResponse(Incoming(stream), method=method)  # type: ignore[arg-type]
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    wire.bound(deadline.shortened(budgets.body), MOST_READ)
    return response.status, headers, _excerpt(response)


def _excerpt(response: HTTPResponse) -> str:
    """The start of the body. The status stands, however the rest of it behaves."""
    read = b""
    with contextlib.suppress(OSError, HTTPException, Failed):
        while len(read) < MOST_READ and (chunk := response.read1(MOST_READ - len(read))):
            read += chunk
    text = read[: EXCERPT * 4].decode("utf-8", "replace")[:EXCERPT]
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


def _milliseconds(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
