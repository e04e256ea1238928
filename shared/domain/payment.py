"""The payment aggregate: its data, its statuses and the table of legal moves."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.allowance import Allowance
from shared.domain.brand import PLAIN, Brand
from shared.domain.card import Card, CardPage, Challenge, Initiator
from shared.domain.consent import Consent
from shared.domain.errors import IllegalTransition
from shared.domain.ids import DisputeId, EventId, MerchantId, OrderId, PageId, PaymentId, RefundId
from shared.domain.journal import Journal
from shared.domain.method import MethodChoice, Payer
from shared.domain.mode import CARD_MODES as CARD_MODES
from shared.domain.mode import Environment as Environment
from shared.domain.mode import Mode as Mode
from shared.domain.money import Money
from shared.domain.operation import Kind, Operation, State
from shared.domain.record import dataclass
from shared.domain.voucher import Voucher

PAYGLOBE: Final = "payglobe"  # the family of what was made before families had names
MAX_CARD_TRIES: Final = 10
MAX_VOUCHER_TRIES: Final = 10
MAX_EXECUTIONS: Final = 3
MOST_DIFFERENCE_TRIES: Final = 12  # to give back what was captured beyond what was owed; then a person does
MOST_DISPUTES: Final = 20  # named in their payment
MOST_REFUNDS: Final = 50  # the same
MOST_TOLD: Final = 40  # the same
MOST_RECEIPTS: Final = 5  # sent again because a merchant asked


class Status(StrEnum):
    PENDING = "PENDING"
    CARD_PREAUTH_SUCCESS = "CARD_PREAUTH_SUCCESS"
    CARD_PREAUTH_FAILED = "CARD_PREAUTH_FAILED"
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    VOUCHER_FAILED = "VOUCHER_FAILED"
    CARD_CAPTURE_FAILED = "CARD_CAPTURE_FAILED"
    FAILED = "FAILED"
    VOIDED = "VOIDED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


_S = Status
LEGAL_MOVES: Final[dict[Status, frozenset[Status]]] = {
    _S.PENDING: frozenset({_S.CARD_PREAUTH_SUCCESS, _S.CARD_PREAUTH_FAILED, _S.SUCCESS, _S.FAILED, _S.PROCESSING}),
    _S.CARD_PREAUTH_FAILED: frozenset(
        {_S.CARD_PREAUTH_SUCCESS, _S.CARD_PREAUTH_FAILED, _S.SUCCESS, _S.FAILED, _S.PROCESSING}
    ),
    _S.CARD_PREAUTH_SUCCESS: frozenset({_S.PROCESSING}),
    _S.VOUCHER_FAILED: frozenset({_S.PROCESSING}),
    _S.PROCESSING: frozenset({_S.SUCCESS, _S.VOUCHER_FAILED, _S.CARD_CAPTURE_FAILED, _S.VOIDED, _S.FAILED}),
    _S.SUCCESS: frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED}),
    _S.PARTIALLY_REFUNDED: frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED}),
    _S.CARD_CAPTURE_FAILED: frozenset(),
    _S.FAILED: frozenset(),
    _S.VOIDED: frozenset(),
    _S.REFUNDED: frozenset(),
}
AWAITING_CARD: Final = frozenset({_S.PENDING, _S.CARD_PREAUTH_FAILED})
AWAITING_CHOICE: Final = frozenset({_S.CARD_PREAUTH_SUCCESS, _S.VOUCHER_FAILED})
UNDER_WAY: Final = AWAITING_CHOICE | {_S.PROCESSING}  # a card is held, or the end of it is being worked on
PAID: Final = frozenset({_S.SUCCESS, _S.PARTIALLY_REFUNDED, _S.REFUNDED})
FINAL: Final = PAID | {_S.CARD_CAPTURE_FAILED, _S.FAILED, _S.VOIDED}


class Tender(StrEnum):
    """A tender choice: by the customer (first two) or by the merchant's direct call."""

    CARD_ONLY = "CARD_ONLY"
    VOUCHERS = "VOUCHERS"
    CAPTURE = "CAPTURE"
    VOID = "VOID"


class Ending(StrEnum):
    """Why the hold is being released, which decides the status after it."""

    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    VOIDED = "VOIDED"
    COVERED = "COVERED"  # vouchers pay everything
    CAPTURE_FAILED = "CAPTURE_FAILED"


class Wait(StrEnum):
    """What the state machine is parked for."""

    PREAUTH = "PREAUTH"
    CHOICE = "CHOICE"


@dataclass(frozen=True, slots=True)
class Failure:
    """The last thing that went wrong, in words for the customer's page."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Payment(Journal):
    """One payment, with the journal of its operations. ``version`` guards every write."""

    id: PaymentId
    merchant_id: MerchantId
    merchant_name: str
    environment: Environment
    amount: Money
    mode: Mode
    status: Status
    gateway: str
    provider: str  # of its vouchers, or of its method; the first of several
    page_id: PageId
    redirect_url: str
    pages_origin: str
    created_at: datetime
    expires_at: datetime
    description: str = ""
    email: str | None = None
    language: str = ""
    customer_id: str | None = None
    callback_url: str | None = None
    error_url: str | None = None
    return_url: str | None = None  # where the link on the receipt leads
    notify_url: str | None = None
    frame_origins: tuple[str, ...] = ()
    brand: Brand = PLAIN  # its merchant's looks when it was made
    declines: Allowance | None = None  # what bounds its declined cards, when a publishable key created it
    link_id: str | None = None
    ends_by: datetime | None = None  # the end of what it was opened by; nothing that happens meanwhile puts it off
    amount_due: Money | None = None  # lowered once, by a merchant's smaller direct capture
    card: Card | None = None
    gateway_name: str = ""  # what replies call the gateway where it stands in for another; empty: by its own name
    consent: Consent | None = None  # to the card being saved; None where no page of ours asked
    saved_card: int | None = None  # the number of the saved card that is charged, in a payment without a page
    initiator: Initiator | None = None  # of that charge
    operations: tuple[Operation, ...] = ()
    vouchers: tuple[Voucher, ...] = ()
    tender: Tender | None = None
    card_tries: int = 0
    page_settled: bool = False  # closed by its gateway, or still unpaid a day after the end
    voucher_tries: int = 0
    voucher_checks: int = 0  # codes that were looked at before a choice
    ending: Ending | None = None
    failure: Failure | None = None
    attention: str | None = None
    completed_at: datetime | None = None
    client_secrets: tuple[str, ...] = ()  # SHA-256 of each
    # money given back, per leg: "card" or a voucher's reference; reserved before it is sent
    given_back: dict[str, int] = field(default_factory=dict)
    refunded: int = 0  # minor units really given back by refunds
    refunded_at: datetime | None = None  # when a refund last gave something back
    refund_count: int = 0
    refunds: tuple[RefundId, ...] = ()  # the newest last, whatever became of them
    open_legs: tuple[str, ...] = ()  # keys of refund operations not closed yet
    unwanted: str | None = None  # why all that was paid is to go back, for instance to a link that had expired
    disputed: int = 0  # minor units a dispute holds or took
    disputes: tuple[DisputeId, ...] = ()  # the newest last, whatever became of them
    charged_back: bool = False  # a dispute was lost while it was paid; stays, also where that is taken back later
    waiting: Wait | None = None
    task_token: str | None = None
    executions: int = 0
    heard_at: datetime | None = None  # when the payment moved or its flow last wrote; None: at its creation
    due_at: datetime | None = None  # when housekeeping looks again
    looks: int = 0  # how often housekeeping looked without the payment moving
    sequence: int = 0  # number of events told so far
    told: tuple[EventId, ...] = ()  # the newest of them last
    receipts: int = 0  # how often its receipt was sent again
    settled_by: str = ""  # who captured or released the hold, where that was not its customer or the clock
    version: int = 0
    family: str = PAYGLOBE  # how whoever began it speaks
    reference: str = ""  # their own number of it
    order_id: OrderId | None = None  # the order that it is a try of
    method: str = ""  # what it is paid by where that is chosen; empty: a card, with or without vouchers
    method_choice: MethodChoice | None = None  # of a method that its provider takes the money for
    payer: Payer | None = None
    connector_id: str = field(default="", repr=False)  # where its gateway rings; empty: nowhere
    family_data: dict[str, str] = field(default_factory=dict)  # that family's alone; nothing else reads it
    card_page: CardPage | None = None  # None: the first page, one of ours, is all there was to open
    challenge: Challenge | None = None  # of the card that was presented; None: a card is entered on the page
    pending_try: int = 0  # the number of the last card of which its gateway said that it does not know yet
    pending_since: datetime | None = None
    accepts_loss: bool = False  # whether its customer gives up what a voucher is worth beyond what is left to pay
    most_by_voucher: Money | None = None  # what of the amount vouchers may pay, as the merchant said; None: all of it
    captures_whole: bool = False  # its gateway captures no part of a hold: what is not owed is given back at once
    providers: tuple[str, ...] = ()  # whose vouchers it takes beside those of ``provider``, in the order to ask them

    @property
    def page_number(self) -> int:
        return self.card_page.number if self.card_page else 1

    @property
    def takes_card(self) -> bool:
        """Whether a card, or the word of a presented card's holder, is waited for; were it not for the time."""
        by_card = self.saved_card is None and self.mode is not Mode.ALTERNATIVE
        return by_card and self.status in AWAITING_CARD and self.ending is None

    @property
    def is_being_checked(self) -> bool:
        """Whether a card was entered and nobody knows yet whether it is accepted."""
        undecided = self.pending_try > self.card_tries or self.open_operations(Kind.PREAUTH, Kind.SALE)
        return self.takes_card and bool(undecided)

    @property
    def has_one_try(self) -> bool:
        """Whether a decline ends it: a try of an order, or one whose card was presented and can be no other."""
        return self.order_id is not None or self.challenge is not None

    @property
    def called(self) -> str:
        """What the gateway is called in replies and events."""
        return self.gateway_name or self.gateway

    @property
    def refundable(self) -> Money:
        """What a refund may give back now: nothing of a payment that is not paid, and nothing that a bank took."""
        free = self.kept.minor - self.disputed if self.status in PAID else 0
        return Money(max(free, 0), self.amount.currency)

    @property
    def owes_difference(self) -> bool:
        """Whether the gateway refused to give back what it took beyond what was owed, and is to be asked again.

        A person has the last of its operations, and what they say of it stands.
        """
        tries = [operation for operation in self.operations if operation.is_difference]
        in_vain = 0 < len(tries) <= MOST_DIFFERENCE_TRIES and all(one.state is State.REFUSED for one in tries)
        return in_vain and self.status in PAID

    @property
    def attempt_vouchers(self) -> list[Voucher]:
        """The vouchers of the present tender choice; none once another tender was chosen."""
        if self.tender is not Tender.VOUCHERS:
            return []
        return [v for v in self.vouchers if v.attempt == self.voucher_tries]

    @property
    def issuers(self) -> tuple[str, ...]:
        """The providers whose vouchers may pay, in the order to ask them; one empty name where there is none."""
        return (self.provider, *self.providers)

    def issuer_of(self, voucher: Voucher) -> str:
        return voucher.provider or self.provider

    # ---- changes of the journal ----

    def with_operation(self, operation: Operation) -> Payment:
        """Put ``operation`` into the journal, in place of the one with its key if there is one."""
        if self.operation(operation.key) is None:
            return replace(self, operations=(*self.operations, operation))
        changed = tuple(operation if op.key == operation.key else op for op in self.operations)
        return replace(self, operations=changed)

    def with_voucher(self, voucher: Voucher) -> Payment:
        changed = tuple(voucher if v.reference == voucher.reference else v for v in self.vouchers)
        return replace(self, vouchers=changed)

    # ---- moves ----

    def moved(self, status: Status, now: datetime) -> Payment:
        """This payment in ``status``. Raises IllegalTransition unless the table allows the move."""
        if status not in LEGAL_MOVES[self.status]:
            raise IllegalTransition(f"a payment in status {self.status} cannot become {status}")
        completed = now if status in FINAL and self.completed_at is None else self.completed_at
        return replace(self, status=status, completed_at=completed)

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    def open_until(self, moment: datetime) -> Payment:
        """This payment, for its customer to complete before ``moment``, or ``ends_by`` if that is sooner."""
        return replace(self, expires_at=min(moment, self.ends_by or moment))

    def is_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    def key(self, kind: Kind, n: int | str) -> str:
        return f"{self.id}:{kind}:{n}"
