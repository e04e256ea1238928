"""Messages of live payments leave through SES and SNS, once per key; those of test payments are captured."""

from __future__ import annotations

import hashlib
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.messaging.captured import CapturedMessages
from shared.domain.errors import Unavailable
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.ports.idempotency import ClaimState, Idempotency
from shared.ports.messages import Message
from shared.ports.world import Clock


@dataclass(frozen=True, slots=True)
class OutgoingMessages:
    """The port ``Messenger``. ``mail`` and ``phone`` make the clients when they are first needed.

    ``send`` raises Unavailable while another call sends the same message, and when the mail service takes none.
    """

    captured: CapturedMessages
    claims: Idempotency
    now: Clock
    sender: str
    mail: Any
    phone: Any

    def send(self, message: Message, merchant_id: MerchantId, environment: Environment, key: str) -> None:
        if environment is Environment.TEST:
            self.captured.send(message, merchant_id, environment, key)
            return
        if not message.to:
            return
        scope = hashlib.sha256(f"message|{merchant_id}|{key}".encode()).hexdigest()
        claim = self.claims.claim(scope, "", bytes(64), self.now())
        if claim.state is ClaimState.REPLAY:
            return
        if claim.state is not ClaimState.NEW:
            raise Unavailable("this message is being sent by another call; ask again")
        try:
            self._dispatch(message)
        except Exception:
            self.claims.reopen(claim)  # whoever is told again sends it: twice is better than never
            raise
        self.claims.finish(claim, 200, "", self.now())

    def _dispatch(self, message: Message) -> None:
        if message.channel == "sms":
            self.phone().publish(PhoneNumber=message.to, Message=message.text)
            return
        body = {"Text": {"Data": message.text, "Charset": "UTF-8"}}
        if message.html:
            body["Html"] = {"Data": message.html, "Charset": "UTF-8"}
        try:
            self.mail().send_email(
                Source=self.sender,
                Destination={"ToAddresses": [message.to]},
                Message={"Subject": {"Data": message.subject, "Charset": "UTF-8"}, "Body": body},
            )
        except ClientError as refused:  # it was answered: nothing left
            raise Unavailable("the mail could not be sent now; ask for it again") from refused
