"""Where a browser goes from a transaction: to its page, or back to its shop with what the shop can verify."""

from __future__ import annotations

from base64 import b64encode
from typing import Final
from urllib.parse import parse_qsl

from shared.domain.payment import Payment
from shared.families.paygol.signing import signature
from shared.families.paygol.statuses import FINAL, PaygolStatus, status_of

_NAMES: Final = ("PGID", "status", "custom", "key")


def method_page(payment: Payment) -> str:
    return f"{payment.pages_origin}/pay/method/?id={payment.id}"


def return_door(payment: Payment) -> str:
    return f"{payment.pages_origin}/paymentgw/api/pay-direct/{payment.id}/return"


def back_to_shop(payment: Payment) -> str | None:
    """The shop's own address for how it ended; None while it has not, or where the shop named none."""
    status = status_of(payment)
    if status not in FINAL:
        return None
    word = "return_url" if status is PaygolStatus.COMPLETED else "cancel_url"
    return payment.family_data.get(word) or None


def signed(url: str, payment: Payment, secret: bytes) -> str:
    """``url`` with number, status and custom, and what proves them, after its own query and before its fragment.

    Unchanged where one of the names is there already, alone or as ``name[...]``: shops read the last of two, and
    they need their own.
    """
    rest, mark, fragment = url.partition("#")
    own, _, query = rest.partition("?")
    if {name.partition("[")[0] for name, _ in parse_qsl(query, keep_blank_values=True)} & set(_NAMES):
        return url
    custom = b64encode(payment.reference.encode()).decode().translate(str.maketrans("+/=", "._-"))
    facts = f"PGID={payment.id}&status={status_of(payment).value}&custom={custom}"
    added = f"{facts}&key={signature(secret, facts.encode())}"
    return f"{own}?{query}{'&' if query else ''}{added}{mark}{fragment}"
