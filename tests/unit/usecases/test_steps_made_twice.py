"""A step that the service had given up and made again comes back to life after the payment went on."""

from __future__ import annotations

from shared.usecases.flow.restore_vouchers import restore_vouchers
from shared.usecases.flow.spend_vouchers import spend_vouchers
from shared.usecases.flow.validate_vouchers import validate_vouchers
from tests.unit.usecases.till import Till
from tools.testing.builders import euro


def test_restoring_step_that_comes_back_to_life_touches_nothing_of_the_next_choice() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)  # its steps are made by hand here
    till.spend("V3000-A1", "V2000-SPENDFAIL")
    validate_vouchers(till.id, world=till.world)
    spend_vouchers(till.id, world=till.world)

    def another_makes_the_same_step_and_the_customer_goes_on() -> None:
        restore_vouchers(till.id, world=till.world)
        till.spend("V4000-B1")
        validate_vouchers(till.id, world=till.world)
        spend_vouchers(till.id, world=till.world)

    till.world.payments.meanwhile(another_makes_the_same_step_and_the_customer_goes_on)
    step = restore_vouchers(till.id, world=till.world)
    till.wait(300)

    assert step.word == "moved"
    assert till.state == "SUCCESS"
    assert till.payment.spent == euro(40_00)
    assert till.used("V4000-B1") == 40_00
    assert till.in_book() == (150_00, 110_00, 40_00, 0, 0)


def test_validating_step_that_comes_back_to_life_does_not_judge_the_next_choice() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.spend("V3000-INVALID")

    def another_makes_the_same_step_and_the_customer_goes_on() -> None:
        validate_vouchers(till.id, world=till.world)
        till.spend("V4000-B1")

    till.world.payments.meanwhile(another_makes_the_same_step_and_the_customer_goes_on)
    validate_vouchers(till.id, world=till.world)

    assert not till.payment.open_operations()
    assert till.wait(300).spent == euro(40_00)
