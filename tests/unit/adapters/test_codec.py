"""How records survive being written by one release and read by another."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, Union, get_args, get_type_hints

import pytest

from shared.adapters.dynamodb.codec import from_plain, from_text, to_text
from shared.domain.account import Account
from shared.domain.customer import Customer
from shared.domain.delivery import Delivery
from shared.domain.dispute import Dispute, Notice
from shared.domain.doing import Doing
from shared.domain.event import Facts
from shared.domain.merchant import (
    AuditLine,
    Credential,
    Endpoint,
    KeyKind,
    MerchantRecord,
    OwnConnector,
    Secret,
    ServiceCredential,
)
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind
from shared.domain.operator import Operator
from shared.domain.order import Order
from shared.domain.payment import MAX_CARD_TRIES, MAX_VOUCHER_TRIES, Payment
from shared.domain.payment_link import PaymentLink
from shared.domain.person import Session, SignInLink
from shared.domain.refund import Refund
from shared.domain.saved_card import Discard, Wallet
from shared.domain.voucher import MAX_VOUCHERS_PER_CHOICE, Voucher, VoucherState
from tools.testing.builders import a_payment, an_account, an_operation, euro


@dataclass(frozen=True)
class Older:
    name: str
    amount: Money


@dataclass(frozen=True)
class Newer:
    name: str
    amount: Money
    note: str | None = None
    kinds: tuple[KeyKind, ...] = (KeyKind.SECRET,)
    counts: dict[str, int] = field(default_factory=dict)
    at: datetime | None = None


FULL = Newer("è", Money(5, "JPY"), "n", (KeyKind.PUBLISHABLE,), {"a": 1}, datetime(2026, 3, 2, tzinfo=UTC))


def test_every_kind_of_field_is_read_back_as_it_was() -> None:
    assert from_text(Newer, to_text(FULL)) == FULL


def test_a_record_of_an_older_release_gets_the_defaults_of_what_it_lacks() -> None:
    older = to_text(Older("a", Money(100, "EUR")))

    assert from_text(Newer, older) == Newer("a", Money(100, "EUR"))


def test_a_record_of_a_newer_release_is_read_without_what_is_not_known_yet() -> None:
    assert from_text(Older, to_text(FULL)) == Older("è", Money(5, "JPY"))


def test_a_field_that_must_be_there_is_missed() -> None:
    with pytest.raises(TypeError):
        from_text(Newer, '{"name":"a"}')


def test_defaults_take_no_room() -> None:
    assert json.loads(to_text(Newer("a", Money(1, "EUR")))) == {
        "name": "a",
        "amount": {"minor": 1, "currency": "EUR"},
    }


def test_an_emptied_field_with_another_default_stays_empty() -> None:
    emptied = Newer("a", Money(1, "EUR"), kinds=())
    none_enabled = an_account(allowed_modes=())

    assert from_text(Newer, to_text(emptied)).kinds == ()
    assert from_text(Account, to_text(none_enabled)).allowed_modes == ()


def test_text_is_ascii_and_money_is_whole_minor_units() -> None:
    text = to_text(FULL)

    assert text.isascii()
    assert json.loads(text)["amount"] == {"minor": 5, "currency": "JPY"}


def test_a_type_the_codec_does_not_know_is_refused_when_it_is_first_met() -> None:
    @dataclass(frozen=True)
    class Weighs:
        kilos: float

    with pytest.raises(TypeError, match="float"):
        from_text(Weighs, '{"kilos": 1.5}')


@pytest.mark.parametrize(
    "cls",
    [
        *(
            Answer,
            AuditLine,
            Credential,
            Customer,
            Delivery,
            Discard,
            Dispute,
            Doing,
            Endpoint,
            Facts,
            MerchantRecord,
        ),
        *(Notice, Operator, Order, OwnConnector, Payment, PaymentLink, Refund, Secret, ServiceCredential, Session),
        *(SignInLink, Wallet),
    ],
)
def test_the_codec_knows_the_type_of_each_field_of_what_is_stored(cls: type) -> None:
    """How a field is read is found when it is first met: what a text seldom has would fail late."""
    wanted: list[Any] = [cls]
    while wanted:
        hint = wanted.pop()
        assert from_plain(Union[hint, None], None) is None  # type: ignore[arg-type]  # noqa: UP007
        parts = get_type_hints(hint) if is_dataclass(hint) else {}
        wanted += [parts[each.name] for each in fields(hint)] if parts else get_args(hint)
        wanted = [each for each in wanted if each not in (type(None), ...)]


def test_a_record_nobody_can_read_says_so() -> None:
    with pytest.raises(ValueError):
        from_text(Payment, to_text(a_payment()).replace('"PENDING"', '"DREAMING"'))


def test_the_longest_history_that_the_limits_allow_fits_into_an_item_with_room_to_spare() -> None:
    payment = a_payment(description="d" * 255, callback_url="u" * 2048, error_url="u" * 2048, notify_url="u" * 2048)
    for n in range(MAX_CARD_TRIES):
        payment = payment.with_operation(an_operation(payment, Kind.PREAUTH, n, message="m" * 60))
    for n in range(MAX_VOUCHER_TRIES * MAX_VOUCHERS_PER_CHOICE):
        reference = f"{payment.id}:V{n}"
        used = Voucher(reference, n, "…A1", VoucherState.REVERSED, euro(1), euro(1), "serial", message="m" * 60)
        payment = replace(payment, vouchers=(*payment.vouchers, used))
        for kind in (Kind.VOUCHER_SPEND, Kind.VOUCHER_NOTIFY, Kind.VOUCHER_REVERSE):
            payment = payment.with_operation(an_operation(payment, kind, n, voucher=reference, message="m" * 60))

    assert len(to_text(payment)) < 200_000  # DynamoDB takes 400 kB
