"""Calls to acquirers and issuers over HTTP. What a failure means for the money is decided here, for all of them.

Surely no effect (``Unavailable``): no byte left, or the other side says that it did nothing (401, 403, 429). 401 and
403 do not pass by themselves (``CredentialsRefused``): who signs in is not known there, or may not do that.
Everything else that is no answer of theirs is ``OutcomeUnknown``: silence after sending, a reset, a redirect, 5xx,
what is too long, cut off or in a code, and 409, which is "still running" wherever a key makes a call happen once. Any
other status is an answer for the connector to understand; one whose signature is wrong is none: OutcomeUnknown.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from shared.domain.errors import CredentialsRefused, InvalidRequest, OutcomeUnknown, Unavailable
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.target_url import check_connector_url

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

CONNECT_SECONDS: Final = 2.0
WHOLE_SECONDS: Final = 8.0
MOST_BYTES: Final = 1_000_000
# What acquirers name an exchange by when they are asked about it; nothing else of a reply is written down.
_THEIR_NUMBER: Final = ("request-id", "x-request-id", "paypal-debug-id", "correlation-id", "x-correlation-id")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_MANY_DIGITS: Final = re.compile(r"\d{12}")
_DOWN: Final = "the gateway cannot be reached now"
_UNKNOWN: Final = "the gateway gave no answer that can be used"


@dataclass(frozen=True, slots=True)
class PspRequest:
    """One call. ``operation`` is what the log calls it.

    A ``question`` may be asked twice: it moves nothing, or it opens a page that nobody has seen yet.
    """

    operation: str
    method: str
    url: str = field(repr=False)
    environment: Environment
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    question: bool = False


@dataclass(frozen=True, slots=True)
class PspReply:
    """An answer. ``headers`` have lower-case names."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PspHttp:
    """``allow_private`` lets test connectors be on this machine: the local cloud only. ``log``: a line per call."""

    allow_private: bool = False
    seconds: float = WHOLE_SECONDS
    connect: float = CONNECT_SECONDS
    tls: ssl.SSLContext | None = None
    log: bool = True

    def call(self, request: PspRequest) -> PspReply:
        """The answer, within ``seconds``. Raises Unavailable (CredentialsRefused among them) and OutcomeUnknown.

        A kept connection that was closed meanwhile is tried again on a new one for a question, and for nothing else.
        """
        private = self._may_be_private(request)
        began, status, failure = time.perf_counter(), None, None
        reply: PspReply | None = None
        try:
            reply = self._exchanged(request, private)
            status = reply.status
            return _understood(reply)
        except (Unavailable, OutcomeUnknown) as error:
            failure = error.error_code
            raise
        finally:
            if self.log:
                _log().info(
                    "gateway called",
                    operation=request.operation,
                    host=urlsplit(request.url).hostname,
                    status=status,
                    failure=failure,
                    milliseconds=round((time.perf_counter() - began) * 1000),
                    theirNumber=_their_number(reply.headers) if reply else None,
                )

    def _may_be_private(self, request: PspRequest) -> bool:
        """Raises Unavailable for an address that may not be asked."""
        try:
            check_connector_url(request.url, "url", request.environment, allow_private=self.allow_private)
        except InvalidRequest as error:
            raise Unavailable("the gateway's address may not be asked") from error
        return self.allow_private and request.environment is Environment.TEST

    def _exchanged(self, request: PspRequest, private: bool) -> PspReply:
        # What meets the sandbox alone pays nothing for these.
        from shared.adapters import psp_sessions as sessions
        from shared.adapters.psp_connections import Bounds

        end = time.monotonic() + self.seconds
        broken: sessions.Broken | None = None
        for fresh in (False, True):
            left = end - time.monotonic()
            if left <= 0:
                break
            bounds = Bounds(left, min(self.connect, left), MOST_BYTES, private, self.tls)
            try:
                status, headers, body = sessions.exchange(
                    request.method, request.url, request.headers, request.body, bounds, fresh=fresh
                )
                return PspReply(status, headers, body)
            except sessions.Broken as error:
                broken = error
            if not (broken.stale and request.question):
                break
        why = f" ({broken})" if broken else ""
        if broken is not None and not broken.sent:
            raise Unavailable(_DOWN + why)
        raise OutcomeUnknown(_UNKNOWN + why)


def _understood(reply: PspReply) -> PspReply:
    status = reply.status
    if status in (401, 403):
        raise CredentialsRefused(f"the gateway does not let this connector in (status {status})")
    if status == 429:
        raise Unavailable(f"{_DOWN} (status {status})")
    answered = 200 <= status < 300 or (400 <= status < 500 and status not in (408, 409, 425))
    if not answered or reply.headers.get("content-encoding", "identity") != "identity":
        raise OutcomeUnknown(f"{_UNKNOWN} (status {status})")
    return reply


def _their_number(headers: Mapping[str, str]) -> str | None:
    found = next((headers[name] for name in _THEIR_NUMBER if name in headers), "")
    return found if _PLAIN.fullmatch(found) and not _MANY_DIGITS.search(found) else None


@cache
def _log() -> Logger:
    from aws_lambda_powertools import Logger

    return Logger()
