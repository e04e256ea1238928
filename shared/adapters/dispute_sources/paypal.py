"""Disputes as PayPal tells them: ``CUSTOMER.DISPUTE.*`` events, signed with the key of a certificate of PayPal's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from shared.adapters.dispute_sources.settings import SourceSettings
from shared.adapters.paypal_signature import HEADER, Signatures
from shared.adapters.reading import (
    major_amount,
    moment,
    moment_if_any,
    name_of,
    names,
    part,
    read_message,
    reason_from,
    status_from,
    word,
)
from shared.adapters.rsa_signature import Certificate
from shared.domain.dispute import Notice
from shared.domain.errors import Unauthenticated
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.inbound import Inbound

_R, _S = Reason, DisputeStatus
REASONS: Final = {
    "MERCHANDISE_OR_SERVICE_NOT_RECEIVED": _R.PRODUCT_NOT_RECEIVED,
    "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED": _R.PRODUCT_UNACCEPTABLE,
    "DUPLICATE_TRANSACTION": _R.DUPLICATE,
    "CANCELED_RECURRING_BILLING": _R.SUBSCRIPTION_CANCELLED,
}
OUTCOMES: Final = {
    "RESOLVED_SELLER_FAVOUR": _S.WON,
    "RESOLVED_SELLER_FAVOR": _S.WON,
    "RESOLVED_WITH_PAYOUT": _S.WON,  # PayPal pays the buyer out of its own pocket
    "DENIED": _S.WON,  # the buyer's claim was
    "RESOLVED_BUYER_FAVOUR": _S.LOST,
    "RESOLVED_BUYER_FAVOR": _S.LOST,
    "ACCEPTED": _S.LOST,
    "CANCELED_BY_BUYER": _S.CANCELLED,
    "NONE": _S.CANCELLED,  # another one about the same payment goes on in its place
}
_REVIEWED: Final = frozenset({"UNDER_REVIEW", "WAITING_FOR_BUYER_RESPONSE"})
# One number stays for all that becomes of a payment at PayPal and at the buyer's bank: whatever goes on, begins anew.
_GOES_ON: Final = frozenset({_S.EVIDENCE_REQUIRED, _S.UNDER_REVIEW})


@dataclass(frozen=True, slots=True)
class PayPal:
    """The port ``DisputeSource``. Its secret is the webhook's id, which is part of what is signed."""

    settings: SourceSettings
    certificates: dict[str, Certificate] = field(default_factory=dict, repr=False)

    def sent(self, inbound: Inbound) -> bool:
        return HEADER in inbound.headers

    def read(self, inbound: Inbound) -> Notice | None:
        environment = self._environment(inbound)
        return notice_of(read_message(inbound.body), environment)

    def _environment(self, inbound: Inbound) -> Environment:
        refused = Unauthenticated("the signature is not valid")
        if not self.settings.secrets(Source.PAYPAL):
            raise refused  # and fetch nothing where PayPal is not in use
        environment, fits = Signatures(self.settings.fetch, self.certificates).read(inbound)
        if self.settings.environment_of(Source.PAYPAL, fits) is not environment:
            raise refused
        return environment


def notice_of(message: Mapping[str, Any], environment: Environment) -> Notice | None:
    """What an event says of a dispute; None for one about something else. Raises InvalidRequest."""
    if not word(message, "event_type").startswith("CUSTOMER.DISPUTE."):
        return None
    dispute = part(message, "resource")
    status = _status(message, dispute)
    amount = part(dispute, "dispute_amount")
    return Notice(
        source=Source.PAYPAL,
        environment=environment,
        psp_id=name_of(dispute, "dispute_id"),
        payment_ids=_payment_ids(dispute),
        amount=major_amount(amount.get("value"), word(amount, "currency_code")),
        reason=reason_from(word(dispute, "reason"), REASONS),
        status=status,
        happened_at=moment(message.get("create_time"), "create_time"),
        deadline=moment_if_any(dispute.get("seller_response_due_date"), "seller_response_due_date"),
        reopens=status in _GOES_ON,
    )


def _status(message: Mapping[str, Any], dispute: Mapping[str, Any]) -> DisputeStatus:
    status = word(dispute, "status")
    if status == "RESOLVED":
        return status_from(word(part(dispute, "dispute_outcome"), "outcome_code"), OUTCOMES)
    if status in _REVIEWED:
        return _S.UNDER_REVIEW
    if status == "WAITING_FOR_SELLER_RESPONSE" and not word(message, "event_type").endswith(".CREATED"):
        return _S.EVIDENCE_REQUIRED
    return _S.OPEN


def _payment_ids(dispute: Mapping[str, Any]) -> tuple[str, ...]:
    listed = dispute.get("disputed_transactions")
    transactions = [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []
    fields = ("custom", "invoice_number", "seller_transaction_id")
    return names(*(entry.get(name) for entry in transactions for name in fields))
