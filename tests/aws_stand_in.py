"""Stands in for the ``aws`` program: reads a command line by botocore's own models, makes the call, prints it.

What botocore does not know, an operation or a parameter, is refused here as it is there.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import click
import jmespath
from botocore import xform_name
from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator

NAMED = {"s3api": "s3", "deploy": "codedeploy"}
# What the local cloud cannot do: the parameters are looked at, and no call is made.
NOT_HERE = frozenset({"StartMessageMoveTask"})
OF_ALL = ("query", "output", "region", "max-items", "since")
_SHORTHAND = re.compile(r"(\w+)=([^,]*)")


@dataclass(slots=True)
class Call:
    """One command line, understood. ``options`` are those that every command has."""

    service: str
    model: OperationModel
    parameters: dict[str, Any] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)


def parse(arguments: list[str]) -> Call:
    """Raises LookupError for a service, an operation or a parameter that is not there."""
    service, operation, *rest = arguments
    service = NAMED.get(service, service)
    known = botocore.session.get_session().get_service_model(service)
    names = {xform_name(name, "-"): name for name in known.operation_names}
    call = Call(service, known.operation_model(names[operation]))
    members = call.model.input_shape.members if call.model.input_shape else {}
    by_option = {xform_name(name, "-"): name for name in members}
    while rest:
        option = rest.pop(0).removeprefix("--")
        given: list[str] = []
        while rest and not rest[0].startswith("--"):
            given.append(rest.pop(0))
        if option in by_option:
            name = by_option[option]
            call.parameters[name] = _value(members[name], given) if given else True
        elif option.removeprefix("no-") in by_option:
            call.parameters[by_option[option.removeprefix("no-")]] = False
        elif option in OF_ALL:
            call.options[option] = given[0]
        else:
            raise LookupError(f"aws {service} {operation} has no --{option}")
    return call


def _value(shape: Shape, given: list[str]) -> Any:
    texts = [Path(text.removeprefix("file://")).read_text() if text.startswith("file://") else text for text in given]
    match shape.type_name:
        case "integer" | "long":
            return int(texts[0])
        case "list" if not texts[0].startswith("["):
            return [_element(text) for text in texts]
        case "string" | "timestamp":
            return texts[0]
        case _:
            return json.loads(texts[0])


def _element(text: str) -> Any:
    pairs = _SHORTHAND.findall(text)
    return dict(pairs) if pairs else text


def answer(call: Call) -> Any:
    """All pages of it, narrowed by ``--query``."""
    if call.model.name in NOT_HERE and call.model.input_shape is not None:
        report = ParamValidator().validate(call.parameters, call.model.input_shape)
        if report.has_errors():
            raise ValueError(report.generate_report())
        return {}
    make: Any = boto3.client
    client = make(call.service)
    name = xform_name(call.model.name)
    if client.can_paginate(name):
        limit = {"MaxItems": int(call.options["max-items"])} if "max-items" in call.options else {}
        said = client.get_paginator(name).paginate(**call.parameters, PaginationConfig=limit).build_full_result()
    else:
        said = getattr(client, name)(**call.parameters)
    plain = json.loads(
        json.dumps({key: value for key, value in said.items() if key != "ResponseMetadata"}, default=str)
    )
    return jmespath.search(call.options["query"], plain) if "query" in call.options else plain


def as_text(said: Any) -> str:
    if isinstance(said, list) and any(isinstance(each, list) for each in said):
        return "\n".join(as_text(each) for each in said)
    return "\t".join(map(str, said)) if isinstance(said, list) else str(said)


def main() -> None:
    call = parse(sys.argv[1:])
    said = answer(call)
    click.echo(as_text(said) if call.options.get("output") == "text" else json.dumps(said, indent=4))


if __name__ == "__main__":
    main()
