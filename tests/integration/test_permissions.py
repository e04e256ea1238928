"""Every AWS call a function makes is allowed by its own policy in the template, and no policy has a wildcard."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from shared.adapters import aws
from shared.bootstrap import core, runtime
from tests.promises import keep_promise
from tools.contract.routes import endpoints, functions, handler
from tools.ops.onboarding import DEMO_PUBLISHABLE
from tools.testing.calling import example_event
from tools.testing.calling import request as sample_request
from tools.testing.resources import Context

Right = tuple[str, str]  # action, and the logical id it is allowed on ("Table/index/name" for an index)
VERBS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
BY_LIST = {"SendMessageBatch": "SendMessage"}
CALLED_BY_THE_MACHINE = {"paymentId": "", "taskToken": "a token nobody waits on"}
VISA, CAPTURE_FAILS, ANSWER_LOST = "4242424242424242", "4000000000000341", "4000000000000119"
DISPUTED = "4000000000000259"
# A form is signed by way of the operation that makes a bucket; what it lets its bearer do is to put an object.
ON_FILES = {"HeadObject": "GetObject", "CreateBucket": "PutObject"}


def allowed() -> dict[str, set[Right]]:
    """The rights of each function, by module."""
    return {properties["Handler"].removesuffix(".handler"): set(_rights(properties)) for _, properties in functions()}


def _rights(properties: dict[str, Any]) -> Iterator[Right]:
    for policy in properties.get("Policies", []):
        for statement in policy["Statement"]:
            # Telephone numbers have no address of their own: everything that is no topic.
            named = statement.get("Resource") or {"Fn::Sub": "telephones"}
            for resource in named if isinstance(named, list) else [named]:
                yield from ((action, _logical(resource)) for action in statement["Action"])


def _logical(resource: dict[str, Any]) -> str:
    if "Fn::GetAtt" in resource:
        target = resource["Fn::GetAtt"]
        return str(target[0] if isinstance(target, list) else target.partition(".")[0])
    if "Ref" in resource:
        return str(resource["Ref"])
    text = str(resource["Fn::Sub"])
    if ":states:" in text:
        return "executions" if ":execution:" in text else "machine"
    # What a bucket holds has no shorter name: all of it.
    return text.replace("${", "").replace(".Arn}/*", "/objects").replace(".Arn}", "")


class Watch:
    """Notes which right each AWS call needs, by the module of the function that made it."""

    def __init__(self) -> None:
        self.used: dict[str, set[Right]] = {}
        self.module = ""

    def listen(self) -> None:
        for service in ("dynamodb", "stepfunctions", "sqs", "kms", "s3", "secretsmanager"):
            aws.client(service).meta.events.register("before-parameter-build.*.*", self._note)

    def _note(self, params: dict[str, Any], model: Any, **_: object) -> None:
        self.used[self.module].update(_needed(model.service_model.endpoint_prefix, model.name, params))

    def run(self, module: str, event: dict[str, Any]) -> Any:
        self.module = module
        self.used.setdefault(module, set())
        return handler(module)(event, Context())

    def ask(
        self,
        module: str,
        path: dict[str, str] | None = None,
        body: object = None,
        *,
        once: str | None = None,
        query: dict[str, str] | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Call an endpoint with its own event, changed where a test says; whatever it answers, but no bug."""
        headers = {"Idempotency-Key": once} if once else {}
        headers |= {"Authorization": f"Bearer {key}"} if key else {}
        reply = self.run(module, sample_request(module, path=path, query=query, headers=headers, body=body))
        assert reply["statusCode"] < 500, reply["body"]
        if not reply["headers"].get("Content-Type", "").startswith("application/json"):
            return {}
        keep_promise(handler(module), reply["statusCode"], reply["body"])
        return dict(json.loads(reply["body"]))

    def step(self, name: str, payment: dict[str, Any]) -> str:
        event = {**CALLED_BY_THE_MACHINE, "paymentId": payment["id"]}
        return str(self.run(f"payment_flow.{name}", event).get("word"))


def _needed(service: str, operation: str, params: dict[str, Any]) -> Iterator[Right]:
    if operation == "TransactWriteItems":
        for entry in params["TransactItems"]:
            ((verb, request),) = entry.items()
            yield f"dynamodb:{VERBS[verb]}", request["TableName"]
    elif service == "dynamodb":
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        yield f"dynamodb:{operation}", params["TableName"] + index
    elif service == "states":
        yield f"states:{operation}", "executions" if operation == "DescribeExecution" else "machine"
    elif service == "kms":
        yield f"kms:{operation}", "CardKey"
    elif service == "s3":
        yield f"s3:{ON_FILES.get(operation, operation)}", "EvidenceBucket/objects"
    elif service == "secretsmanager":
        yield f"secretsmanager:{operation}", "DisputeSecrets"
    else:
        yield f"{service}:{BY_LIST.get(operation, operation)}", params["QueueUrl"].rpartition("/")[2]


@pytest.fixture
def watch(stack: dict[str, str]) -> Watch:
    watch = Watch()
    watch.listen()
    return watch


def paid_in_every_way(watch: Watch) -> None:
    """Payments through every endpoint and step: captured, covered, refused, restored, voided, expired, refunded."""
    path = _held(watch, VISA)
    watch.ask("payment.voucher_choice", path, {"choice": "CARD_ONLY"}, once="choice")
    watch.ask("payment.voucher_choice", path, {"choice": "CARD_ONLY"}, once="late choice")
    steps(watch, path, "resume", "capture_card", "resume")
    watch.ask("payment.refund", path, {"amount": 10}, once="refund")
    watch.ask("payment.refund", path, {"amount": 10}, once="refund")
    watch.ask("payment.refund", path, {"amount": 1000}, once="too much")
    watch.ask("payment.refunds", path)
    watch.ask("payment.transaction", path)
    watch.ask("merchant.transactions")
    vouchers = {"choice": "VOUCHERS", "vouchers": [{"otp": "V5000-A1"}, {"otp": "V2000-A2"}]}
    path = _held(watch, CAPTURE_FAILS)
    watch.ask("payment.voucher_choice", path, vouchers)
    steps(watch, path, "validate_vouchers", "spend_vouchers", "notify_vouchers", "capture_card")
    steps(watch, path, "restore_vouchers", "void_card")
    path = _held(watch, VISA)
    watch.ask("payment.capture", path, {"amount": 200}, once="too much")
    watch.ask("payment.capture", path, {"amount": 100}, once="capture")
    path = _held(watch, VISA)
    watch.ask("payment.void", path, {}, once="void")
    watch.ask("payment.void", path, {}, once="void again")
    steps(watch, path, "void_card")
    path, _ = _opened(watch)
    steps(watch, path, "close_checkout", "void_card")


def steps(watch: Watch, path: dict[str, str], *names: str) -> None:
    for name in names:
        watch.step(name, {"id": path["transactionId"]})


def _opened(watch: Watch) -> tuple[dict[str, str], dict[str, str]]:
    payment = watch.ask("payment.init")
    steps(watch, {"transactionId": payment["id"]}, "await_preauth")
    return {"transactionId": payment["id"]}, {"paymentID": payment["igfs"]["paymentId"]}


def _held(watch: Watch, number: str) -> dict[str, str]:
    path, page = _opened(watch)
    watch.ask("sandbox.card_page", page)
    card = {"number": number, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    watch.ask("sandbox.card_page_submit", page, card)
    watch.ask("sandbox.card_page", page)
    watch.ask("sandbox.payment_book", page)
    steps(watch, path, "await_tender_choice")
    return path


def pages_left_and_challenged(watch: Watch) -> None:
    made = watch.ask("payment.init", key=DEMO_PUBLISHABLE)
    page = {"paymentID": made["igfs"]["paymentId"]}
    card = {"number": "4000002500003155", "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    watch.ask("sandbox.card_page_submit", page, card)
    watch.ask("sandbox.card_page_challenge", page, {"otp": "123456"})
    _, page = _opened(watch)
    watch.ask("sandbox.card_page_cancel", page)
    watch.ask("sandbox.voucher_book", {"otp": "V5000-A1"})
    watch.ask("sandbox.messages")
    watch.ask("payment.init", once="create")
    watch.ask("payment.init", once="create")
    watch.ask("payment.init", None, {"amount": "x"}, once="refused")


def links_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Payment links: paid, paid too late, cancelled with a card held, sent, reminded, expired."""
    mine = _linked(watch, {"linkType": "MAIL", "reminderDays": 1})
    watch.ask("payment_link.resend", mine, once="again")
    watch.ask("payment_link.qrcode", mine, query={"size": "300"})
    watch.ask("payment_link.list")
    watch.ask("payment_link.list", query={"status": "PENDING"})
    watch.ask("payment_link.verify", mine)
    _paid_by_link(watch, mine)
    watch.ask("payment_link.get", mine)
    watch.ask("payment_link.public", mine)
    held = _linked(watch, {})
    _card_of_link(watch, held)
    watch.ask("payment_link.cancel", held, once="cancel")
    unanswered = _linked(watch, {})
    path = _card_of_link(watch, unanswered, ANSWER_LOST)
    watch.ask("payment.voucher_choice", path, {"choice": "VOUCHERS", "vouchers": [{"otp": "V2000-SPENDLOST9"}]})
    steps(watch, path, "validate_vouchers", "spend_vouchers")
    watch.ask("payment_link.verify", unanswered)
    steps(watch, path, "notify_vouchers", "capture_card")
    watch.ask("payment_link.verify", unanswered)
    watch.ask("payment.refund", path, {"amount": 10})
    watch.ask("payment_link.verify", unanswered)
    late = _linked(watch, {"linkType": "MAIL", "reminderDays": 1})
    _paid_by_link(watch, late)
    unpaid = _linked(watch, {"linkType": "MAIL", "reminderDays": 1})
    _card_of_link(watch, unpaid)
    world = core.world()
    for days in (29.5, 31):
        then = datetime.now(UTC) + timedelta(days=days)
        with monkeypatch.context() as later:
            later.setattr(core, "world", lambda then=then: replace(world, now=lambda: then))
            later.setattr(runtime, "now", lambda then=then: then)
            watch.ask("payment_link.list")
            watch.run("housekeeping.links", {})


def _linked(watch: Watch, changes: dict[str, object]) -> dict[str, str]:
    event = example_event("payment_link.create")
    made = watch.ask("payment_link.create", None, json.loads(event["body"]) | changes, once=str(uuid.uuid4()))
    return {"id": made["transactionId"]}


def _card_of_link(watch: Watch, link: dict[str, str], number: str = VISA) -> dict[str, str]:
    page = watch.ask("payment_link.open", link)["redirectUrl"].partition("paymentID=")[2]
    watch.ask("payment_link.open", link)
    path = {"transactionId": watch.ask("payment_link.get", link)["paymentTransactionId"]}
    steps(watch, path, "await_preauth")
    card = {"number": number, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    watch.ask("sandbox.card_page_submit", {"paymentID": page}, card)
    steps(watch, path, "await_tender_choice")
    return path


def _paid_by_link(watch: Watch, link: dict[str, str]) -> None:
    path = _card_of_link(watch, link)
    watch.ask("payment.voucher_choice", path, {"choice": "CARD_ONLY"})
    steps(watch, path, "capture_card")


def cards_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved cards: charged, refused, charged with a lost answer, saved twice, deleted, deleted without an answer."""
    mine = {"customerId": "cust_123"}
    for number in (VISA, CAPTURE_FAILS, ANSWER_LOST, VISA):
        _saved(watch, number)
    shown = watch.ask("token_payment.list", query=mine)["cards"]
    assert [card["last4"] for card in shown] == [VISA[-4:], CAPTURE_FAILS[-4:], ANSWER_LOST[-4:]]
    for card in shown:
        order = {"cardId": card["id"], "amount": 50.00, **mine}
        watch.ask("token_payment.pay", None, order, once=f"pay {card['id']}")
        watch.ask("token_payment.pay", None, order, once=f"pay {card['id']}")
        path = {"cardId": str(card["id"])}
        watch.ask("token_payment.set_default", path, once=str(card["id"]), query=mine)
        if card["last4"] == ANSWER_LOST[-4:]:
            watch.ask("token_payment.pay", None, order)  # left open, for housekeeping
        watch.ask("token_payment.delete", path, query=mine)
    later = datetime.now(UTC) + timedelta(hours=1)
    world = core.world()
    with monkeypatch.context() as then:
        then.setattr(core, "world", lambda: replace(world, now=lambda: later))
        assert watch.run("housekeeping.cards", {}) == {"looked": 1, "failed": 0}


def _saved(watch: Watch, number: str) -> None:
    payment = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_WITH_TOKENIZATION"})
    card = {"number": number, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    watch.ask("sandbox.card_page_submit", {"paymentID": payment["igfs"]["paymentId"]}, card)
    body = {"transactionId": payment["id"], "customerId": "cust_123"}
    watch.ask("token_payment.save_card", None, body, once=payment["id"])


def disputes_in_every_way(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disputes: by signed messages and by the sandbox's bank, listed, answered with a file, decided, expired."""
    payment = _bought(watch, VISA)
    for status in ("OPEN", "EVIDENCE_REQUIRED"):
        _psp_says(watch, payment, status)
    _psp_says(watch, "TXN_UNKNOWN", "OPEN")
    watch.run("payment.receipt", _stream())
    _bought(watch, DISPUTED)
    watch.run("payment.receipt", _stream())
    watch.ask("dispute.list", query={"status": "OPEN", "startDate": "2026-01-01"})
    watch.ask("dispute.list", query={"page": "1", "size": "1"})
    watch.ask("dispute.stats")
    first, second = (d["disputeId"] for d in watch.ask("dispute.list")["disputes"])
    watch.ask("dispute.get", {"disputeId": first})
    mine = {"disputeId": second}
    file = watch.ask("dispute.evidence", mine, once="file")
    watch.ask("dispute.respond", mine, {"response": "Delivered", "evidence": [file["evidenceId"]]}, once="early")
    boto3.client("s3").put_object(Bucket="evidence", Key=file["upload"]["fields"]["key"], Body=b"x")
    watch.ask("dispute.respond", mine, {"response": "Delivered", "evidence": [file["evidenceId"]]}, once="answer")
    watch.ask("sandbox.dispute_advance", mine, {"to": "WON"})
    world = core.world()
    for read in (lambda: watch.ask("dispute.list"), lambda: watch.ask("dispute.stats"), lambda: None):
        _psp_says(watch, payment, "OPEN", number=str(uuid.uuid4()))
        with monkeypatch.context() as later:
            later.setattr(core, "world", lambda: replace(world, now=_in_a_month))
            read()
            watch.run("housekeeping.disputes", {})


def _in_a_month() -> datetime:
    return datetime.now(UTC) + timedelta(days=31)


def _bought(watch: Watch, number: str) -> str:
    payment = watch.ask("payment.init", None, {"amount": 10, "paymentMode": "SALE_DIRECT"})
    card = {"number": number, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}
    watch.ask("sandbox.card_page_submit", {"paymentID": payment["igfs"]["paymentId"]}, card)
    return str(payment["id"])


def _psp_says(watch: Watch, payment: str, status: str, number: str = "CB-1") -> None:
    event = example_event("dispute.psp")
    then = datetime.now(UTC)
    message = json.loads(event["body"]) | {
        "disputeId": number,
        "transactionId": payment,
        "status": status,
        "eventTime": then.isoformat(),
        "responseDeadline": (then + timedelta(days=20)).isoformat(),
    }
    event["body"] = json.dumps(message)
    event["headers"]["X-IGFS-Signature"] = hmac.digest(b"local_igfs_secret", event["body"].encode(), "sha256").hex()
    reply = watch.run("dispute.psp", event)
    assert reply["statusCode"] in (200, 202), reply["body"]
    keep_promise(handler("dispute.psp"), reply["statusCode"], reply["body"])


def looked_after(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Housekeeping in the hour after, when everything that is open is due and every machine was replaced in vain."""
    _opened(watch)
    watch.ask("payment.voucher_choice", _held(watch, VISA), {"choice": "CARD_ONLY"})
    vouchers = {"choice": "VOUCHERS", "vouchers": [{"otp": "V5000-L1"}]}
    watch.ask("payment.voucher_choice", _held(watch, VISA), vouchers)
    world = core.world()
    for minutes in (2, 4, 6, 8, 60, 62):
        later = datetime.now(UTC) + timedelta(minutes=minutes)
        with monkeypatch.context() as then:
            then.setattr(core, "world", lambda later=later: replace(world, now=lambda: later))
            assert watch.run("housekeeping.sweep", {})["failed"] == 0


def told(watch: Watch) -> None:
    """Webhooks: self-service, the stream, the queue, and what waited in the table."""
    body = {"url": "http://127.0.0.1:9/hook"}
    mine = {"id": watch.ask("merchant.webhooks_create", None, body)["id"]}
    for module in ("list", "get", "deliveries", "rotate_secret", "test"):
        watch.ask(f"merchant.webhooks_{module}", mine)
    watch.ask("merchant.webhooks_update", mine, {"status": "PAUSED"})
    watch.ask("merchant.webhooks_update", mine, {"status": "ENABLED"})
    watch.run("webhook.fan_out", _stream())
    watch.run("payment.receipt", _stream())
    _delivered(watch)
    delivery = watch.ask("merchant.webhooks_deliveries", mine)["deliveries"][0]
    watch.ask("merchant.deliveries_replay", {"id": delivery["id"]})
    watch.ask("merchant.webhooks_replay", mine, query={"since": "2026-01-01T00:00:00Z"})
    _delivered(watch)
    watch.ask("merchant.events")
    watch.run("webhook.requeue", {})
    watch.ask("merchant.webhooks_delete", mine)


def _stream() -> dict[str, Any]:
    """What the events' stream brings."""
    items = boto3.client("dynamodb").scan(TableName="EventsTable")["Items"]
    return {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": item}} for item in items]}


def _delivered(watch: Watch) -> None:
    queue = boto3.client("sqs")
    found = queue.receive_message(QueueUrl=_queue_url(), MaxNumberOfMessages=10, AttributeNames=["All"])
    records = [
        {
            "messageId": message["MessageId"],
            "body": message["Body"],
            "receiptHandle": message["ReceiptHandle"],
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        for message in found.get("Messages", [])
    ]
    assert records
    watch.run("webhook.deliver", {"Records": records})


def _queue_url() -> str:
    return runtime.setting("DELIVERIES_QUEUE_URL")


def test_no_function_does_what_its_policy_does_not_allow(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.families.payglobe.settling.PATIENCE_SECONDS", 0.1)
    for module in endpoints():
        watch.ask(module)
    paid_in_every_way(watch)
    pages_left_and_challenged(watch)
    links_in_every_way(watch, monkeypatch)
    cards_in_every_way(watch, monkeypatch)
    disputes_in_every_way(watch, monkeypatch)
    told(watch)
    looked_after(watch, monkeypatch)

    rights = allowed()
    assert set(watch.used) == set(rights), "a function was never run"
    forbidden = {module: used - rights[module] for module, used in watch.used.items() if used - rights[module]}
    assert not forbidden


def test_nothing_is_allowed_by_a_wildcard() -> None:
    for module, rights in allowed().items():
        assert not [right for right in rights if "*" in right[0] or "*" in right[1]], module
