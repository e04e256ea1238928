"""A step of the Postman collection's tour, and how Postman has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tools.contract.routes import endpoints

MOST_TRIES: Final = 120
# A whole body that a script before the request has made, because its bytes are signed.
SIGNED: Final = "{{signedBody}}"
# Without a key, as browsers ask.
NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Whatever is sent may name what steps before have kept, as ``{{variable}}``.

    ``keeps`` is where a variable is in the answer; ``says`` what has to stand there. ``until`` asks again, for a
    while, as long as something else stands there. ``before`` is a script that runs first. ``bearer`` replaces the
    collection's key. A ``form`` is sent as a browser sends it.
    """

    name: str
    module: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None
    status: int = 200
    keeps: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, object] = field(default_factory=dict)
    until: Mapping[str, object] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    bearer: str | None = None
    form: Mapping[str, str] | None = None


def signing(body: object, secret: str) -> tuple[str, ...]:
    """The script that writes ``body`` out and signs those bytes with the variable ``secret``: hex HMAC-SHA256."""
    return (
        f"const body = pm.collectionVariables.replaceIn({json.dumps(json.dumps(body))});",
        f"const secret = pm.collectionVariables.get({json.dumps(secret)});",
        'pm.collectionVariables.set("signedBody", body);',
        'pm.collectionVariables.set("signature", require("crypto-js").HmacSHA256(body, secret).toString());',
    )


def tour_item(step: Step) -> dict[str, Any]:
    """A step as Postman has it, with the script that judges its answer and keeps what the next ones need."""
    item: dict[str, Any] = {"name": step.name, "event": _events(step), "request": _request(step)}
    if 300 <= step.status < 400:
        item["protocolProfileBehavior"] = {"followRedirects": False}
    return item


def _request(step: Step) -> dict[str, Any]:
    endpoint = endpoints()[step.module]
    path = endpoint.path
    for name, value in step.path.items():
        path = path.replace(f"{{{name}}}", value)
    headers = dict(step.headers)
    request: dict[str, Any] = {
        "method": endpoint.method,
        "url": f"{{{{baseUrl}}}}{path}{'?' + step.query if step.query else ''}",
    }
    if step.form is not None:
        pairs = [{"key": name, "value": value} for name, value in step.form.items()]
        request["body"] = {"mode": "urlencoded", "urlencoded": pairs}
    elif step.body is not None:
        text = step.body if step.body == SIGNED else json.dumps(step.body, indent=2)
        headers["Content-Type"] = "application/json"
        request["body"] = {"mode": "raw", "raw": text.replace('"{{cardId}}"', "{{cardId}}")}
    if step.bearer is not None:
        request["auth"] = _auth(step.bearer)
    request["header"] = [{"key": name, "value": value} for name, value in headers.items()]
    return request


def _auth(bearer: str) -> dict[str, Any]:
    if bearer == NOBODY:
        return {"type": "noauth"}
    return {"type": "bearer", "bearer": [{"key": "token", "value": bearer, "type": "string"}]}


def _events(step: Step) -> list[dict[str, Any]]:
    scripts = {"prerequest": list(step.before), "test": _judging(step)}
    return [
        {"listen": when, "script": {"type": "text/javascript", "exec": lines}}
        for when, lines in scripts.items()
        if lines
    ]


def _judging(step: Step) -> list[str]:
    lines = [f'pm.test("is answered with {step.status}", () => pm.response.to.have.status({step.status}));']
    if not (step.keeps or step.says or step.until):
        return lines
    lines.append("const said = pm.response.json();")
    if step.until:
        arrived = " && ".join(f"said.{name} === {json.dumps(value)}" for name, value in step.until.items())
        lines += [
            'const tries = Number(pm.collectionVariables.get("tries") || 0) + 1;',
            f"if (!({arrived}) && tries < {MOST_TRIES}) {{",
            '  pm.collectionVariables.set("tries", tries);',
            f"  pm.execution.setNextRequest({json.dumps(step.name)});",
            "  return;",
            "}",
            'pm.collectionVariables.unset("tries");',
        ]
    for name, value in {**step.until, **step.says}.items():
        wanted = json.dumps(value)
        lines.append(f"pm.test({json.dumps(f'{name} is {wanted}')}, () => pm.expect(said.{name}).to.eql({wanted}));")
    lines += [f"pm.collectionVariables.set({json.dumps(name)}, said.{where});" for name, where in step.keeps.items()]
    return lines
