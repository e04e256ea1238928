"""What breaks a rule is told in a sentence of ours, whatever library found it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, StringConstraints

from shared.adapters.connector_settings import SETTINGS
from shared.domain import forms
from shared.domain.errors import InvalidRequest
from shared.edge.wire import judged
from tools.contract import routes

LIBRARYS = re.compile(
    r"\b(should|Input|Field required|Value error|pattern|valid (string|integer|boolean|list|dict))\b|<\w"
)


WRONG: tuple[Any, ...] = ({"a": 1}, [], "", "~" * 3000, -1, 10**30, 0.5, True, None)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Thing(BaseModel):
    currency: Annotated[str, StringConstraints(pattern=forms.CURRENCY)] = "EUR"
    name: Annotated[str, StringConstraints(min_length=1, max_length=5)] = "a"
    both: Annotated[str, StringConstraints(min_length=2)] = "ab"
    number: Annotated[int, Field(ge=1, lt=10)] = 1
    parts: Annotated[list[int], Field(max_length=1)] = []
    choice: Literal["CARD_ONLY", "VOUCHERS"] = "CARD_ONLY"
    only: Literal["yes"] = "yes"
    days: Literal[1, 2, 7] = 1
    colour: Colour = Colour.RED
    some_colour: Literal[Colour.RED, Colour.BLUE] = Colour.RED
    switch: bool = True
    strict: Annotated[int, Field(strict=True)] = 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"currency": "euro"}, "currency: must be an ISO 4217 currency code, three capital letters such as EUR"),
        ({"currency": 5}, "currency: must be text"),
        ({"name": ""}, "name: must not be empty"),
        ({"name": "abcdef"}, "name: must have at most 5 characters"),
        ({"both": "a"}, "both: must have at least 2 characters"),
        ({"number": 0}, "number: must be at least 1"),
        ({"number": 10}, "number: must be less than 10"),
        ({"number": "x"}, "number: must be a whole number"),
        ({"strict": "1"}, "strict: must be a whole number"),
        ({"parts": [1, 2]}, "parts: must have at most 1 entry"),
        ({"parts": "x"}, "parts: must be a list"),
        ({"choice": "BOTH"}, "choice: must be one of CARD_ONLY or VOUCHERS"),
        ({"only": "no"}, "only: must be yes"),
        ({"days": 3}, "days: must be one of 1, 2 or 7"),
        ({"colour": "green"}, "colour: must be one of red or blue"),
        ({"some_colour": "green"}, "some_colour: must be one of red or blue"),
        ({"switch": "perhaps"}, "switch: must be true or false"),
    ],
)
def test_a_broken_rule_is_told_in_a_sentence(sent: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        judged(sent, Thing)

    assert str(refused.value) == told


def test_what_no_sentence_is_known_for_is_told_without_the_librarys_words() -> None:
    assert not LIBRARYS.search(forms.broken_rule("uuid_parsing", {}, "Input should be a valid UUID"))


def test_every_form_that_a_caller_or_an_operator_has_to_keep_is_told_in_a_sentence() -> None:
    bodies = [found.request for found in routes.endpoints().values() if found.request is not None]
    connectors = [model for of_role in SETTINGS.values() for model in of_role.values()]
    patterns = {pattern for model in (*bodies, *connectors) for pattern in _patterns(model.model_json_schema())}

    assert len(patterns) > 8
    assert patterns <= forms.ASKED_BY_FORM.keys()


def test_no_endpoint_tells_the_librarys_text_of_a_body_of_wrong_types() -> None:
    """Each field of each body with something that it is not."""
    told = []
    for model in {found.request for found in routes.endpoints().values() if found.request is not None}:
        for wrong in WRONG:
            told += _told(model, dict.fromkeys(model.model_fields, wrong))
        told += _told(model, {})

    assert len(told) > 500
    assert [text for text in told if LIBRARYS.search(text) or forms.OTHERWISE in text] == []


def _told(model: type[BaseModel], sent: dict[str, Any]) -> list[str]:
    try:
        judged(sent, model)
    except InvalidRequest as error:
        return [fault.message for fault in error.faults]
    return []


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for part in schema.values():
            yield from _patterns(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _patterns(part)
