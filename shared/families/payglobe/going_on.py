"""Where a browser goes on that comes from a card page: to the shop, to a hosted page of ours, or back to a card."""

from __future__ import annotations

from shared.bootstrap import runtime
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, PAID, Ending, Payment, Status
from shared.edge.leading import leads_to
from shared.edge.request import Reply
from shared.families.payglobe.payments import checkout_url, next_page


def after_card(payment: Payment, secret: str) -> str:
    """The shop's address, or the hosted page that ``secret`` opens, by what the payment came to.

    While nobody knows, the hosted page asks. A browser without a secret sees how it stands, and nothing else.
    """
    if is_accepted(payment):
        return payment.callback_url or next_page(payment, secret)
    if is_open(payment):
        return _result(payment, secret, "&returned=1")
    return error_address(payment) or _result(payment, secret)


def on_to(address: str) -> Reply:
    """What leads a browser to ``address``, which is told nothing of where it came from."""
    return leads_to(address, 303, "text/plain").with_headers({"Referrer-Policy": "no-referrer"})


def without_secret(payment: Payment) -> str:
    """Where a browser goes that nobody knows, of a payment that takes no card now: it sees how that stands."""
    return checkout_url(payment)


def is_accepted(payment: Payment) -> bool:
    under_way = payment.status is Status.PROCESSING and payment.ending in (None, Ending.COVERED)
    held = payment.status in AWAITING_CHOICE and payment.ending is None
    return under_way or held or payment.status in PAID


def is_open(payment: Payment) -> bool:
    """Whether a card was neither accepted nor declined, as far as is known, and there is time."""
    waits = payment.status is Status.PENDING and payment.ending is None
    return waits and not payment.is_expired(runtime.now())


def takes_card_now(payment: Payment) -> bool:
    return payment.takes_card and payment.status in AWAITING_CARD and not payment.is_expired(runtime.now())


def error_address(payment: Payment) -> str | None:
    """The merchant's error page with what happened, as the guide's errorUrl expects it."""
    if payment.error_url is None:
        return None
    from urllib.parse import urlencode

    # A fragment is the last of an address: what stands behind it, no server is told.
    own, hash_mark, fragment = payment.error_url.partition("#")
    mark = "&" if "?" in own else "?"
    status, error = _comes_to(payment)
    facts = {"transactionId": payment.id, "status": status.value, "error": error}
    return f"{own}{mark}{urlencode(facts)}{hash_mark}{fragment}"


def _comes_to(payment: Payment) -> tuple[Status, str]:
    """(status, why): those that stay, also while the machine is still writing them down.

    What is ended, or past its time, is never paid any more; a card that was declined in time may still be.
    """
    why = payment.failure.code if payment.failure else None
    if payment.is_final or payment.ending is Ending.COVERED:
        return payment.status, why or "cancelled"
    if payment.ending is Ending.VOIDED:
        return Status.VOIDED, why or "cancelled"
    if payment.ending is Ending.CANCELLED:
        return Status.FAILED, why or "cancelled"
    if payment.ending or (payment.status is not Status.PROCESSING and payment.is_expired(runtime.now())):
        # As whoever closes the checkout will say it.
        return Status.FAILED, "expired" if payment.status in AWAITING_CARD else why or "expired"
    return payment.status, why or "cancelled"


def _result(payment: Payment, secret: str, more: str = "") -> str:
    return f"{payment.pages_origin}/pay/result/?transactionId={payment.id}{more}#{secret}"
