"""A rehearsal that cannot pass by accident: a release that is missed is said aloud, and differences are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tools.local.deploy import Stack
from tools.rehearsal import books
from tools.rehearsal.books import compare, untold
from tools.rehearsal.payments import KINDS, Payment, Shop
from tools.rehearsal.trees import named, previous
from tools.testing.receiver import Arrived, Receiver


def test_a_clone_without_the_tag_takes_the_commit_it_names_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, tree = previous(tmp_path, wanted="v0.0.0-nobody", instead="HEAD")

    assert name == "HEAD"
    assert (tree / "template.yaml").is_file()
    assert "does not know v0.0.0-nobody" in capsys.readouterr().err


def test_what_is_asked_for_by_name_is_taken_and_nothing_in_its_place(tmp_path: Path) -> None:
    assert named(tmp_path, "HEAD") == ("HEAD", tmp_path)
    with pytest.raises(SystemExit, match="nobody is not in this clone: git fetch --tags"):
        named(tmp_path, "v0.0.0-nobody")


def test_a_clone_that_knows_neither_ends_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="git fetch --unshallow --tags"):
        previous(tmp_path, wanted="v0.0.0-nobody", instead="v0.0.0-nothing")


class Books(Shop):
    """A shop whose gateway and issuer may say something else than our record."""

    def __init__(self, **changes: object) -> None:
        super().__init__("http://nowhere")
        object.__setattr__(self, "_changes", changes)

    def call(self, method: str, path: str, body: object = None) -> Any:
        said: dict[str, Any] = {"status": "SUCCESS", "capturedAmount": 100.0, "vouchers": [{"spentAmount": 50.0}]}
        if "sandbox/payments" in path:
            said = {"captured": 100.0, "authorised": 150.0, "voided": 20.0, "released": 30.0}
        if "sandbox/vouchers" in path:
            said = {"spent": 50.0, "reversed": 0}
        return said | {name: value for name, value in cast(Any, self)._changes.items() if name in said}


PAYMENT = Payment(KINDS[0], "TXN_1", "PAY1", ["V5000-OK1"])


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "_PATIENCE_SECONDS", 0.0)


def test_books_that_agree_have_equal_totals_and_nothing_wrong() -> None:
    totals, wrong = compare(Books(), [PAYMENT, PAYMENT])

    assert (str(totals), wrong) == ("card 200.00 = 200.00, vouchers 100.00 = 100.00", [])


@pytest.mark.parametrize(
    "change",
    [
        {"captured": 150.0},
        {"released": 0},
        {"voided": 0},
        {"spent": 0},
        {"reversed": 50.0},
        {"capturedAmount": 99.99},
        {"vouchers": []},
    ],
)
def test_books_that_differ_name_the_payment(change: dict[str, object]) -> None:
    (said,) = compare(Books(**change), [PAYMENT])[1]

    assert PAYMENT.id in said


class Table:
    """A client of DynamoDB whose only table holds these events."""

    def __init__(self, *events: tuple[str, str]) -> None:
        self.items = [
            {"sk": {"S": event}, "type": {"S": "PAID"}, "subject": {"S": "TXN_1"}, "notifyUrl": {"S": address}}
            for event, address in events
        ]

    def client(self, service: str) -> Table:
        return self

    outputs = {"EventsTableName": "events"}  # noqa: RUF012 - read only

    def get_paginator(self, name: str) -> Table:
        return self

    def paginate(self, **_: object) -> Iterator[dict[str, Any]]:
        yield {"Items": self.items}


def test_an_event_is_told_when_its_receiver_has_taken_it_and_not_when_it_has_refused_it() -> None:
    receiver = Receiver()
    try:
        receiver.arrived += [Arrived({}, b'{"id":"evt_1"}'), Arrived({}, b'{"id":"evt_2"}', answered=503)]
        table = Table(*[(f"evt_{number}", f"{receiver.url}/1") for number in (1, 2, 3)], ("evt_4", "https://other"))

        lost = untold(cast(Stack, table), receiver)
    finally:
        receiver.close()

    assert lost == ["PAID of TXN_1"] * 2
