"""The acquirers that a world's card gateway may be, beside the sandbox: each a connector's far side, without a port.

To add one: a class with what is particular about it, and its row in ``ACQUIRERS``, the last, because a row's place is
in the numbers of its worlds. ``tests/integration/test_simulated_acquirers.py`` misses whoever has none.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.notifiers import NOTIFIERS
from shared.adapters.notifiers.paypal import PayPalNotifier
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.paypal_signature import Signatures
from shared.domain.account import Connector
from shared.domain.card import PAYER
from shared.domain.ids import PageId
from shared.domain.merchant import OwnConnector
from shared.domain.statuses import DisputeStatus, Source
from shared.ports.inbound import Inbound, Told
from shared.usecases.payment.hand_over import hand_over
from tools.simulator.errands import OF_A_GATEWAY, PRESENTED
from tools.simulator.kernel import MICRO, START
from tools.simulator.plan import DECLINED, HOLDS_ON, OTHER_AMOUNT, REFUSED_LATER, UNDECIDED
from tools.simulator.wire import NoPort, QuietCircuits, Wire
from tools.testing.builders import MERCHANT, TEST, an_account
from tools.testing.far_sides.igfs import soap
from tools.testing.far_sides.igfs.books import PENDING
from tools.testing.far_sides.igfs.server import SERVICES, IgfsAcquirer
from tools.testing.far_sides.igfs.side import IgfsSide
from tools.testing.far_sides.nexi.server import NexiAcquirer
from tools.testing.far_sides.nexi.side import NexiSide
from tools.testing.far_sides.paypal.events import WEBHOOK, certificate, signed_event
from tools.testing.far_sides.paypal.server import PayPalAcquirer
from tools.testing.far_sides.paypal.side import PayPalSide
from tools.testing.far_sides.shift4.books import APPROVED
from tools.testing.far_sides.shift4.server import Shift4Acquirer
from tools.testing.far_sides.shift4.side import DECLINED as DECLINED_AT_SHIFT4
from tools.testing.far_sides.shift4.side import Shift4Side
from tools.testing.far_sides.stripe import presented
from tools.testing.far_sides.stripe.server import StripeAcquirer, signed
from tools.testing.far_sides.stripe.side import StripeSide
from tools.testing.far_sides.worldline import server as worldline
from tools.testing.far_sides.worldline.server import WorldlineAcquirer
from tools.testing.far_sides.worldline.side import WorldlineSide

if TYPE_CHECKING:
    from shared.adapters.settings import ConnectorSettings
    from shared.domain.abilities import Abilities
    from shared.domain.account import Account
    from shared.domain.card_data import CardData
    from shared.domain.payment import Payment
    from shared.ports.books import Books
    from shared.ports.world import Clock, World
    from tools.simulator.kernel import Kernel
    from tools.simulator.storm import Storm
    from tools.testing.fakes import FakeCredentials, FakePayments
    from tools.testing.far_sides.door import Request
    from tools.testing.far_sides.side import CardFarSide


DECLINED_WHEN_PRESENTED: Final = frozenset({"4532271111111112"})
HARD_TO_REFUND: Final = {HOLDS_ON: 3, UNDECIDED: 40}  # how often it is refused where its pages are ours
UNDECIDED_FOR: Final = 20 * MICRO
LEAST_WRONG: Final = 1_000  # an acquirer has no amount wrong that it then has none of


_AT_STRIPE: Final = {
    DisputeStatus.OPEN: "needs_response",
    DisputeStatus.EVIDENCE_REQUIRED: "needs_response",
    DisputeStatus.WON: "won",
    DisputeStatus.LOST: "lost",
    DisputeStatus.CANCELLED: "warning_closed",
}
_AT_PAYPAL: Final = {
    DisputeStatus.OPEN: ("WAITING_FOR_SELLER_RESPONSE", ""),
    DisputeStatus.EVIDENCE_REQUIRED: ("WAITING_FOR_SELLER_RESPONSE", ""),
    DisputeStatus.WON: ("RESOLVED", "RESOLVED_SELLER_FAVOUR"),
    DisputeStatus.LOST: ("RESOLVED", "RESOLVED_BUYER_FAVOUR"),
    DisputeStatus.CANCELLED: ("RESOLVED", "CANCELED_BY_BUYER"),
}


class Acquirer(ABC):
    """One far side in a world. ``focus`` are calls of its connector that are worth a storm, ``focus_of_answers``
    those that bring a merchant's answer to a dispute."""

    name: ClassVar[str]
    focus: ClassVar[tuple[str, ...]]
    focus_of_answers: ClassVar[tuple[str, ...]] = ()
    signs_bells: ClassVar[bool] = True
    side: CardFarSide

    @abstractmethod
    def answers(self, request: Request) -> Any: ...

    def forges(self, request: Request) -> bytes | None:
        """What somebody else would answer to say that it was done; None where TLS lets nobody answer."""
        return None

    @abstractmethod
    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """Its own word that the payment was paid, or somebody else's."""

    @abstractmethod
    def takes_a_card(self, payment: Payment) -> bool:
        """Whether the payment's newest page does."""

    @abstractmethod
    def tokens(self) -> set[str]:
        """The saved cards that can be charged there."""

    def disputed(self, payment: Payment) -> tuple[Source, str] | None:
        """What the payment's customer disputes there, and its number; None where it takes no answers."""
        return None

    def bank_says(self, number: str, status: DisputeStatus) -> None:
        """How the dispute stands there from now on."""
        raise NotImplementedError(number)

    def answers_to(self, number: str) -> list[str]:
        """The keys of the answers that it has, each as often as it was given."""
        return []

    def presents(self, number: str) -> str:
        """The card there that does what the sandbox's of ``number`` does."""
        return number

    def at_bank(self, payment: Payment, *, passes: bool) -> object:
        """What the holder of a presented card does at the page of their bank; nothing where there is none."""
        return None

    def types(self, payment: Payment, number: str, world: World) -> object:
        """Where its pages are ours: a card is typed there, and its token handed over."""
        raise NotImplementedError(number)

    # ---- the same for all ----

    @property
    def abilities(self) -> Abilities:
        return CARD_GATEWAYS[self.name](self.side.settings).abilities

    def account(self) -> Account:
        """The merchant's, whose card payments go there."""
        return an_account(card_gateway=Connector(self.name))

    def settings(self, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        wire = Wire(log=False, storm=storm, answers=self.answers, forges=self.forges)
        return replace(self.side.settings, books=books, now=now, http=wire, circuits=QuietCircuits(now))

    def heard(self, inbound: Inbound) -> tuple[Told, OwnConnector]:
        """What its notifier makes of a message. Raises Unauthenticated."""
        own = OwnConnector(MERCHANT, TEST, self.name)
        return NOTIFIERS[self.name](OwnSecrets(self.side.settings.credentials, own)).read(inbound), own


class _Igfs(NoPort, IgfsAcquirer): ...


class Igfs(Acquirer):
    name = "igfs"
    signs_bells = False
    focus = ("card.Confirm", "card.VoidAuth", "card.Credit", "card.Verify", "card.Auth", "card.Init")

    def __init__(self) -> None:
        side = IgfsSide(_Igfs)
        self.acquirer, self.side = side.acquirer, side

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def forges(self, request: Request) -> bytes | None:
        asked = soap.read(request.path.removeprefix(f"{SERVICES}/"), request.body)
        if asked.operation == "Init":
            return None  # it would lead the customer to a page that nobody has
        said = {"tid": asked["tid"], "shopID": asked["shopID"], "rc": "IGFS_000", "error": "false"}
        said |= {"tranID": "999000000000000000", "authCode": "999999", "paymentID": asked["paymentID"] or "999"}
        return soap.write(asked.operation, {**said, "redirectURL": "https://forged.example", "signature": "Zm9yZ2Vk"})

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """Nothing in it can be checked, so that a forged one is like any other."""
        body = f"paymentID={payment.page_id}&trType=AUTH&signature=AAAA".encode()
        return Inbound({}, body, now(), payment=payment.id)

    def takes_a_card(self, payment: Payment) -> bool:
        return self.acquirer.terminal.page(payment.page_id).code == PENDING

    def tokens(self) -> set[str]:
        return set(self.acquirer.terminal.tokens)


class _Stripe(NoPort, StripeAcquirer): ...


class Stripe(Acquirer):
    name = "stripe"
    focus = (
        *("card.capture", "card.cancel", "card.refund", "card.charge", "card.session", "card.expire", "card.open"),
        *("card.list.refunds", "card.list.payment_intents", "card.confirm", "card.intent", "card.agreed"),
    )
    focus_of_answers = ("card.evidence", "card.close", "card.dispute")

    def __init__(self) -> None:
        side = StripeSide(_Stripe)
        self.acquirer, self.side = side.acquirer, side
        secret = {"webhook_secret": side.account.webhook_secret}
        credentials = cast("FakeCredentials", side.settings.credentials)
        credentials.put(MERCHANT, TEST, self.name, {**credentials.of(MERCHANT, TEST, self.name), **secret})

    def settings(self, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        self.acquirer.account.now = lambda: START + timedelta(microseconds=storm.kernel.now)
        return super().settings(books, now, storm)

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        about = {"id": payment.page_id, "object": "checkout.session", "metadata": {"transactionId": payment.id}}
        body = self.acquirer.event("checkout.session.completed", about)
        secret = "whsec_somebody_elses" if forged else self.acquirer.account.webhook_secret
        return Inbound({"stripe-signature": signed(secret, body, now())}, body, now())

    def takes_a_card(self, payment: Payment) -> bool:
        if payment.page_id in self.acquirer.account.intents:
            return False  # a card was presented, and there is no page
        session = self.acquirer.account.sessions[payment.page_id]
        return session.status == "open" and (session.intent is None or session.intent.status != "processing")

    def presents(self, number: str) -> str:
        asks = dict(PRESENTED).get(number, False)
        if number in DECLINED_WHEN_PRESENTED:
            return "4000000000000002"
        return presented.ASKED_BY_BANK if asks else "4242424242424242"

    def at_bank(self, payment: Payment, *, passes: bool) -> object:
        account = self.acquirer.account
        return presented.been_to_bank(account, account.intents[payment.page_id], passes=passes)

    def tokens(self) -> set[str]:
        return {card.id for card in self.acquirer.account.cards.values() if card.customer}

    def disputed(self, payment: Payment) -> tuple[Source, str] | None:
        account = self.acquirer.account
        paid = [
            one
            for one in account.intents.values()
            if one.metadata.get("transactionId") == payment.id and one.received
        ]
        return (Source.STRIPE, account.dispute(paid[0]).id) if paid else None

    def bank_says(self, number: str, status: DisputeStatus) -> None:
        self.acquirer.account.disputes[number].status = _AT_STRIPE[status]

    def answers_to(self, number: str) -> list[str]:
        return self.acquirer.account.disputes[number].said


class _PayPal(NoPort, PayPalAcquirer): ...


class PayPal(Acquirer):
    name = "paypal"
    focus_of_answers = ("card.provide-evidence", "card.accept-claim", "card.dispute")
    focus = (
        *("card.authorize", "card.capture", "card.void", "card.refund", "card.order", "card.open", "card.token"),
        *("card.charge", "card.order.made", "card.captured", "card.forget"),
    )

    def __init__(self) -> None:
        side = PayPalSide(_PayPal)
        self.acquirer, self.side = side.acquirer, side
        credentials = cast("FakeCredentials", side.settings.credentials)
        known = credentials.of(MERCHANT, TEST, self.name)
        credentials.put(MERCHANT, TEST, self.name, {**known, "webhook_id": WEBHOOK})

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        about = {"id": payment.page_id, "purchase_units": [{"custom_id": payment.id}]}
        body = json.dumps({"event_type": "CHECKOUT.ORDER.APPROVED", "resource": about}).encode()
        return Inbound(signed_event(body, "WH-SOMEBODY-ELSES" if forged else WEBHOOK), body, now())

    def heard(self, inbound: Inbound) -> tuple[Told, OwnConnector]:
        own = OwnConnector(MERCHANT, TEST, self.name)
        secrets = OwnSecrets(self.side.settings.credentials, own)
        return PayPalNotifier(secrets, Signatures(lambda url, headers: certificate())).read(inbound), own

    def takes_a_card(self, payment: Payment) -> bool:
        return self.acquirer.business.order(payment.page_id).status == "PAYER_ACTION_REQUIRED"

    def disputed(self, payment: Payment) -> tuple[Source, str] | None:
        orders = self.acquirer.business.orders.values()
        paid = [order for order in orders if order.custom_id == payment.id and order.captures]
        return (Source.PAYPAL, self.acquirer.business.disputed(paid[0]).id) if paid else None

    def bank_says(self, number: str, status: DisputeStatus) -> None:
        dispute = self.acquirer.business.disputes[number]
        dispute.status, dispute.outcome = _AT_PAYPAL[status]

    def answers_to(self, number: str) -> list[str]:
        said = self.acquirer.business.disputes[number].evidences
        return [notes.rpartition("Ref. ")[2] for _, notes, _ in said]

    def tokens(self) -> set[str]:
        return set(self.acquirer.business.vault)


class _Nexi(NoPort, NexiAcquirer): ...


class Nexi(Acquirer):
    name = "nexi"
    signs_bells = False
    focus = (
        *("card.captures", "card.cancels", "card.refunds", "card.charge", "card.order", "card.operation"),
        "card.open",
    )

    def __init__(self) -> None:
        side = NexiSide(_Nexi)
        self.acquirer, self.side = side.acquirer, side

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """Nothing in it is read, so that a forged one is like any other."""
        told = {
            "securityToken": "somebody else's" if forged else self.acquirer.terminal.orders[payment.page_id].token
        }
        return Inbound({}, json.dumps(told).encode(), now(), payment=payment.id)

    def takes_a_card(self, payment: Payment) -> bool:
        return not self.acquirer.terminal.order(payment.page_id).operations

    def tokens(self) -> set[str]:
        return set(self.acquirer.terminal.contracts)


class _Worldline(NoPort, WorldlineAcquirer): ...


class Worldline(Acquirer):
    name = "worldline"
    focus = (
        *("card.capture", "card.captures", "card.cancel", "card.refund", "card.refunds", "card.charge"),
        *("card.page", "card.payment", "card.open"),
    )

    def __init__(self) -> None:
        side = WorldlineSide(_Worldline)
        self.acquirer, self.side = side.acquirer, side
        credentials = cast("FakeCredentials", side.settings.credentials)
        known = credentials.of(MERCHANT, TEST, self.name)
        credentials.put(MERCHANT, TEST, self.name, {**known, "webhook_secret": worldline.WEBHOOK_SECRET})

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        about = {"id": "1_0", "paymentOutput": {"references": {"merchantReference": payment.id}}}
        body = json.dumps({"type": "payment.captured", "payment": about}).encode()
        return Inbound(worldline.signed(body, "somebody else's" if forged else worldline.WEBHOOK_SECRET), body, now())

    def takes_a_card(self, payment: Payment) -> bool:
        return self.acquirer.shop.checkout(payment.page_id).status == "IN_PROGRESS"

    def tokens(self) -> set[str]:
        return set(self.acquirer.shop.tokens)


class _Shift4(NoPort, Shift4Acquirer): ...


class Shift4(Acquirer):
    name = "shift4"
    focus = (
        *("card.authorise", "card.capture", "card.release", "card.refund", "card.refunds", "card.charge"),
        *("card.charges", "card.shown", "card.token", "card.customer", "card.forget"),
    )

    def __init__(self) -> None:
        side = Shift4Side(_Shift4)
        self.acquirer, self.side = side.acquirer, side

    def settings(self, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        self.acquirer.account.now = lambda: START + timedelta(microseconds=storm.kernel.now)
        self._now = super().settings(books, now, storm)
        return self._now

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """An event is told by its name alone; nobody else can make one that Shift4 knows."""
        account = self.acquirer.account
        charge = next((c for c in account.charges.values() if c.metadata.get("transactionId") == payment.id), None)
        about = {"id": charge.id if charge else "char_0", "metadata": {"transactionId": payment.id}}
        event = {"id": account.name("event"), "objectType": "event", "type": "CHARGE_SUCCEEDED", "data": about}
        if not forged:
            account.events[str(event["id"])] = event
        return Inbound({}, json.dumps(event).encode(), now())

    def heard(self, inbound: Inbound) -> tuple[Told, OwnConnector]:
        own = OwnConnector(MERCHANT, TEST, self.name)
        return NOTIFIERS[self.name](OwnSecrets(self._now.credentials, own, self._now.http)).read(inbound), own

    def takes_a_card(self, payment: Payment) -> bool:
        return payment.card_page is not None and PAYER not in payment.card_page.handle

    def types(self, payment: Payment, number: str, world: World) -> object:
        declined = number in DECLINED or number == REFUSED_LATER[0]
        token = self.acquirer.account.tokenized(DECLINED_AT_SHIFT4 if declined else APPROVED)
        if number in HARD_TO_REFUND:
            self.acquirer.account.refusals[token.card.id] = HARD_TO_REFUND[number]
        return hand_over(payment, payment.page_id, token.id, f"payer of {payment.id}", world=world)

    def tokens(self) -> set[str]:
        return {card for cards in self.acquirer.account.customers.values() for card in cards}


ACQUIRERS: Final[Mapping[str, Callable[[], Acquirer]]] = {
    "igfs": Igfs,
    "stripe": Stripe,
    "paypal": PayPal,
    "nexi": Nexi,
    "worldline": Worldline,
    "shift4": Shift4,
}


def gateway_of(seed: int) -> str:
    """The name of the card gateway in the world of ``seed``. Raises ValueError for one that there is not."""
    place = seed // OF_A_GATEWAY
    names = ("sandbox", *ACQUIRERS)
    if not 0 <= place < len(names):
        raise ValueError(f"seeds below {OF_A_GATEWAY * len(names)} are worlds")
    return names[place]


class CardPage:
    """What people do on the acquirer's page, as on the sandbox's."""

    def __init__(
        self, acquirer: Acquirer, payments: FakePayments, kernel: Kernel, world: Callable[[], World]
    ) -> None:
        self._acquirer, self._side, self._payments, self._kernel = acquirer, acquirer.side, payments, kernel
        self._world = world

    def submit(self, page_id: str, card: CardData) -> object:
        if self._side.pages_are_ours:
            return self._types(page_id, card.number)
        payment = self._on(page_id)
        if not self._acquirer.takes_a_card(payment):
            return False
        if card.number in DECLINED or card.number == REFUSED_LATER[0]:
            return self._side.decline(payment)
        if card.number in (UNDECIDED, REFUSED_LATER[1]):
            return self._hesitates(payment, approves=card.number == UNDECIDED)
        if card.number == HOLDS_ON and self._side.approve_holding_on(payment):
            return True
        whole = any(one.page_id == page_id and one.amount.minor > LEAST_WRONG for one in self._payments.all())
        if card.number == OTHER_AMOUNT and whole and self._side.approve_another_amount(payment):
            return True
        return self._side.approve(payment)

    def _types(self, page_id: str, number: str) -> object:
        """On a page of ours, which hands what its acquirer's script makes of the card over to us."""
        payment = next((one for one in self._payments.all() if one.page_id == page_id), None)
        if payment is None or not self._acquirer.takes_a_card(payment):
            return False
        return self._acquirer.types(payment, number, self._world())

    def challenge(self, page_id: str, otp: str) -> None:
        """An acquirer asks that on pages of its own."""

    def cancel(self, page_id: str) -> object:
        return self._side.leave(self._on(page_id))

    def _on(self, page_id: str) -> Payment:
        """Any payment as if that page, which may be an earlier one, were its newest: nothing else of it is asked."""
        return replace(self._payments.all()[0], page_id=PageId(page_id))

    def _hesitates(self, payment: Payment, *, approves: bool) -> bool:
        if not self._side.hesitate(payment, approves=approves):
            return self._side.approve(payment)
        self._kernel.at(self._kernel.now + UNDECIDED_FOR, lambda: self._side.decide(payment))
        return True
