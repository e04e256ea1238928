"""What Stripe's methods alone do: forms that its library knows, currencies, one intent for one payment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
import stripe.params as params

from shared.adapters.method_providers import stripe as connector
from shared.adapters.method_providers.stripe import StripeMethodProvider
from shared.adapters.settings_files import validated
from shared.domain.account import Role
from shared.domain.errors import InvalidRequest, OutcomeUnknown, Refused
from shared.domain.method import OFFERED, STRIPE_METHODS, MethodChoice, MethodKind, Payer
from shared.domain.money import Money
from shared.domain.payment import Environment, Mode, Payment
from shared.ports.methods import MethodState
from tests.unit.adapters.test_stripe import known_to_stripe
from tools.testing.builders import a_payment
from tools.testing.fakes import NOON
from tools.testing.far_sides.stripe import methods
from tools.testing.far_sides.stripe.collector import StripeCollector
from tools.testing.far_sides.stripe.methods import KINDS
from tools.testing.far_sides.switch import Damage, Fault

LASTS = 72 * 3600


class Shop:
    def __init__(self) -> None:
        self.side = StripeCollector()
        self.account = self.side.acquirer.account
        self.provider = StripeMethodProvider(self.side.settings)

    def chosen(self, method: str = "ideal", currency: str = "EUR", **more: Any) -> Payment:
        made: dict[str, Any] = {
            "mode": Mode.ALTERNATIVE,
            "provider": STRIPE_METHODS,
            "amount": Money(150_00, currency),
            "email": "ada@example.com",
            "method": method,
            "method_choice": MethodChoice(MethodKind.ONLINE, LASTS, begun_at=NOON),
            "payer": Payer("NL", "Ada", "Jansen", personal_id="123456789"),
        }
        return a_payment(**{**made, **more})

    @property
    def sent(self) -> dict[str, str]:
        asked = [one for one in self.side.acquirer.asked if one.path == "/v1/payment_intents" and one.body]
        return dict(parse_qsl(asked[-1].body.decode()))


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.side.close()


def test_what_is_offered_is_what_the_connector_has_and_the_far_side_takes() -> None:
    assert OFFERED[STRIPE_METHODS] == connector.METHODS.keys()
    assert {method.kind: {name.lower() for name in method.currencies} for method in connector.METHODS.values()} == {
        kind: set(currencies) for kind, (currencies, _) in KINDS.items()
    }


@pytest.mark.parametrize(
    ("method", "currency"), [("ideal", "EUR"), ("bancontact", "EUR"), ("przelewy24", "PLN"), ("oxxo", "MXN")]
)
def test_every_field_that_is_sent_is_one_of_stripes_own_library(shop: Shop, method: str, currency: str) -> None:
    begun = shop.provider.begin(shop.chosen(method, currency))

    assert begun.redirect_url
    assert [name for name in shop.sent if not known_to_stripe(params.PaymentIntentCreateParams, name)] == []
    assert "123456789" not in str(shop.sent)  # what nobody asked for stays here


def test_a_slip_ends_with_its_own_last_day_and_bears_its_own_number(shop: Shop) -> None:
    begun = shop.provider.begin(shop.chosen("oxxo", "MXN"))

    assert shop.sent["payment_method_options[oxxo][expires_after_days]"] == "3"
    assert begun.expires_at == NOON + timedelta(days=3)
    assert re.fullmatch(r"\d{14}", begun.reference)
    assert begun.handle in shop.account.intents


@pytest.mark.parametrize(
    ("method", "currency"), [("ideal", "USD"), ("oxxo", "EUR"), ("boleto", "BRL"), ("sofort", "EUR")]
)
def test_what_stripe_does_not_have_is_refused_and_nothing_is_sent(shop: Shop, method: str, currency: str) -> None:
    with pytest.raises(Refused) as caught:
        shop.provider.begin(shop.chosen(method, currency))

    assert caught.value.error_code == "method_refused"
    assert shop.side.acquirer.asked == []


def test_a_beginning_that_nobody_heard_of_is_found_by_our_number(shop: Shop) -> None:
    payment = shop.chosen()
    with shop.side.switch.at(Fault(Damage.LOST, acted=True)), pytest.raises(OutcomeUnknown):
        shop.provider.begin(payment)

    assert shop.provider.outcome(payment).state is MethodState.PENDING
    shop.side.receive(payment, payment.amount)
    assert shop.provider.outcome(payment).state is MethodState.PAID
    assert len(shop.account.intents) == 1


def test_what_was_cancelled_under_the_key_of_its_beginning_is_not_begun_by_an_old_answer(shop: Shop) -> None:
    payment = shop.chosen()
    begun = shop.provider.begin(payment)
    choice = payment.method_choice
    assert choice is not None
    shop.provider.close(replace(payment, method_choice=replace(choice, handle=begun.handle)))

    with pytest.raises(Refused):
        shop.provider.begin(payment)


@pytest.mark.parametrize("status", ["succeeded", "processing"])
def test_what_was_paid_before_we_heard_that_it_began_is_led_nowhere_and_found_by_its_number(
    shop: Shop, status: str
) -> None:
    payment = shop.chosen("oxxo", "MXN")
    shop.provider.begin(payment)
    [intent] = shop.account.intents.values()
    methods.handed_in(shop.account, intent)
    if status == "succeeded":
        methods.paid(shop.account, intent)

    begun = shop.provider.begin(payment)

    assert (begun.handle, begun.reference, begun.redirect_url) == (intent.id, intent.id, None)
    assert begun.expires_at == NOON + timedelta(seconds=LASTS)


@pytest.mark.parametrize("status", ["", "something_new", "requires_confirmation"])
def test_a_beginning_that_stripe_does_not_describe_is_no_refusal(shop: Shop, status: str) -> None:
    payment = shop.chosen()
    shop.provider.begin(payment)
    next(iter(shop.account.intents.values())).status = status

    with pytest.raises(OutcomeUnknown):
        shop.provider.begin(payment)


def later(payment: Payment, method: str) -> Payment:
    """The customer chose and began once more."""
    choice = payment.method_choice
    assert choice is not None
    began = replace(choice, begun_at=NOON + timedelta(seconds=40))
    return replace(payment, method=method, payer=Payer("NL", "Ada", "Jansen"), method_choice=began)


@pytest.mark.parametrize("method", ["ideal", "bancontact"])
def test_what_stripe_refused_to_begin_leaves_every_method_open(shop: Shop, method: str) -> None:
    nameless = shop.chosen("bancontact", payer=None)
    with pytest.raises(Refused):
        shop.provider.begin(nameless)

    begun = shop.provider.begin(later(nameless, method))

    assert shop.account.intents[begun.handle].kind == method


def test_what_a_bank_refused_before_we_heard_that_it_began_is_not_found_in_the_place_of_the_next(shop: Shop) -> None:
    first = shop.chosen()
    shop.provider.begin(first)
    shop.side.reject(first)
    with pytest.raises(Refused):
        shop.provider.begin(first)

    second = later(first, "bancontact")
    begun = shop.provider.begin(second)

    shop.side.wait(1)
    assert shop.provider.outcome(first).state is MethodState.REJECTED
    assert shop.provider.outcome(second).state is MethodState.PENDING
    assert shop.account.intents[begun.handle].kind == "bancontact"


def test_cash_at_the_counter_is_on_its_way_until_it_is_booked(shop: Shop) -> None:
    payment = shop.chosen("oxxo", "MXN")
    shop.provider.begin(payment)
    [intent] = shop.account.intents.values()
    methods.handed_in(shop.account, intent)

    assert shop.provider.outcome(payment).state is MethodState.ARRIVING
    closed = shop.provider.close(payment)
    assert (closed.state, closed.closed) == (MethodState.ARRIVING, False)
    methods.paid(shop.account, intent)
    assert shop.provider.close(payment).state is MethodState.PAID


@pytest.mark.parametrize("status", ["", "something_new"])
def test_a_status_that_stripe_does_not_describe_is_no_end(shop: Shop, status: str) -> None:
    payment = shop.chosen()
    shop.provider.begin(payment)
    next(iter(shop.account.intents.values())).status = status

    with pytest.raises(OutcomeUnknown):
        shop.provider.outcome(payment)


def test_its_settings_are_those_of_an_account_that_sends_no_cards() -> None:
    known = {"secret_key": "sk_test_123456", "webhook_secret": "whsec_123456"}
    made = validated(Role.METHOD_PROVIDER, STRIPE_METHODS, known, Environment.TEST)

    assert made.public == {"api_base": "https://api.stripe.com"}
    with pytest.raises(InvalidRequest):
        validated(Role.METHOD_PROVIDER, STRIPE_METHODS, {**known, "raw_cards": True}, Environment.TEST)
