"""Messages that test mode keeps instead of sending."""

from __future__ import annotations

import json

from shared.adapters.messaging.captured import KEPT, CapturedMessages
from shared.domain.payment import Environment
from shared.ports.messages import Message
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import FakeBooks, FixedClock


def message(text: str) -> Message:
    return Message("receipt", "email", "anna@example.com", "Paid", text)


def test_messages_are_read_back_newest_first_with_their_time() -> None:
    clock = FixedClock()
    captured = CapturedMessages(FakeBooks(), clock)
    captured.send(message("one"), MERCHANT, TEST, "a")
    later = clock.advance(60)
    captured.send(message("two"), MERCHANT, TEST, "b")

    found = captured.read(MERCHANT, TEST)

    assert [each["text"] for each in found] == ["two", "one"]
    assert (found[0]["to"], found[0]["at"]) == ("anna@example.com", later.isoformat())


def test_a_message_is_kept_once_per_key() -> None:
    captured = CapturedMessages(FakeBooks(), FixedClock())
    for text in ("first", "again"):
        captured.send(message(text), MERCHANT, TEST, "key")

    assert [each["text"] for each in captured.read(MERCHANT, TEST)] == ["first"]


def test_the_newest_hundred_are_kept() -> None:
    captured = CapturedMessages(FakeBooks(), FixedClock())
    for n in range(KEPT + 3):
        captured.send(message(str(n)), MERCHANT, TEST, str(n))

    found = captured.read(MERCHANT, TEST)

    assert (len(found), found[0]["text"], found[-1]["text"]) == (KEPT, str(KEPT + 2), "3")


def test_long_ones_are_kept_as_far_as_their_place_has_room_and_the_newest_always() -> None:
    books = FakeBooks()
    captured = CapturedMessages(books, FixedClock())
    for n in range(KEPT):
        captured.send(message("\u20ac" * 2000 + str(n)), MERCHANT, TEST, str(n))

    found = captured.read(MERCHANT, TEST)

    assert found[0]["text"].endswith(str(KEPT - 1))
    assert 5 < len(found) < KEPT
    assert len(json.dumps(books.load("messages", f"{MERCHANT}#{TEST}")[0])) < 400_000 * 3 // 4


def test_another_environment_sees_nothing() -> None:
    captured = CapturedMessages(FakeBooks(), FixedClock())
    captured.send(message("one"), MERCHANT, TEST, "a")

    assert captured.read(MERCHANT, Environment.LIVE) == []
