"""Live messages leave once per key; one whose sending failed is sent by whoever is told again."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.adapters.messaging.captured import CapturedMessages
from shared.adapters.messaging.outgoing import OutgoingMessages
from shared.domain.errors import Unavailable
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.ports.messages import Message
from tools.testing.fakes import FakeBooks, FakeIdempotency, FixedClock

SHOP = MerchantId("m_shop")
MAIL = Message("payment_link", "email", "ada@example.com", "Grüße", "text", "<p>text</p>")
SMS = Message("payment_link", "sms", "+393331234567", "", "text")


class Post:
    """SES and SNS in one; ``down`` fails that many calls."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.down = 0

    def send_email(self, **request: Any) -> None:
        if self.down:
            self.down -= 1
            raise TimeoutError
        self.sent.append(request)

    publish = send_email


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def messages(post: Post) -> OutgoingMessages:
    clock = FixedClock()
    captured = CapturedMessages(FakeBooks(), clock)
    return OutgoingMessages(captured, FakeIdempotency(), clock, "receipts@example.com", lambda: post, lambda: post)


def test_a_message_is_sent_once_per_key(messages: OutgoingMessages, post: Post) -> None:
    for key in ("one", "one", "two"):
        messages.send(MAIL, SHOP, Environment.LIVE, key)

    assert [request["Destination"] for request in post.sent] == [{"ToAddresses": ["ada@example.com"]}] * 2


def test_a_message_that_failed_is_sent_when_asked_again(messages: OutgoingMessages, post: Post) -> None:
    post.down = 1
    with pytest.raises(TimeoutError):
        messages.send(MAIL, SHOP, Environment.LIVE, "one")
    messages.send(MAIL, SHOP, Environment.LIVE, "one")

    assert len(post.sent) == 1


def test_a_mail_that_the_service_refuses_is_unavailable_and_sent_when_asked_again(
    messages: OutgoingMessages, post: Post
) -> None:
    sends = post.send_email

    def refuse(**_: object) -> None:
        post.send_email = sends  # type: ignore[method-assign]
        raise ClientError(
            {"Error": {"Code": "MessageRejected", "Message": "not verified: ada@example.com"}}, "SendEmail"
        )

    post.send_email = refuse  # type: ignore[method-assign]
    with pytest.raises(Unavailable) as refused:
        messages.send(MAIL, SHOP, Environment.LIVE, "one")
    messages.send(MAIL, SHOP, Environment.LIVE, "one")

    assert "ada" not in str(refused.value)
    assert len(post.sent) == 1


def test_a_message_that_another_call_is_sending_is_asked_for_again(messages: OutgoingMessages, post: Post) -> None:
    seen: list[str] = []

    def twice(**request: Any) -> None:
        with pytest.raises(Unavailable):
            messages.send(MAIL, SHOP, Environment.LIVE, "one")
        seen.append(request["Source"])

    post.send_email = twice  # type: ignore[method-assign]
    messages.send(MAIL, SHOP, Environment.LIVE, "one")

    assert seen == ["receipts@example.com"]


def test_a_text_message_goes_to_the_telephone(messages: OutgoingMessages, post: Post) -> None:
    messages.send(SMS, SHOP, Environment.LIVE, "one")

    assert post.sent == [{"PhoneNumber": "+393331234567", "Message": "text"}]


def test_nothing_leaves_in_test_mode_or_without_an_address(messages: OutgoingMessages, post: Post) -> None:
    messages.send(MAIL, SHOP, Environment.TEST, "one")
    messages.send(Message("endpoint_disabled", "email", "", "s", "t"), SHOP, Environment.LIVE, "two")

    assert post.sent == []
    assert len(messages.captured.read(SHOP, Environment.TEST)) == 1
