"""PayGlobe's words for a meal voucher: what it is, what was spent of it, and by which law."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from shared.domain.money import Money
from shared.domain.payment import Payment
from shared.domain.voucher import Voucher, VoucherState
from shared.domain.voucher_plan import LEFT_OUT, day_of, is_whole
from shared.domain.voucher_rules import ProductRule, rule_of
from shared.families.payglobe.views import iso


def nature(voucher: Voucher, at: datetime) -> dict[str, object]:
    """What a voucher is, as its issuer and the law of the day ``at`` say; null where nobody does."""
    rule = rule_of(voucher.country, day_of(at))
    own_rule = ProductRule.FOOD if voucher.food_only else None
    products = rule.products if rule else own_rule
    return {
        "issuer": voucher.provider or None,
        "kind": voucher.kind.value if voucher.kind else None,
        "usedWhole": is_whole(voucher, day_of(at)),
        "productRule": products.value if products else None,
        "law": rule.law if rule else None,
        "expiresOn": voucher.expires_on or None,
    }


def shown_vouchers(payment: Payment) -> list[dict[str, object]]:
    """The vouchers of a payment, by the law of the day on which it began.

    ``leftOut``: valid, not used because of what it is, and of no later choice either.
    """
    used = {voucher.serial_number for voucher in payment.vouchers if voucher.counts}
    return [
        {
            **_shown(voucher, payment.created_at),
            "leftOut": _left_out(voucher) and voucher.serial_number not in used,
            "reversibleUntil": until_when(payment, voucher),
        }
        for voucher in payment.vouchers
    ]


def until_when(payment: Payment, voucher: Voucher) -> str | None:
    """When its issuer stops taking the voucher back; null for one that is not spent, or of which nobody said."""
    return iso(payment.reversible_until(voucher))


def _left_out(voucher: Voucher) -> bool:
    return voucher.state is VoucherState.UNUSED and voucher.code in LEFT_OUT


def _shown(voucher: Voucher, at: datetime) -> dict[str, object]:
    nothing = voucher.spend.zero().major
    return {
        "serialNumber": voucher.serial_number,
        "status": voucher.state.value,
        "faceValue": voucher.value.major,
        "spentAmount": voucher.spend.major if voucher.counts else nothing,
        "lostAmount": lost(voucher, voucher.spend, at) if voucher.counts else nothing,
        "message": voucher.message,
        "responseCode": voucher.code,
        **nature(voucher, at),
    }


def lost(voucher: Voucher, paid: Money, at: datetime) -> Decimal:
    """What the voucher is worth beyond ``paid``, if nobody ever gets that."""
    rest = voucher.value.minor - paid.minor
    whole = is_whole(voucher, day_of(at)) and rest > 0
    return Money(rest if whole else 0, paid.currency).major
