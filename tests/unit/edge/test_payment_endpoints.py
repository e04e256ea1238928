"""The payment endpoints on fakes: what the local cloud cannot show at will, such as patience and dead calls."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.merchant.transactions import handler as transactions
from functions.payment.capture import handler as capture
from functions.payment.init import handler as init
from functions.payment.refund import handler as refund
from functions.payment.transaction import handler as transaction
from functions.payment.void import handler as void
from functions.payment.voucher_choice import handler as choose
from functions.sandbox.card_page import handler as card_page
from functions.sandbox.card_page_submit import handler as submit
from functions.token_payment.pay import handler as pay
from shared.adapters.card_gateways.sandbox import SandboxCardGateway
from shared.domain import errors, ids
from shared.domain.ids import DisputeId, PaymentId
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment, Wait
from shared.domain.taking import pending
from shared.domain.voucher import Voucher, VoucherState
from shared.edge import asking
from shared.usecases.flow.capture_card import capture_card
from tests.unit.edge.conftest import LIVE, PUBLISHABLE, SECRET, Edge, Watch
from tests.unit.edge.requests import ask
from tools.testing.fakes import FakeFlow, FakePayments

VISA = "4242424242424242"
DECIDED_LATER = "4000000000000101"
REFUND_FAILS = "4000000000005126"
ANSWER_LOST = "4000000000000119"


def held(card: str = VISA, comes_to: str = "APPROVED") -> tuple[dict[str, str], str]:
    """The path of a payment of 150.00 whose card is held, and its page."""
    payment = ask(init, {"amount": 150.00}, key=SECRET).json
    page = payment["igfs"]["paymentId"]
    body = {"number": card, "holderName": "Ada Rossi", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    assert ask(submit, body, path={"paymentID": page}).json["outcome"] == comes_to
    return {"transactionId": payment["transactionId"]}, page


def captured(edge: Edge, card: str = VISA) -> dict[str, str]:
    """The path of a payment of 150.00 that the machine captured."""
    path, _ = held(card)
    assert ask(choose, {"choice": "CARD_ONLY"}, key=SECRET, path=path).status == 202
    while capture_card(PaymentId(path["transactionId"]), world=edge.world).word == "unknown":
        edge.world.now.advance(minutes=1)
    return path


LEFT_OUT = dict.fromkeys(
    ("currency", "maxVoucherAmount", "email", "description", "notifyUrl", "errorUrl", "returnUrl", "callbackUrl",
     "paymentMode", "customerId", "language")
)  # fmt: skip


def test_a_null_is_a_field_left_out(edge: Edge) -> None:
    made = ask(init, {"amount": 150.00, **LEFT_OUT}, key=SECRET)
    path = captured(edge)

    given_back = ask(refund, {"amount": None, "reason": None}, key=SECRET, path=path)

    assert (made.status, made.json["currency"], made.json["paymentMode"]) == (200, "EUR", "PREAUTH_VOUCHER_CAPTURE")
    assert (given_back.status, given_back.json["refundAmount"]) == (200, 150.0)


def test_a_null_where_something_is_needed_is_refused_by_name(edge: Edge) -> None:
    answer = ask(init, {"amount": None, "currency": None, "notifyUrl": "nowhere"}, key=SECRET)

    assert answer.status == 400
    assert [fault["param"] for fault in answer.json["errors"]] == ["amount", "notifyUrl"]


def test_a_live_key_without_a_live_gateway_is_422(edge: Edge) -> None:
    answer = ask(init, {"amount": 150.00}, key=LIVE)

    assert (answer.status, answer.json["code"]) == (422, "gateway_not_configured")
    assert edge.world.payments.all() == []


@pytest.mark.parametrize(
    ("part", "code", "said"),
    [
        (150.01, "amount_too_large", "maxVoucherAmount is at most the amount, 150.00"),
        (-1, "invalid_amount", "maxVoucherAmount cannot be negative"),
        (20.001, "invalid_amount", "maxVoucherAmount: amount has more than 2 decimals"),
        ("20.00", "invalid_request", "maxVoucherAmount: must be a JSON number such as 150.00"),
        (True, "invalid_request", "maxVoucherAmount: must be a JSON number such as 150.00"),
    ],
)
def test_a_part_for_vouchers_that_is_none_is_400_and_says_which_field(
    edge: Edge, part: object, code: str, said: str
) -> None:
    answer = ask(init, {"amount": 150.00, "maxVoucherAmount": part}, key=SECRET)

    assert (answer.status, answer.json["param"], answer.json["message"]) == (400, "maxVoucherAmount", said)
    assert answer.json["code"] == code
    assert edge.world.payments.all() == []


@pytest.mark.parametrize(("part", "kept"), [(20.00, 20_00), (150.00, 150_00), (0, 0), (None, None)])
def test_a_part_for_vouchers_is_kept_with_the_payment(edge: Edge, part: object, kept: int | None) -> None:
    assert ask(init, {"amount": 150.00, "maxVoucherAmount": part}, key=PUBLISHABLE).status == 200

    (payment,) = edge.world.payments.all()
    assert payment.most_by_voucher == (None if kept is None else Money(kept, "EUR"))


def test_what_is_wrong_with_a_field_hides_nothing_that_is_wrong_with_another(edge: Edge) -> None:
    """Rules of form are judged by the model, those of money and addresses after it: a caller sees one list."""
    body = {"amount": 10.005, "email": "x", "callbackUrl": "nonsense", "notifyUrl": "ftp://shop.example"}
    told = ask(init, body, key=SECRET).json

    assert [error["param"] for error in told["errors"]] == ["email", "amount", "callbackUrl", "notifyUrl"]


def test_all_that_is_wrong_with_a_charge_of_a_saved_card_is_told_at_once(edge: Edge) -> None:
    told = ask(pay, {"cardId": 0, "customerId": "c1", "amount": 10.005}, key=SECRET).json

    assert [error["param"] for error in told["errors"]] == ["cardId", "amount"]


def test_an_amount_is_not_judged_by_a_currency_that_is_none(edge: Edge) -> None:
    told = ask(init, {"amount": 10.005, "currency": "euro"}, key=SECRET).json
    assert [error["param"] for error in told["errors"]] == ["currency"]

    told = ask(init, {"currency": "EUR", "callbackUrl": "nonsense"}, key=SECRET).json
    assert [error["param"] for error in told["errors"]] == ["amount", "callbackUrl"]
    assert ask(init, "{", key=SECRET).json["code"] == "invalid_json"


def test_all_that_is_wrong_with_both_amounts_and_an_address_is_told_at_once(edge: Edge) -> None:
    answer = ask(init, {"amount": 150.00, "maxVoucherAmount": 151, "callbackUrl": "ftp://x"}, key=SECRET)

    assert [each["param"] for each in answer.json["errors"]] == ["maxVoucherAmount", "callbackUrl"]


def test_only_a_secret_key_is_told_the_client_secret(edge: Edge) -> None:
    assert ask(init, {"amount": 1}, key=SECRET).json["clientSecret"]
    assert "clientSecret" not in ask(init, {"amount": 1}, key=PUBLISHABLE).json


def test_pages_are_where_the_stage_says(edge: Edge) -> None:
    reply = ask(init, {"amount": 1}, key=SECRET).json

    assert reply["redirectUrl"] == f"https://pages.example/pay/card/?paymentID={reply['igfs']['paymentId']}"
    assert reply["checkoutUrl"] == f"https://pages.example/pay/checkout/?paymentID={reply['igfs']['paymentId']}"


def test_a_card_that_nobody_has_decided_about_yet_is_told_of_a_payment_that_waits(edge: Edge) -> None:
    path = {"transactionId": ask(init, {"amount": 150.00}, key=SECRET).json["transactionId"]}
    untouched = ask(transaction, key=SECRET, path=path).json
    undecided, _ = held(DECIDED_LATER, "PENDING")

    waits = ask(transaction, key=SECRET, path=undecided).json

    assert [(seen["status"], seen["beingChecked"]) for seen in (untouched, waits)] == [
        ("PENDING", False),
        ("PENDING", True),
    ]


def test_the_transaction_id_is_put_into_the_callback(edge: Edge) -> None:
    body = {"amount": 1, "callbackUrl": "https://shop.example/p/{transactionId}/choice"}

    reply = ask(init, body, key=SECRET).json

    (payment,) = edge.world.payments.all()
    assert payment.callback_url == f"https://shop.example/p/{reply['transactionId']}/choice"


@pytest.mark.parametrize(
    ("field", "url"),
    [
        ("callbackUrl", "javascript:alert(1)"),
        ("callbackUrl", "https://user:pass@shop.example/"),
        ("errorUrl", "http://shop.example/"),
        ("returnUrl", "//shop.example/"),
        ("notifyUrl", "http://shop.example/hook"),
        ("notifyUrl", "https://127.0.0.1/hook"),
        ("notifyUrl", "https://shop.example:22/hook"),
    ],
)
def test_an_address_of_the_wrong_form_is_400(edge: Edge, field: str, url: str) -> None:
    answer = ask(init, {"amount": 1, field: url}, key=SECRET)

    assert answer.status == 400
    assert field in answer.json["message"]


def test_a_create_that_died_after_its_write_is_answered_under_its_key(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(FakeFlow, "start", dies)
        assert ask(init, {"amount": 1}, key=SECRET, idempotency_key="k").status == 500

    again = ask(init, {"amount": 1}, key=SECRET, idempotency_key="k")

    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert [payment.id for payment in edge.world.payments.all()] == [again.json["transactionId"]]


def test_a_create_that_died_before_its_write_makes_one_payment(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(FakePayments, "create", dies)
        assert ask(init, {"amount": 1}, key=SECRET, idempotency_key="k").status == 500
    edge.world.now.advance(minutes=1)

    first = ask(init, {"amount": 1}, key=SECRET, idempotency_key="k")
    again = ask(init, {"amount": 1}, key=SECRET, idempotency_key="k")

    assert (first.status, again.text) == (200, first.text)
    assert [payment.id for payment in edge.world.payments.all()] == [first.json["transactionId"]]
    assert edge.world.flow.starts == [(first.json["transactionId"], 1)]


def test_a_replayed_create_has_the_client_secret_that_nothing_stored_gives_away(edge: Edge) -> None:
    first = ask(init, {"amount": 1}, key=SECRET, idempotency_key="k")
    again = ask(init, {"amount": 1}, key=SECRET, idempotency_key="k")

    secret = first.json["clientSecret"]
    assert again.text == first.text
    path = {"transactionId": first.json["transactionId"]}
    assert ask(transaction, key=secret, path=path).status == 200
    (claim,) = edge.claims.all()
    assert secret not in claim.body
    assert secret != ids.client_secret(PaymentId(path["transactionId"]), claim.seed[32:])


def test_a_publishable_key_gets_no_answer_of_a_secret_one(edge: Edge) -> None:
    ask(init, {"amount": 1}, key=SECRET, idempotency_key="k")

    answer = ask(init, {"amount": 1}, key=PUBLISHABLE, idempotency_key="k")

    assert "Idempotent-Replayed" not in answer.headers
    assert "clientSecret" not in answer.json


def test_a_visitor_who_takes_another_ones_key_first_stands_in_nobodys_way(edge: Edge) -> None:
    ask(init, {"amount": 1, "description": "squatter"}, key=PUBLISHABLE, idempotency_key="order-7")

    answer = ask(init, {"amount": 50, "description": "Order 7"}, key=PUBLISHABLE, idempotency_key="order-7")

    assert (answer.status, answer.json["totalAmount"]) == (200, 50)
    assert "Idempotent-Replayed" not in answer.headers


def test_only_who_sends_the_same_body_is_told_anything_of_the_first_answer(edge: Edge) -> None:
    order = {"amount": 50, "description": "Order 7", "email": "ada@example.com"}
    first = ask(init, order, key=PUBLISHABLE, idempotency_key="order-7")
    guesses: list[object] = [{}, {"amount": 50}, order | {"email": "eve@example.com"}, order | {"amount": 50.01}]

    told = [ask(init, guess, key=PUBLISHABLE, idempotency_key="order-7").text for guess in guesses]

    for private in (first.json["transactionId"], first.json["igfs"]["paymentId"]):
        assert not [text for text in told if private in text]
    assert ask(init, order, key=PUBLISHABLE, idempotency_key="order-7").text == first.text


def test_what_a_visitor_does_under_a_key_keeps_no_other_one_from_it_while_it_runs(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(FakePayments, "create", dies)
        ask(init, {"amount": 1}, key=PUBLISHABLE, idempotency_key="order-7")  # left open: neither done nor free

    assert ask(init, {"amount": 50}, key=PUBLISHABLE, idempotency_key="order-7").status == 200


def test_a_merchants_own_key_is_still_refused_for_another_body(edge: Edge) -> None:
    ask(init, {"amount": 1}, key=SECRET, idempotency_key="order-7")

    answer = ask(init, {"amount": 50}, key=SECRET, idempotency_key="order-7")

    assert (answer.status, answer.json["code"]) == (422, "idempotency_key_reused")


def test_a_capture_the_machine_does_not_do_in_time_is_202_after_15_seconds(edge: Edge, watch: Watch) -> None:
    path, _ = held()

    answer = ask(capture, {"amount": 100}, key=SECRET, path=path)

    assert (answer.status, answer.json["status"]) == (202, "PROCESSING")
    assert 14 <= watch.seconds <= 15


def test_the_same_key_then_tells_how_the_capture_ended(edge: Edge, watch: Watch) -> None:
    path, _ = held()
    ask(capture, {"amount": 100}, key=SECRET, path=path, idempotency_key="k")
    capture_card(PaymentId(path["transactionId"]), world=edge.world)

    answer = ask(capture, {"amount": 100}, key=SECRET, path=path, idempotency_key="k")

    assert (answer.status, answer.json["capturedAmount"], answer.json["releasedAmount"]) == (200, 100.0, 50.0)


def test_another_capture_meanwhile_is_409(edge: Edge, watch: Watch) -> None:
    path, _ = held()
    ask(capture, {"amount": 100}, key=SECRET, path=path, idempotency_key="k")

    assert ask(capture, {"amount": 100}, key=SECRET, path=path).status == 409
    assert ask(void, {}, key=SECRET, path=path).status == 409


def test_a_choice_whose_call_died_is_accepted_when_repeated(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = held()
    edge.world.payments.park(PaymentId(path["transactionId"]), Wait.CHOICE, "token", edge.world.now())
    with monkeypatch.context() as patched:
        patched.setattr(FakeFlow, "wake", dies)
        assert ask(choose, {"choice": "CARD_ONLY"}, key=SECRET, path=path, idempotency_key="k").status == 500
    edge.world.now.advance(minutes=1)

    answer = ask(choose, {"choice": "CARD_ONLY"}, key=SECRET, path=path, idempotency_key="k")

    assert (answer.status, answer.json["status"]) == (202, "PROCESSING")


def test_a_preview_moves_nothing(edge: Edge) -> None:
    path = captured(edge)
    before = edge.world.payments.all()

    reply = ask(refund, {"amount": 20}, key=SECRET, path=path, query={"preview": "true"})

    assert (reply.status, reply.json["preview"], reply.json["refundAmount"]) == (200, True, 20.0)
    assert edge.world.payments.all() == before


def test_a_preview_says_what_can_no_longer_go_back_to_its_voucher_and_counts_it_not(edge: Edge) -> None:
    path = captured(edge)
    payment = edge.world.payments.get(PaymentId(path["transactionId"]))
    nothing, spent, until = payment.amount.zero(), Money(50_00, "EUR"), edge.world.now() + timedelta(hours=6)
    entered = Voucher.entered(f"{payment.id}:V:1", "V5000-1", nothing, 1)
    used = replace(entered, state=VoucherState.SPENT, spend=spent, value=spent, serial_number="S1", parts_back=False)
    spending = pending(payment, Kind.VOUCHER_SPEND, "V:1", spent, edge.world.now(), voucher=used.reference)
    answered = spending.closed(Answer(State.SUCCEEDED, "000", reversible_until=until), edge.world.now())
    captures = [
        replace(op, amount=Money(100_00, "EUR")) if op.kind is Kind.CAPTURE else op for op in payment.operations
    ]
    edge.world.payments.add(replace(payment, vouchers=(used,), operations=(*captures, answered)))

    def preview(**wanted: int) -> tuple[float, list[object]]:
        told = ask(refund, wanted, key=SECRET, path=path, query={"preview": "true"}).json
        return told["refundAmount"], [
            (part["amount"], part["reversibleUntil"], part["code"]) for part in told["parts"]
        ]

    said = until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert preview() == (150.0, [(100.0, None, None), (50.0, said, None)])
    assert preview(amount=120) == (100.0, [(100.0, None, None), (20.0, said, "voucher_not_divisible")])
    assert ask(transaction, key=SECRET, path=path).json["vouchers"][0]["reversibleUntil"] == said
    edge.world.now.advance(hours=6)
    assert preview() == (100.0, [(100.0, None, None), (50.0, said, "too_late_to_reverse")])


def test_a_refund_whose_answer_was_lost_is_asked_about_before_the_caller_is_answered(edge: Edge) -> None:
    path = captured(edge, ANSWER_LOST)

    reply = ask(refund, {"amount": 20}, key=SECRET, path=path)

    assert (reply.status, reply.json["refundAmount"], reply.json["status"]) == (200, 20.0, "PARTIALLY_REFUNDED")


def test_a_refund_that_was_refused_after_its_answer_was_lost_is_a_refusal(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = captured(edge, ANSWER_LOST)
    no = Answer(State.REFUSED, "refund_refused", "No")
    monkeypatch.setattr(SandboxCardGateway, "lookup", lambda *given: no)

    reply = ask(refund, {"amount": 20}, key=SECRET, path=path)

    assert (reply.status, reply.json["code"]) == (422, "refund_refused")


def test_what_never_arrived_is_not_sent_again_within_the_same_call(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = captured(edge, ANSWER_LOST)
    monkeypatch.setattr(SandboxCardGateway, "lookup", lambda *given: None)

    assert ask(refund, {"amount": 20}, key=SECRET, path=path).status == 202


def test_a_question_that_would_come_too_late_is_not_asked(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    path = captured(edge, ANSWER_LOST)
    monkeypatch.setattr(asking, "LATEST_SECONDS", -1.0)

    assert ask(refund, {"amount": 20}, key=SECRET, path=path).status == 202


def test_a_refund_nobody_answered_is_202_and_its_key_tells_later_how_it_ended(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = captured(edge, ANSWER_LOST)
    monkeypatch.setattr(asking, "LATEST_SECONDS", -1.0)

    first = ask(refund, {}, key=SECRET, path=path, idempotency_key="k")
    later = ask(refund, {}, key=SECRET, path=path, idempotency_key="k")

    assert (first.status, first.json["status"], first.json["outcome"]) == (202, "PENDING", "unknown")
    assert (later.status, later.json["status"], later.json["refundAmount"]) == (200, "REFUNDED", 150.0)
    assert later.json["refundId"] == first.json["refundId"]


def test_a_refund_interrupted_after_the_money_moved_is_not_made_twice(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = captured(edge)
    send = SandboxCardGateway.refund

    def then_congested(gateway: SandboxCardGateway, payment: Payment, operation: Operation) -> Answer:
        edge.world.payments.meanwhile(lambda: fail(errors.StaleWrite("too many calls at once")))
        return send(gateway, payment, operation)

    monkeypatch.setattr(SandboxCardGateway, "refund", then_congested)
    first = ask(refund, {"amount": 100}, key=SECRET, path=path, idempotency_key="k")
    again = ask(refund, {"amount": 100}, key=SECRET, path=path, idempotency_key="k")

    assert (first.status, again.status) == (409, 200)
    assert (again.json["refundAmount"], again.json["remainingAmount"]) == (100.0, 50.0)
    assert len(edge.world.payments.refunds(PaymentId(path["transactionId"]))) == 1


def test_a_refused_refund_is_refused_again_under_its_key(edge: Edge) -> None:
    path = captured(edge, REFUND_FAILS)

    first = ask(refund, {}, key=SECRET, path=path, idempotency_key="k")
    again = ask(refund, {}, key=SECRET, path=path, idempotency_key="k")

    assert (first.status, first.json["code"]) == (422, "refund_refused")
    assert (again.text, again.headers["Idempotent-Replayed"]) == (first.text, "true")


@pytest.mark.parametrize(("disputed", "left"), [(0, 150.0), (99_00, 51.0), (150_00, 0), (200_00, 0)])
def test_what_is_shown_as_refundable_is_what_a_refund_would_plan(edge: Edge, disputed: int, left: float) -> None:
    path = captured(edge)
    payment = edge.world.payments.get(PaymentId(path["transactionId"]))
    edge.world.payments.add(replace(payment, disputed=disputed))

    assert ask(transaction, key=SECRET, path=path).json["refundableAmount"] == left
    preview = ask(refund, {}, key=SECRET, path=path, query={"preview": "true"})
    assert (preview.status, preview.json.get("refundAmount", 0)) == ((200, left) if left else (409, 0))


def test_a_dispute_shows_in_the_payment_and_in_the_list_to_the_secret_key_alone(edge: Edge) -> None:
    path = captured(edge)
    payment = edge.world.payments.get(PaymentId(path["transactionId"]))
    edge.world.payments.add(replace(payment, disputed=99_00, disputes=(DisputeId("dp_one"),)))

    told = ask(transaction, key=SECRET, path=path).json
    assert (told["disputedAmount"], told["disputes"]) == (99.0, ["dp_one"])
    assert ask(transactions, key=SECRET).json["transactions"][0]["disputedAmount"] == 99.0
    assert not {"disputedAmount", "disputes"} & ask(transaction, key=PUBLISHABLE, path=path).json.keys()


@pytest.mark.parametrize(("passed", "left"), [(0, 1800), (0.5, 1800), (1799.5, 1), (1800, 0), (9999, 0)])
def test_how_long_a_payment_can_be_paid_is_told_by_our_own_clock(edge: Edge, passed: float, left: int) -> None:
    path, page = held()
    edge.world.now.advance(passed)

    told = ask(transaction, key=SECRET, path=path).json
    assert (told["expiresIn"], "checkoutUrl" in told) == (left, left > 0)
    assert ask(card_page, path={"paymentID": page}).json["expiresIn"] == left


def test_nothing_is_shown_as_refundable_before_it_is_paid(edge: Edge) -> None:
    path, _ = held()

    assert ask(transaction, key=SECRET, path=path).json["refundableAmount"] == 0


def dies(*given: object) -> None:
    raise MemoryError


def fail(error: Exception) -> None:
    raise error


NO_CENTS = re.compile(r'"\w*(?:Amount|Value)": \d+(?:\.\d)?(?!\d|\.)')


def test_an_amount_of_nothing_has_its_currencys_decimals_like_every_other(edge: Edge) -> None:
    waiting, (path, _) = ask(init, {"amount": 150.00}, key=SECRET).json, held()
    nothing = Money(0, "EUR")
    refused = Voucher("V1", 1, "", VoucherState.INVALID, nothing, nothing, "INVALID1", "102", "Unknown voucher")
    payments = edge.world.payments
    payments.add(replace(payments.get(PaymentId(path["transactionId"])), vouchers=(refused,)))

    told = [
        ask(transaction, key=SECRET, path={"transactionId": each["transactionId"]}).text for each in (waiting, path)
    ]

    assert '"serialNumber": "INVALID1"' in told[1]
    assert [NO_CENTS.findall(text) for text in told] == [[], []]
