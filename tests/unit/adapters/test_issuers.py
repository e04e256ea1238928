"""What is particular to each issuer's connector: how it signs in, what it reads, and what it never believes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.domain.errors import CredentialsRefused, OutcomeUnknown, Unavailable
from shared.domain.operation import Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.taking import pending
from shared.domain.voucher import Voucher, VoucherState
from shared.ports.connectors import VoucherProvider
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides.assiopay.side import AssioPaySide
from tools.testing.far_sides.door import Reply, Request
from tools.testing.far_sides.issuer import IssuerSide
from tools.testing.far_sides.monni.side import MonniSide


@pytest.fixture(params=[AssioPaySide, MonniSide])
def side(request: pytest.FixtureRequest) -> Iterator[IssuerSide]:
    made = request.param()
    yield made
    made.close()


@pytest.fixture
def assiopay() -> Iterator[AssioPaySide]:
    made = AssioPaySide()
    yield made
    made.close()


def at(side: IssuerSide) -> VoucherProvider:
    return VOUCHER_PROVIDERS[side.name](side.settings)


def entered(side: IssuerSide, otp: str) -> tuple[Payment, Voucher]:
    payment = a_payment(provider=side.name)
    voucher = Voucher.entered(f"{payment.id}:V1", otp, payment.amount.zero(), 1)
    return replace(payment, vouchers=(voucher,)), voucher


def valid(side: IssuerSide, otp: str) -> tuple[Payment, Voucher]:
    payment, voucher = entered(side, otp)
    voucher = voucher.judged(at(side).validate(payment, voucher))
    assert voucher.state is VoucherState.VALID
    return payment.with_voucher(voucher), voucher


def spending(payment: Payment, voucher: Voucher, cents: int = 8_00) -> Operation:
    return pending(payment, Kind.VOUCHER_SPEND, "V1", euro(cents), NOON, voucher=voucher.reference)


def answers(side: IssuerSide, path: str, reply: Reply) -> None:
    """From now on the issuer answers so wherever a path ends with ``path``."""
    real = side.issuer.answer  # type: ignore[attr-defined]

    def answer(request: Request) -> Reply:
        return reply if request.path.endswith(path) else real(request)

    side.issuer.answer = answer  # type: ignore[attr-defined]


def changes(assiopay: AssioPaySide, **fields: object) -> None:
    """From now on AssioPay says ``fields`` of every voucher that it is asked about."""
    real = assiopay.issuer.answer

    def answer(request: Request) -> Reply:
        said = real(request)
        if not request.path.endswith("/verifica"):
            return said
        return Reply(200, json.dumps({**json.loads(said.body), **fields}).encode())

    assiopay.issuer.answer = answer  # type: ignore[method-assign]


SPEND = {"assiopay": "/spesa", "monni": "/spend"}
LOOK = {"assiopay": "/verifica", "monni": "/reservations"}


def test_another_amount_than_was_asked_for_is_nothing_to_guess_about(side: IssuerSide) -> None:
    payment, voucher = valid(side, side.voucher(8_00))
    other = {"esito": "000", "operazione": "OP1", "importo": "7,99", "transaction": "mtx_1", "spent": 7_99}
    answers(side, SPEND[side.name], Reply(200, json.dumps(other).encode()))

    with pytest.raises(OutcomeUnknown):
        at(side).spend(payment, voucher, spending(payment, voucher))


@pytest.mark.parametrize("body", [b"{}", b"[]", b"not json", b'{"esito": 0, "id": 7}'], ids=repr)
@pytest.mark.parametrize("which", [SPEND, LOOK], ids=["spend", "look"])
def test_what_cannot_be_understood_is_neither_yes_nor_no(
    side: IssuerSide, body: bytes, which: dict[str, str]
) -> None:
    payment, voucher = valid(side, side.voucher(8_00))
    answers(side, which[side.name], Reply(200, body))

    def call() -> object:
        if which is SPEND:
            return at(side).spend(payment, voucher, spending(payment, voucher))
        return at(side).validate(payment, voucher)

    with pytest.raises(OutcomeUnknown):
        call()


def test_refused_credentials_move_nothing_and_say_so(side: IssuerSide) -> None:
    payment, voucher = valid(side, side.voucher(8_00))
    known = dict(side.settings.credentials.of(MERCHANT, TEST, side.name))
    wrong = {name: value if name == "api_base" else "another one entirely" for name, value in known.items()}
    side.settings.credentials.put(MERCHANT, TEST, side.name, wrong)  # type: ignore[attr-defined]

    with pytest.raises(CredentialsRefused):
        at(side).spend(payment, voucher, spending(payment, voucher))

    assert all(ticket.used == 0 for ticket in side.books.tickets.values())


def test_neither_secret_nor_code_is_in_an_exceptions_text(side: IssuerSide) -> None:
    code = side.voucher(8_00)
    payment, voucher = valid(side, code)
    answers(side, SPEND[side.name], Reply(200, b"{}"))

    with pytest.raises(OutcomeUnknown) as lost:
        at(side).spend(payment, voucher, spending(payment, voucher))

    known = side.settings.credentials.of(MERCHANT, TEST, side.name)
    secrets = [value for name, value in known.items() if name in ("password", "api_key")]
    assert not any(hidden in str(lost.value) + repr(lost.value.__cause__) for hidden in (code, *secrets))


def test_assiopay_keeps_its_token_until_it_is_refused(assiopay: AssioPaySide) -> None:
    for _ in range(2):
        valid(assiopay, assiopay.voucher(8_00))
    assert _logins(assiopay) <= 1

    assiopay.issuer.revoke()
    before = _logins(assiopay)
    valid(assiopay, assiopay.voucher(8_00))

    assert _logins(assiopay) == before + 1


def test_a_login_that_is_not_answered_surely_spent_nothing(assiopay: AssioPaySide) -> None:
    payment, voucher = valid(assiopay, assiopay.voucher(8_00))
    assiopay.issuer.revoke()
    answers(assiopay, "/login", Reply(500, b"{}"))

    with pytest.raises(Unavailable):
        at(assiopay).spend(payment, voucher, spending(payment, voucher))


@pytest.mark.parametrize(
    ("facts", "kind", "expires"),
    [
        ({"kind": "cumulative"}, "CUMULATIVE", "2030-12-31"),
        ({"kind": "daily"}, "DAILY", "2030-12-31"),
        ({"kind": "canteen"}, "CANTEEN", "2030-12-31"),
        ({"kind": "single"}, "SINGLE", "2030-12-31"),
    ],
)
def test_assiopays_kinds_are_ours(assiopay: AssioPaySide, facts: dict[str, str], kind: str, expires: str) -> None:
    _, voucher = valid(assiopay, assiopay.made(12_50, **facts).code)

    assert (voucher.kind, voucher.expires_on, voucher.value, voucher.country) == (kind, expires, euro(12_50), "IT")


@pytest.mark.parametrize(("said", "food"), [(True, True), (False, False), ("true", False), (None, False)])
def test_assiopay_says_whether_a_voucher_pays_for_food_alone(
    assiopay: AssioPaySide, said: object, food: bool
) -> None:
    changes(assiopay, soloAlimentari=said)

    assert valid(assiopay, assiopay.voucher(8_00))[1].food_only is food


def test_what_an_issuer_takes_at_most_is_what_a_voucher_is_worth_here(assiopay: AssioPaySide) -> None:
    changes(assiopay, maxSpendableAmount="5,00")
    _, voucher = valid(assiopay, assiopay.voucher(8_00))

    assert (voucher.value, voucher.face_value) == (euro(5_00), euro(8_00))


@pytest.mark.parametrize(
    ("blocked", "code"),
    [
        ("invalid", "voucher_invalid"),
        ("expired", "voucher_expired"),
        ("used", "voucher_used"),
        ("not_here", "voucher_not_accepted_here"),
    ],
)
def test_each_refusal_is_one_of_our_words_and_no_issuers_text(side: IssuerSide, blocked: str, code: str) -> None:
    payment, voucher = entered(side, side.made(8_00, blocked=blocked).code)

    told = at(side).validate(payment, voucher)

    assert (told.valid, told.known, told.code) == (False, True, code)
    assert "Buono" not in told.message


def test_what_goes_back_never_says_so_at_a_canteens(assiopay: AssioPaySide) -> None:
    payment, voucher = valid(assiopay, assiopay.made(8_00, kind="canteen").code)
    operation = spending(payment, voucher)
    payment = payment.with_operation(operation.closed(at(assiopay).spend(payment, voucher, operation), NOON))
    back = pending(payment, Kind.VOUCHER_REVERSE, "V1", euro(8_00), NOON, voucher=voucher.reference)

    answer = at(assiopay).reverse(payment, voucher, back)

    assert (answer.state, answer.code) == (State.REFUSED, "not_reversible")


def _logins(side: AssioPaySide) -> int:
    return sum(request.path.endswith("/login") for request in side.issuer.asked)


@pytest.mark.parametrize(
    "write", [str.lower, lambda code: f" {code[:4]} {code[4:]} ", lambda code: f"{code[:6]}-{code[6:]}"]
)
def test_a_code_in_small_letters_or_in_groups_is_the_code(side: IssuerSide, write: Callable[[str], str]) -> None:
    typed = write(side.voucher(8_00))

    assert at(side).takes(typed)
    payment, voucher = valid(side, typed)
    assert at(side).spend(payment, voucher, spending(payment, voucher)).state is State.SUCCEEDED
