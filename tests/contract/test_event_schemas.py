"""What events promise: a schema per type, which only ever grows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
import simplejson
from jsonschema import Draft202012Validator, ValidationError

from shared.domain.event import EventType, Facts
from shared.domain.operation import Kind
from shared.domain.payment import Status
from shared.families import registry
from shared.families.payglobe.notices import FORMATS, NAMES, flat
from shared.families.payglobe.webhook_bodies import PayloadFormat
from shared.families.registry import NOTICES
from shared.usecases.payment.facts import payment_facts
from tests.schemas import SHARED, check, fields, schemas
from tests.webhook_fakes import an_event
from tools.testing.builders import a_payment

PUBLISHED = Path(__file__).with_name("published_event_fields.json")
TYPES = sorted(set(schemas()) - SHARED)


def test_an_endpoint_may_ask_for_every_format_there_is() -> None:
    """A service's are named by its own settings, with a point in their names."""
    assert {form.value for form in PayloadFormat} == {name for name in NOTICES.formats if "." not in name}


def test_the_registry_names_every_format_of_every_family() -> None:
    for family, names in registry.NAMES.items():
        module = import_module(f"shared.families.{family}.notices")
        assert set(names) == set(module.FORMATS)
        assert all(NOTICES.formats[name].name == module.FORMATS[name].name for name in names)


def test_every_event_type_has_a_schema_and_every_schema_an_event_type() -> None:
    assert set(TYPES) == NAMES


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("name", TYPES)
def test_no_published_field_ever_goes_away(name: str) -> None:
    """Receivers rely on what was once sent. To add a field: the schema, then this list; nothing leaves either."""
    published = set(json.loads(PUBLISHED.read_text())[name])

    assert fields(name) == published


@pytest.mark.parametrize("form", ["union", "event"])
def test_a_payment_is_written_as_its_schema_says(form: str) -> None:
    now = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
    facts = Facts(payment_facts(a_payment(status=Status.PROCESSING), Kind.PREAUTH, now))

    body = simplejson.loads(FORMATS[form].body(an_event(now, type=EventType.PREAUTHORISED, facts=facts)))

    check(body)
    if form == "union":
        about = {key: value for key, value in body["data"]["object"].items() if key not in ("id", "object")}
        assert {key: body[key] for key in about} == about


def test_the_schemas_notice_a_missing_field_and_a_wrong_type() -> None:
    now = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
    facts = Facts(payment_facts(a_payment(status=Status.PROCESSING), Kind.PREAUTH, now))
    event = an_event(now, type=EventType.PREAUTHORISED, facts=facts)
    data = flat(event)
    envelope = simplejson.loads(FORMATS["event"].body(event))
    for broken in (
        {key: value for key, value in data.items() if key != "voucherDetails"},
        {**data, "totalAmount": "150.00"},
        {**data, "sessionStart": "2026-11-21 10:00:00"},
    ):
        with pytest.raises(ValidationError):
            check({**envelope, "data": {"object": {"id": event.subject, "object": "payment_intent", **broken}}})
