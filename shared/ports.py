"""What the use cases need from the world. Adapters satisfy these by shape, not by inheritance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from shared.domain.delivery import Delivery, Outcome, Schedule
from shared.domain.dispute import Dispute, DisputeStatus, Notice
from shared.domain.event import Event
from shared.domain.ids import DisputeId, LinkId, MerchantId, PageId, PaymentId, RefundId
from shared.domain.merchant import (
    Credential,
    Endpoint,
    KeyKind,
    Merchant,
    PayloadFormat,
    Secret,
    SignatureEncoding,
)
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind
from shared.domain.payment import Card, Environment, Payment, Wait
from shared.domain.payment_link import LinkStatus, PaymentLink
from shared.domain.refund import Refund
from shared.domain.saved_card import Discard, SavedCard, Wallet
from shared.domain.voucher import Validation

Clock = Callable[[], datetime]  # aware UTC
Entropy = Callable[[int], bytes]  # that many unguessable bytes


# ---- the payment's storage -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One atomic write: the payment (guarded by the version it was read with), refunds and events of it.

    ``answered`` is the Idempotency-Key of the call with the answer that this write makes true. ``uses_card``
    counts one use of the payment's saved card.
    """

    payment: Payment
    events: Sequence[Event] = ()
    refunds: Sequence[Refund] = ()
    answered: Claim | None = None
    uses_card: bool = False


class Payments(Protocol):
    def get(self, payment_id: PaymentId) -> Payment:
        """The payment as it is now (consistent read). Raises NotFound."""
        ...

    def create(self, change: Change) -> Payment | None:
        """Write a new payment with its events. Returns None when created, else the payment already there."""
        ...

    def save(self, change: Change) -> Payment | None:
        """Write ``change`` if the stored version is still ``change.payment.version``.

        Stores version + 1. Returns None when written (also when our own earlier try had been), else the
        payment as somebody else left it: decide again on that.
        """
        ...

    def take(self, payment_id: PaymentId, kind: Kind, now: datetime) -> tuple[Payment, bool]:
        """Take up what is ``ready_for`` operations of ``kind``, in one conditional write that also reads.

        True with the payment as ``taken_up`` makes it: its operations are on record as PENDING and this call is
        the only one to send them. False with the payment as it is, unchanged, when it is not ready. Raises NotFound.
        """
        ...

    def park(self, payment_id: PaymentId, wait: Wait, token: str, now: datetime) -> Payment | None:
        """Keep the state machine's task token, unless there is nothing to wait for.

        Kept (None returned) while the status awaits exactly that and ``expires_at`` is ahead and no
        ``ending`` is set. Otherwise nothing is written and the payment is returned.
        """
        ...

    def refunds(self, payment_id: PaymentId) -> list[Refund]:
        """All refunds of a payment, oldest first."""
        ...

    def refund(self, payment_id: PaymentId, refund_id: RefundId) -> Refund:
        """One refund. Raises NotFound."""
        ...

    def due(self, now: datetime, limit: int) -> list[PaymentId]:
        """Payments whose ``due_at`` has passed, oldest first (eventually consistent)."""
        ...

    def of_merchant(
        self, merchant_id: MerchantId, environment: Environment, *, limit: int, cursor: str | None
    ) -> tuple[list[Payment], str | None]:
        """A merchant's payments, newest first, and the cursor of the next page."""
        ...


class Events(Protocol):
    def after(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        event_id: str | None,
        *,
        until: datetime,
        limit: int,
    ) -> list[Event]:
        """Events with an id above ``event_id`` created no later than ``until``, oldest first."""
        ...

    def get(self, merchant_id: MerchantId, environment: Environment, event_id: str) -> Event:
        """One event. Raises NotFound."""
        ...

    def put(self, event: Event) -> None:
        """Write an event that tells no change of a stored object (a test event, a disabled endpoint)."""
        ...

    def not_fanned_out(self, before: datetime, limit: int) -> list[Event]:
        """Events older than ``before`` whose fan-out nobody confirmed."""
        ...

    def mark_fanned_out(self, event: Event, now: datetime) -> None: ...


# ---- the state machine -----------------------------------------------------------------------------


class Flow(Protocol):
    """Each call may be repeated. Raises Unavailable when the service is busy or does not answer."""

    def start(self, payment_id: PaymentId, execution: int) -> None:
        """Start execution number ``execution`` (1 = the first). Already started counts as started."""
        ...

    def is_running(self, payment_id: PaymentId, execution: int) -> bool: ...

    def wake(self, token: str, word: str) -> None:
        """End the wait that ``token`` stands for with ``word``. Raises TokenGone when nobody waits any more."""
        ...


# ---- card gateways ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageRequest:
    payment: Payment
    page_id: PageId  # ours; a gateway with its own numbering answers with another
    sale: bool  # charge at once instead of holding
    tokenize: bool


@dataclass(frozen=True, slots=True)
class Page:
    page_id: PageId
    redirect_url: str


class PageState(StrEnum):
    OPEN = "OPEN"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What a gateway's card page came to. ``number`` counts the tries on it; ``card`` is masked.

    ``token`` is the gateway's name for a tokenized card, and never recorded with the payment: it is asked for
    again when the card is saved. ``fingerprint`` is a keyed hash of the number, from a gateway that gives one.
    ``closed`` is the gateway's word that it takes no more cards there.
    """

    state: PageState
    number: int = 0
    code: str = ""
    message: str = ""
    reference: str | None = None
    card: Card | None = None
    token: str | None = field(default=None, repr=False)
    fingerprint: str | None = None
    closed: bool = False


class CardGateway(Protocol):
    """One acquirer. ``key`` is the operation's: the same key has at most one effect there.

    Each call returns an Answer (SUCCEEDED or REFUSED), or raises Unavailable when it surely had no effect
    and OutcomeUnknown when it may have had one.
    """

    def open_page(self, request: PageRequest) -> Page: ...

    def page_outcome(self, payment: Payment) -> PageOutcome: ...

    def close_page(self, payment: Payment) -> PageOutcome:
        """Take no more card on this page; returns what it came to until now.

        A gateway that cannot close a page answers as ``page_outcome`` does.
        """
        ...

    def capture(self, payment: Payment, key: str, amount: Money) -> Answer:
        """Capture ``amount`` of the hold, once; the rest of the hold is released."""
        ...

    def void(self, payment: Payment, key: str, amount: Money) -> Answer:
        """Release the hold. A hold that is gone already answers SUCCEEDED with code "already_released"."""
        ...

    def refund(self, payment: Payment, key: str, amount: Money) -> Answer: ...

    def charge(self, payment: Payment, key: str, token: str, amount: Money) -> Answer:
        """Charge a tokenized card at once, without its holder."""
        ...

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        """Forget a tokenized card. One that is gone already answers SUCCEEDED."""
        ...

    def lookup(self, payment: Payment, key: str, kind: Kind) -> Answer | None:
        """What became of the call with ``key``; None when it never arrived."""
        ...


# ---- voucher providers -----------------------------------------------------------------------------


class VoucherProvider(Protocol):
    """One issuer of meal vouchers. ``reference`` is ours and names the voucher in every call.

    Raises Unavailable (surely no effect) and OutcomeUnknown like a card gateway.
    """

    def validate(self, payment: Payment, reference: str, otp: str) -> Validation: ...

    def spend(self, payment: Payment, reference: str, otp: str, amount: Money) -> Answer: ...

    def lookup(self, payment: Payment, reference: str, kind: Kind, key: str) -> Answer | None:
        """What became of a SPEND or REVERSE; None when it never arrived."""
        ...

    def reverse(self, payment: Payment, reference: str, amount: Money, key: str) -> Answer:
        """Give back ``amount``. REFUSED with code "voucher_not_divisible" for a part of a whole-only voucher."""
        ...

    def notify(self, payment: Payment, reference: str) -> Answer: ...


class Gateways(Protocol):
    """The connectors by name. A sandbox connector refuses a live payment by construction."""

    def card(self, payment: Payment | SavedCard) -> CardGateway: ...

    def voucher(self, payment: Payment) -> VoucherProvider: ...


class ClaimState(StrEnum):
    NEW = "NEW"  # ours to run; the seed is the first claim's, also when it was taken over
    RUNNING = "RUNNING"
    REPLAY = "REPLAY"
    MISMATCH = "MISMATCH"


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of claiming an Idempotency-Key. ``repeated`` marks one taken over from a call that died."""

    state: ClaimState
    key: str
    body_hash: str
    seed: bytes = field(repr=False)
    claimed_at: datetime
    status: int = 0
    body: str = field(default="", repr=False)
    repeated: bool = False


class Idempotency(Protocol):
    """Keys are scoped by the caller (merchant, environment, route) and kept for 24 hours."""

    def claim(self, key: str, body_hash: str, seed: bytes, now: datetime) -> Claim:
        """Claim ``key``. A claim without an answer for a minute is taken over, with its first seed."""
        ...

    def finish(self, claim: Claim, status: int, body: str, now: datetime) -> None:
        """Keep the answer for replays."""
        ...

    def release(self, claim: Claim) -> None:
        """Forget a claim whose call changed nothing, so that the same key may be tried again."""
        ...

    def reopen(self, claim: Claim) -> None:
        """The call failed half-way: let the next one with this key take over at once, with the first seed."""
        ...


class Books(Protocol):
    """The sandbox's own books: versioned JSON documents, apart from everything the gateway itself stores."""

    def load(self, kind: str, doc_id: str) -> tuple[dict[str, Any], int]:
        """The document and its version; ``({}, 0)`` when there is none."""
        ...

    def save(self, kind: str, doc_id: str, doc: dict[str, Any], version: int) -> bool:
        """Write if the stored version is still ``version``; stores version + 1. False when it moved."""
        ...


# ---- merchants -------------------------------------------------------------------------------------


class Merchants(Protocol):
    def credential(self, key: str) -> Credential:
        """Who a key belongs to, found by its SHA-256. Raises Unauthenticated."""
        ...

    def get(self, merchant_id: MerchantId) -> Merchant: ...

    def create(self, merchant: Merchant, keys: Sequence[NewKey], secrets: Sequence[NewSecret]) -> None:
        """Write a merchant, its keys (hashed) and its own webhook secrets. Raises Conflict if the id exists."""
        ...

    def replace_key(self, old: str, new: NewKey) -> None:
        """Revoke ``old`` at once and put ``new`` in its place. Raises NotFound."""
        ...

    def endpoints(self, merchant_id: MerchantId, environment: Environment) -> list[Endpoint]: ...

    def endpoint(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str) -> Endpoint: ...

    def save_endpoint(self, endpoint: Endpoint) -> Endpoint | None:
        """Write if the version is unchanged (0 = new). None when written, else the endpoint as it is."""
        ...

    def delete_endpoint(self, endpoint: Endpoint) -> None: ...

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        """The secret that signs ``notifyUrl`` deliveries while the merchant has no endpoint."""
        ...


@dataclass(frozen=True, slots=True)
class NewKey:
    value: str
    environment: Environment
    kind: KeyKind


@dataclass(frozen=True, slots=True)
class NewSecret:
    environment: Environment
    secret: Secret


@dataclass(frozen=True, slots=True)
class Message:
    """An e-mail or SMS. ``kind`` names the template: "receipt", "payment_link", "endpoint_disabled"."""

    kind: str
    channel: str  # "email" or "sms"
    to: str
    subject: str
    text: str
    html: str = ""


class Messenger(Protocol):
    def send(self, message: Message, merchant_id: MerchantId, environment: Environment, key: str) -> None:
        """Send once per ``key``; in the test environment it is captured instead, to be read back."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """Everything a use case may touch, put together once in ``bootstrap``."""

    payments: Payments
    merchants: Merchants
    gateways: Gateways
    flow: Flow
    messenger: Messenger
    now: Clock
    entropy: Entropy
    checkout_seconds: int
    pause: Callable[[int], None]  # between tries of a contended write; the argument counts them from 0


# ---- payment links ---------------------------------------------------------------------------------


class Links(Protocol):
    """Payment links. Every write is guarded by ``version``."""

    def get(self, link_id: LinkId) -> PaymentLink:
        """The link as it is now (consistent read). Raises NotFound."""
        ...

    def create(self, link: PaymentLink) -> PaymentLink | None:
        """Write a new link. None when created, else the link already there."""
        ...

    def save(self, link: PaymentLink) -> PaymentLink | None:
        """Write if the version is unchanged; stores version + 1. None when written, else the newer one."""
        ...

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        status: LinkStatus | None,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[PaymentLink], str | None]:
        """A merchant's links, newest first, all or those recorded with ``status``; and the next page's cursor."""
        ...

    def due(self, now: datetime, limit: int) -> list[LinkId]:
        """Links whose ``due_at`` has passed, oldest first (eventually consistent)."""
        ...


# ---- saved cards -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WalletChange:
    """One atomic write: the wallet (guarded by its version), a number newly taken or given up, tokens to delete.

    ``added`` is taken only if it is the next number of this merchant and environment.
    """

    wallet: Wallet
    added: int | None = None
    deleted: int | None = None
    discards: tuple[Discard, ...] = ()


class Cards(Protocol):
    """Customers' saved cards, and the tokens that are still to be deleted at a gateway."""

    def wallet(self, merchant_id: MerchantId, environment: Environment, customer_id: str) -> Wallet:
        """A customer's cards with their uses (consistent read); an empty wallet if there are none."""
        ...

    def customer_of(self, merchant_id: MerchantId, environment: Environment, number: int) -> str:
        """The customer whose card this is. Raises NotFound."""
        ...

    def last_number(self, merchant_id: MerchantId, environment: Environment) -> int:
        """The last card number given out; 0 before the first."""
        ...

    def save(self, change: WalletChange) -> Wallet | None:
        """Write ``change`` if the wallet's version is unchanged and the number still free; stores version + 1.

        None when written, else the wallet as it is: decide again on that, with a new number.
        """
        ...

    def due(self, now: datetime, limit: int) -> list[Discard]:
        """Tokens to delete whose ``due_at`` has passed, oldest first (eventually consistent)."""
        ...

    def postpone(self, discard: Discard) -> None:
        """Note a try and when the next is due, if the token is still to be deleted."""
        ...

    def discarded(self, discard: Discard) -> None:
        """The gateway confirmed: forget the token. May be repeated."""
        ...


class Vault(Protocol):
    """Encryption of short secrets. ``context`` must be the same for both; it is not secret.

    Raises Unavailable when the service does not answer.
    """

    def seal(self, secret: str, context: Mapping[str, str]) -> str: ...

    def open(self, sealed: str, context: Mapping[str, str]) -> str: ...


# ---- disputes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DisputeChange:
    """One atomic write: the dispute, the counters it moves, its events, and its payment where what it holds changed.

    ``before`` is the dispute as it was read, None for a new one; its version and the payment's guard the write.
    """

    dispute: Dispute
    before: Dispute | None
    events: Sequence[Event] = ()
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many disputes there are in one status and currency, and their amounts in minor units."""

    status: DisputeStatus
    currency: str
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Period:
    """Days (UTC) on which disputes were created, both included; None is open."""

    first: date | None = None
    last: date | None = None


class Disputes(Protocol):
    def get(self, dispute_id: DisputeId) -> Dispute:
        """The dispute as it is now (consistent read). Raises NotFound."""
        ...

    def save(self, change: DisputeChange) -> bool:
        """Write all of ``change`` or nothing; False when somebody wrote since: read again, decide again."""
        ...

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        status: DisputeStatus | None,
        period: Period,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Dispute], str | None]:
        """Disputes created in ``period``, newest first, and the next page's cursor. Raises InvalidRequest."""
        ...

    def tallies(self, merchant_id: MerchantId, environment: Environment) -> list[Tally]:
        """The counters of all disputes (consistent read)."""
        ...

    def days(
        self, merchant_id: MerchantId, environment: Environment, period: Period
    ) -> list[tuple[date, list[Tally]]]:
        """The counters by day of creation, newest first (consistent read)."""
        ...

    def overdue(
        self, merchant_id: MerchantId, environment: Environment, now: datetime, limit: int
    ) -> list[DisputeId]:
        """A merchant's unanswered disputes whose deadline has passed (eventually consistent)."""
        ...

    def due(self, now: datetime, limit: int) -> list[DisputeId]:
        """The same of every merchant."""
        ...

    def keep_unmatched(self, notice: Notice, next_try: datetime) -> None:
        """Keep a message about a payment that we do not know. May be repeated; the last ``next_try`` counts."""
        ...

    def unmatched(self, now: datetime, limit: int) -> list[Notice]:
        """Kept messages whose next try is due, the longest overdue first (eventually consistent)."""
        ...

    def forget_unmatched(self, notice: Notice) -> None: ...


class EvidenceStore(Protocol):
    """Uploaded files. Their bytes never pass through the gateway."""

    def form(self, key: str, content_type: str, size: int, seconds: int) -> tuple[str, Mapping[str, str]]:
        """URL and fields of a form that uploads exactly one file of this type and size, for so many seconds."""
        ...

    def size_of(self, key: str) -> int | None:
        """How many bytes were uploaded; None if nothing was."""
        ...


@dataclass(frozen=True, slots=True)
class Inbound:
    """A PSP's message as it came; header names in lower case."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    now: datetime


class DisputeSource(Protocol):
    """How one PSP tells of disputes."""

    def sent(self, inbound: Inbound) -> bool:
        """Whether this looks like a message of this PSP: by a header only it sends."""
        ...

    def read(self, inbound: Inbound) -> Notice | None:
        """What it says; None when it is about something else.

        Raises Unauthenticated unless it is surely the PSP's, InvalidRequest when it cannot be understood.
        """
        ...


# ---- webhooks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signing:
    """What headers are made from. ``secrets`` has the newest first and at least one."""

    event: Event
    delivery_id: str
    body: bytes
    secrets: tuple[str, ...] = field(repr=False)
    encoding: SignatureEncoding
    now: datetime


class NotificationFormat(Protocol):
    """How one kind of receiver is spoken to. Pure: the same event has the same body for ever."""

    def body(self, event: Event) -> bytes: ...

    def headers(self, signing: Signing) -> dict[str, str]: ...

    def schedule(self, interval_seconds: int, environment: Environment) -> Schedule: ...


class Deliveries(Protocol):
    """One delivery per event and endpoint, with its attempts. Every write is guarded by ``version``."""

    def create(self, delivery: Delivery, told: Event | None = None) -> Delivery | None:
        """Write a new delivery, and with it that ``told`` was fanned out. None, or the delivery already there."""
        ...

    def save(self, delivery: Delivery) -> Delivery | None:
        """Write if the version is unchanged; stores version + 1. None when written, else the newer one."""
        ...

    def get(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str, event_id: str) -> Delivery:
        """One delivery (consistent read). Raises NotFound."""
        ...

    def of_endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        limit: int,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> tuple[list[Delivery], str | None]:
        """Deliveries newest first, or with ``since`` oldest first from then; and the cursor of the next page."""
        ...

    def open_of_endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        limit: int,
        cursor: str | None = None,
    ) -> tuple[list[Delivery], str | None]:
        """Deliveries not ended yet, oldest first (found eventually, read consistently)."""
        ...

    def count_open(self, delivery: Delivery, at_most: int) -> int:
        """How many deliveries of the same endpoint have not ended, counted up to ``at_most``."""
        ...

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Deliveries whose ``due_at`` has passed."""
        ...

    def take_slot(self, delivery: Delivery, slots: int, now: datetime, until: datetime) -> str | None:
        """Take one of the endpoint's ``slots``, free again ``until`` at the latest; None when all are taken."""
        ...

    def free_slot(self, delivery: Delivery, slot: str) -> None: ...


@dataclass(frozen=True, slots=True)
class DeliveryTask:
    """A queue message: try this delivery.

    The first one brings the event, how new the endpoint's settings were at fan-out, for a notifyUrl whose
    secret signs (``signer``: an endpoint's id, or empty for the merchant's own), whether that address is
    ``sick``, and whether this is the ``sole`` delivery of its event. Later ones name ids and a ``round`` only.
    """

    merchant_id: MerchantId
    environment: Environment
    endpoint_id: str
    event_id: str
    round: int = 0
    event: Event | None = None
    endpoint_version: int = 0
    signer: str = ""
    sick: bool = False
    sole: bool = False


@dataclass(frozen=True, slots=True)
class ReplayTask:
    """A queue message: queue an endpoint's deliveries again, page by page: the held ones, or all ``since``."""

    merchant_id: MerchantId
    environment: Environment
    endpoint_id: str
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None


class Queue(Protocol):
    def send(self, tasks: Sequence[DeliveryTask | ReplayTask]) -> None:
        """Send all. Raises Unavailable when one was not taken; sending them again does no harm."""
        ...


class Sender(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """One POST within ten seconds in all. Never raises for what the other side does: it is in the outcome."""
        ...


class RememberedEndpoints(Protocol):
    """Endpoints as a warm worker remembers them."""

    def endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        version: int | None,
    ) -> Endpoint:
        """The endpoint, at least as new as ``version``; None reads it afresh. Raises NotFound."""
        ...

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret: ...


@dataclass(frozen=True, slots=True)
class WebhookWorld:
    """What the webhook use cases may touch."""

    merchants: Merchants
    events: Events
    deliveries: Deliveries
    queue: Queue
    sender: Sender
    remembered: RememberedEndpoints
    formats: Mapping[PayloadFormat, NotificationFormat]
    messenger: Messenger
    now: Clock
    entropy: Entropy
    interval_seconds: int
    allow_private: bool
