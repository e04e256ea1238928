"""What a payment is paid with, behind the storm: the ports of gateways, issuers and methods."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.operation import Answer, Kind, Operation
from shared.domain.payment import Payment
from shared.domain.saved_card import SavedCard
from shared.domain.voucher import Validation, Voucher, VoucherAbilities
from shared.ports.connectors import CardGateway, Gateways, VoucherProvider
from shared.ports.methods import Begun, MethodOutcome, MethodProvider
from tools.simulator.card_ports import AcquirersCard, StormyCard
from tools.simulator.other_side import OtherSide
from tools.testing.far_sides.side import CardFarSide


@dataclass(frozen=True, slots=True)
class StormyVouchers:
    """The port ``VoucherProvider``."""

    inner: VoucherProvider
    side: OtherSide

    @property
    def abilities(self) -> VoucherAbilities:
        return self.inner.abilities

    def takes(self, otp: str) -> bool:
        return self.inner.takes(otp)

    def validate(self, payment: Payment, voucher: Voucher) -> Validation:
        return self.side.call("validate", lambda: self.inner.validate(payment, voucher))

    def release(self, payment: Payment, voucher: Voucher) -> None:
        self.side.call("release", lambda: self.inner.release(payment, voucher))

    def spend(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        return self.side.send("spend", voucher.reference, lambda: self.inner.spend(payment, voucher, operation))

    def lookup(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer | None:
        asked = voucher.reference if operation.kind is Kind.VOUCHER_SPEND else operation.key
        return self.side.ask(asked, lambda: self.inner.lookup(payment, voucher, operation))

    def reverse(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        return self.side.send("reverse", operation.key, lambda: self.inner.reverse(payment, voucher, operation))

    def notify(self, payment: Payment, voucher: Voucher) -> Answer:
        return self.side.call("notify", lambda: self.inner.notify(payment, voucher))


@dataclass(frozen=True, slots=True)
class StormyMethods:
    """The port ``MethodProvider``."""

    inner: MethodProvider
    side: OtherSide

    def begin(self, payment: Payment) -> Begun:
        return self.side.call("begin", lambda: self.inner.begin(payment))

    def outcome(self, payment: Payment) -> MethodOutcome:
        return self.side.call("outcome", lambda: self.inner.outcome(payment))

    def close(self, payment: Payment) -> MethodOutcome:
        return self.side.call("close", lambda: self.inner.close(payment))

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("refund", operation.key, lambda: self.inner.refund(payment, operation))

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        return self.side.ask(operation.key, lambda: self.inner.lookup(payment, operation))


@dataclass(frozen=True, slots=True)
class StormyGateways:
    """The port ``Gateways``."""

    inner: Gateways
    cards: OtherSide
    vouchers: OtherSide
    methods: OtherSide
    closes: bool
    acquirer: CardFarSide | None = None

    def card(self, payment: Payment | SavedCard) -> CardGateway:
        gateway = self.inner.card(payment)
        if self.acquirer is None:
            return StormyCard(gateway, self.cards, self.closes)
        return AcquirersCard(gateway, self.cards, gateway.abilities.closes_pages, self.acquirer)

    def voucher(self, payment: Payment, name: str) -> VoucherProvider:
        return StormyVouchers(self.inner.voucher(payment, name), self.vouchers)

    def method(self, payment: Payment) -> MethodProvider:
        return StormyMethods(self.inner.method(payment), self.methods)
