"""How Paygol's callers prove who they are: a service's number, what its secret signed, and a token for a day."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from shared.domain.errors import InvalidRequest, NotFound, Unauthenticated
from shared.families.paygol.reading import INVALID_REQUEST
from shared.families.paygol.signing import canonical, signed_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.domain.merchant import ServiceCredential
    from shared.ports.merchants import Merchants

FAMILY: Final = "paygol"
LASTS: Final = timedelta(hours=24)
_LONGEST_NUMBER: Final = 32


class Caller(StrEnum):
    """Who may call an endpoint."""

    SIGNED = "a service, by its signature"
    TOKEN = "a service, by its signature and a token"  # noqa: S105 - a kind of caller, not a token
    ANYONE = "anyone"


def service_of(given: Mapping[str, Any], merchants: Merchants) -> ServiceCredential:
    """The service that a request names. Raises InvalidRequest, Unauthenticated for an unknown one."""
    number = given.get("pg_serviceid")
    if not isinstance(number, str) or not number.strip():
        raise InvalidRequest("pg_serviceid is missing", code=INVALID_REQUEST)
    return service_numbered(number, merchants)


def service_numbered(number: str, merchants: Merchants) -> ServiceCredential:
    """Raises Unauthenticated for a number that is nobody's."""
    text = number.strip()
    try:
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
            raise NotFound("there is no such service")
        found = merchants.service(text)
    except NotFound:
        raise Unauthenticated("the service is not known", code="unknown_service") from None
    if found.service.family != FAMILY:
        raise Unauthenticated("the service is not known", code="unknown_service")
    return found


def secret_that_signed(secrets: Sequence[bytes], signature: str, body: bytes, given: Mapping[str, Any]) -> bytes:
    """Judged over the bytes that came, then over the documented form. Raises Unauthenticated."""
    found = signed_by(secrets, signature, body) or signed_by(secrets, signature, canonical(given))
    if found is None:
        raise Unauthenticated("the signature is missing or wrong", code="invalid_signature")
    return found


def new_token(service_id: str, secret: bytes, now: datetime) -> str:
    """Good for a day. Nothing is kept of it: it is proved by the service's own secret."""
    until = int((now + LASTS).timestamp())
    return f"{until:x}.{_mac(service_id, secret, until)}"


def check_token(token: object, service_id: str, secrets: Sequence[bytes], now: datetime) -> None:
    """Raises Unauthenticated for one that is none, is over, or is of another service."""
    until, _, mac = token.partition(".") if isinstance(token, str) else ("", "", "")
    try:
        moment = int(until, 16) if len(until) <= 12 else 0
    except ValueError:
        moment = 0
    known = any(hmac.compare_digest(_mac(service_id, secret, moment).encode(), mac.encode()) for secret in secrets)
    if not known or moment <= now.timestamp():
        raise Unauthenticated("the token is missing, unknown or over", code="invalid_token")


def _mac(service_id: str, secret: bytes, until: int) -> str:
    return hmac.new(secret, f"token|{service_id}|{until}".encode(), "sha256").hexdigest()
