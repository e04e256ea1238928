"""GET /api/v1/payments: the merchant's payments of this API, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from shared.bootstrap import records
from shared.domain.errors import InvalidRequest
from shared.domain.money import exponent_of
from shared.domain.payment import Payment
from shared.edge.call import Call
from shared.edge.paging import NUMBERED, numbered_page, page_meta
from shared.edge.request import Reply
from shared.families.glomopay import ids
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.payments import payment_of, shown_payment
from shared.families.glomopay.statuses import RECORDED, PaymentStatus
from shared.families.glomopay.views import FAMILY
from shared.ports.numbered import Listed, NumberedPage
from shared.ports.orders import Numbered
from shared.ports.payments import Wanted

TYPES = {"orders": ids.ORDER, "payment_link": ids.LINK}


@endpoint(
    "GET",
    "/api/v1/payments",
    aliases=("/api/v1/payment",),
    caller=Caller.SECRET_KEY,
    summary="Your payments, newest first",
    query={
        "customer_id": "Only those of this customer",
        "status": ", ".join(PaymentStatus),
        "payin_id": "Only those of this order or payment link",
        "payment_type": ", ".join(TYPES),
        "currency": "In any letter case",
        "request_id": "The one with this number of yours",
        "subscription_id": "Not enabled; never together with payin_id",
        **NUMBERED,
    },
)
def handler(call: Call) -> Reply:
    page = numbered_page(call)
    found = _found(call, page)
    shown = [shown_payment(payment) for payment in found.items]
    return Reply({"data": shown, "page_meta": page_meta(page, found.count)})


def _found(call: Call, page: NumberedPage) -> Listed[Payment]:
    caller, wanted, reference = call.credential, _wanted(call), call.query("request_id")
    if wanted is None:
        return Listed([], 0)  # nothing is ever so
    if reference is None:
        return records.payments().of_family(caller.merchant.id, caller.environment, wanted, page)
    named = records.orders().by_reference(caller.merchant.id, caller.environment, Numbered.PAYMENT, reference)
    found = [] if named is None else [payment_of(named, caller)]
    return page.of([payment for payment in found if wanted.fits(payment)])


def _wanted(call: Call) -> Wanted | None:
    """Raises InvalidRequest for a value that no filter knows; None for what is never reached."""
    status, kind = _word(call, "status", PaymentStatus), _word(call, "payment_type", TYPES)
    payin = call.query("payin_id")
    if payin is not None and not payin.startswith(tuple(TYPES.values())):
        raise InvalidRequest(f"Id must start with '{ids.ORDER}'")
    of_subscription = call.query("subscription_id") is not None
    if of_subscription and payin is not None:
        raise InvalidRequest("payin_id and subscription_id cannot be given together")
    customer_id, currency = ids.asked_for(call, "customer_id", ids.CUSTOMER), _currency(call)
    statuses = RECORDED.get(PaymentStatus(status)) if status else frozenset()
    if of_subscription or statuses is None:
        return None
    of_prefix = TYPES[kind] if kind else None
    return Wanted(FAMILY, statuses, customer_id, of=payin, of_prefix=of_prefix, currency=currency)


def _currency(call: Call) -> str | None:
    """In any letter case. Raises InvalidAmount for what is none."""
    text = call.query("currency")
    if text is not None:
        text = text.upper()
        exponent_of(text)
    return text


def _word(call: Call, name: str, known: Iterable[str]) -> str | None:
    text, words = call.query(name), list(known)
    if text is not None and text not in words:
        raise InvalidRequest(f"{name} is one of {', '.join(words)}")
    return text
