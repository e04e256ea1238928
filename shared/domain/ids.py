"""Ids that callers see: prefixed, unguessable, and made from entropy that is passed in."""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b32encode
from datetime import datetime
from typing import Final, NewType

PaymentId = NewType("PaymentId", str)
PageId = NewType("PageId", str)
RefundId = NewType("RefundId", str)
EventId = NewType("EventId", str)
MerchantId = NewType("MerchantId", str)
EndpointId = NewType("EndpointId", str)
DeliveryId = NewType("DeliveryId", str)
DisputeId = NewType("DisputeId", str)
LinkId = NewType("LinkId", str)
OrderId = NewType("OrderId", str)
CustomerId = NewType("CustomerId", str)


# All that we ever gave out, and what gateways name their pages by.
_FORM: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
PLAIN_LINK: Final = "plink"
_PLAIN: Final = "payt"  # how a payment's id begins that is nothing but unguessable
PARTITIONS: Final = 8  # at most ten: one digit names them
# An event's id with the digit that says where it is kept; those of before are one shorter.
_PLACED: Final = len("evt_") + 33
_REFUND_OF: Final = re.compile(r"refund_([a-z2-7]{16})[a-z2-7]{8}")


def is_id(text: str) -> bool:
    """Whether ``text`` could be an id at all. What is none must not reach a table: its key would be refused there."""
    return _FORM.fullmatch(text) is not None


def base32(entropy: bytes) -> str:
    """Upper-case base32 without padding."""
    return b32encode(entropy).decode().rstrip("=")


def payment_id(now: datetime, entropy: bytes, prefix: str = "TXN") -> PaymentId:
    """``TXN_yyyymmdd_<16 base32>`` from 10 bytes of entropy."""
    return PaymentId(f"{prefix}_{now:%Y%m%d}_{base32(entropy[:10])}")


def token_payment_id(entropy: bytes) -> PaymentId:
    """``TKN_<12 base32>`` from 8 bytes of entropy, the form that the guide prints."""
    return PaymentId(f"TKN_{base32(entropy[:8])[:12]}")


def page_id(entropy: bytes) -> PageId:
    return PageId(f"PAY{base32(entropy[:15])}")


def refund_id(entropy: bytes) -> RefundId:
    return RefundId(f"ref_{base32(entropy[:10]).lower()}")


def refund_id_of(payment: PaymentId, entropy: bytes) -> RefundId:
    """The id of a refund of ``payment``. Where that one's id has no date, the refund is found by its own id alone."""
    kind, _, rest = payment.partition("_")
    return RefundId(f"refund_{rest}{base32(entropy[:5]).lower()}") if kind == _PLAIN else refund_id(entropy)


def payment_id_of_link(link: LinkId, now: datetime, entropy: bytes) -> PaymentId:
    """The id of a payment of ``link``, of the same kind as the link's own."""
    return PaymentId(plain_id(_PLAIN, entropy)) if link.startswith(f"{PLAIN_LINK}_") else payment_id(now, entropy)


def payment_of_refund(refund: str) -> PaymentId | None:
    """The payment that a refund's id names, or None when it names none."""
    found = _REFUND_OF.fullmatch(refund)
    return PaymentId(f"{_PLAIN}_{found[1]}") if found else None


def link_id(entropy: bytes) -> LinkId:
    """``LINK_<16 hex upper>`` from 8 bytes of entropy."""
    return LinkId(f"LINK_{entropy[:8].hex().upper()}")


def plain_id(prefix: str, entropy: bytes) -> str:
    """``<prefix>_<16 letters and digits>`` from 10 bytes of entropy: nothing but the prefix can be read from it."""
    return f"{prefix}_{base32(entropy[:10]).lower()}"


def dispute_id(*parts: str) -> DisputeId:
    """``dp_<16 base32>``, always the same for one dispute of a PSP: what makes its messages one dispute."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return DisputeId(f"dp_{base32(digest[:10]).lower()}")


def evidence_id(entropy: bytes) -> str:
    return f"ev_{base32(entropy[:15]).lower()}"


def event_id(now: datetime, entropy: bytes, subject: str) -> EventId:
    """``evt_`` + 48 bits of milliseconds + 80 random bits + a digit below 8: sorts by time, so it can be a cursor.

    The digit says in which partition the event is kept. All events of one subject have the same.
    """
    return EventId(f"{event_bound(now, entropy)}{zlib.crc32(subject.encode()) % PARTITIONS}")


def event_id_of_before(now: datetime, entropy: bytes, subject: str) -> EventId:
    """The same without the digit: kept in the one partition that the release before looks into."""
    return EventId(event_bound(now, entropy))


def event_bound(now: datetime, entropy: bytes) -> str:
    """What an event's id begins with; below every id of that time with more entropy, whatever its subject."""
    milliseconds = int(now.timestamp() * 1000).to_bytes(6, "big")
    # hex keeps the byte order when sorted as text; base32 would not.
    return f"evt_{(milliseconds + entropy[:10]).hex()}"


def place_of_event(event_id: str) -> str:
    """The digit of an event's id that says where it is kept; empty for ids of before there was one."""
    return event_id[-1] if len(event_id) == _PLACED else ""


def client_secret(payment: PaymentId, entropy: bytes) -> str:
    """What a hosted page shows to read and finish its own payment, and nothing else."""
    return f"{payment}_secret_{base32(entropy[:20])}"


def payment_of_client_secret(secret: str) -> PaymentId | None:
    """The payment a client secret names, or None when it is not one by form."""
    payment, found, rest = secret.partition("_secret_")
    return PaymentId(payment) if found and payment and rest else None


def fingerprint(secret: str) -> str:
    """SHA-256 of a high-entropy secret; what is stored and compared instead of the secret itself."""
    return hashlib.sha256(secret.encode()).hexdigest()
