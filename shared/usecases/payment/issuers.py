"""Which provider a voucher's calls go to: the one that knows it, found by its code's form or by asking in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.errors import GatewayNotConfigured, OutcomeUnknown, Unavailable
from shared.domain.operation import Answer, Operation
from shared.domain.payment import Payment
from shared.domain.voucher import Validation, Voucher
from shared.usecases.payment.operating import Calls

if TYPE_CHECKING:
    from shared.ports.connectors import Gateways, VoucherProvider


def provider_of(payment: Payment, voucher: Voucher, gateways: Gateways) -> VoucherProvider:
    return gateways.voucher(payment, payment.issuer_of(voucher))


def candidates(payment: Payment, otp: str, gateways: Gateways) -> list[tuple[str, VoucherProvider]]:
    """The providers that may have issued the code, in the order to ask them.

    Those whose codes look like it; all of them where it looks like nobody's. Raises GatewayNotConfigured for a
    merchant that takes nobody's vouchers.
    """
    known = [(name, gateways.voucher(payment, name)) for name in payment.issuers]
    return [(name, provider) for name, provider in known if provider.takes(otp)] or known


def judge(payment: Payment, voucher: Voucher, gateways: Gateways) -> tuple[Voucher, Validation]:
    """The voucher with its provider, and that one's word on it; of a code that nobody knows, the last one's.

    Who does not answer might know it, so that nobody else is asked then. Raises OutcomeUnknown, Unavailable.
    """
    for name, provider in candidates(payment, voucher.otp, gateways):
        asked = replace(voucher, provider=name)
        result = provider.validate(payment, asked)
        if result.known:
            break
    return asked, result


def calls_to_spend(payment: Payment, gateways: Gateways) -> Calls:
    def send(operation: Operation) -> Answer:
        voucher = payment.voucher(operation.voucher or "")
        return provider_of(payment, voucher, gateways).spend(payment, voucher, operation)

    return Calls(send, lambda operation: look_up(payment, operation, gateways))


def calls_to_reverse(payment: Payment, gateways: Gateways) -> Calls:
    def send(operation: Operation) -> Answer:
        voucher = payment.voucher(operation.voucher or "")
        return provider_of(payment, voucher, gateways).reverse(payment, voucher, operation)

    return Calls(send, lambda operation: look_up(payment, operation, gateways))


def look_up(payment: Payment, operation: Operation, gateways: Gateways) -> Answer | None:
    voucher = payment.voucher(operation.voucher or "")
    return provider_of(payment, voucher, gateways).lookup(payment, voucher, operation)


def let_go(payment: Payment, vouchers: list[Voucher], gateways: Gateways) -> None:
    """Release what was reserved of ``vouchers``. Nothing depends on it: a reservation ends by itself."""
    for voucher in vouchers:
        if voucher.reservation:
            try:
                provider_of(payment, voucher, gateways).release(payment, voucher)
            except (GatewayNotConfigured, OutcomeUnknown, Unavailable):
                continue
