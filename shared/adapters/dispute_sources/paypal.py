"""Disputes as PayPal tells them: ``CUSTOMER.DISPUTE.*`` events, signed with the key of a certificate of PayPal's."""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from shared.adapters.dispute_sources.rsa_signature import Certificate, read_certificate
from shared.adapters.dispute_sources.settings import SourceSettings
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
from shared.domain.dispute import Notice
from shared.domain.errors import Unauthenticated
from shared.domain.payment import Environment
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.inbound import Inbound

HEADER: Final = "paypal-transmission-sig"
# The certificate is as good as the TLS connection to these hosts; nobody else's certificate is ever fetched.
HOSTS: Final = {"api.paypal.com": Environment.LIVE, "api.sandbox.paypal.com": Environment.TEST}
FOLDER: Final = "/v1/notifications/certs/"
_MOST_REMEMBERED: Final = 8
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
        message = read_message(inbound.body)
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

    def _environment(self, inbound: Inbound) -> Environment:
        headers = inbound.headers
        refused = Unauthenticated("the signature is not valid")
        if headers.get("paypal-auth-algo") != "SHA256withRSA" or not self.settings.secrets(Source.PAYPAL):
            raise refused  # and fetch nothing where PayPal is not in use
        environment, certificate = self._certificate(headers.get("paypal-cert-url", ""))
        try:
            signature = b64decode(headers.get(HEADER, ""), validate=True)
        except ValueError:
            raise refused from None
        sent = f"{headers.get('paypal-transmission-id', '')}|{headers.get('paypal-transmission-time', '')}"

        def fits(webhook_id: str) -> bool:
            return certificate.signed(f"{sent}|{webhook_id}|{zlib.crc32(inbound.body)}".encode(), signature)

        if (
            not certificate.is_good_at(inbound.now)
            or self.settings.environment_of(Source.PAYPAL, fits) is not environment
        ):
            raise refused
        return environment

    def _certificate(self, url: str) -> tuple[Environment, Certificate]:
        try:
            address = urlsplit(url)
        except ValueError:
            raise Unauthenticated("the certificate is not PayPal's") from None
        environment = HOSTS.get(address.netloc)
        # By comparison of the whole host: no port, no user, and nothing that a parser could read in two ways.
        name = address.path.removeprefix(FOLDER)
        plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
        if environment is None or url != f"https://{address.netloc}{FOLDER}{name}" or not plain:
            raise Unauthenticated("the certificate is not PayPal's")
        if url not in self.certificates:
            pem = self.settings.fetch(url, {})
            try:
                found = read_certificate(pem or b"")
            except ValueError:
                raise Unauthenticated("the certificate is not PayPal's") from None
            if len(self.certificates) >= _MOST_REMEMBERED:
                self.certificates.clear()
            self.certificates[url] = found
        return environment, self.certificates[url]


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
