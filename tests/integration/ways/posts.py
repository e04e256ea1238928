"""Messages that really leave: what live payments are told by e-mail and text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import boto3
import pytest

from shared.adapters import aws
from shared.adapters.messaging.outgoing import OutgoingMessages
from shared.bootstrap import core, runtime, sandbox, webhooks
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.ports.messages import Message


@dataclass(frozen=True, slots=True)
class AsIfLive:
    """The product's own messenger, to which every message is one of a live payment."""

    messenger: OutgoingMessages

    def send(self, message: Message, merchant_id: MerchantId, environment: Environment, key: str) -> None:
        to = message.to or "merchant@example.com"
        self.messenger.send(replace(message, to=to), merchant_id, Environment.LIVE, key)


@contextmanager
def sent_for_real(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, what would be captured in test goes out through SES and SNS."""
    boto3.client("ses").verify_domain_identity(Domain="example.com")
    messenger = AsIfLive(
        OutgoingMessages(
            captured=sandbox.captured_messages(),
            claims=core.idempotency(),
            now=runtime.now,
            sender="receipts@example.com",
            mail=lambda: aws.client("ses"),
            phone=lambda: aws.client("sns"),
        )
    )
    world, webhook_world = core.world(), webhooks.webhook_world
    with monkeypatch.context() as live:
        live.setattr(core, "messenger", lambda: messenger)
        live.setattr(core, "world", lambda: replace(world, messenger=messenger))
        live.setattr(webhooks, "webhook_world", lambda notices: replace(webhook_world(notices), messenger=messenger))
        yield
