"""What people may call is said in one table, for every route that takes a merchant's secret key and no other."""

from __future__ import annotations

from typing import Final

import pytest

from functions.merchant.people_remove import handler as remove
from pages.docs.reference import specification
from shared.domain.errors import Forbidden
from shared.domain.person import Role
from shared.edge.request import Request
from shared.families.rights import RIGHTS, least_role
from tests.unit.edge.requests import ask
from tools.contract.dialects import family_of
from tools.contract.routes import endpoints

SPEC: Final = specification()
# They show what opens one payment alone, or sign with their service's secret: no person does either.
OTHERWISE: Final = {"the payment's authToken"}


def promised_to_merchants() -> set[str]:
    """Every operation of the specification that a merchant's own key, or a person of the merchant's, may call."""
    found = set()
    for path, operations in SPEC["paths"].items():
        for method, operation in operations.items():
            shown = {name for way in operation["security"] for name in way}
            if shown & {"key", "session"} and not any(way in operation["description"] for way in OTHERWISE):
                found.add(f"{method.upper()} {path}")
    return found


def of_paygol() -> set[str]:
    paths = (endpoint for endpoint in endpoints().values() if family_of(endpoint) == "paygol")
    return {f"{method} {path}" for endpoint in paths for method, path in endpoint.routes}


def test_every_route_of_a_merchant_says_who_of_its_people_may_call_it() -> None:
    assert promised_to_merchants() - of_paygol() - RIGHTS.keys() == set(), "add a row to shared/families/rights.py"


def test_no_row_is_about_a_route_that_is_not_there() -> None:
    there = {f"{method.upper()} {path}" for path, methods in SPEC["paths"].items() for method in methods}

    assert RIGHTS.keys() - there == set()


def test_nothing_that_changes_anything_is_a_readers_but_their_own_session() -> None:
    changing = {route for route, role in RIGHTS.items() if role is Role.READ and not route.startswith("GET ")}

    assert changing == {"PATCH /api/merchant/session", "DELETE /api/merchant/session"}


def test_keys_secrets_and_people_are_the_owners() -> None:
    owners = {route for route, role in RIGHTS.items() if role is Role.OWNER}
    shows_or_makes = {
        route for route in RIGHTS if any(word in route for word in ("api-keys", "rotate-secret", "/people"))
    }

    assert shows_or_makes <= owners


def test_a_route_that_is_not_in_the_table_is_refused_to_people() -> None:
    with pytest.raises(Forbidden):
        least_role(Request({"httpMethod": "POST", "resource": "/api/new"}, {}, "request-1"))


def test_without_a_key_and_without_a_session_nothing_of_a_merchants_opens() -> None:
    assert ask(remove, path={"id": "person_1"}).status == 401
