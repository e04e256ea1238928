"""Letters to people who work at a merchant: asked for here, written and sent by who reads the queue of receipts."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from shared.domain.ids import MerchantId
from shared.domain.person import Letter
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@dataclass(frozen=True, slots=True)
class SqsLetters:
    """The port ``Letters``. What opens a session is never in a message: it is made by who sends the mail."""

    client: SQSClient
    url: str

    def ask(self, email: str, origin: str, invited_by: MerchantId | None = None) -> None:
        letter = {"letter": str(uuid.uuid4()), "email": email, "origin": origin, "invitedBy": invited_by}
        # What is set aside there waits a minute; somebody waits for this.
        self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(letter), DelaySeconds=0)

    def read(self, body: str) -> Letter | None:
        """The letter that a message asks for; None for a message about something else."""
        named: dict[str, Any] = json.loads(body)
        if "letter" not in named:
            return None
        invited_by = MerchantId(named["invitedBy"]) if named["invitedBy"] else None
        return Letter(named["letter"], named["email"], named["origin"], invited_by)
