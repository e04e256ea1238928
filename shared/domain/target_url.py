"""Judging addresses that merchants give us, by form only; where a webhook's socket goes is judged at the dial."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from shared.domain.errors import InvalidRequest
from shared.domain.payment import Environment

_WEBHOOK_PORTS: Final = frozenset({None, 443, 8443})


def check_browser_url(url: str, environment: Environment, field: str) -> str:
    """An address a browser is sent to: https, or http on this machine in test. Raises InvalidRequest."""
    parts = _parts(url, field)
    local = parts.hostname in ("localhost", "127.0.0.1")
    if parts.scheme == "https" or (parts.scheme == "http" and local and environment is Environment.TEST):
        return url
    raise InvalidRequest(f"{field} must be an https address", code="invalid_url")


def check_webhook_url(url: str, field: str, *, allow_private: bool) -> str:
    """An address we will post to. ``allow_private`` (local cloud only) lifts scheme, port and address rules."""
    parts = _parts(url, field)
    if parts.scheme not in ("http", "https"):
        raise InvalidRequest(f"{field} must be an https address", code="invalid_url")
    if allow_private:
        return url
    if parts.scheme != "https" or parts.port not in _WEBHOOK_PORTS:
        raise InvalidRequest(f"{field} must be an https address on port 443 or 8443", code="invalid_url")
    if _is_private_literal(parts.hostname or ""):
        raise InvalidRequest(f"{field} must be a public address", code="invalid_url")
    return url


def _parts(url: str, field: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no number
    except ValueError as error:
        raise InvalidRequest(f"{field} is not a valid address", code="invalid_url") from error
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise InvalidRequest(f"{field} must have a host and no user name", code="invalid_url")
    if any(ord(character) < 33 for character in url):
        raise InvalidRequest(f"{field} must not contain spaces", code="invalid_url")
    return parts


def _is_private_literal(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not address.is_global or address.is_multicast
