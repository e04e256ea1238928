"""The real state machine and the real handlers under a second, strict interpreter: moto's."""

from __future__ import annotations

import importlib
import io
import json
import secrets
import zipfile
from typing import Any

import boto3
import pytest
from moto.awslambda_simple.models import LambdaSimpleBackend

from shared.bootstrap import core, runtime, sandbox
from shared.domain.card_data import CardData
from shared.domain.payment import Payment, Status, Tender
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender
from shared.usecases.payment.record_card_outcome import record_card_outcome
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tests.client import until, voucher
from tools.contract.routes import functions
from tools.local.deploy import ROOT
from tools.testing.builders import a_credential, euro
from tools.testing.resources import Context, clear_caches

VISA, CAPTURE_FAILS, ANSWER_LOST = "4242424242424242", "4000000000000341", "4000000000000119"
SOURCE = (ROOT / "statemachines" / "payment_flow.asl.json").read_text()


def _invoke(self: Any, function_name: str, qualifier: Any, body: str, headers: Any, out: dict[str, str]) -> bytes:
    """A Lambda invocation, in this process: the handler of the function's own module, errors as Lambda tells them."""
    module = HANDLERS[function_name.rsplit(":", 1)[-1]]
    try:
        return json.dumps(
            importlib.import_module(f"functions.{module}").handler(json.loads(body), Context())
        ).encode()
    except Exception as error:
        out["x-amz-function-error"] = "Unhandled"
        return json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)}).encode()


HANDLERS = {
    name: properties["Handler"].removesuffix(".handler")
    for name, properties in functions()
    if properties["Handler"].startswith("payment_flow.")
}


@pytest.fixture
def machine(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LambdaSimpleBackend, "invoke", _invoke)
    role = boto3.client("iam").create_role(RoleName="flow", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    definition = SOURCE.replace("${CheckoutBackstopSeconds}", "60")
    for name in HANDLERS:
        definition = definition.replace("${" + name + "}", _function(name, role))
    created = boto3.client("stepfunctions").create_state_machine(name="real", definition=definition, roleArn=role)
    monkeypatch.setenv("PAYMENT_FLOW_ARN", created["stateMachineArn"])
    clear_caches()


def _function(name: str, role: str) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("nothing.py", "")
    created = boto3.client("lambda").create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="x.y", Code={"ZipFile": archive.getvalue()}
    )
    return str(created["FunctionArn"])


def held(number: str) -> Payment:
    """A payment whose card is held and whose machine is parked for the choice."""
    order = NewPayment(euro(150_00), "https://pages.example")
    payment = start_payment(order, a_credential(), world=core.world(), seed=secrets.token_bytes(64)).payment
    until(lambda: core.payments().get(payment.id), lambda seen: seen.waiting is not None)
    card = CardData(number=number, holder_name="Ada", expiry_month=12, expiry_year=2030, cvv="123")
    sandbox.sandbox_page().submit(payment.page_id, card)
    return record_card_outcome(payment.id, world=core.world())


def settled(payment: Payment, *otps: str) -> Payment:
    """The payment once its execution is over."""
    choice = TenderChoice(Tender.VOUCHERS if otps else Tender.CARD_ONLY, otps)
    until(lambda: core.payments().get(payment.id), lambda seen: seen.waiting == "CHOICE")
    choose_tender(payment.id, choice, world=core.world())
    flow = boto3.client("stepfunctions")
    arn = f"{runtime.setting('PAYMENT_FLOW_ARN').replace(':stateMachine:', ':execution:')}:{payment.id}"
    ended = until(lambda: flow.describe_execution(executionArn=arn)["status"], lambda status: status != "RUNNING", 60)
    assert ended == "SUCCEEDED"
    return core.payments().get(payment.id)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("card", "otps", "status", "captured", "spent"),
    [
        (VISA, [], Status.SUCCESS, 150_00, 0),
        (VISA, [voucher(5000)], Status.SUCCESS, 100_00, 50_00),
        (VISA, [voucher(20000)], Status.SUCCESS, 0, 150_00),
        (VISA, [voucher(5000, "SPENDLOST")], Status.SUCCESS, 100_00, 50_00),
        (ANSWER_LOST, [], Status.SUCCESS, 150_00, 0),
        (CAPTURE_FAILS, [voucher(5000)], Status.CARD_CAPTURE_FAILED, 0, 0),
    ],
    ids=["card only", "partly", "covered", "spend answer lost", "capture answer lost", "capture fails"],
)
def test_a_payment_ends_as_on_the_local_cloud(
    card: str, otps: list[str], status: Status, captured: int, spent: int
) -> None:
    payment = settled(held(card), *otps)

    assert (payment.status, payment.captured, payment.spent) == (status, euro(captured), euro(spent))
    assert not payment.holds_money
