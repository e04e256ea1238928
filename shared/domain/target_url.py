"""Addresses that merchants give us: judged by form when given, and by where the socket will go at every dial."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, urlsplit

from shared.domain.errors import InvalidRequest
from shared.domain.mode import Environment

_WEBHOOK_PORTS: Final = frozenset({None, 443, 8443})
# What `ipaddress.is_global` lets through (or let through in a version we run on) and a webhook must not reach.
_SPECIAL_V4: Final = tuple(
    ipaddress.IPv4Network(block)
    for block in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]
)
_UNICAST_V6: Final = ipaddress.IPv6Network("2000::/3")
# Inside it: protocol assignments with Teredo and ORCHID, documentation, 6to4.
_SPECIAL_V6: Final = tuple(
    ipaddress.IPv6Network(block) for block in ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]
)
# How resolvers read a last label: `2130706433`, `127.1`, `0x7f.1` and `0177.0.0.1` are all addresses to them.
_NUMERIC_LABEL: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)")


def check_browser_url(url: str, environment: Environment, field: str) -> str:
    """An address a browser is sent to: https, or http on this machine in test. Raises InvalidRequest."""
    parts = _parts(url, field)
    local = parts.hostname in ("localhost", "127.0.0.1")
    if parts.scheme == "https" or (parts.scheme == "http" and local and environment is Environment.TEST):
        return url
    raise InvalidRequest(f"{field} must be an https address", code="invalid_url", param=field)


def check_webhook_url(url: str, field: str, *, allow_private: bool) -> str:
    """An address we will post to. ``allow_private`` (local cloud only) lifts scheme, port and address rules."""
    parts = _parts(url, field)
    if parts.scheme not in ("http", "https"):
        raise InvalidRequest(f"{field} must be an https address", code="invalid_url", param=field)
    if allow_private:
        return url
    if parts.scheme != "https" or parts.port not in _WEBHOOK_PORTS:
        raise InvalidRequest(f"{field} must be an https address on port 443 or 8443", code="invalid_url", param=field)
    if _names_private_address(parts.hostname or ""):
        raise InvalidRequest(f"{field} must be a public address", code="invalid_url", param=field)
    return url


def check_connector_url(url: str, field: str, environment: Environment, *, allow_private: bool) -> str:
    """An acquirer's or issuer's address, as an operator sets it: https at a public host, on any port.

    ``allow_private`` (local cloud only) lets those of the test environment be anywhere, in clear too.
    Raises InvalidRequest.
    """
    parts = _parts(url, field)
    if allow_private and environment is Environment.TEST and parts.scheme in ("http", "https"):
        return url
    if parts.scheme != "https":
        raise InvalidRequest(f"{field} must be an https address", code="invalid_url", param=field)
    if _names_private_address(parts.hostname or ""):
        raise InvalidRequest(f"{field} must be a public address", code="invalid_url", param=field)
    return url


def host_of(url: str) -> str:
    """``host:port`` of an address that was judged already; one spelling of a host for all of its own."""
    parts = urlsplit(url)
    return f"{_plain(parts.hostname or '')}:{parts.port or (80 if parts.scheme == 'http' else 443)}"


def check_host(url: str, hosts: Collection[str], field: str) -> None:
    """Raises InvalidRequest unless ``url`` is on one of ``hosts``; with none named, any will do.

    To be asked about the address as it was given: what a placeholder becomes later is on no list.
    """
    if hosts and (_parts(url, field).hostname or "").rstrip(".") not in hosts:
        raise InvalidRequest(
            f"{field} is on a host that the merchant has not named", code="host_not_allowed", param=field
        )


def is_public(address: str) -> bool:
    """Whether a socket may be opened to this resolved address. Everything not plainly public is refused."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not any(parsed in block for block in _SPECIAL_V4)
    # Mapped, NAT64, site-local, unique-local and the rest lie outside; ISATAP hides a v4 address inside.
    if parsed not in _UNICAST_V6 or any(parsed in block for block in _SPECIAL_V6):
        return False
    return parsed.is_global and (int(parsed) >> 32) & 0xFDFFFFFF != 0x00005EFE


def _parts(url: str, field: str) -> SplitResult:
    if any(ord(character) < 33 or ord(character) == 127 for character in url) or "\\" in url:
        raise InvalidRequest(f"{field} must not contain spaces or backslashes", code="invalid_url", param=field)
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no number
    except ValueError as error:
        raise InvalidRequest(f"{field} is not a valid address", code="invalid_url", param=field) from error
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise InvalidRequest(f"{field} must have a host and no user name", code="invalid_url", param=field)
    return parts


def _names_private_address(host: str) -> bool:
    """Literal addresses only, in all the ways a resolver would read one; names are judged when dialled."""
    plain = _plain(host)
    if not plain or plain == "localhost" or plain.endswith(".localhost"):
        return True
    try:
        return not is_public(str(ipaddress.ip_address(plain.partition("%")[0])))
    except ValueError:
        return _NUMERIC_LABEL.fullmatch(plain.rpartition(".")[2]) is not None


def _plain(host: str) -> str:
    return unicodedata.normalize("NFKC", host).replace("\u3002", ".").lower().rstrip(".")
