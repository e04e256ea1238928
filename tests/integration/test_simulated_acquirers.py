"""The simulator at every acquirer: its worlds hold, repeat themselves, and leave out none of the table."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.adapters.dispute_desks import DISPUTE_DESKS
from shared.domain.card import Challenge
from shared.domain.operation import State
from shared.domain.statuses import Source
from tests.chance import a_number_below
from tests.integration.worlds import held
from tools.simulator.__main__ import main
from tools.simulator.acquirers import ACQUIRERS, gateway_of
from tools.simulator.errands import OF_A_GATEWAY, TAKE_ANSWERS, Errand, errand_of
from tools.simulator.simulation import Simulation
from tools.simulator.storm import Fault

FIXED: Final = 100
FRESH: Final = 30
# Worlds in which something broke once.
BROKE_ONCE: Final = (
    *(1000000213, 1000001238, 1000002190),  # a capture's answer was lost, and what it left held was forgotten
    2000001744,
    1000018038,  # what a person had been asked about was sent again before they answered
    1000010112,  # a turn that came to a person after the deadline counted from it
)


def first_of(gateway: str) -> int:
    return OF_A_GATEWAY * ("sandbox", *ACQUIRERS).index(gateway)


def test_every_card_gateway_has_worlds() -> None:
    assert {"sandbox", *ACQUIRERS} == set(CARD_GATEWAYS)
    assert {gateway_of(first_of(name)) for name in CARD_GATEWAYS} == set(CARD_GATEWAYS)
    with pytest.raises(ValueError, match="are worlds"):
        gateway_of(OF_A_GATEWAY * len(CARD_GATEWAYS))


@pytest.mark.parametrize("gateway", ACQUIRERS)
def test_every_invariant_holds_at_an_acquirer(gateway: str) -> None:
    first, fresh = first_of(gateway), first_of(gateway) + a_number_below(OF_A_GATEWAY - FRESH, gateway)
    worlds = held(range(first, first + FIXED))
    held(range(fresh, fresh + FRESH))

    payments = [payment for world in worlds for payment in world.payments.all()]
    assert {payment.gateway for payment in payments} == {gateway}
    assert any(payment.saved_card for payment in payments) == ACQUIRERS[gateway]().abilities.tokens
    assert any(payment.link_id for payment in payments)
    struck = Counter(strike.fault for world in worlds for strike in world.storm.struck if "card." in strike.call)
    assert {Fault.LOST, Fault.DOWN, Fault.HUNG, Fault.FAILING, Fault.GARBLED, Fault.FORGED} <= struck.keys()


@pytest.mark.parametrize("seed", BROKE_ONCE)
def test_every_invariant_holds_where_one_broke_once(seed: int) -> None:
    held(range(seed, seed + 1))


@pytest.mark.parametrize("gateway", ACQUIRERS)
def test_money_moves_at_the_acquirer_and_not_at_the_sandbox(gateway: str) -> None:
    first = first_of(gateway)
    worlds = held(range(first, first + 40))

    sides = [(world.acquirer.side, world) for world in worlds if world.acquirer is not None]
    moved = [side.book(payment) for side, world in sides for payment in world.payments.all()]
    assert sum(1 for book in moved if book.captured) > 10
    assert sum(1 for book in moved if book.refunded) > 5
    assert all(world.books.names(PAGE) == [] for world in worlds)


def test_half_of_its_worlds_are_about_links_and_saved_cards() -> None:
    errands = Counter(errand_of(OF_A_GATEWAY + seed) for seed in range(400))

    assert errands == {Errand.CHECKOUT: 200, Errand.LINK: 100, Errand.WALLET: 100}


def test_cards_are_presented_where_the_gateway_takes_them_and_some_are_shown_to_their_bank() -> None:
    first = first_of("stripe")
    worlds = held(range(first + 10, first + 10 + 16 * 40, 16))

    assert {errand_of(world.seed) for world in worlds} == {Errand.PRESENTED}
    payments = [payment for world in worlds for payment in world.payments.all()]
    assert {Challenge.NONE, Challenge.REDIRECT} <= {payment.challenge for payment in payments}
    assert any(payment.captured for payment in payments if payment.challenge is Challenge.REDIRECT)


@pytest.mark.parametrize("gateway", ACQUIRERS)
def test_same_seed_has_the_same_history(gateway: str) -> None:
    seeds = range(first_of(gateway), first_of(gateway) + 6)

    told = [[Simulation(seed, telling=True).run().history for seed in seeds] for _ in range(2)]

    assert told[0] == told[1]


def test_a_run_visits_every_gateway_in_turn(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--payments", "30"]) == 0

    told = capsys.readouterr().out
    assert all(f"{name} " in told for name in CARD_GATEWAYS)
    assert "every invariant held" in told


def test_a_run_may_stay_at_one_gateway(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--payments", "10", "--gateway", "igfs"]) == 0

    told = capsys.readouterr().out
    assert "at: igfs " in told
    assert "sandbox" not in told


def test_answers_to_disputes_go_to_every_acquirer_that_takes_them() -> None:
    names = ("sandbox", *ACQUIRERS)
    assert {Source(names[place].upper()) for place in TAKE_ANSWERS} == DISPUTE_DESKS.keys()

    for place in TAKE_ANSWERS:
        first = OF_A_GATEWAY * place + 14
        worlds = held(range(first, first + 640, 16))
        assert all(errand_of(world.seed) is Errand.DISPUTE for world in worlds)
        said = [r for world in worlds for dispute in world.stored_disputes.all() for r in dispute.responses]
        states = Counter(response.sending.state for response in said if response.sending)
        assert states[State.SUCCEEDED] > 5
        assert states[State.REFUSED] > 0
        assert any(response.accepts for response in said)
