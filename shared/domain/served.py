"""A page or script as the build made it, and as somebody is served it."""

from __future__ import annotations

import base64
import hashlib

from shared.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class Built:
    """One file as the build made it. ``is_page``: a browser opens it, and its policy decides which scripts run.

    ``has_guest``: a page on which a card gateway's script runs beside ours.
    """

    path: str
    integrity: str  # sha384-...
    is_page: bool
    has_guest: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """``policy`` is the Content-Security-Policy, empty without one."""

    status: int
    body: bytes
    policy: str = ""


def integrity(content: bytes) -> str:
    """The value of an ``integrity`` attribute."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
