"""The guide's flat payment object: the data of every webhook event about a payment."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from shared.domain.money import Money
from shared.domain.operation import Kind, State
from shared.domain.payment import Payment
from shared.domain.voucher import Voucher

CARD_KINDS = (Kind.PREAUTH, Kind.CAPTURE, Kind.VOID, Kind.SALE, Kind.REFUND)


def iso(moment: datetime | None) -> str | None:
    """``2025-11-07T10:00:00Z``, the format of the guide's webhook examples."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def card_part(payment: Payment) -> Money:
    """What the card pays or would pay: the amount due less the vouchers spent."""
    return payment.to_capture


def payment_method(payment: Payment) -> str:
    if not payment.spent:
        return "CARD_ONLY"
    return "CARD_AND_VOUCHER" if card_part(payment) else "VOUCHER_ONLY"


def listed(payment: Payment) -> dict[str, object]:
    """A payment in a list: what one looks for it by."""
    return {
        "transactionId": payment.id,
        "status": payment.status.value,
        "totalAmount": payment.amount.major,
        "currency": payment.amount.currency,
        "cardAmount": card_part(payment).major,
        "voucherAmount": payment.spent.major,
        "description": payment.description,
        "merchantName": payment.merchant_name,
        "customerId": payment.customer_id,
        "linkId": payment.link_id,
        "disputedAmount": Money(payment.disputed, payment.amount.currency).major,
        "attention": payment.attention,
        "createdAt": iso(payment.created_at),
        "completedAt": iso(payment.completed_at),
    }


def flat(payment: Payment, operation_type: str, now: datetime) -> dict[str, object]:
    """The payment as the guide's notification; amounts are Decimal major units, times ISO 8601 UTC."""
    ended = payment.completed_at or now
    used = [voucher for voucher in payment.vouchers if voucher.counts]
    view: dict[str, object] = {
        "transactionId": payment.id,
        "totalAmount": payment.amount.major,
        "currency": payment.amount.currency,
        "cardAmount": card_part(payment).major,
        "voucherAmount": payment.spent.major,
        "paymentMethod": payment_method(payment),
        "status": payment.status.value,
        "sessionStart": iso(payment.created_at),
        "sessionEnd": iso(ended),
        # From the printed seconds, so that the three fields always agree with one another.
        "sessionDurationSeconds": int(ended.timestamp()) - int(payment.created_at.timestamp()),
        "vouchersUsed": len(used),
        "cardGatewayDetails": _card_details(payment, operation_type),
        "voucherDetails": _voucher(used[-1], payment) if used else None,
        "vouchers": [_voucher(voucher, payment) for voucher in used],
        "createdAt": iso(payment.created_at),
        "completedAt": iso(payment.completed_at),
        "description": payment.description,
        "customerId": payment.customer_id,
        "paymentMode": payment.mode.value,
        "linkId": payment.link_id,
        "attention": payment.attention,
        "failure": None,
    }
    if payment.failure is not None:
        view["failure"] = {"code": payment.failure.code, "message": payment.failure.message}
    return view


def _card_details(payment: Payment, operation_type: str) -> dict[str, object]:
    operation = payment.last(*CARD_KINDS)
    return {
        "paymentId": payment.page_id,
        "transactionId": operation.reference if operation else None,
        "operationType": operation_type,
        "gateway": payment.called,
        "preauthorizedAmount": payment.authorised.major,
        "capturedAmount": payment.captured.major,
        "responseCode": operation.code if operation else None,
        "responseMessage": operation.message if operation else None,
    }


def _voucher(voucher: Voucher, payment: Payment) -> dict[str, object]:
    spend = next(
        (op for op in payment.operations if op.voucher == voucher.reference and op.kind is Kind.VOUCHER_SPEND),
        None,
    )
    done = spend is not None and spend.state is State.SUCCEEDED
    return {
        "serialNumber": voucher.serial_number,
        "operationNumber": spend.reference if spend else None,
        "spentAmount": voucher.spend.major if done else Decimal(0),
        "responseCode": spend.code if spend else voucher.code,
        "responseMessage": spend.message if spend else voucher.message,
    }
