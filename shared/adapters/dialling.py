"""A connection to an address that was judged: a name is resolved once, and what was looked at is what is dialled."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence

from shared.adapters.wire import Deadline, Failed
from shared.domain.target_url import is_public

Resolve = Callable[[str, int], Sequence[str]]


def dial(
    host: str,
    port: int,
    deadline: Deadline,
    *,
    allow_private: bool,
    lookup: float,
    connect: float,
    resolve: Resolve | None = None,
) -> socket.socket:
    """A connected socket. ``lookup`` and ``connect`` are seconds, of all addresses together, within ``deadline``.

    Raises Failed with the class of the failure; nothing was sent then.
    """
    addresses = _addresses(host, port, deadline.left(lookup), resolve or _system_resolve)
    # One private address among public ones is a rebinding attempt or a broken zone: none is dialled.
    if not allow_private and not all(is_public(address) for address in addresses):
        raise Failed("address_refused")
    connecting = deadline.shortened(connect)
    failure = "connection_failed"
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=connecting.left())
        except TimeoutError:
            failure = "connect_timeout"
        except ConnectionRefusedError:
            failure = "connection_refused"
        except OSError:
            failure = "connection_failed"
        except Failed:
            failure = "connect_timeout"
            break
    raise Failed(failure)


def _addresses(host: str, port: int, seconds: float, resolve: Resolve) -> Sequence[str]:
    """The system's resolver takes no time limit of its own."""
    with contextlib.suppress(ValueError):
        return (str(ipaddress.ip_address(host)),)
    found: list[str] = []

    def look_up() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.extend(resolve(host, port))

    worker = threading.Thread(target=look_up, daemon=True)
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        raise Failed("dns_timeout")
    if not found:
        raise Failed("dns_failure")
    return tuple(dict.fromkeys(found))


def _system_resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]
