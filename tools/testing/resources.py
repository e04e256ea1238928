"""What the template's handlers need around them when they are called in process, without its functions."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from shared.adapters import aws
from shared.bootstrap import connectors, core, sandbox, tables, webhooks
from tools.contract.routes import template
from tools.local.cloud import REGION
from tools.local.deploy import STACK
from tools.ops.onboarding import DEMO_DISPUTE_SECRETS

Clients = Callable[[str], Any]  # "dynamodb" -> its low-level client


class Context:
    """What a Lambda runtime passes beside the event."""

    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-south-1:123456789012:function:test"
    aws_request_id = "00000000-0000-0000-0000-000000000000"


def clear_caches() -> None:
    """Forget every client and setting that handlers of this process have built."""
    for module in (connectors, core, sandbox, tables, webhooks, aws):
        for value in vars(module).values():
            if isinstance(value, functools._lru_cache_wrapper):
                value.cache_clear()


def create_resources(client: Clients) -> dict[str, str]:
    """Make every table, queue, bucket, secret and key of the template; returns the handlers' environment."""
    variables: dict[str, Any] = template()["Globals"]["Function"]["Environment"]["Variables"]
    resources: dict[str, Any] = template()["Resources"]
    environment = {
        "CHECKOUT_TIMEOUT_SECONDS": "1800",
        "WEBHOOK_RETRY_INTERVAL_SECONDS": "300",
        "ALLOW_PRIVATE_TARGETS": "true",
        "SANDBOX": "true",
        "PAYMENT_FLOW_ARN": _create_machine(client("stepfunctions")),
        "STACK_NAME": STACK,
        "CARD_KEY_ARN": client("kms").create_key()["KeyMetadata"]["Arn"],
    }
    for name, value in variables.items():
        logical = value.get("Ref", "") if isinstance(value, dict) else ""
        resource = resources.get(logical, {"Type": ""})
        if resource["Type"] == "AWS::DynamoDB::Table":
            environment[name] = logical
            create_table(client("dynamodb"), logical, resource["Properties"])
        elif resource["Type"] == "AWS::S3::Bucket":
            environment[name] = _create_bucket(client("s3"), resource["Properties"])
        elif resource["Type"] == "AWS::SecretsManager::Secret":
            environment[name] = _create_secret(client("secretsmanager"))
        elif resource["Type"] == "AWS::SQS::Queue":
            environment[name] = client("sqs").create_queue(QueueName=logical)["QueueUrl"]
    return environment


def create_table(database: Any, name: str, properties: dict[str, Any]) -> None:
    """A table under another ``name``, with the keys and indexes that the template gives it."""
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    database.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", **{key: properties[key] for key in wanted if key in properties}
    )


def _create_bucket(storage: Any, properties: dict[str, Any]) -> str:
    storage.create_bucket(Bucket="evidence", CreateBucketConfiguration={"LocationConstraint": REGION})
    versions = properties.get("VersioningConfiguration")
    if versions:
        storage.put_bucket_versioning(Bucket="evidence", VersioningConfiguration=versions)
    return "evidence"


def _create_secret(keeper: Any) -> str:
    created = keeper.create_secret(Name="DisputeSecrets", SecretString=json.dumps(DEMO_DISPUTE_SECRETS))
    return str(created["ARN"])


def _create_machine(machines: Any) -> str:
    """A machine that ends at once: enough for whoever only starts or wakes one."""
    definition = '{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}'
    role = "arn:aws:iam::123456789012:role/flow"
    created = machines.create_state_machine(name="flow", definition=definition, roleArn=role)
    return str(created["stateMachineArn"])
