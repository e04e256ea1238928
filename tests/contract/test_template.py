"""What ``sam validate`` does not know about this template."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest

from shared.domain.event import EventType
from shared.usecases.payment.send_receipt import NEWS
from tools.contract.deployed import deployed
from tools.contract.rights import ROLE
from tools.contract.routes import functions, template
from tools.local.deploy import ROOT

# Of the 500 that CloudFormation takes: room for an endpoint where something is mended. A function takes three, with
# an alias six. Where the next family finds room: docs/adr/0030-where-the-next-functions-find-room.md.
MOST_RESOURCES = 493  # the last three are of the card page that a gateway's script runs on: its policy, and its door
ALARM = "AWS::CloudWatch::Alarm"
WATCHED = ("Namespace", "MetricName", "Dimensions", "Metrics")

# Whose figures change without a letter: what a bank sends back, and what it takes or gives back in a dispute.
SUMMED_UP = {EventType.RETURNED, EventType.DISPUTE_UPDATED, EventType.DISPUTE_CLOSED}

RESOURCES: dict[str, Any] = template()["Resources"]
GLOBALS: dict[str, Any] = template()["Globals"]["Function"]
FUNCTIONS = dict(functions())
BOOTSTRAP = "".join(path.read_text() for path in (ROOT / "shared" / "bootstrap").glob("*.py"))
KEPT = (
    "PaymentsTable",
    "MerchantsTable",
    "EventsTable",
    "DeliveriesTable",
    "LinksTable",
    "CardsTable",
    "DisputesTable",
)


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == kind}


def test_every_setting_that_is_read_is_given_and_every_one_given_is_read() -> None:
    own = [each["Properties"].get("Environment", {}) for each in of_type("AWS::Serverless::Function").values()]
    variables = [GLOBALS["Environment"]["Variables"], *(each.get("Variables", {}) for each in own)]
    given = {name for each in variables for name in each if not name.startswith("POWERTOOLS_")}

    assert set(re.findall(r'(?:setting|flag|optional|environ\.get)\("([A-Z_]+)"', BOOTSTRAP)) == given


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for folder in ("shared", "functions")
        for path in (ROOT / folder).rglob("*.py")
        if "environ" in {getattr(node, "attr", "") for node in ast.walk(ast.parse(path.read_text()))}
    }

    assert readers == {"shared/bootstrap/runtime.py"}


@pytest.mark.parametrize("name", KEPT)
def test_a_table_of_record_survives_the_stack_and_can_be_rewound(name: str) -> None:
    table = RESOURCES[name]

    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsProduction", True, False]}


@pytest.mark.parametrize("name", ["CardKey", "DataKey"])
def test_a_key_survives_the_stack_and_is_rotated(name: str) -> None:
    key = RESOURCES[name]

    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert key["Properties"]["EnableKeyRotation"] is True


@pytest.mark.parametrize("name", sorted(of_type("AWS::DynamoDB::Table")))
def test_every_table_is_encrypted_and_billed_by_request(name: str) -> None:
    properties = RESOURCES[name]["Properties"]

    assert properties["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": {"Fn::GetAtt": ["DataKey", "Arn"]},
    }
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("name", sorted(of_type("AWS::SQS::Queue")))
def test_every_queue_keeps_messages_for_two_weeks_encrypted(name: str) -> None:
    properties = RESOURCES[name]["Properties"]

    assert (properties["MessageRetentionPeriod"], properties["SqsManagedSseEnabled"]) == (1_209_600, True)


def test_the_deliveries_queue_outlasts_the_attempts_of_a_batch() -> None:
    timeout = FUNCTIONS["WebhookDeliver"]["Timeout"]

    assert RESOURCES["DeliveriesQueue"]["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_tracing_is_off_and_logs_are_json_with_an_end() -> None:
    assert "Tracing" not in GLOBALS
    assert RESOURCES["Api"]["Properties"]["TracingEnabled"] is False
    assert GLOBALS["LoggingConfig"]["LogFormat"] == "JSON"
    assert RESOURCES["LogGroup"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_no_function_refers_to_the_machine_which_refers_to_functions() -> None:
    assert "PaymentFlow" not in str(of_type(ROLE)) + str(FUNCTIONS) + str(GLOBALS)


@pytest.mark.parametrize("name", sorted(of_type(ALARM)))
def test_every_alarm_has_a_runbook_and_tells_somebody(name: str) -> None:
    headings = re.findall(r"^## (\w+)", (ROOT / "docs" / "runbooks" / "README.md").read_text(), re.MULTILINE)

    assert name in headings
    assert "Fn::If" in RESOURCES[name]["Properties"]["AlarmActions"]


def test_no_two_alarms_watch_the_same() -> None:
    watched = [str([alarm["Properties"].get(part) for part in WATCHED]) for alarm in of_type(ALARM).values()]
    said = {alarm["Properties"]["AlarmDescription"] for alarm in of_type(ALARM).values()}

    assert len(set(watched)) == len(said) == len(watched)


def test_the_stack_leaves_room_below_what_cloudformation_takes() -> None:
    made = deployed()["Resources"]

    print(f"{len(made)} resources of {MOST_RESOURCES}")  # noqa: T201 - shown by pytest -rP
    assert len(made) > len(RESOURCES)
    assert len(made) <= MOST_RESOURCES, "see docs/adr/0030 for where more find room"


def test_every_event_that_is_told_to_somebody_or_summed_up_reaches_who_writes() -> None:
    sources = RESOURCES["PaymentReceipt"]["Properties"]["Events"].values()
    patterns = [
        each["Properties"]["FilterCriteria"]["Filters"][0]["Pattern"]
        for each in sources
        if each["Type"] == "DynamoDB"
    ]

    [pattern] = map(json.loads, patterns)
    assert set(pattern["dynamodb"]["NewImage"]["type"]["S"]) == {*NEWS, *SUMMED_UP}


def test_checkout_pages_may_be_framed_over_https_and_no_other_page_at_all() -> None:
    policies = {name: str(resource) for name, resource in of_type("AWS::CloudFront::ResponseHeadersPolicy").items()}

    assert "frame-ancestors https:" in policies["CheckoutHeaders"]
    assert "frame-ancestors 'none'" in policies["OtherPagesHeaders"]
    for text in policies.values():
        assert "default-src 'none'" in text
        assert "unsafe-inline" not in text
