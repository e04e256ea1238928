"""Card gateways and voucher providers: one port each, and the registry that picks them and method providers."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shared.domain.abilities import Abilities
    from shared.domain.authentication import Proof
    from shared.domain.card import Card, Challenge
    from shared.domain.card_data import CardData
    from shared.domain.consent import Consent
    from shared.domain.decline import Decline
    from shared.domain.ids import PageId
    from shared.domain.money import Money
    from shared.domain.operation import Answer, Operation
    from shared.domain.payment import Payment
    from shared.domain.saved_card import SavedCard
    from shared.domain.voucher import Validation, Voucher, VoucherAbilities
    from shared.ports.methods import MethodProvider


@dataclass(frozen=True, slots=True)
class PageRequest:
    """``try_number`` is that of the first card on this page, from 1: ``PageOutcome.number`` begins with it there."""

    payment: Payment
    page_id: PageId  # ours; a gateway with its own numbering answers with another
    sale: bool  # charge at once instead of holding
    tokenize: bool
    try_number: int = 1
    expires_at: datetime | None = None  # when the checkout is over; None: nobody said
    return_url: str = ""  # where the browser goes afterwards; empty: the page is one of ours and knows
    notify_url: str = ""  # where the gateway may ring; empty: nobody listens
    cancel_url: str = ""  # where the browser goes that leaves without paying; empty: as afterwards
    presented: bool = False  # its card is in the merchant's hands: nobody is shown a page


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ours has a ``redirect_url`` and no decline spends it. An acquirer's has ``url``, and we lead there.

    ``handle`` is what the connector needs to find it again. ``framable``: whether it may be shown in a frame.
    """

    page_id: PageId
    redirect_url: str = ""
    url: str = field(default="", repr=False)
    handle: Mapping[str, str] = field(default_factory=dict, repr=False)
    framable: bool = True


@dataclass(frozen=True, slots=True)
class Handed:
    """What the connector wants kept of a token that a browser handed over: it joins the page's ``handle``."""

    handle: Mapping[str, str] = field(repr=False)


class PageState(StrEnum):
    OPEN = "OPEN"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    AGREED = "AGREED"  # the card's holder has agreed, and nothing is held or taken until we say so: ``authorise``
    PENDING = "PENDING"  # the acquirer does not know yet, and will


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What a gateway's card page came to; ``card`` is masked.

    ``number`` tells one try of the payment from every other: it begins with the page's ``try_number``, and only a
    page that takes another card after a decline counts on. The same page asked twice is the same number.

    ``token`` is the gateway's name for a tokenized card, and never recorded with the payment: it is asked for
    again when the card is saved; ``token_comes``: one was asked for, and the gateway will have it in a moment.
    ``fingerprint`` is a keyed hash of the number, from a gateway that gives one. ``account`` is whose it is, masked,
    where a token stands for an account and not for a card.
    ``auth_code`` is the issuer's authorisation code, ``reference`` the gateway's own number of the transaction,
    ``proof`` how its holder was authenticated and what the scheme calls it, from a gateway that says so.
    ``consent`` is what the customer said there when asked whether the card may be saved; None where nobody asked.
    ``closed`` is the gateway's word that it takes no more cards there: it was closed, or one card has spent it.
    ``payer`` is the SHA-256 of the client secret of the browser whose card was accepted: it reads and finishes this
    payment, and no other visitor of the page does.
    ``reason`` is why a card was declined, in our words; ``code`` and ``message`` are the gateway's and no customer's.
    ``amount`` is what the gateway says it was asked for; None from one that does not say. ``tries_left`` is how often
    the code of a presented card may still be entered. A page that is PENDING is never ``closed``: it may be approved.
    """

    state: PageState
    number: int = 0
    code: str = ""
    message: str = ""
    reference: str | None = None
    card: Card | None = None
    token: str | None = field(default=None, repr=False)
    token_comes: bool = False
    fingerprint: str | None = None
    account: str | None = None
    closed: bool = False
    auth_code: str | None = None
    proof: Proof | None = None
    payer: str | None = None
    consent: Consent | None = None
    reason: Decline | None = None
    amount: Money | None = None
    tries_left: int = 0

    @property
    def settled(self) -> bool:
        """Whether nothing can come of this page any more that is not in this outcome."""
        return self.closed and self.state is not PageState.PENDING


@dataclass(frozen=True, slots=True)
class CardStep:
    """What a presented card asks of its holder; ``url`` is where they are sent if that is a redirect."""

    challenge: Challenge
    card: Card
    url: str = field(default="", repr=False)


class CardGateway(Protocol):
    """One acquirer.

    What moves money is an operation of the payment's journal, with its key and amount: the same key has at most one
    effect there. What the acquirer calls an earlier operation is that one's ``reference`` in the journal.

    Each call returns an Answer (SUCCEEDED or REFUSED), or raises Unavailable when it surely had no effect
    and OutcomeUnknown when it may have had one.
    """

    @property
    def abilities(self) -> Abilities: ...

    def open_page(self, request: PageRequest) -> Page:
        """Reserves nothing. A lost answer is repeated, and the page that nobody was shown is forgotten."""
        ...

    def page_outcome(self, payment: Payment) -> PageOutcome: ...

    def close_page(self, payment: Payment) -> PageOutcome:
        """Take no more card on this page; returns what it came to until now.

        A gateway that cannot close a page answers as ``page_outcome`` does.
        """
        ...

    def present_card(self, payment: Payment, card: CardData) -> CardStep:
        """Hand over the card that the merchant's server was given, on the page that was opened; moves no money.

        From then on no other card pays there. Neither the number nor the code is kept. Raises InvalidRequest for a
        card it does not take, IllegalTransition once its holder was asked, Unprocessable at a gateway without such a
        door.
        """
        ...

    def authenticate(self, payment: Payment, code: str | None) -> PageOutcome:
        """The holder's answer to what a presented card asks; None where no code is asked for. Moves no money.

        AGREED, DECLINED, or OPEN with ``tries_left`` after a wrong code; afterwards as ``page_outcome``. Raises
        InvalidRequest when a code is asked for and missing, Unprocessable at a gateway without such a door.
        """
        ...

    def recognise(self, payment: Payment, token: str) -> Handed:
        """What an acquirer's script made of a card on a page of ours, before it is kept; moves no money.

        Raises InvalidRequest for a token it does not know, Unprocessable at a gateway without such a page.
        """
        ...

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        """Hold (PREAUTH) or charge (SALE) the amount that the holder of the card has AGREED to, once.

        Refused where nobody agreed, or the page was closed since. What it came to, ``page_outcome`` says too. UNKNOWN
        with a ``url``, as by ``lookup``, while the holder's bank wants to see them: what comes of it is asked for.
        """
        ...

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        """Capture the operation's amount of the hold, once, as the last capture of it.

        A gateway that goes on holding the rest says so in the answer's ``left``: it is then voided under its own key.
        """
        ...

    def void(self, payment: Payment, operation: Operation) -> Answer:
        """Release the hold, or what a capture left of it: the operation's amount.

        A hold that is gone already answers SUCCEEDED with code "already_released".
        """
        ...

    def refund(self, payment: Payment, operation: Operation) -> Answer: ...

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        """Charge a tokenized card at once, without a page. ``payment.initiator``: whether its holder is there.

        A bank that wants its holder to confirm is REFUSED with that reason, and nothing is left half done.
        """
        ...

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        """Forget a tokenized card. One that is gone already answers SUCCEEDED."""
        ...

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """What became of the call with the operation's key; None when it never arrived, or may be made again.

        Raises NobodyKnows where the gateway answers no such question: a person has to find out.
        """
        ...


class VoucherProvider(Protocol):
    """One issuer of meal vouchers.

    A voucher's ``reference`` is ours; what moves its money is an operation of the payment's journal, with its key and
    amount: the same key has at most one effect there. What the provider calls the spending of a voucher is that
    operation's ``reference`` in the journal. Raises Unavailable (surely no effect) and OutcomeUnknown like a card
    gateway. Codes of refusals are those of ``VoucherRefusal`` and the three of ``reverse``.
    """

    @property
    def abilities(self) -> VoucherAbilities: ...

    def takes(self, otp: str) -> bool:
        """Whether the code has the form of this provider's. Asks nobody."""
        ...

    def validate(self, payment: Payment, voucher: Voucher) -> Validation:
        """What the code is worth. A provider without ``looks`` reserves it, once for one reference."""
        ...

    def release(self, payment: Payment, voucher: Voucher) -> None:
        """Let go of what ``validate`` reserved. Nothing happens where nothing is; it ends by itself too."""
        ...

    def spend(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer: ...

    def lookup(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer | None:
        """What became of a SPEND or REVERSE; None when it never arrived, or may be made again.

        Raises NobodyKnows where the provider answers no such question: a person has to find out.
        """
        ...

    def reverse(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        """Give back the operation's amount of what was spent.

        REFUSED with the code ``voucher_not_divisible`` for a part of what is given back whole only,
        ``too_late_to_reverse`` when its time is over, ``not_reversible`` for what is never given back.
        """
        ...

    def notify(self, payment: Payment, voucher: Voucher) -> Answer:
        """Tell that the sale is done. At once SUCCEEDED where nobody wants to be told."""
        ...


class Gateways(Protocol):
    """The connectors by name. A sandbox connector refuses a live payment by construction."""

    def card(self, payment: Payment | SavedCard) -> CardGateway: ...

    def voucher(self, payment: Payment, name: str) -> VoucherProvider:
        """The provider ``name``, one of the payment's ``issuers``. Raises GatewayNotConfigured for none."""
        ...

    def method(self, payment: Payment) -> MethodProvider: ...
