"""A program that runs on the packages to be tried: it makes the AWS calls it is told of, and prints each as JSON.

What would have been sent, and what came of an answer and of an error. Nothing leaves the machine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from shared.adapters import aws

ANSWERS = {"query": "<{0}Response><{0}Result/></{0}Response>", "rest-xml": "", "json": ""}
ERRORS = {
    "json": '{{"__type": "a#Wrong", "message": "no"}}',
    "query": "<ErrorResponse><Error><Code>Wrong</Code><Message>no</Message></Error></ErrorResponse>",
    "rest-xml": "<Error><Code>Wrong</Code><Message>no</Message></Error>",
}
# Of the moment and of the process; and where botocore signs with its native library, it names the host itself.
OWN = {"authorization", "user-agent", "x-amz-date", "amz-sdk-invocation-id", "amz-sdk-request", "host"}
KNOWN = {"Bucket": "bucket-x", "QueueUrl": "https://sqs.eu-south-1.amazonaws.com/123456789012/queue"}


class Raw:
    """A body as urllib3 hands it over."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, *of: Any, **how: Any) -> Iterator[bytes]:
        yield self.body


def value(shape: Any, name: str = "") -> Any:
    """The least that an operation takes."""
    if shape.type_name == "structure":
        wanted = shape.required_members + [n for n, m in shape.members.items() if m.metadata.get("idempotencyToken")]
        return {n: value(shape.members[n], n) for n in wanted}
    if shape.type_name == "list":
        return [value(shape.member)]
    if shape.type_name == "map":
        return {"key": value(shape.value)}
    text = KNOWN.get(name) or (getattr(shape, "enum", None) or ["x" * max(shape.metadata.get("min", 1), 1)])[0]
    return {"blob": b"x", "boolean": True, "string": text}.get(shape.type_name, 1)


def called(client: Any, name: str) -> dict[str, Any]:
    model = client.meta.service_model
    seen: dict[str, Any] = {}
    for status, bodies in (("200", ANSWERS), ("400", ERRORS)):
        body = bodies[model.metadata["protocol"]].format(name).encode()

        def answer(request: Any, status: str = status, body: bytes = body, **more: Any) -> Any:
            headers = {key.lower(): readable(given) for key, given in request.headers.items()}
            kept = {key: given for key, given in headers.items() if key not in OWN}
            seen["sent"] = [request.method, request.url, kept, readable(request.body)]
            return AWSResponse(request.url, int(status), HTTPHeaders(), Raw(body))

        client.meta.events.register_first("before-send", answer, unique_id="answer")
        try:
            said = getattr(client, xform_name(name))(**value(model.operation_model(name).input_shape))
            seen[status] = sorted(said)
        except Exception as error:
            seen[status] = [type(error).__name__, str(error)]
        client.meta.events.unregister("before-send", answer, unique_id="answer")
    return seen


def readable(given: Any) -> str:
    whole = given.read() if hasattr(given, "read") else given
    return whole.decode() if isinstance(whole, bytes) else str(whole)


if __name__ == "__main__":
    for service, operations in json.loads(sys.argv[1]).items():
        made = aws.client(service)
        for operation in operations:
            sys.stdout.write(json.dumps([service, operation, called(made, operation)]) + "\n")
