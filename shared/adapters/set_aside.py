"""The queue of events that could not be told to customers: which, and when it is tried again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shared.adapters.sqs import postpone
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

    from shared.domain.event import Event


@dataclass(frozen=True, slots=True)
class SetAside:
    """A message names the event and holds nothing of it: what is said comes from its table, newly read."""

    client: SQSClient
    url: str

    def put(self, event: Event) -> None:
        named = {"merchantId": event.merchant_id, "environment": event.environment.value, "eventId": event.id}
        self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(named))

    def read(self, body: str) -> tuple[MerchantId, Environment, str]:
        """Whose event it was, and its id: what ``Events.get`` asks for."""
        named = json.loads(body)
        return MerchantId(named["merchantId"]), Environment(named["environment"]), named["eventId"]

    def postpone(self, receipt: str, seconds: int) -> None:
        postpone(self.client, self.url, receipt, seconds)
