"""Handlers called in this process by somebody who notes which rights each of their AWS calls needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from shared.adapters import aws
from shared.bootstrap import core, runtime, webhooks
from tests.promises import keep_promise
from tools.contract.rights import Right
from tools.contract.routes import handler
from tools.testing.calling import request as sample_request
from tools.testing.resources import Context

NOBODY: Final = "nobody"  # what a test does itself, in the place of something outside
VERBS: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
BY_LIST: Final = {"SendMessageBatch": "SendMessage"}
CALLED_BY_THE_MACHINE: Final = {"paymentId": "", "taskToken": "a token nobody waits on"}
# A form is signed by way of the operation that makes a bucket; what it lets its bearer do is to put an object.
ON_FILES: Final = {"HeadObject": "GetObject", "CreateBucket": "PutObject"}
# What there is one of, whichever way a call names it.
ONLY: Final = {"kms": "CardKey", "email": "SenderDomain", "sns": "telephones"}


class Watch:
    """Notes which right each AWS call needs, by the module of the function that made it."""

    def __init__(self) -> None:
        self.used: dict[str, set[Right]] = {}
        self.module = ""

    def listen(self) -> None:
        for service in ("dynamodb", "stepfunctions", "sqs", "kms", "s3", "secretsmanager", "ses", "sns"):
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

    def steps(self, path: dict[str, str], *names: str) -> None:
        """Steps of the payment that an endpoint would be asked about by ``path``."""
        for name in names:
            self.run(f"payment_flow.{name}", {**CALLED_BY_THE_MACHINE, "paymentId": path["transactionId"]})

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done inside is done by nobody who is watched."""
        module, self.module = self.module, NOBODY
        self.used.setdefault(NOBODY, set())
        try:
            yield
        finally:
            self.module = module


def _needed(service: str, operation: str, params: dict[str, Any]) -> Iterator[Right]:
    if operation == "TransactWriteItems":
        for entry in params["TransactItems"]:
            ((verb, request),) = entry.items()
            yield f"dynamodb:{VERBS[verb]}", request["TableName"]
    elif operation == "BatchGetItem":
        for table in params["RequestItems"]:
            yield "dynamodb:BatchGetItem", table
    elif service == "dynamodb":
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        yield f"dynamodb:{operation}", params["TableName"] + index
    elif service == "states":
        yield f"states:{operation}", "executions" if operation == "DescribeExecution" else "machine"
    elif service == "s3":
        version = "Version" if "VersionId" in params else ""
        yield f"s3:{ON_FILES.get(operation, operation)}{version}", "EvidenceBucket/objects"
    elif service == "secretsmanager":
        yield f"secretsmanager:{operation}", "connectors" if "/connector/" in params["SecretId"] else "DisputeSecrets"
    elif service in ONLY:
        yield f"{'ses' if service == 'email' else service}:{operation}", ONLY[service]
    else:
        yield f"{service}:{BY_LIST.get(operation, operation)}", params["QueueUrl"].rpartition("/")[2]


@contextmanager
def after(monkeypatch: pytest.MonkeyPatch, **passed: float) -> Iterator[None]:
    """Inside, it is so much later for whoever looks at the clock: ``minutes=2``."""
    then = datetime.now(UTC) + timedelta(**passed)
    world, webhook_world = core.world(), webhooks.webhook_world
    with monkeypatch.context() as later:
        later.setattr(core, "world", lambda: replace(world, now=lambda: then))
        later.setattr(webhooks, "webhook_world", lambda notices: replace(webhook_world(notices), now=lambda: then))
        later.setattr(runtime, "now", lambda: then)
        yield
