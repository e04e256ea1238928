"""What a family adds to PayGlobe's view of a payment that began there, by the family's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.domain.payment import Payment


def about(payment: Payment, *, full: bool) -> dict[str, object]:
    """Nothing for a payment of PayGlobe's own. ``full`` for a secret key; else nothing of the payer."""
    if payment.family == "paygol":
        from shared.families.paygol.views import about as told

        return {"paygol": told(payment, full=full)}
    return {}
