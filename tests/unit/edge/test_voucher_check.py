"""Looking at a voucher, as the hosted page and a shop's own page ask for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from functions.payment.voucher_check import handler as check
from shared.adapters.voucher_providers.sandbox import SandboxVoucherProvider
from shared.domain import ids
from shared.domain.errors import Unavailable
from shared.domain.ids import PaymentId
from shared.domain.payment import Payment, Status
from shared.domain.voucher import Validation, VoucherAbilities
from tests.unit.edge.conftest import OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tools.testing.builders import a_payment, euro


@pytest.fixture
def held(edge: Edge) -> tuple[PaymentId, str]:
    """(id, client secret) of a payment whose card is held."""
    name = a_payment().id
    secret = ids.client_secret(name, b"a" * 20)
    edge.world.payments.add(
        a_payment(id=name, status=Status.CARD_PREAUTH_SUCCESS, client_secrets=(ids.fingerprint(secret),))
    )
    return name, secret


def look(payment_id: str, key: str, otp: object = "V5000-A1") -> Answer:
    return ask(check, {"otp": otp}, key=key, path={"transactionId": payment_id})


@pytest.mark.parametrize("by_key", [True, False])
def test_the_customers_page_and_the_shops_server_are_told_the_worth(
    held: tuple[PaymentId, str], by_key: bool
) -> None:
    answer = look(held[0], SECRET if by_key else held[1])

    assert answer.status == 200
    assert (answer.json["outcome"], Decimal(str(answer.json["value"]))) == ("VALID", Decimal(50))
    assert (answer.json["currency"], answer.json["checksLeft"]) == ("EUR", 19)


def test_a_bad_voucher_is_an_answer_and_no_error(held: tuple[PaymentId, str]) -> None:
    answer = look(held[0], held[1], "V5000-EXPIRED")

    assert answer.status == 200
    assert (answer.json["outcome"], answer.json["responseCode"], answer.json["value"]) == ("INVALID", "102", None)


def test_an_issuer_that_is_down_is_unknown_and_no_error(
    held: tuple[PaymentId, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise Unavailable("the issuer is down")

    monkeypatch.setattr(SandboxVoucherProvider, "validate", down)
    answer = look(*held)

    assert answer.status == 200
    assert (answer.json["outcome"], answer.json["responseCode"]) == ("UNKNOWN", "provider_unavailable")


def test_a_code_that_nobody_is_asked_about_yet_is_no_silence_of_its_issuer(
    edge: Edge, held: tuple[PaymentId, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SandboxVoucherProvider, "abilities", VoucherAbilities(looks=False))

    answer = look(*held)

    assert (answer.json["outcome"], answer.json["responseCode"]) == ("UNKNOWN", "judged_when_chosen")


def test_whose_the_voucher_is_is_told(held: tuple[PaymentId, str]) -> None:
    assert [look(*held, otp).json["issuer"] for otp in ("V5000-A1", "nonsense")] == ["sandbox", None]


def test_only_who_may_choose_may_look(edge: Edge, held: tuple[PaymentId, str]) -> None:
    other = ids.client_secret(held[0], b"b" * 20)

    assert [look(held[0], key).status for key in (PUBLISHABLE, OTHER_SHOP, other)] == [403, 404, 401]
    assert edge.world.payments.get(held[0]).voucher_checks == 0


def test_the_twenty_first_look_is_429(held: tuple[PaymentId, str]) -> None:
    answers = [look(*held, f"V100-N{n}") for n in range(21)]

    assert [answer.status for answer in answers] == [200] * 20 + [429]
    assert (answers[-1].json["code"], answers[-2].json["checksLeft"]) == ("too_many_tries", 0)


@pytest.mark.parametrize("otp", ["", " ", "x" * 65, "4242 4242 4242 4242", 5, None])
def test_what_is_no_code_is_400_and_costs_no_try(edge: Edge, held: tuple[PaymentId, str], otp: object) -> None:
    answer = look(*held, otp)

    assert (answer.status, answer.json["param"]) == (400, "otp")
    assert edge.world.payments.get(held[0]).voucher_checks == 0


def test_an_issuer_may_say_that_a_voucher_pays_for_food_where_no_law_is_written_down(
    held: tuple[PaymentId, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(_: object, payment: Payment, __: object) -> Validation:
        return Validation(True, payment.amount, "1", "000", food_only=True)

    monkeypatch.setattr(SandboxVoucherProvider, "validate", judged)
    told = look(*held).json

    assert (told["productRule"], told["law"]) == ("FOOD", None)


def test_what_a_voucher_is_and_what_of_it_would_be_lost_is_told(edge: Edge) -> None:
    name = a_payment().id
    edge.world.payments.add(a_payment(id=name, status=Status.CARD_PREAUTH_SUCCESS, amount=euro(7_20)))

    italian, free = (look(name, SECRET, otp).json for otp in ("V800-ITALY1", "V800-A1"))

    assert (italian["kind"], italian["usedWhole"], italian["productRule"]) == ("SINGLE", True, "FOOD")
    assert (italian["law"], Decimal(str(italian["wouldBeLost"]))) == ("DM 122/2017, art. 4", Decimal("0.80"))
    assert (free["kind"], free["usedWhole"], free["law"], free["wouldBeLost"]) == (None, False, None, 0)
