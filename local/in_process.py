"""The template's tables, queues and secrets in an in-process AWS, and the handlers wired to them."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws

from local.onboarding import DEMO_DISPUTE_SECRETS, add_demo_merchant
from local.routes import template
from shared import bootstrap
from shared.adapters import aws

REGION = "eu-south-1"
_ACCOUNT = {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class Context:
    """What a Lambda runtime passes beside the event."""

    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-south-1:123456789012:function:test"
    aws_request_id = "00000000-0000-0000-0000-000000000000"


def clear_caches() -> None:
    """Forget every client and setting that handlers of this process have built."""
    for module in (bootstrap, aws):
        for value in vars(module).values():
            if isinstance(value, functools._lru_cache_wrapper):
                value.cache_clear()


@contextmanager
def in_process() -> Iterator[dict[str, str]]:
    """The environment of the handlers, with every table of the template behind it and the demo merchant in it."""
    settings: Any = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    with patch.dict(os.environ, _ACCOUNT), mock_aws(config=settings):
        environment = _create_resources()
        with patch.dict(os.environ, environment):
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
