"""What Nexi alone does: orders and operations by its own numbers, results that come later, kept cards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.card_gateways.nexi import NexiCardGateway
from shared.adapters.connector_checks import CHECKS
from shared.adapters.settings_files import validated
from shared.domain.account import Role
from shared.domain.authentication import ThreeDs
from shared.domain.decline import Decline
from shared.domain.errors import CredentialsRefused, InvalidRequest, NobodyKnows, OutcomeUnknown, Refused
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Environment, Payment
from shared.domain.refund import CARD
from shared.ports.connectors import PageState
from tests.unit.adapters.at_acquirers import BACK, BELL, Payments, again, new
from tools.testing.builders import TEST, euro
from tools.testing.far_sides.nexi.api import BASE
from tools.testing.far_sides.nexi.books import DECLINES, Order
from tools.testing.far_sides.nexi.side import NexiSide
from tools.testing.far_sides.switch import Damage, Fault

SETTINGS = {
    "api_base": "https://stg-ta.nexigroup.com/api/phoenix-0.0/psp/api/v1",
    "api_key": "5d952446-9004-4023-9eae-a527a152846b",
    "terminal_id": "026404399",
}

WORDS = [Decline.CARD_DECLINED, Decline.CARD_DECLINED, Decline.AUTHENTICATION_FAILED, Decline.TRY_AGAIN_LATER]


class Shop(Payments):
    def __init__(self) -> None:
        self.nexi = NexiSide()
        self.terminal = self.nexi.terminal
        super().__init__("nexi", NexiCardGateway(self.nexi.settings), self.nexi)

    def sent(self, path: str) -> list[dict[str, Any]]:
        asked = [one for one in self.nexi.acquirer.asked if one.path.endswith(path)]
        return [json.loads(one.body) for one in asked]

    def order(self, payment: Payment) -> Order:
        return self.terminal.orders[payment.page_id]


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.nexi.close()


def test_a_page_says_whose_payment_it_is_where_the_browser_goes_and_who_rings(shop: Shop) -> None:
    payment = shop.opened(language="it-IT", description=" Pranzo " * 40, tokenize=True)

    (sent,) = shop.sent("/orders/hpp")

    assert sent["order"] | {"description": ""} == {
        **{"orderId": payment.page_id, "amount": "15000", "currency": "EUR"},
        **{"customField": payment.id, "description": ""},
    }
    assert len(sent["order"]["description"]) <= 100
    assert len(payment.page_id) <= 18
    session = sent["paymentSession"]
    assert (session["captureType"], session["language"], session["amount"]) == ("EXPLICIT", "ita", "15000")
    urls = session["resultUrl"], session["cancelUrl"], session["notificationUrl"]
    assert urls == (BACK, f"{BACK}?left=1", BELL)
    assert session["recurrence"]["contractType"] == "MIT_UNSCHEDULED"


def test_what_nexi_says_of_the_holder_is_kept_in_its_own_words_and_nothing_is_read_into_it(shop: Shop) -> None:
    told, untold = shop.opened(), shop.opened()
    shop.order(untold).three_ds = ""
    for payment in (told, untold):
        shop.terminal.entered(payment.page_id)

    proofs = [shop.gateway.page_outcome(payment).proof for payment in (told, untold)]

    assert proofs[1] is None
    assert proofs[0] is not None
    assert proofs[0].three_ds == ThreeDs(None, None, None, status="FULL_SECURE")
    assert proofs[0].network_reference.startswith("MCS")


def test_what_proves_nexis_notification_is_not_kept_with_the_payment(shop: Shop) -> None:
    payment = shop.opened()
    assert payment.card_page is not None
    assert shop.order(payment).token not in str(payment.card_page.handle)


@pytest.mark.parametrize(("card", "reason"), list(zip(DECLINES, WORDS, strict=True)))
def test_each_result_that_is_none_has_its_word(shop: Shop, card: str, reason: Decline) -> None:
    payment = shop.opened()
    shop.terminal.entered(payment.page_id, card)

    outcome = shop.gateway.page_outcome(payment)

    assert (outcome.state, outcome.code, outcome.reason) == (PageState.DECLINED, DECLINES[card], reason)
    assert outcome.closed


@pytest.mark.parametrize("field", ["operationResult", "operationAmount"])
def test_an_order_that_says_what_nobody_knows_is_asked_about_again(shop: Shop, field: str) -> None:
    payment = shop.opened()
    shown = {"operationType": "AUTHORIZATION", "operationResult": "AUTHORIZED", "operationId": "1"}
    shown |= {"operationAmount": "15000", "operationCurrency": "EUR"}
    shop.nexi.acquirer.says.append((200, {"operations": [shown | {field: "SOMETHING"}]}))

    with pytest.raises(OutcomeUnknown):
        shop.gateway.page_outcome(payment)


def test_an_amount_that_is_a_number_is_understood_as_well(shop: Shop) -> None:
    payment = shop.opened()
    shown = {"operationType": "AUTHORIZATION", "operationResult": "AUTHORIZED", "operationId": "1"}
    shop.nexi.acquirer.says.append(
        (200, {"operations": [{**shown, "operationAmount": 15000, "operationCurrency": "EUR"}]})
    )

    assert shop.gateway.page_outcome(payment).amount == payment.amount


def test_an_order_that_nobody_has_been_at_and_nexi_does_not_know_yet_is_open(shop: Shop) -> None:
    payment = shop.opened()
    shop.nexi.acquirer.says.append((404, {"errors": [{"code": "GW0404", "description": "Order not found"}]}))

    assert shop.gateway.page_outcome(payment).state is PageState.OPEN


def test_a_sale_is_one_that_nexi_captures_itself_and_its_capture_is_refunded(shop: Shop) -> None:
    payment = shop.held(sale=True)

    answer = shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(50_00)))

    assert answer.succeeded
    assert shop.sent("/orders/hpp")[0]["paymentSession"]["captureType"] == "IMPLICIT"
    (capture,) = shop.order(payment).found("CAPTURE")
    assert shop.nexi.acquirer.asked[-2].path == f"{BASE}/operations/{capture.id}/refunds"


# ---- results that come later ----


@pytest.mark.parametrize("stands", [True, False])
def test_a_capture_that_is_only_accepted_is_asked_for_by_nexis_number(shop: Shop, stands: bool) -> None:
    payment, shop.terminal.captures_wait = shop.held(), True
    made = new(payment, Kind.CAPTURE, payment.amount)

    accepted = shop.gateway.capture(payment, made)
    shop.terminal.settled(stands=stands)
    last = shop.gateway.lookup(payment, replace(made.closed(accepted, made.started_at), asks=1))

    assert (accepted.succeeded, accepted.final) == (True, False)
    assert last is not None
    assert (last.succeeded, last.final) == (stands, True)


def test_a_capture_whose_result_cannot_be_asked_for_is_accepted(shop: Shop) -> None:
    payment = shop.held()
    made = new(payment, Kind.CAPTURE, payment.amount)

    with shop.nexi.switch.at(Fault(Damage.LOST, question=True)):
        answer = shop.gateway.capture(payment, made)

    assert (answer.succeeded, answer.final) == (True, False)
    assert shop.gateway.lookup(payment, made.closed(answer, made.started_at)) == replace(answer, final=True)


@pytest.mark.parametrize("stands", [True, False])
def test_a_refund_that_is_only_accepted_is_not_done_until_it_is(shop: Shop, stands: bool) -> None:
    payment, shop.terminal.refunds_wait = shop.captured(100_00), True
    made = new(payment, Kind.REFUND, euro(30_00))

    accepted = [shop.gateway.refund(payment, one) for one in (made, again(made))]
    shop.terminal.settled(stands=stands)
    last = shop.gateway.refund(payment, again(made))

    assert [(one.succeeded, one.final) for one in accepted] == [(True, False)] * 2
    assert (last.succeeded, last.final) == (stands, True)
    assert shop.order(payment).refunded == (30_00 if stands else 0)


# ---- what was lost ----


def test_a_capture_that_is_there_is_not_made_again_though_nexi_has_forgotten_its_key(shop: Shop) -> None:
    payment = shop.opened()
    shop.nexi.approve_holding_on(payment)
    reference = shop.gateway.page_outcome(payment).reference
    held = new(payment, Kind.PREAUTH, payment.amount)
    payment = payment.with_operation(held.closed(Answer(State.SUCCEEDED, reference=reference), held.started_at))
    made = new(payment, Kind.CAPTURE, euro(50_00))
    first = shop.gateway.capture(payment, made)
    shop.terminal.answered.clear()

    assert shop.gateway.capture(payment, again(made)) == first

    assert shop.order(payment).taken == 50_00
    assert first.left == euro(100_00)


def test_refunds_are_told_by_their_sum_and_a_lost_one_is_made_once(shop: Shop) -> None:
    payment = shop.captured(100_00)
    first, second = new(payment, Kind.REFUND, euro(30_00)), replace(new(payment, Kind.REFUND, euro(30_00)), key="R2")
    shop.gateway.refund(payment, first)
    shop.terminal.answered.clear()
    both = replace(payment, given_back={CARD: 60_00})

    assert shop.gateway.lookup(both, second) is None
    assert shop.gateway.refund(both, again(second)).succeeded
    assert shop.gateway.refund(both, again(second)).succeeded

    assert shop.order(payment).refunded == 60_00


def test_of_two_refunds_of_one_amount_that_may_still_fail_the_lost_one_is_not_taken_for_the_other(shop: Shop) -> None:
    payment = shop.captured(100_00)
    shop.terminal.refunds_wait = True
    first, lost = new(payment, Kind.REFUND, euro(30_00)), replace(new(payment, Kind.REFUND, euro(30_00)), key="R2")
    shop.gateway.refund(payment, first)
    shop.gateway.refund(payment, lost)
    shop.terminal.answered.clear()
    both = replace(payment, given_back={CARD: 60_00})

    with pytest.raises(OutcomeUnknown):
        shop.gateway.refund(both, again(lost))

    shop.terminal.settled(stands=True)
    assert shop.gateway.refund(both, again(lost)).final
    assert shop.order(payment).refunded == 60_00


@pytest.mark.parametrize("others", [{"given_back": {CARD: 80_00}}, {"open_legs": ("TXN:REFUND:9/TXN:REFUND:9",)}])
def test_refunds_that_do_not_make_the_sum_we_know_of_are_for_a_person(shop: Shop, others: dict[str, Any]) -> None:
    payment = shop.captured(100_00)
    odd = replace(payment, **others)
    made = new(payment, Kind.REFUND, euro(30_00))

    with pytest.raises(NobodyKnows):
        shop.gateway.lookup(odd, made)
    with pytest.raises(NobodyKnows):
        shop.gateway.refund(odd, again(made))
    assert shop.order(payment).refunded == 0


# ---- setting one up ----


def test_a_terminal_is_told_by_the_id_that_was_typed_and_a_wrong_key_is_not_let_in(shop: Shop) -> None:
    known = {"api_base": f"{shop.nexi.acquirer.origin}{BASE}", "api_key": shop.terminal.key, "terminal_id": "T1"}
    check = CHECKS[Role.CARD_GATEWAY]["nexi"]

    assert check(shop.nexi.settings.http, TEST, known) == "T1"
    with pytest.raises(CredentialsRefused) as caught:
        check(shop.nexi.settings.http, TEST, {**known, "api_key": "another-key"})
    assert "another-key" not in str(caught.value)
    shop.nexi.acquirer.says.append((400, {"errors": [{"code": "GW0001", "description": "no"}]}))
    with pytest.raises(Refused, match="GW0001"):
        check(shop.nexi.settings.http, TEST, known)


def test_an_address_of_nexis_other_environment_is_refused() -> None:
    made = validated(Role.CARD_GATEWAY, "nexi", SETTINGS, TEST)
    assert (set(made.secret), "api_key" in made.public) == ({"api_key"}, False)

    with pytest.raises(InvalidRequest, match="not Nexi's live environment"):
        validated(Role.CARD_GATEWAY, "nexi", SETTINGS, Environment.LIVE)
