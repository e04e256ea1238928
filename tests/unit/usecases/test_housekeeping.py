"""What housekeeping finds: news nobody brought, wakes that were lost, executions that died."""

from __future__ import annotations

from typing import Any

from shared.domain.errors import Unavailable
from shared.domain.payment import Status, Tender
from shared.usecases.housekeeping import sweep
from shared.usecases.record_card_outcome import record_card_outcome
from shared.usecases.resume_checkout import resume_checkout
from tests.builders import a_payment
from tests.unit.usecases.machines import Machines
from tests.unit.usecases.moody import is_down
from tests.unit.usecases.till import VISA, Till


def test_lost_execution_is_replaced_and_goes_on() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.spend("V5000-A1")
    assert till.state == "PROCESSING"

    till.wait(120)

    assert till.state == "SUCCESS"
    assert till.payment.executions == 2
    assert till.used("V5000-A1") == 50_00


def test_lost_execution_of_an_open_checkout_still_expires() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)

    till.wait(1950)

    assert till.state == "FAILED"
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)


def test_three_lost_executions_raise_attention_and_no_fourth_is_started() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.choose(Tender.CARD_ONLY)
    till.machines.crashes = 1000

    till.wait(7200)

    assert till.payment.executions == 3
    assert till.payment.attention == "FLOW_LOST"


class ForgetfulMachines(Machines):
    """Starts that are lost: neither refused nor done, as often as ``losing``."""

    losing = 0

    def start(self, payment_id: Any, execution: int) -> None:
        if self.losing:
            self.losing -= 1
            raise Unavailable("the state machine service is down")
        super().start(payment_id, execution)


def forgetful(till: Till, losing: int) -> None:
    till.machines.__class__ = ForgetfulMachines
    till.machines.losing = losing  # type: ignore[attr-defined]


def test_start_that_fails_again_and_again_uses_up_no_execution() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.choose(Tender.CARD_ONLY)
    forgetful(till, 4)

    till.wait(3600)

    assert till.state == "SUCCESS"
    assert till.payment.executions == 2


def test_repeated_init_starts_no_second_execution_beside_a_replacement() -> None:
    till = Till()
    forgetful(till, 1)
    till.open()  # the payment is written; its machine comes with housekeeping
    till.wait(120)
    assert till.payment.executions == 2

    till._seeds = iter([1])  # type: ignore[assignment]  # the same Idempotency-Key has the same seed
    till.open()

    assert not till.machines.is_running(till.id, 1)


def test_machine_parked_on_a_token_nobody_knows_any_more_is_replaced() -> None:
    till = Till()
    till.held()
    till.change(task_token="another execution's, that is over")
    till.choose(Tender.CARD_ONLY)
    assert till.state == "PROCESSING"

    till.wait(600)

    assert till.state == "SUCCESS"
    assert till.payment.executions == 2


def test_page_that_is_reloaded_all_the_time_does_not_keep_housekeeping_away() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.choose(Tender.CARD_ONLY)

    for _ in range(10):
        resume_checkout(till.payment, world=till.world)
        till.wait(30)

    assert till.state == "SUCCESS"


def test_one_payment_that_cannot_be_looked_after_stops_no_other() -> None:
    till = Till()
    broken = till.world.payments.add(a_payment(page_id="PAYnowhere", due_at=till.world.now()))
    odd = till.world.payments.add(a_payment(status=Status.PROCESSING, executions=None, due_at=till.world.now()))
    till.open()
    till.enter_card()
    till.world.now.advance(seconds=61)

    swept = sweep(100, world=till.world)

    assert {payment_id for payment_id, _ in swept.failed} == {broken.id, odd.id}
    assert till.state == "CARD_PREAUTH_SUCCESS"


def test_payments_that_fail_every_time_do_not_crowd_out_the_others() -> None:
    till = Till()
    for _ in range(5):
        till.world.payments.add(a_payment(page_id="PAYnowhere", due_at=till.world.now()))
    till.open()
    till.enter_card()

    for _ in range(4):
        till.world.now.advance(seconds=61)
        sweep(3, world=till.world)

    assert till.state == "CARD_PREAUTH_SUCCESS"


def test_wake_that_was_lost_is_made_up_for() -> None:
    till = Till()
    till.open()
    till.enter_card(VISA)
    wake = till.machines.wake
    till.machines.wake = is_down  # type: ignore[assignment,method-assign]
    record_card_outcome(till.id, world=till.world)
    till.machines.wake = wake  # type: ignore[method-assign]

    till.wait(60)

    assert till.machines.states == ["AwaitPreauth", "AwaitTenderChoice"]
    assert till.card_only().status is Status.SUCCESS


def test_step_that_dies_is_tried_again_by_the_machine() -> None:
    till = Till()
    till.held()
    till.machines.crashes = 3

    till.card_only()
    till.wait(30)

    assert till.state == "SUCCESS"
    assert till.calls("CAPTURE") == 1
