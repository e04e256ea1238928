"""What the template lets each function do. A right is an action and what it is allowed on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tools.contract.routes import functions, template

Right = tuple[str, str]  # action, and a logical id ("Table/index/name" for an index, "Bucket/objects" for its files)
ROLE: Final = "AWS::IAM::Role"


def roles() -> dict[str, set[Right]]:
    """The rights of each role of functions, by its logical id."""
    return {
        name: set(_rights(resource["Properties"]))
        for name, resource in template()["Resources"].items()
        if resource["Type"] == ROLE and "lambda.amazonaws.com" in str(resource["Properties"])
    }


def role_of(function: Mapping[str, Any]) -> str:
    """The logical id of the role that a function's properties name. Raises KeyError when they name none."""
    return _logical(function["Role"])


def allowed() -> dict[str, set[Right]]:
    """The rights of each function, by its module."""
    known = roles()
    return {
        properties["Handler"].removesuffix(".handler"): known[role_of(properties)] for _, properties in functions()
    }


def used_by_lambda(function: Mapping[str, Any]) -> Iterator[Right]:
    """What Lambda itself does by a function's role: write its log, and read what its function is started by."""
    yield from (("logs:CreateLogStream", "LogGroup"), ("logs:PutLogEvents", "LogGroup"))
    for source in function.get("Events", {}).values():
        properties = source.get("Properties", {})
        if source["Type"] == "SQS":
            for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
                yield f"sqs:{action}", _logical(properties["Queue"])
        if source["Type"] == "DynamoDB":
            for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"):
                yield f"dynamodb:{action}", f"{_logical(properties['Stream'])}/stream"
            yield "sqs:SendMessage", _logical(properties["DestinationConfig"]["OnFailure"]["Destination"])
    if "DeadLetterQueue" in function:
        yield "sqs:SendMessage", _logical(function["DeadLetterQueue"]["TargetArn"])


def _rights(role: Mapping[str, Any]) -> Iterator[Right]:
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            # Telephone numbers have no address of their own: everything that is no topic.
            named = statement.get("Resource") or {"Fn::Sub": "telephones"}
            for resource in named if isinstance(named, list) else [named]:
                yield from ((action, _logical(resource)) for action in statement["Action"])


def _logical(resource: Mapping[str, Any]) -> str:
    if "Fn::GetAtt" in resource:
        target = resource["Fn::GetAtt"]
        return str(target[0] if isinstance(target, list) else target.partition(".")[0])
    if "Ref" in resource:
        return str(resource["Ref"])
    text = str(resource["Fn::Sub"])
    if ":states:" in text:
        return "executions" if ":execution:" in text else "machine"
    if "/connector/" in text:
        return "connectors"
    if ":ses:" in text:
        return "SenderDomain"
    # What a bucket holds has no shorter name, nor have the streams of a table: all of it.
    text = (
        text.replace("${", "")
        .replace("Bucket.Arn}/*", "Bucket/objects")
        .replace("Table.Arn}/stream/*", "Table/stream")
    )
    return text.replace(".Arn}", "")
