"""Whatever a Paygol client sends is answered, signed, and no failure of ours; what is created is what was asked."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from functions.paygol.pay import handler as pay
from functions.paygol.payment_create import handler as create
from shared.domain.errors import GatewayError
from shared.domain.money import exponent_of
from shared.families.paygol import fields
from shared.families.paygol.bodies import CreateRequest
from shared.families.paygol.signing import canonical, signature, signed_by
from tests.unit.edge.requests import ask
from tests.unit.paygol.conftest import JOHN, Shop, edge, shop

__all__ = ["edge", "shop"]
NAMES = sorted(CreateRequest.model_fields)
FIXTURE = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
texts = st.text(max_size=40)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), texts)
values = st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(texts, scalars, max_size=2))


def _encoded(form: dict[str, str]) -> bytes:
    return urlencode(form, errors="replace").encode()


@FIXTURE
@given(wrong=st.dictionaries(st.one_of(st.sampled_from(NAMES), texts), values, max_size=6))
def test_no_body_is_a_failure_of_ours_and_every_answer_is_signed(shop: Shop, wrong: dict[str, Any]) -> None:
    body = {"pg_serviceid": "123", "pg_token": shop.fresh_token(), **JOHN, **wrong}

    answer = shop.sends(create, json.dumps(body).encode())

    assert answer.status == 200, answer.text
    assert isinstance(answer.json["result"], int)


@FIXTURE
@given(body=st.one_of(st.binary(max_size=200), st.dictionaries(st.sampled_from(NAMES), texts).map(_encoded)))
def test_no_form_is_a_failure_of_ours(shop: Shop, body: bytes) -> None:
    assert ask(pay, body, headers={"Content-Type": "application/x-www-form-urlencoded"}).status in (303, 400)


@given(
    amount=st.decimals(min_value="0.001", max_value="9999999", allow_nan=False, places=3),
    currency=st.sampled_from(["EUR", "JPY", "KWD", "CLP"]),
)
def test_a_price_is_exact_or_refused(amount: Decimal, currency: str) -> None:
    try:
        money = fields.price(f"{amount:f}", currency)
    except GatewayError:
        assert amount == 0 or amount.scaleb(exponent_of(currency)) % 1 != 0
    else:
        assert money.major == amount


@example(values={"\u00b2": None, "\u0661": "2", "a10": "", "a9": ""}, secret=b"0")  # digits, to some
@given(
    values=st.dictionaries(texts, st.one_of(texts, st.booleans(), st.none()), max_size=6),
    secret=st.binary(min_size=1, max_size=40),
)
def test_the_documented_form_is_one_whatever_the_order_of_the_keys(values: dict[str, Any], secret: bytes) -> None:
    backwards = dict(reversed(values.items()))

    if len({name.lower() for name in values}) == len(values):
        assert canonical(values) == canonical(backwards)
    assert json.loads(canonical(values)) == values
    assert signed_by([b"other", secret], signature(secret, canonical(values)), canonical(values)) in (
        secret,
        b"other",
    )


@pytest.mark.parametrize("number", ["1" * 41, "0." + "0" * 40 + "1", "1e400", "-0"])
def test_digits_that_nobody_could_mean_are_refused_at_once(shop: Shop, number: str) -> None:
    text = json.dumps({"pg_serviceid": "123", "pg_token": shop.fresh_token(), **JOHN, "pg_price": "LITERAL"})

    answer = shop.sends(create, text.replace('"LITERAL"', number).encode())

    assert answer.status == 200
    assert answer.json["result"] in (1, 7)
