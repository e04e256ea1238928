"""template.yaml, the handlers, docs/openapi.yaml and events/ tell the same story."""

from __future__ import annotations

import json

from openapi_spec_validator import validate

from pages.docs.reference import specification
from tools.contract import openapi
from tools.contract.dialects import is_keyless
from tools.contract.postman import POSTMAN
from tools.contract.rights import role_of, roles
from tools.contract.routes import endpoints, functions, modules, refusing, template_routes
from tools.local.deploy import ROOT

ENDPOINTS = endpoints()
EVENTS = ROOT / "events"


def test_every_handler_module_is_one_function_of_the_template() -> None:
    deployed = [properties["Handler"].removesuffix(".handler") for _, properties in functions()]

    assert sorted(deployed) == modules()


def test_template_and_handlers_have_the_same_routes() -> None:
    deployed = {(route.module, route.method, route.path) for route in template_routes() if route.method != "OPTIONS"}
    declared = {(module, method, path) for module, endpoint in ENDPOINTS.items() for method, path in endpoint.routes}

    assert deployed == declared


def test_one_function_of_each_address_says_what_the_address_takes() -> None:
    takes: dict[str, set[str]] = {}
    for endpoint in ENDPOINTS.values():
        for method, path in endpoint.routes:
            takes.setdefault(path, set()).add(method)

    for path, here in refusing().items():
        assert len(here) == 1, f"{path}: one function has Method: ANY, not {here}"
        allowed, head = ENDPOINTS[here[0]].allowed, {"HEAD"} if ENDPOINTS[here[0]].file else set[str]()
        assert set(allowed) - {"OPTIONS"} == takes[path] | head, (
            f"{here[0]}: beside= names the methods of others at {path}"
        )
        assert len(allowed) == len(set(allowed))


def test_what_answers_head_is_what_anybody_may_read_and_no_data() -> None:
    files = {module: endpoint for module, endpoint in ENDPOINTS.items() if endpoint.file}

    assert sorted(files) == ["page.logo", "page.payglobe_js", "payment_link.qrcode"]
    assert all(endpoint.methods == ("GET",) and is_keyless(endpoint) for endpoint in files.values())


def test_exactly_the_endpoints_with_cors_answer_a_preflight() -> None:
    preflights = {route.module for route in template_routes() if route.method == "OPTIONS"}
    called_by_scripts = {
        module for module, endpoint in ENDPOINTS.items() if endpoint.cors and "/js/" not in endpoint.path
    }

    assert preflights == called_by_scripts


LED_BY_GET = {
    "checkout.card": "a link leads there, and a spent page is replaced when somebody comes: at most ten a payment",
    "checkout.returned": "acquirers send browsers back by GET, to an address that holds 128 random bits",
    "paygol.pay": "shops begin transactions by links too; each is counted against the service's allowance",
    "webhook.psp": "acquirers ring by GET too, at an address that holds 128 random bits",
}


def test_a_get_without_a_key_may_write_nothing_send_nothing_and_wake_nothing() -> None:
    keyless = {
        route.function for route in template_routes() if route.method == "GET" and is_keyless(ENDPOINTS[route.module])
    }
    can = {
        name: {action for action, _ in roles()[role_of(properties)] if not action.startswith("logs:")}
        for name, properties in functions()
        if name in keyless and properties["Handler"].removesuffix(".handler") not in LED_BY_GET
    }

    assert len(can) >= 4
    for name, actions in can.items():
        assert actions <= {"dynamodb:GetItem", "dynamodb:Query"}, name


def test_the_specification_is_valid_and_current() -> None:
    committed = openapi.OPENAPI.read_text()

    validate(specification())
    assert committed == openapi.texts()[str(openapi.OPENAPI)], "run: make openapi"


def test_the_postman_collection_is_current_and_holds_every_operation() -> None:
    committed = json.loads(POSTMAN.read_text())

    assert committed == json.loads(openapi.texts()[str(POSTMAN)]), "run: make openapi"
    operations = [item for folder in committed["item"][1:] for item in folder["item"]]  # after the tour
    assert len(operations) == sum(len(endpoint.routes) for endpoint in ENDPOINTS.values())


def test_every_handler_has_a_sample_and_every_sample_a_handler() -> None:
    found = {".".join(path.relative_to(EVENTS).with_suffix("").parts) for path in EVENTS.rglob("*.json")}

    assert found == set(modules())
