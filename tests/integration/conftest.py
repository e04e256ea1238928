"""The template's tables and queues in an in-process AWS, and the handlers wired to them."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.onboarding import DEMO_DISPUTE_SECRETS, add_demo_merchant
from local.routes import template
from shared import bootstrap
from shared.adapters import aws


def clear_caches() -> None:
    for module in (bootstrap, aws):
        for value in vars(module).values():
            if isinstance(value, functools._lru_cache_wrapper):
                value.cache_clear()


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Environment of the handlers, with every table of the template behind it and the demo merchant in it."""
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}):
        environment = _create_resources()
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        clear_caches()
        add_demo_merchant(boto3.client("dynamodb"), environment["MERCHANTS_TABLE"])
        yield environment
        clear_caches()


def _create_resources() -> dict[str, str]:
    variables: dict[str, Any] = template()["Globals"]["Function"]["Environment"]["Variables"]
    resources: dict[str, Any] = template()["Resources"]
    environment = {
        "CHECKOUT_TIMEOUT_SECONDS": "1800",
        "WEBHOOK_RETRY_INTERVAL_SECONDS": "300",
        "ALLOW_PRIVATE_TARGETS": "true",
        "PAYMENT_FLOW_ARN": _create_machine(),
        "CARD_KEY_ARN": boto3.client("kms").create_key()["KeyMetadata"]["Arn"],
    }
    for name, value in variables.items():
        logical = value.get("Ref", "") if isinstance(value, dict) else ""
        resource = resources.get(logical, {"Type": ""})
        if resource["Type"] == "AWS::DynamoDB::Table":
            environment[name] = logical
            _create_table(logical, resource["Properties"])
        elif resource["Type"] == "AWS::S3::Bucket":
            environment[name] = _create_bucket()
        elif resource["Type"] == "AWS::SecretsManager::Secret":
            environment[name] = _create_secret()
        elif resource["Type"] == "AWS::SQS::Queue":
            environment[name] = boto3.client("sqs").create_queue(QueueName=logical)["QueueUrl"]
    return environment


def _create_table(name: str, properties: dict[str, Any]) -> None:
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    boto3.client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", **{key: properties[key] for key in wanted if key in properties}
    )


def _create_bucket() -> str:
    location: Any = {"LocationConstraint": "eu-south-1"}
    boto3.client("s3").create_bucket(Bucket="evidence", CreateBucketConfiguration=location)
    return "evidence"


def _create_secret() -> str:
    created = boto3.client("secretsmanager").create_secret(
        Name="DisputeSecrets", SecretString=json.dumps(DEMO_DISPUTE_SECRETS)
    )
    return created["ARN"]


def _create_machine() -> str:
    """A machine that ends at once: enough for whoever only starts or wakes one."""
    definition = '{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}'
    role = "arn:aws:iam::123456789012:role/flow"
    created = boto3.client("stepfunctions").create_state_machine(name="flow", definition=definition, roleArn=role)
    return created["stateMachineArn"]
