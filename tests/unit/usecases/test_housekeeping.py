"""What housekeeping finds: news nobody brought, wakes that were lost, executions that died."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.domain.errors import Unavailable
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Status, Tender, Wait
from shared.usecases.housekeeping.look_after_payments import sweep
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.record_card_outcome import record_card_outcome
from tests.unit.usecases.machines import Machines
from tests.unit.usecases.moody import MoodyGateways, a_moody_till, is_down, is_pending, says_nothing
from tests.unit.usecases.till import CAPTURE_FAILS, VISA, Till
from tools.testing.builders import a_payment


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


def test_payment_whose_machines_all_die_is_brought_to_its_end_within_minutes() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.machines.crashes = 1000
    till.spend("V5000-A1")

    till.wait(600)

    assert till.state == "SUCCESS"
    assert till.payment.executions == 3
    assert till.used("V5000-A1") == 50_00
    assert till.in_book() == (150_00, 100_00, 50_00, 0, 0)


class ForgetfulMachines(Machines):
    """Starts that are lost: neither refused nor done, as often as ``losing``; then done, and the answer is lost."""

    losing = 0
    unanswered = 0

    def start(self, payment_id: Any, execution: int) -> None:
        if self.losing:
            self.losing -= 1
            raise Unavailable("the state machine service is down")
        super().start(payment_id, execution)
        if self.unanswered:
            self.unanswered -= 1
            raise Unavailable("the answer was lost")


def forgetful(till: Till, losing: int, unanswered: int = 0) -> None:
    till.machines.__class__ = ForgetfulMachines
    till.machines.losing = losing  # type: ignore[attr-defined]
    till.machines.unanswered = unanswered  # type: ignore[attr-defined]


def test_start_that_fails_again_and_again_uses_up_no_execution() -> None:
    till = Till()
    forgetful(till, 4)
    till.open()

    till.wait(1200)

    assert till.payment.executions == 2
    assert till.pay_by_card().waiting is Wait.CHOICE


def test_payment_whose_machine_cannot_be_reached_is_brought_to_its_end_within_minutes() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    forgetful(till, 1000)
    till.spend("V3000-A1")

    till.wait(120)

    assert till.state == "SUCCESS"
    assert till.in_book() == (150_00, 120_00, 30_00, 0, 0)


def with_two_machines(till: Till) -> None:
    """The second is parked on a token that the first one's has overwritten, and the record counts the second."""
    forgetful(till, 1, unanswered=1)
    till.open()  # the first start is lost; housekeeping starts the second, and the answer is lost
    till.wait(60)
    till._seeds = iter([1])  # type: ignore[assignment]
    till.open()  # the same call again starts the first
    till.change(executions=2)
    assert [till.machines.is_running(till.id, number) for number in (1, 2)] == [True, True]


def test_unknown_capture_of_a_machine_that_died_is_asked_about_beside_one_that_waits_for_ever() -> None:
    till, gateways = a_moody_till()
    with_two_machines(till)
    till.pay_by_card()
    gateways.moods |= {"capture": says_nothing, "lookup": is_pending}
    till.choose(Tender.CARD_ONLY)
    assert till.operations(Kind.CAPTURE) == ["UNKNOWN"]
    till.machines.lose(till.id, 1)
    gateways.moods.clear()

    till.wait(180)

    assert till.state == "SUCCESS"
    assert till.machines.is_running(till.id, 2)
    assert till.calls("CAPTURE") == 1


def test_choice_after_a_refused_voucher_is_heard_although_the_machine_beside_it_waits_for_ever() -> None:
    till = Till()
    with_two_machines(till)
    till.pay_by_card()
    till.machines.lose(till.id, 1)
    till.spend("V3000-INVALID")
    till.wait(180)
    assert till.state == "VOUCHER_FAILED"

    till.card_only()
    till.wait(180)

    assert till.state == "SUCCESS"


def test_step_that_keeps_dying_is_made_again_within_minutes_however_long_its_operation_is_open() -> None:
    till, gateways = a_moody_till()
    till.held()
    till.machines.lose(till.id)
    till.change(executions=3)
    gateways.moods["capture"] = dies
    till.choose(Tender.CARD_ONLY)
    till.wait(3600)

    gateways.moods.clear()
    till.wait(180)

    assert till.state == "SUCCESS"
    assert till.calls("CAPTURE") == 1


def dies(*given: Any) -> Any:
    raise MemoryError("the process is gone")


def test_machine_that_waits_with_good_reason_is_left_to_its_work() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= {"capture": says_nothing, "lookup": is_pending}
    till.choose(Tender.CARD_ONLY)
    till.wait(timedelta(days=1).total_seconds())
    asked = gateways.times("lookup")

    assert len(asked) < 40
    assert till.payment.executions == 1
    gateways.moods.clear()
    assert till.wait(3700).status is Status.SUCCESS


def test_healthy_payment_is_left_alone_by_a_look_at_the_moment_of_its_choice() -> None:
    till = Till()
    till.held()
    pump, till.machines.pump = till.machines.pump, lambda: None  # type: ignore[method-assign]
    till.choose(Tender.CARD_ONLY)  # the machine is woken and has not written yet

    till.look()

    assert till.state == "PROCESSING"
    assert till.payment.executions == 1
    assert till.payment.operations == till.payment.operations[:1]
    pump()
    assert till.state == "SUCCESS"


def test_repeated_init_starts_no_second_execution_beside_a_replacement() -> None:
    till = Till()
    forgetful(till, 1)
    till.open()  # the payment is written; its machine comes with housekeeping
    till.wait(120)
    assert till.payment.executions == 2

    till._seeds = iter([1])  # type: ignore[assignment]  # the same Idempotency-Key has the same seed
    till.open()

    assert not till.machines.is_running(till.id, 1)


def test_work_of_a_machine_parked_on_a_token_nobody_knows_any_more_is_done_for_it() -> None:
    till = Till()
    till.held()
    till.change(task_token="another execution's, that is over")
    till.choose(Tender.CARD_ONLY)
    assert till.state == "PROCESSING"

    till.wait(180)

    assert till.state == "SUCCESS"


def test_payment_that_is_written_all_the_time_does_not_keep_housekeeping_away() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.choose(Tender.CARD_ONLY)

    for _ in range(10):
        change(till.payment, lambda current, now: Decision(current), world=till.world)
        till.wait(30)

    assert till.state == "SUCCESS"


def test_look_that_is_late_is_not_put_off_by_other_writes() -> None:
    till = Till()
    till.held()
    till.machines.lose(till.id)
    till.choose(Tender.CARD_ONLY)

    for _ in range(5):
        till.world.now.advance(seconds=70)  # the minute is over, and nobody has come by yet
        change(till.payment, lambda current, now: Decision(current), world=till.world)
        till.tidy()

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


def with_a_refused_capture_and_no_machine(voucher: str) -> tuple[Till, MoodyGateways]:
    """The reversal of what was spent is under way when the last machine dies; no notification ever comes through."""
    till, gateways = a_moody_till()
    till.held(CAPTURE_FAILS)
    till.machines.crashes = 1000
    gateways.moods |= {"notify": is_down, "reverse": is_down}
    till.machines.lose(till.id)
    till.spend(voucher)
    till.wait(300)
    assert till.state == "CARD_CAPTURE_FAILED"
    del gateways.moods["reverse"]
    return till, gateways


def test_provider_that_cannot_be_notified_delays_no_reversal() -> None:
    till, _ = with_a_refused_capture_and_no_machine("V5000-A1")

    till.wait(1300)

    assert till.used("V5000-A1") == 0
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)


def test_voucher_that_is_to_be_given_back_is_not_notified_as_sold() -> None:
    till, gateways = with_a_refused_capture_and_no_machine("V5000-A1")
    tried = len(gateways.times("notify"))

    till.wait(600)

    assert len(gateways.times("notify")) == tried
    assert till.wait(7200).due_at is None


def test_provider_that_cannot_be_notified_delays_no_release() -> None:
    till, gateways = with_a_refused_capture_and_no_machine("V5000-A1")
    gateways.moods |= {"reverse": lambda *given: Answer(State.REFUSED, "too_late"), "void": is_down}
    till.wait(600)
    assert till.in_book()[3] == 0
    del gateways.moods["void"]

    till.wait(1300)

    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
