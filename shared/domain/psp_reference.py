"""The numbers by which other sides know a payment, so that their own word about it finds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shared.domain.account import SANDBOX
from shared.domain.operation import Operation
from shared.domain.payment import Mode, Payment
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.refund import Refund


@dataclass(frozen=True, slots=True, order=True)
class PspReference:
    """``number`` is the other side's own, as the connector ``connector`` was told it. Two merchants may share one."""

    connector: str
    number: str


def references(payment: Payment, refunds: Sequence[Refund] = ()) -> frozenset[PspReference]:
    """Those of its pages, of its method, and of its operations; the sandbox, which calls nobody, needs none."""
    found = {PspReference(connector, number) for connector, number in _named(payment, refunds) if number}
    return frozenset(reference for reference in found if reference.connector != SANDBOX)


def _named(payment: Payment, refunds: Sequence[Refund]) -> Iterator[tuple[str, str | None]]:
    taker = payment.provider if payment.mode is Mode.ALTERNATIVE else payment.gateway
    if payment.card_page is not None:
        yield taker, payment.card_page.page_id
        yield from ((taker, number) for number in payment.card_page.handle.values())
    if payment.method_choice is not None:
        yield taker, payment.method_choice.number
    legs = [leg.operation for refund in refunds for leg in refund.legs]
    for operation in (*payment.operations, *legs):
        yield _of_voucher(payment, operation) or taker, operation.reference


def _of_voucher(payment: Payment, operation: Operation) -> str:
    """Whose voucher it moves; empty when it moves none."""
    if operation.voucher is None:
        return ""
    named = (voucher for voucher in payment.vouchers if voucher.reference == operation.voucher)
    return next((payment.issuer_of(voucher) for voucher in named), payment.provider)
