"""Disputes as Shift4 tells them: its messages are not signed, so the event that one names is fetched from Shift4."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from shared.adapters.dispute_sources.settings import SourceSettings
from shared.adapters.reading import (
    minor_amount,
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
from shared.domain.errors import InvalidRequest, Unauthenticated
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus, Source
from shared.ports.inbound import Inbound

EVENTS: Final = "https://api.shift4.com/events/"
EVENT_ID: Final = re.compile(r"event_[A-Za-z0-9]{8,64}")
_S = DisputeStatus
STATUSES: Final = {
    "RETRIEVAL_REQUEST_NEW": _S.OPEN,
    "RETRIEVAL_REQUEST_RESPONSE_UNDER_REVIEW": _S.UNDER_REVIEW,
    "RETRIEVAL_REQUEST_REPRESENTED": _S.CANCELLED,  # the bank asked, was answered, and took nothing
    "CHARGEBACK_NEW": _S.OPEN,
    "CHARGEBACK_RESPONSE_UNDER_REVIEW": _S.UNDER_REVIEW,
    "CHARGEBACK_REPRESENTED_SUCCESSFULLY": _S.WON,
    "CHARGEBACK_REPRESENTED_UNSUCCESSFULLY": _S.LOST,
    "CHARGEBACK_REPRESENTED_PARTIALLY": _S.LOST,  # how much is not said, so none of it is free to be refunded
    "CHARGEBACK_PREVENTED": _S.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Shift4:
    """The port ``DisputeSource``. The secret of an environment is the API key that may read its events."""

    settings: SourceSettings

    def sent(self, inbound: Inbound) -> bool:
        """By the body: Shift4 sends no header of its own."""
        try:
            message = read_message(inbound.body)
        except InvalidRequest:
            return False
        return word(message, "objectType") == "event" and EVENT_ID.fullmatch(word(message, "id")) is not None

    def read(self, inbound: Inbound) -> Notice | None:
        environment, message = self._fetched(word(read_message(inbound.body), "id"))
        return notice_of(message, environment)

    def _fetched(self, event_id: str) -> tuple[Environment, dict[str, Any]]:
        """The event as Shift4 has it; nothing of what was posted counts but its name."""
        if EVENT_ID.fullmatch(event_id) is None:
            raise Unauthenticated("there is no such event")
        for environment, key in self.settings.secrets(Source.SHIFT4):
            basic = b64encode(f"{key}:".encode()).decode()
            found = self.settings.fetch(f"{EVENTS}{event_id}", {"Authorization": f"Basic {basic}"})
            if found is not None:
                message = read_message(found)
                if word(message, "id") == event_id:
                    return environment, message
        raise Unauthenticated("there is no such event")


def notice_of(message: Mapping[str, Any], environment: Environment) -> Notice | None:
    """What an event of Shift4's says of a dispute; None when it is about something else."""
    kind = word(message, "type")
    if not kind.startswith("CHARGE_DISPUTE_"):
        return None
    dispute = part(message, "data")
    said = word(dispute, "status").upper()
    status = status_from(said, STATUSES)
    # The bank was answered when it first asked, and takes the money now: to be answered anew.
    follows = (kind, said) == ("CHARGE_DISPUTE_UPDATED", "CHARGEBACK_NEW")
    charge = part(dispute, "charge")
    return Notice(
        source=Source.SHIFT4,
        environment=environment,
        psp_id=name_of(dispute, "id"),
        payment_ids=names(part(charge, "metadata").get("transactionId"), charge.get("id")),
        amount=minor_amount(dispute.get("amount"), word(dispute, "currency").upper()),
        reason=reason_from(word(dispute, "reason")),
        status=_S.EVIDENCE_REQUIRED if follows else status,
        happened_at=moment(message.get("created"), "created"),
        deadline=moment_if_any(part(dispute, "evidenceDetails").get("dueBy"), "dueBy"),
        reopens=follows,
    )
