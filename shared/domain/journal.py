"""What a payment came to so far: sums over its journal and its vouchers, derived and never kept beside them."""

from __future__ import annotations

from datetime import datetime

from shared.domain.money import Money, total
from shared.domain.operation import Kind, Operation, State
from shared.domain.voucher import Voucher


class Journal:
    """A payment as its journal and vouchers tell it. Nothing here knows its status, and nothing changes it."""

    __slots__ = ()

    amount: Money
    amount_due: Money | None
    most_by_voucher: Money | None
    operations: tuple[Operation, ...]
    vouchers: tuple[Voucher, ...]
    given_back: dict[str, int]

    @property
    def due(self) -> Money:
        return self.amount_due or self.amount

    def done(self, *kinds: Kind) -> list[Operation]:
        return [op for op in self.operations if op.kind in kinds and op.state is State.SUCCEEDED]

    def sum_of(self, *kinds: Kind) -> Money:
        return total([op.amount for op in self.done(*kinds)], self.amount)

    @property
    def authorised(self) -> Money:
        return self.sum_of(Kind.PREAUTH)

    @property
    def taken(self) -> Money:
        """What the gateway took of the card, with what it takes only to give back."""
        return self.sum_of(Kind.CAPTURE, Kind.SALE)

    @property
    def difference(self) -> Money:
        """What of ``taken`` was never owed and goes back by itself, whether it is back already or not."""
        back = next((op.amount for op in self.operations if op.is_difference), None)
        return back or self.amount.zero()

    @property
    def captured(self) -> Money:
        return self.taken - self.difference

    @property
    def returned(self) -> Money:
        """What of ``captured`` the bank sent back later: nobody refunded it, and the merchant does not have it."""
        return total([op.amount for op in self.operations if op.is_returned], self.amount)

    @property
    def voided(self) -> Money:
        return self.sum_of(Kind.VOID)

    @property
    def spent(self) -> Money:
        return total([v.spend for v in self.vouchers if v.counts], self.amount)

    @property
    def paid(self) -> Money:
        return self.captured + self.spent

    @property
    def to_capture(self) -> Money:
        """What the card still owes after vouchers. Never negative: spending is planned against ``due``."""
        return self.due - self.spent

    @property
    def open_to_vouchers(self) -> Money:
        """What vouchers may still pay: no more than is left to pay, nor than the part that is for them."""
        if self.most_by_voucher is None:
            return self.to_capture
        return Money(
            max(min(self.to_capture.minor, self.most_by_voucher.minor - self.spent.minor), 0), self.due.currency
        )

    @property
    def kept(self) -> Money:
        """What was paid and is neither given back nor reserved to be, whether anybody disputes it or not."""
        return Money(self.paid.minor - sum(self.given_back.values()), self.amount.currency)

    @property
    def holds_money(self) -> bool:
        """A hold on the card that nothing has ended yet."""
        return bool(self.authorised) and not self.done(Kind.CAPTURE, Kind.VOID)

    def voucher(self, reference: str) -> Voucher:
        """The voucher that ``reference`` names."""
        return next(v for v in self.vouchers if v.reference == reference)

    def spending_of(self, voucher: Voucher) -> Operation | None:
        """The call that spent it; its ``reference`` is the provider's own number of that."""
        spends = self.done(Kind.VOUCHER_SPEND)
        return next((op for op in spends if op.voucher == voucher.reference), None)

    def reversible_until(self, voucher: Voucher) -> datetime | None:
        """When its issuer stops taking back what was spent of it; None where nothing is spent, or nobody said."""
        spending = self.spending_of(voucher) if voucher.counts else None
        return spending.reversible_until if spending else None

    def operation(self, key: str) -> Operation | None:
        return next((op for op in self.operations if op.key == key), None)

    def open_operations(self, *kinds: Kind) -> list[Operation]:
        return [op for op in self.operations if op.is_open and (not kinds or op.kind in kinds)]

    @property
    def provisional(self) -> list[Operation]:
        """What its gateway has accepted and will settle later: it can fail yet."""
        return [op for op in self.operations if op.provisional]

    def last(self, *kinds: Kind) -> Operation | None:
        return next((op for op in reversed(self.operations) if op.kind in kinds), None)
