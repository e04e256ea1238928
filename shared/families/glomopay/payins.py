"""What the payment link endpoints share: the caller's own link, and how one is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shared.bootstrap import core, runtime
from shared.domain.errors import NotFound
from shared.domain.ids import LinkId
from shared.domain.payment import Payment
from shared.domain.payment_link import PaymentLink
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.families.glomopay import ids
from shared.families.glomopay.views import link_view
from shared.usecases.link.settle_link import link_facts

LASTS_MONTHS: Final = 6
_UNKNOWN: Final = "Payment link not found"


def own_payin(call: Call) -> PaymentLink:
    """The link named in the path, if it is the caller's. Raises InvalidRequest, NotFound."""
    name = ids.named(call, ids.LINK)
    try:
        link = core.links().get(LinkId(name))
        check_owner(link, call.credential, "payment link")
    except NotFound:
        raise NotFound(_UNKNOWN) from None
    return link


def shown_payin(link: PaymentLink, payment: Payment | None = None, now: datetime | None = None) -> dict[str, object]:
    """The reply of ``GET /payin/{id}``; ``payment`` is the link's own, where it was read."""
    return link_view(link_facts(link, link.status_at(now or runtime.now(), payment)))
