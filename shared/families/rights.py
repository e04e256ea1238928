"""What somebody who signed in may call: the least role for each route that takes a merchant's secret key.

The one table. None is for servers alone, whatever the role: what creates payments, charges saved cards or stands in a
customer's place. A route that is not here is refused to people, and a test holds that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from shared.domain.errors import Forbidden
from shared.domain.person import Role
from shared.edge import session

if TYPE_CHECKING:
    from shared.domain.merchant import Credential
    from shared.edge.request import Identity, Request

_READ: Final = (
    "GET /api/merchant/session",
    "PATCH /api/merchant/session",
    "DELETE /api/merchant/session",
    "GET /api/merchant/changes",
    "GET /api/merchant/disputes",
    "GET /api/merchant/disputes/stats",
    "GET /api/merchant/disputes/{disputeId}",
    "GET /api/merchant/events",
    "GET /api/merchant/export",
    "GET /api/merchant/overview",
    "GET /api/merchant/paygol",
    "GET /api/merchant/settings",
    "GET /api/merchant/statement",
    "GET /api/merchant/transactions",
    "GET /api/merchant/transactions/{transactionId}/deliveries",
    "GET /api/merchant/webhooks",
    "GET /api/merchant/webhooks/{id}",
    "GET /api/merchant/webhooks/{id}/deliveries",
    "GET /api/payment/refunds/{transactionId}",
    "GET /api/payment/transaction/{transactionId}",
    "GET /api/payment-links",
    "GET /api/payment-links/{id}",
    "GET /api/sandbox/methods/{id}",
    "GET /api/sandbox/payments/{paymentID}",
    "GET /api/sandbox/vouchers/{otp}",
    "GET /api/token-payment/cards",
    "GET /api/public/v1/order/{id}",
    "GET /api/v1/customer",
    "GET /api/v1/customer/{id}",
    "GET /api/v1/orders",
    "GET /api/v1/orders/{id}",
    "GET /api/v1/payin",
    "GET /api/v1/payin/{id}",
    "GET /api/v1/payment",
    "GET /api/v1/payment/{id}",
    "GET /api/v1/payments",
    "GET /api/v1/payments/{id}",
    "GET /api/v1/refunds",
    "GET /api/v1/refunds/{id}",
)
_REFUNDS: Final = (
    "POST /api/merchant/deliveries/{id}/replay",
    "POST /api/merchant/disputes/{disputeId}/evidence",
    "POST /api/merchant/disputes/{disputeId}/respond",
    "POST /api/merchant/webhooks/{id}/replay",
    "POST /api/payment/cancel/{transactionId}",
    "POST /api/payment/capture/{transactionId}",
    "POST /api/payment/receipt/{transactionId}",
    "POST /api/payment/refund/{transactionId}",
    "POST /api/payment/void/{transactionId}",
    "POST /api/payment-links/create",
    "POST /api/payment-links/{id}/cancel",
    "POST /api/payment-links/{id}/resend",
    "POST /api/payment-links/{id}/verify",
    "POST /api/sandbox/disputes/{disputeId}/advance",
    "POST /api/token-payment/cards/{cardId}/set-default",
    "DELETE /api/token-payment/cards/{cardId}",
    "POST /api/v1/customer",
    "PATCH /api/v1/customer/{id}",
    "POST /api/v1/orders",
    "POST /api/v1/payin",
    "PATCH /api/v1/payin/{id}",
    "PATCH /api/v1/payin/{id}/cancel",
    "POST /api/v1/refunds",
)
_OWNER: Final = (
    "GET /api/merchant/people",
    "GET /api/merchant/people/doings",
    "POST /api/merchant/people",
    "PATCH /api/merchant/people/{id}",
    "DELETE /api/merchant/people/{id}",
    "PATCH /api/merchant/paygol",
    "PATCH /api/merchant/settings",
    "POST /api/merchant/paygol/rotate-secret",
    "POST /api/merchant/webhooks",
    "PATCH /api/merchant/webhooks/{id}",
    "DELETE /api/merchant/webhooks/{id}",
    "POST /api/merchant/webhooks/{id}/rotate-secret",
    "POST /api/merchant/webhooks/{id}/test",
    # Captured mails hold the one-time links of people who work in test.
    "GET /api/sandbox/messages",
    "GET /api/v1/api-keys",
    "POST /api/v1/api-keys/rotate",
)
_SERVERS: Final = (
    "POST /api/payment/init",
    "POST /api/payment/initiate",
    "POST /api/payment/voucher-check/{transactionId}",
    "POST /api/payment/voucher-choice/{transactionId}",
    "POST /api/token-payment/pay",
    "POST /api/token-payment/save-card",
    "POST /api/v1/payment",
    "POST /api/v1/payments",
    "POST /api/v1/payment/{id}/cancel",
    "POST /api/v1/payments/{id}/cancel",
    "POST /checkout/ask/{transactionId}",
)
RIGHTS: Final[Mapping[str, Role | None]] = {
    **dict.fromkeys(_READ, Role.READ),
    **dict.fromkeys(_REFUNDS, Role.REFUNDS),
    **dict.fromkeys(_OWNER, Role.OWNER),
    **dict.fromkeys(_SERVERS, None),
}


def least_role(request: Request) -> Role:
    """Raises Forbidden for what people may not call at all."""
    least = RIGHTS.get(f"{request.method} {request.resource}")
    if least is None:
        raise Forbidden("this is done by a server with its secret key, not by a person", code="secret_key_required")
    return least


def person(request: Request, identity: Identity) -> Credential:
    """Who is signed in, if they may call this. Raises Unauthenticated, InvalidRequest and Forbidden."""
    return session.credential(request, identity, least_role(request))
