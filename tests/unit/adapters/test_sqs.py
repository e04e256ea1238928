"""What the deliveries queue is told beside the message itself: whom it serves in turn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from shared.adapters.sqs import SqsQueue
from shared.domain.delivery import NOTIFY
from shared.usecases.webhook.fan_out import fan_out
from shared.usecases.webhook.replay_deliveries import replay_delivery
from tests.webhook_fakes import Shop, an_event


@dataclass
class Client:
    """As much of SQS as sending takes; ``groups`` is in the order of the messages."""

    groups: list[str] = field(default_factory=list)

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        self.groups += [entry["MessageGroupId"] for entry in Entries]
        return {}


def test_each_endpoint_and_each_host_of_notify_urls_is_a_group_of_the_queue() -> None:
    shop, client = Shop(), Client()
    shop.endpoint()
    world = replace(shop.world, queue=SqsQueue(client, "queue"))  # type: ignore[arg-type]

    for number, host in enumerate(["a", "a", "b"]):
        fan_out([an_event(shop.now(), number, notify_url=f"https://{host}.example.com/{number}")], world=world)

    endpoint, notify = client.groups[::2], client.groups[1::2]
    assert len(set(endpoint)) == 1
    assert notify[0] == notify[1] != notify[2]
    assert not set(endpoint) & set(notify)


def test_a_delivery_stays_in_its_group_when_it_is_queued_again() -> None:
    shop, client = Shop(), Client()
    world = replace(shop.world, queue=SqsQueue(client, "queue"))  # type: ignore[arg-type]
    event = shop.happens(notify_url="https://a.example.com/")
    shop.work()
    fan_out([event], world=world)

    replay_delivery(shop.delivery(event, NOTIFY), world=world)

    assert client.groups[0] == client.groups[1]


def test_a_group_is_no_longer_than_the_queue_takes_whatever_the_address() -> None:
    shop, client = Shop(), Client()
    world = replace(shop.world, queue=SqsQueue(client, "queue"))  # type: ignore[arg-type]

    fan_out([an_event(shop.now(), notify_url=f"https://{'a' * 2000}.example.com/")], world=world)

    assert len(client.groups[0]) <= 128
    assert client.groups[0].isascii()
