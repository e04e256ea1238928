"""Have a payment's card page opened at its gateway."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.card import CardPage
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.ids import PageId
from shared.domain.payment import Mode, Payment
from shared.domain.visitor import Visitor
from shared.ports.connectors import Page, PageRequest
from shared.ports.world import World

LEFT: Final = "left"  # what the address says at which a browser comes back that did not pay


def with_page(
    payment: Payment, page_id: PageId, number: int, token: bytes, *, world: World, holder_url: str | None = None
) -> Payment:
    """The payment with a page that its gateway has just opened; nothing is written.

    ``page_id`` is ours, for a gateway without its own. Raises Unavailable, also when the answer is lost: opening
    reserves nothing, so that it may be repeated, and a page that nobody was shown is forgotten.

    The address at which the browser comes back ends with ``token``, 128 random bits. What opens the payment to it is
    made from them and kept as a hash: the call that leads the browser on makes and writes nothing. ``holder_url``: a
    card is presented, and its holder comes back there from their bank.
    """
    visitor = Visitor(token.hex())
    back = f"{payment.pages_origin}/paymentgw/checkout/return/{payment.id}/{visitor.token}"
    asked = PageRequest(
        payment,
        page_id,
        sale=not payment.mode.has_flow,
        tokenize=payment.mode is Mode.SALE_WITH_TOKENIZATION,
        try_number=number,
        expires_at=payment.expires_at,
        return_url=back if holder_url is None else holder_url,
        notify_url=_bell(payment),
        cancel_url=f"{back}?{LEFT}=1",
        presented=holder_url is not None,
    )
    try:
        page = world.gateways.card(payment).open_page(asked)
    except OutcomeUnknown as error:
        raise Unavailable("the card gateway does not answer; try again") from error
    if page.url:  # whoever comes back from there; a page of ours knows its visitors itself
        payment = replace(payment, client_secrets=(*payment.client_secrets, visitor.mark(payment.id)))
    return replace(
        payment,
        page_id=page.page_id,
        redirect_url=page.redirect_url or _door(payment, page),
        card_page=_kept(page, number, world.now()),
    )


def _kept(page: Page, number: int, now: datetime) -> CardPage | None:
    """What has to be remembered of a page; of a first one that is ours, nothing that the payment does not say."""
    if number == 1 and not page.url and not page.handle:
        return None
    return CardPage(number, page.page_id, now, page.url, dict(page.handle), page.framable)


def _bell(payment: Payment) -> str:
    if not payment.connector_id:
        return ""
    bells = f"{payment.pages_origin}/paymentgw/webhook/psp/{payment.gateway}"
    return f"{bells}/{payment.connector_id}/{payment.id}"


def _door(payment: Payment, page: Page) -> str:
    """Our own address of an acquirer's page: it stays the same place however many pages that spends."""
    return f"{payment.pages_origin}/paymentgw/checkout/card/{payment.id}?paymentID={page.page_id}"
