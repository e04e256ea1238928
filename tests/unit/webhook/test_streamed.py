"""What the events' stream brings: new events are told, those that were put back from a copy are not told again."""

from __future__ import annotations

from typing import Any

import pytest

from functions.payment import receipt
from functions.webhook import fan_out
from shared.adapters.dynamodb.events import to_item
from shared.bootstrap import webhooks
from shared.domain.event import Event, EventType
from tools.testing.builders import an_event

NEW = an_event(type=EventType.PAID)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event that one of the stream's consumers goes on with."""
    seen: list[Event] = []

    def customers_are_told(event: Event) -> bool:
        seen.append(event)
        return True

    def shops_are_told(events: list[Event], world: object) -> int:
        seen.extend(events)
        return len(events)

    monkeypatch.setattr(receipt, "_tell", customers_are_told)
    monkeypatch.setattr(fan_out, "fan_out", shops_are_told)
    monkeypatch.setattr(webhooks, "webhook_world", lambda notices: None)
    return seen


def brought(event: Event, **more: Any) -> dict[str, Any]:
    return {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": {**to_item(event), **more}}}]}


def test_a_new_event_reaches_customers_and_shops(told: list[Event]) -> None:
    assert receipt.handler(brought(NEW), None) == {"sent": 1}
    assert fan_out.handler(brought(NEW), None) == {"events": 1, "deliveries": 1}

    assert told == [NEW, NEW]


def test_one_that_is_put_back_after_a_loss_was_told_before(told: list[Event]) -> None:
    put_back = brought(NEW, fannedOutAt={"S": "2026-03-02T12:00:00+00:00"})

    assert receipt.handler(put_back, None) == {"sent": 0}
    assert fan_out.handler(put_back, None) == {"events": 0, "deliveries": 0}

    assert told == []
