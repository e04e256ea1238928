"""What the payment link endpoints share: the caller's own link, and how links are shown."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.bootstrap import core, runtime
from shared.domain.ids import LinkId
from shared.domain.payment import Payment
from shared.domain.payment_link import PaymentLink
from shared.edge.call import Call
from shared.edge.ownership import check_owner


def named_link(call: Call) -> PaymentLink:
    """The link named in the path, whoever asks. Raises NotFound."""
    call.about = link = core.links().get(LinkId(call.path("id")))
    return link


def own_link(call: Call) -> PaymentLink:
    """The link named in the path, if it is the caller's. Raises NotFound."""
    link = named_link(call)
    check_owner(link, call.credential, "payment link")
    return link


def shown_link(link: PaymentLink, payment: Payment | None = None) -> dict[str, object]:
    """The reply of ``GET /api/payment-links/{id}``; ``payment`` is the link's own, where it was read."""
    qrcode = f"/api/payment-links/{link.id}/qrcode"
    return {
        "success": True,
        "transactionId": link.id,
        "status": link.status_at(runtime.now(), payment).value,
        "paymentId": link.page_id,
        "authCode": link.auth_code,
        "paidAt": zoneless(link.paid_at),
        "amount": link.amount.major,
        "currency": link.amount.currency,
        "maxVoucherAmount": None if link.most_by_voucher is None else link.most_by_voucher.major,
        "description": link.description,
        "linkType": link.type.value,
        "linkUrl": link.url,
        "qrcodeUrl": qrcode,
        "qrcodeAbsoluteUrl": f"{link.pages_origin}/paymentgw{qrcode}",
        "customerEmail": link.email,
        "customerName": link.name,
        "customerPhone": link.phone,
        "expiresAt": zoneless(link.expires_at),
        "createdAt": zoneless(link.created_at),
        "timesSent": link.sends,
        "paymentTransactionId": link.opening.payment_id if link.opening else None,
    }


def zoneless(moment: datetime | None) -> str | None:
    """``2025-12-09T12:00:00``: UTC, without saying so."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
