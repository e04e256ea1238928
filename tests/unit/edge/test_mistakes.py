"""A mistake is answered with everything that helps to mend it: each field at once, and what was probably meant."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from shared.domain.errors import Conflict, InvalidAmount, InvalidRequest
from shared.domain.mistakes import Mistakes
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller as OfGlomopay
from shared.families.glomopay.endpoint import endpoint as glomopay
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import ask


class Line(BaseModel):
    unitPrice: int = 0


class Order(BaseModel):
    amount: Annotated[int, Field(gt=0)]
    notifyUrl: str | None = None
    callbackUrl: str | None = None
    lines: list[Line] = []
    first: Line | None = None


def reading(call: Call) -> Reply:
    return Reply({"amount": call.body(Order).amount})


def serving(act: Any = reading, **more: Any) -> Any:
    return endpoint("POST", "/api/thing", caller=Caller.SECRET_KEY, summary="", **more)(act)


def of_glomopay() -> Any:
    return glomopay("POST", "/api/v1/thing", caller=OfGlomopay.SECRET_KEY, summary="")(reading)


def failing(error: Exception) -> Any:
    def act(call: Call) -> Reply:
        raise error

    return serving(act)


def test_every_field_that_is_wrong_is_named_at_once(edge: Edge) -> None:
    answer = ask(serving(), {"amount": 0, "notifyUrl": 5, "lines": [{"unitPrice": "x"}]}, key=SECRET)

    assert (answer.status, answer.json["code"], answer.json["param"]) == (400, "invalid_request", "amount")
    assert [error["param"] for error in answer.json["errors"]] == ["amount", "notifyUrl", "lines.0.unitPrice"]
    assert {error["code"] for error in answer.json["errors"]} == {"invalid_request"}
    assert answer.json["message"] == "; ".join(error["message"] for error in answer.json["errors"])
    assert "greater than 0" in answer.json["errors"][0]["message"]


def test_a_body_that_is_wrong_as_a_whole_names_no_field(edge: Edge) -> None:
    answer = ask(serving(), "[]", key=SECRET)

    assert (answer.json["code"], answer.json["param"]) == ("invalid_json", None)
    assert answer.json["errors"] == [
        {"param": None, "code": "invalid_json", "message": "the body must be a JSON object"}
    ]


@pytest.mark.parametrize("family", ["payglobe", "glomopay"])
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"amount": 1, "amount": 100}', "amount"),
        ('{"amount": 1, "amount": 1}', "amount"),
        ('{"amount": 1, "am\\u006funt": 100}', "amount"),
        ('{"amount": 1, "first": {"unitPrice": 1, "unitPrice": 2}}', "unitPrice"),
        ('{"amount": 1, "lines": [{}, {"x": [{"y": 1, "y": 2}]}]}', "y"),
    ],
    ids=["another value", "the same value", "written otherwise", "in a part", "where nobody looks"],
)
def test_a_field_that_stands_twice_is_named_because_readers_differ_in_which_counts(
    edge: Edge, family: str, body: str, name: str
) -> None:
    asked = serving() if family == "payglobe" else of_glomopay()

    answer = ask(asked, body, key=SECRET)

    assert (answer.status, answer.json["code"]) == (400, "repeated_field")
    assert answer.json["message"] == f"{name} stands twice in one object of the body"
    if family == "payglobe":
        assert answer.json["errors"] == [{"param": name, "code": "repeated_field", "message": answer.json["message"]}]


@pytest.mark.parametrize("family", ["payglobe", "glomopay"])
@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1"])
def test_json_in_another_code_than_utf_8_is_refused_with_that_reason(edge: Edge, family: str, code: str) -> None:
    asked = serving() if family == "payglobe" else of_glomopay()

    answer = ask(asked, '{"amount": 1, "note": "caffè"}'.encode(code), key=SECRET)

    assert (answer.status, answer.json["code"]) == (400, "invalid_json")
    assert answer.json["message"] == "the body must be JSON in UTF-8"


@pytest.mark.parametrize("family", ["payglobe", "glomopay"])
def test_a_byte_order_mark_before_utf_8_is_no_part_of_the_body(edge: Edge, family: str) -> None:
    asked = serving() if family == "payglobe" else of_glomopay()

    assert ask(asked, '{"amount": 1}'.encode("utf-8-sig"), key=SECRET).status == 200
    assert ask(asked, b'\xef\xbb\xbf\xef\xbb\xbf{"amount": 1}', key=SECRET).status == 400


def test_the_same_name_in_two_objects_is_no_repetition(edge: Edge) -> None:
    answer = ask(serving(), '{"amount": 1, "lines": [{"unitPrice": 1}, {"unitPrice": 2}]}', key=SECRET)

    assert answer.status == 200


def test_a_card_number_for_a_name_that_stands_twice_does_not_come_back_nor_does_a_name_without_end(
    edge: Edge,
) -> None:
    number, endless = "4111111111111111", "x" * 500_000

    told = [ask(serving(), f'{{"{name}": 1, "{name}": 2}}', key=SECRET).text for name in (number, endless)]

    assert number not in told[0]
    assert len(told[1]) < 1000


def test_what_rules_say_names_its_field_and_keeps_its_code(edge: Edge) -> None:
    answer = ask(failing(InvalidRequest("returnUrl: no", code="invalid_url", param="returnUrl")), key=SECRET)

    assert answer.json["errors"] == [{"param": "returnUrl", "code": "invalid_url", "message": "returnUrl: no"}]
    assert ask(failing(InvalidAmount("amount is too large")), key=SECRET).json["param"] == "amount"


def test_rules_are_judged_together(edge: Edge) -> None:
    mistakes = Mistakes()
    with mistakes:
        raise InvalidAmount("amount is too large")
    with mistakes:
        raise InvalidRequest("returnUrl: no", code="invalid_url", param="returnUrl")
    with pytest.raises(InvalidRequest) as told:
        mistakes.tell()

    answer = ask(failing(told.value), key=SECRET)
    assert [(error["param"], error["code"]) for error in answer.json["errors"]] == [
        ("amount", "invalid_amount"),
        ("returnUrl", "invalid_url"),
    ]
    assert answer.json["code"] == "invalid_request"


def test_one_mistake_alone_keeps_its_own_code_and_none_is_no_error() -> None:
    mistakes = Mistakes()
    mistakes.tell()
    with mistakes:
        raise InvalidAmount("amount is too large")

    with pytest.raises(InvalidAmount, match="amount is too large"):
        mistakes.tell()


def test_a_rule_about_a_field_that_is_wrong_already_says_nothing_more() -> None:
    body, mistakes = object(), Mistakes()
    with pytest.raises(AttributeError), mistakes:
        body.amount  # type: ignore[attr-defined]  # noqa: B018 - where nothing is wrong, it is our own mistake
    with mistakes:
        raise InvalidAmount("amount is too large")
    with mistakes:
        body.amount  # type: ignore[attr-defined]  # noqa: B018

    with pytest.raises(InvalidAmount, match="amount is too large"):
        mistakes.tell()


def test_other_errors_say_what_they_said(edge: Edge) -> None:
    answer = ask(failing(Conflict("no")), key=SECRET)

    assert set(answer.json) == {"success", "error", "message", "code", "requestId"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("notifyURL", "notifyUrl"),
        ("notify_url", "notifyUrl"),
        ("callback", "callbackUrl"),
        ("calbackUrl", "callbackUrl"),
        ("NOTIFYURL", "notifyUrl"),
    ],
)
def test_an_unknown_field_is_ignored_and_told_with_what_was_meant(edge: Edge, written: str, meant: str) -> None:
    answer = ask(serving(), {"amount": 1, written: "https://shop.example/"}, key=SECRET)

    assert (answer.status, answer.json["amount"]) == (200, 1)
    assert answer.json["warnings"] == [
        {
            "param": written,
            "code": "unknown_field",
            "message": f"{written} is not known and was ignored; did you mean {meant}?",
        }
    ]


def test_a_field_that_resembles_none_is_told_without_a_guess(edge: Edge) -> None:
    answer = ask(serving(), {"amount": 1, "colour": "red"}, key=SECRET)

    assert answer.json["warnings"][0]["message"] == "colour is not known and was ignored"


def test_fields_of_parts_are_told_with_their_place(edge: Edge) -> None:
    sent = {"amount": 1, "lines": [{}, {"unit_price": 2}], "first": {"price": 1}}

    warnings = ask(serving(), sent, key=SECRET).json["warnings"]

    assert [warning["param"] for warning in warnings] == ["lines.1.unit_price", "first.price"]


def test_a_refusal_tells_the_unknown_fields_too(edge: Edge) -> None:
    answer = ask(serving(), {"ammount": 1}, key=SECRET)

    assert (answer.status, answer.json["param"]) == (400, "amount")
    assert "did you mean amount?" in answer.json["warnings"][0]["message"]


def test_without_unknown_fields_there_are_no_warnings(edge: Edge) -> None:
    assert "warnings" not in ask(serving(), {"amount": 1}, key=SECRET).json


def test_a_field_named_like_a_card_is_masked_and_many_are_few_lines(edge: Edge) -> None:
    sent = {"amount": 1, "4242424242424242": 1, **{f"x{number}": 1 for number in range(50)}, "y" * 500: 1}

    answer = ask(serving(), sent, key=SECRET)

    assert "4242424242424242" not in answer.text
    assert len(answer.json["warnings"]) == 10


def test_a_replay_is_the_first_answer_with_its_warnings(edge: Edge) -> None:
    sent = {"amount": 1, "notify_url": "x"}
    once = serving(idempotent=True)

    first = ask(once, sent, key=SECRET, headers={"Idempotency-Key": "one"})
    again = ask(once, sent, key=SECRET, headers={"Idempotency-Key": "one"})

    assert again.headers["Idempotent-Replayed"] == "true"
    assert "warnings" in first.json
    assert again.json == first.json


def test_another_familys_answers_stay_as_they_are(edge: Edge) -> None:
    served = of_glomopay()

    refused = ask(served, {"amount": 0, "notifyUrl": 5}, key=SECRET)
    done = ask(served, {"amount": 1, "notify_url": 5}, key=SECRET)

    assert set(refused.json) == {"error", "message", "code"}
    assert refused.json["message"] == "amount: must be greater than 0"
    assert done.json == {"amount": 1}
