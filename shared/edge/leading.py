"""A reply that leads a browser on."""

from __future__ import annotations

from urllib.parse import quote

from shared.edge.request import Reply


def leads_to(address: str, status: int, content_type: str) -> Reply:
    """``status`` is a 30x. Whatever an address has beyond ASCII is told in percent signs, as browsers send it."""
    # A header has no other letters: what carries it on would refuse them, or make others of them.
    ascii_only = "".join(sign if sign.isascii() else quote(sign) for sign in address)
    return Reply("", status, {"Location": ascii_only, "Content-Type": content_type})
