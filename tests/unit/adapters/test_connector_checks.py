"""Whose account settings are of, as the other side says: one harmless call."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shared.adapters.connector_checks import CHECKS
from shared.adapters.psp_http import PspHttp
from shared.domain.account import Role
from shared.domain.errors import CredentialsRefused, Refused, Unavailable
from shared.domain.payment import Environment
from tools.testing.builders import MERCHANT
from tools.testing.far_sides.assiopay.side import AssioPaySide
from tools.testing.far_sides.igfs.server import IgfsAcquirer
from tools.testing.far_sides.monni.side import MonniSide
from tools.testing.far_sides.stripe.server import StripeAcquirer

TEST = Environment.TEST
HTTP = PspHttp(allow_private=True, seconds=20.0)
CHECK = CHECKS[Role.CARD_GATEWAY]["igfs"]


@pytest.fixture
def acquirer() -> Iterator[IgfsAcquirer]:
    started = IgfsAcquirer()
    yield started
    started.close()


def settings(acquirer: IgfsAcquirer, **changes: str) -> dict[str, str]:
    terminal = acquirer.terminal
    return {"server_url": acquirer.server_url, "tid": terminal.tid, "ksig": terminal.key, **changes}


def test_a_terminal_is_told_by_its_id_and_nothing_is_opened(acquirer: IgfsAcquirer) -> None:
    assert CHECK(HTTP, TEST, settings(acquirer)) == acquirer.terminal.tid
    assert [asked.operation for asked in acquirer.asked] == ["Verify"]


@pytest.mark.parametrize("wrong", [{"ksig": "another key"}, {"tid": "ANOTHER"}])
def test_a_terminal_that_is_not_let_in_is_told_so(acquirer: IgfsAcquirer, wrong: dict[str, str]) -> None:
    with pytest.raises(CredentialsRefused) as refused:
        CHECK(HTTP, TEST, settings(acquirer, **wrong))

    assert acquirer.terminal.key not in str(refused.value)


def test_an_acquirer_that_cannot_be_reached_says_nothing(acquirer: IgfsAcquirer) -> None:
    acquirer.close()
    with pytest.raises(Unavailable):
        CHECK(HTTP, TEST, settings(acquirer))


def test_an_address_on_this_machine_is_asked_in_test_alone(acquirer: IgfsAcquirer) -> None:
    with pytest.raises(Unavailable):
        CHECK(HTTP, Environment.LIVE, settings(acquirer))


# ---- Stripe ----


@pytest.fixture
def stripe() -> Iterator[StripeAcquirer]:
    started = StripeAcquirer()
    yield started
    started.close()


def test_a_key_of_stripe_is_told_by_its_account_and_a_wrong_one_is_not_let_in(stripe: StripeAcquirer) -> None:
    known = {"api_base": stripe.origin, "secret_key": stripe.account.key}
    check = CHECKS[Role.CARD_GATEWAY]["stripe"]

    assert check(HTTP, TEST, known) == stripe.account.id
    with pytest.raises(CredentialsRefused) as refused:
        check(HTTP, TEST, {**known, "secret_key": "sk_test_wrong_one"})
    assert "sk_test" not in str(refused.value)


def test_a_key_of_stripe_that_may_not_say_whose_it_is_is_refused(stripe: StripeAcquirer) -> None:
    stripe.says.append((400, {"type": "invalid_request_error", "message": "no"}))

    with pytest.raises(Refused, match="invalid_request_error"):
        CHECKS[Role.CARD_GATEWAY]["stripe"](HTTP, TEST, {"api_base": stripe.origin, "secret_key": stripe.account.key})


def test_a_key_of_stripe_that_is_known_and_not_let_in_is_refused_like_one_that_is_not(stripe: StripeAcquirer) -> None:
    stripe.says.append((403, {"type": "invalid_request_error", "message": "no such permission"}))

    with pytest.raises(CredentialsRefused):
        CHECKS[Role.CARD_GATEWAY]["stripe"](HTTP, TEST, {"api_base": stripe.origin, "secret_key": stripe.account.key})


# ---- issuers of vouchers ----


@pytest.mark.parametrize(("name", "side"), [("assiopay", AssioPaySide), ("monni", MonniSide)])
def test_an_issuer_says_whose_settings_they_are_and_refuses_others(
    name: str, side: Callable[[], AssioPaySide | MonniSide]
) -> None:
    issuer, ask = side(), CHECKS[Role.VOUCHER_PROVIDER][name]
    try:
        known = dict(issuer.settings.credentials.of(MERCHANT, TEST, name))
        secret = "password" if name == "assiopay" else "api_key"

        assert ask(HTTP, TEST, known) in ("shop@example.org", "shop_monni")
        with pytest.raises(CredentialsRefused):
            ask(HTTP, TEST, {**known, secret: "another one"})
    finally:
        issuer.close()
