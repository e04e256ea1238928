"""Disputes as plain JSON under an HMAC: what an IGFS acquirer's back office sends, and the sandbox."""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import Final

from shared.adapters.dispute_sources.settings import SourceSettings
from shared.adapters.reading import (
    major_amount,
    moment,
    moment_if_any,
    name_of,
    names,
    read_message,
    reason_from,
    status_from,
    word,
)
from shared.domain.dispute import Notice
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.inbound import Inbound

_R = Reason
REASONS: Final = {
    # What acquirers pass on unchanged: the codes of Visa (10.4) and of Mastercard (4837).
    **dict.fromkeys(("10.1", "10.2", "10.3", "10.4", "10.5", "4837", "4863", "4870", "4871"), _R.FRAUDULENT),
    **dict.fromkeys(("13.1", "13.9", "4855"), _R.PRODUCT_NOT_RECEIVED),
    **dict.fromkeys(("13.3", "13.4", "13.5", "4853"), _R.PRODUCT_UNACCEPTABLE),
    **dict.fromkeys(("12.6", "12.6.1", "12.6.2", "4834"), _R.DUPLICATE),
    **dict.fromkeys(("13.2", "13.7", "4841"), _R.SUBSCRIPTION_CANCELLED),
    **dict.fromkeys(("13.6", "4860"), _R.CREDIT_NOT_PROCESSED),
}
STATUSES: Final = {
    **{status.value: status for status in DisputeStatus},
    **dict.fromkeys(("NEW", "CHARGEBACK"), DisputeStatus.OPEN),
    **dict.fromkeys(("RETRIEVAL_REQUEST", "PRE_ARBITRATION"), DisputeStatus.EVIDENCE_REQUIRED),
    **dict.fromkeys(("REPRESENTED", "REPRESENTMENT"), DisputeStatus.UNDER_REVIEW),
    **dict.fromkeys(("WITHDRAWN", "CANCELED", "CLOSED"), DisputeStatus.CANCELLED),
    "ACCEPTED": DisputeStatus.LOST,
}


@dataclass(frozen=True, slots=True)
class SignedJson:
    """The port ``DisputeSource``. The header holds HMAC-SHA256 of the raw body, base64 or hex."""

    source: Source
    header: str
    settings: SourceSettings

    def sent(self, inbound: Inbound) -> bool:
        return self.header in inbound.headers

    def read(self, inbound: Inbound) -> Notice:
        environment = self._environment(inbound)
        message = read_message(inbound.body)
        return Notice(
            source=self.source,
            environment=environment,
            psp_id=name_of(message, "disputeId"),
            payment_ids=names(message.get("transactionId"), message.get("shopID")),
            amount=major_amount(message.get("amount"), word(message, "currency")),
            reason=reason_from(word(message, "reasonCode"), REASONS),
            status=status_from(word(message, "status").upper(), STATUSES),
            happened_at=moment(message.get("eventTime"), "eventTime"),
            deadline=moment_if_any(message.get("responseDeadline"), "responseDeadline"),
            reopens=message.get("reopened") is True,
        )

    def _environment(self, inbound: Inbound) -> Environment:
        given = inbound.headers.get(self.header, "").strip().encode()

        def fits(secret: str) -> bool:
            digest = hmac.digest(secret.encode(), inbound.body, "sha256")
            return any(hmac.compare_digest(given, right) for right in (b64encode(digest), digest.hex().encode()))

        return self.settings.environment_of(self.source, fits)
