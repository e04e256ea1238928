"""Writes docs/openapi.yaml and the Postman collection from the endpoints' own metadata: ``make openapi``."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any, Final

import yaml

from shared.domain.person import Role
from shared.edge.bearer import SESSION_COOKIE
from shared.edge.endpoint import Endpoint
from shared.families.payglobe.auth import Caller
from shared.families.rights import RIGHTS
from tools.contract.dialects import DIALECTS, WARNINGS, dialect_of, is_keyless
from tools.contract.notices import webhooks
from tools.contract.postman import POSTMAN, postman
from tools.contract.replies import REPLIES
from tools.contract.routes import endpoints
from tools.contract.words import described, words
from tools.local.deploy import ROOT

OPENAPI: Final = ROOT / "docs" / "openapi.yaml"
_GO: Final = "On to the address in Location"
# What pydantic leaves of a bound that it checks after a function of ours.
_WHOLE: Final = {"ge": "minimum", "le": "maximum"}
_DONE: Final = {200: "Done", 201: "Created", 202: "Accepted", 302: _GO, 303: _GO, 402: "Declined", 422: "Refused"}
_PROBLEMS: Final = {
    400: "The request breaks the contract",
    401: "No key, or an unknown one",
    403: "The key may not do this",
    404: "No such object, or somebody else's",
    409: "Not in the state the object is in now",
    413: "The body is over 1 MB",
    422: "Refused by a rule",
    424: "The sender cannot be asked now whether the message is its own; send it again",
    429: "Too many tries, or too many in a minute: Retry-After says for how long",
    503: "A collaborator is down; nothing happened",
}
_DESCRIPTION: Final = (
    "Payments by card and electronic meal vouchers. Amounts are decimal major units, written with all the digits of "
    "the currency. Every POST that creates or moves something takes an `Idempotency-Key`."
)

_ONCE: Final = (
    "A key of yours: however often the call arrives with it, it is done once and answered the same, for a day"
)
_SESSION: Final = (
    "Somebody who signed in to the dashboard. Beside the cookie, `X-Environment: test` or `live`; with whatever is "
    "no GET also the pages' own `Origin` and, as `X-CSRF-Token`, what `GET /api/merchant/session` tells"
)
_VISITOR: Final = (
    "`visit_` and 32 to 64 hexadecimal digits that a browser at a card page made up at random and shows again to "
    "be led on after its card was accepted. Without them the page is paid all the same, and nobody is led on later."
)

TAGS: Final = {
    "payment": "Payments by card and vouchers: begin, hold, capture, release, give back",
    "payment_link": "Payment links with QR codes",
    "token_payment": "Saved cards",
    "dispute": "Disputes with a customer's bank",
    "merchant": "What a merchant has: payments, webhooks, events, settings",
    "checkout": "Doors that lead a customer's browser",
    "glomopay": "Glomopay's API: customers, orders, payments, refunds, payment links",
    "paygol": "Paygol's API: transactions by many methods",
    "webhook": "Where acquirers and issuers ring",
    "operators": "For who runs the gateway: merchants made, found, suspended, and invited to their keys",
    "page": "The browser library",
    "sandbox": "In test: the card page, and the books of the other side",
    "webhooks": "What the gateway tells your server",
}


def build() -> dict[str, Any]:
    """The OpenAPI 3.1 document. Paths are literal; the stage name is in the server's URL."""
    schemas: dict[str, Any] = _problem_schemas()
    paths: dict[str, Any] = {}
    for module, endpoint in sorted(endpoints().items()):
        for number, (method, path) in enumerate(endpoint.routes):
            name = module.replace(".", "_") + (f"_{number + 1}" if number else "")
            operation = _operation(endpoint, name, path, schemas, REPLIES.get(module))
            operation["tags"] = [module.partition(".")[0]]
            paths.setdefault(path, {})[method.lower()] = operation
    _tell_of_warnings(schemas)
    told = webhooks(schemas)
    described(schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Payment gateway",
            "version": "1.0.0",
            "description": _DESCRIPTION,
            "contact": {"name": "Whoever runs this gateway"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/paymentgw"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "webhooks": told,
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "pk_..., sk_... or a client secret"},
                "operator": {"type": "http", "scheme": "bearer", "description": "An operator's own key (op_...)"},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": _SESSION},
                "visitor": {"type": "http", "scheme": "bearer", "description": _VISITOR},
            },
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _tell_of_warnings(schemas: dict[str, Any]) -> None:
    """In the replies of endpoints whose family tells the fields that it did not know."""
    for module, endpoint in endpoints().items():
        if endpoint.request is not None and dialect_of(endpoint).warns and module in REPLIES:
            schemas[REPLIES[module].__name__]["properties"]["warnings"] = deepcopy(WARNINGS)


def _operation(endpoint: Endpoint, name: str, path: str, schemas: dict[str, Any], reply: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": endpoint.summary,
        "description": _who_may_call(endpoint, path),
        "security": _security(endpoint, path),
        "parameters": _parameters(endpoint, path),
        "responses": _responses(endpoint, reply, schemas),
    }
    if endpoint.request is not None:
        content = {"application/json": {"schema": _schema(endpoint.request, schemas, "validation")}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _role(endpoint: Endpoint, path: str) -> Role | None:
    """What a person has to be who calls it; None where no person does."""
    return RIGHTS.get(f"{endpoint.method} {path}")


def _who_may_call(endpoint: Endpoint, path: str) -> str:
    role = _role(endpoint, path)
    by_key = endpoint.caller is not Caller.PERSON
    person = f"or whoever is signed in as {role}" if by_key else f"with the role {role}"
    return f"Who may call: {endpoint.caller.value}{f', {person}' if role else ''}."


def _security(endpoint: Endpoint, path: str) -> list[dict[str, Any]]:
    if endpoint.caller is Caller.OPERATOR:
        return [{"operator": []}]
    if endpoint.caller is Caller.PERSON:
        return [{"session": []}]
    if not is_keyless(endpoint):
        return [{"key": []}, {"session": []}] if _role(endpoint, path) else [{"key": []}]
    return [{}, {"visitor": []}] if endpoint.visitor else []


def _parameters(endpoint: Endpoint, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "description": words()[name], "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    found += [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in endpoint.query.items()
    ]
    if endpoint.idempotent:
        key = {"type": "string", "minLength": 1, "maxLength": 255}
        found.append({"name": "Idempotency-Key", "in": "header", "description": _ONCE, "schema": key})
    return found


def _responses(endpoint: Endpoint, reply: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string"} if reply is None else _schema(reply, schemas, "serialization")
    dialect = dialect_of(endpoint)
    if dialect.with_success is not None:
        shape = {"oneOf": [shape, {"$ref": f"#/components/schemas/{dialect.with_success.name}"}]}
    content = {endpoint.reply_type.partition(";")[0]: {"schema": shape}}
    found: dict[str, Any] = {
        str(status): {"description": _DONE[status], "content": content} for status in endpoint.success
    }
    by_people = {400, 401, 403} if _role(endpoint, endpoint.path) else set()  # an environment, a session, a role
    for status in sorted({*dialect.statuses(endpoint), *by_people}):
        problem = {"$ref": f"#/components/schemas/{dialect.body(status).name}"}
        said = {"description": _PROBLEMS[status], "content": {"application/json": {"schema": problem}}}
        if endpoint.reply_type.startswith("text/html"):  # a person reads what is wrong
            said["content"] = content
        found.setdefault(str(status), said)
    return found


def _schema(model: Any, schemas: dict[str, Any], mode: str) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode=mode)
    schemas.update({name: _tidy(part) for name, part in schema.pop("$defs", {}).items()})
    schemas[model.__name__] = _tidy(schema)
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _tidy(node: Any) -> Any:
    """Without pydantic's titles, and without calling a card number a password."""
    if isinstance(node, dict):
        if node.get("format") == "password":
            node = {name: value for name, value in node.items() if name != "format"}
        return {
            _WHOLE.get(name, name): _tidy(value)
            for name, value in node.items()
            if name != "title" or not isinstance(value, str)
        }
    return [_tidy(part) for part in node] if isinstance(node, list) else node


def _problem_schemas() -> dict[str, Any]:
    """The bodies of errors of every family, by their names."""
    bodies = [body for dialect in DIALECTS.values() for body in (dialect.problem, *dialect.others.values())]
    return {body.name: deepcopy(dict(body.schema)) for body in bodies}


def texts() -> dict[str, str]:
    """What the two committed files hold."""
    spec = json.loads(json.dumps(build(), default=str))
    return {
        str(OPENAPI): yaml.safe_dump(spec, sort_keys=False, allow_unicode=True, width=110),
        str(POSTMAN): json.dumps(postman(spec), indent=2) + "\n",
    }


def main() -> None:
    OPENAPI.write_text(texts()[str(OPENAPI)])
    POSTMAN.write_text(texts()[str(POSTMAN)])


if __name__ == "__main__":
    main()
