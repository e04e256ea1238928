"""E-mails and text messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment


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
