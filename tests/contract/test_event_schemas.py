"""What events promise: a schema per type, which only ever grows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import simplejson
from jsonschema import Draft202012Validator, ValidationError

from shared.adapters.notification_formats import NOTIFICATION_FORMATS
from shared.domain.event import EventType
from shared.domain.merchant import PayloadFormat
from shared.usecases.payment.payment_view import flat
from tests.schemas import SHARED, check, fields, schemas
from tests.webhook_fakes import an_event
from tools.testing.builders import a_payment

PUBLISHED = Path(__file__).with_name("published_event_fields.json")
TYPES = sorted(set(schemas()) - SHARED)


def test_every_event_type_has_a_schema_and_every_schema_an_event_type() -> None:
    assert set(TYPES) == {event_type.value for event_type in EventType}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("name", TYPES)
def test_no_published_field_ever_goes_away(name: str) -> None:
    """Receivers rely on what was once sent. To add a field: the schema, then this list; nothing leaves either."""
    published = set(json.loads(PUBLISHED.read_text())[name])

    assert fields(name) == published


@pytest.mark.parametrize("form", [PayloadFormat.UNION, PayloadFormat.EVENT])
def test_a_payment_is_written_as_its_schema_says(form: PayloadFormat) -> None:
    now = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
    payment = a_payment()
    event = an_event(now, type=EventType.PROCESSING, data={**flat(payment, "PREAUTH", now), "status": "PROCESSING"})

    body = simplejson.loads(NOTIFICATION_FORMATS[form].body(event))

    check(body)
    if form is PayloadFormat.UNION:
        about = {key: value for key, value in body["data"]["object"].items() if key not in ("id", "object")}
        assert {key: body[key] for key in about} == about


def test_the_schemas_notice_a_missing_field_and_a_wrong_type() -> None:
    now = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
    data = {**flat(a_payment(), "PREAUTH", now), "status": "PROCESSING"}
    write = NOTIFICATION_FORMATS[PayloadFormat.EVENT].body
    for broken in (
        {key: value for key, value in data.items() if key != "voucherDetails"},
        {**data, "totalAmount": "150.00"},
        {**data, "sessionStart": "2026-11-21 10:00:00"},
    ):
        with pytest.raises(ValidationError):
            check(simplejson.loads(write(an_event(now, type=EventType.PROCESSING, data=broken))))
