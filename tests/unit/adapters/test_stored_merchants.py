"""Merchants' items as releases before this one wrote them: each is read by the code of now. Only ever add samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from shared.adapters.dynamodb.merchants import DynamoMerchants
from shared.domain.account import Account, Connector, Limits
from shared.domain.ids import fingerprint
from shared.domain.merchant import AuditLine, Key, KeyKind, Listed
from shared.domain.payment import Environment, Mode
from tests.storage import create_tables
from tools.testing.builders import MERCHANT, TEST, a_merchant, an_account
from tools.testing.fakes import NOON

HASH = "24f46be7a3c6ba8b4d5a8ddbdcc9e7d8bd4f8b2f6b2d0d6c4b8a5b3a6f1e0c9d"
MERCHANT_BODY = '{"id":"m_shop","name":"Shop","created_at":"2026-03-02T12:00:00+00:00","contact":"a@shop.example"}'
TEST_BODY = (
    '{"card_gateway":{"name":"sandbox"},"voucher_provider":{"name":"sandbox"},"default_mode":"SALE_DIRECT",'
    '"origins":["https://shop.example"],"limits":{"payments_a_minute":60}}'
)
PROFILE = {
    "pk": {"S": "MERCHANT#m_shop"},
    "sk": {"S": "PROFILE"},
    "version": {"N": "3"},
    "body": {
        "S": f'{{"merchant":{MERCHANT_BODY},"accounts":{{"test":{TEST_BODY},"live":{{}}}},'
        f'"keys":[{{"fingerprint":"{HASH}","environment":"test","kind":"sk"}}]}}'
    },
}
KEY = {
    "pk": {"S": ""},
    "sk": {"S": "KEY"},
    "body": {"S": f'{{"merchant":{MERCHANT_BODY},"environment":"test","kind":"sk","account":{TEST_BODY}}}'},
}
AUDIT = {
    "pk": {"S": "MERCHANT#m_shop"},
    "sk": {"S": "AUDIT#0000000003"},
    "body": {"S": '{"at":"2026-03-02T12:00:00+00:00","who":"ada","what":"merchant-set","fields":["test.limits"]}'},
}
SHOP = a_merchant(contact="a@shop.example")
ACCOUNT = an_account(
    default_mode=Mode.SALE_DIRECT,
    origins=("https://shop.example",),
    limits=Limits(payments_a_minute=60),
    method_provider=None,  # nobody had one yet
)


@pytest.fixture
def merchants() -> Any:
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name="eu-south-1")
        create_tables(client)
        for item in (PROFILE, AUDIT, {**KEY, "pk": {"S": f"KEY#{fingerprint('sk_test_OLD')}"}}):
            client.put_item(TableName="MerchantsTable", Item=item)
        yield DynamoMerchants(client, "MerchantsTable", lambda: NOON)


@pytest.mark.moto
def test_the_items_of_the_first_release_are_read(merchants: DynamoMerchants) -> None:
    record = merchants.record(MERCHANT)

    assert (record.merchant, record.version) == (SHOP, 3)
    assert record.account(TEST) == ACCOUNT
    assert record.account(TEST).card_gateway == Connector("sandbox")
    assert record.account(Environment.LIVE) == Account()
    assert record.keys == (Key(HASH, TEST, KeyKind.SECRET),)
    credential = merchants.credential("sk_test_OLD")
    assert (credential.merchant, credential.account) == (SHOP, ACCOUNT)
    assert merchants.audit_trail(MERCHANT, 5) == [AuditLine(NOON, "ada", "merchant-set", ("test.limits",))]


@pytest.mark.moto
def test_a_record_of_a_release_before_is_listed_and_so_is_what_it_is_called_later(merchants: DynamoMerchants) -> None:
    assert list(merchants.listed()) == [Listed(MERCHANT, "Shop", "")]

    record = replace(merchants.record(MERCHANT), keys=())
    renamed = replace(record, merchant=replace(record.merchant, name="Bottega", email="b@shop.example"))
    assert merchants.change(record, renamed, AuditLine(NOON, "ada", "merchant-set", ("name",))) is None

    assert list(merchants.listed()) == [Listed(MERCHANT, "Bottega", "b@shop.example")]


@pytest.mark.moto
def test_the_use_of_a_key_is_written_once_an_hour_and_a_write_that_fails_refuses_nobody(
    merchants: DynamoMerchants,
) -> None:
    calls: list[str] = []
    merchants.client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    key = Key(fingerprint("sk_test_OLD"), TEST, KeyKind.SECRET)

    def at(minutes: int) -> DynamoMerchants:
        return replace(merchants, now=lambda: NOON + timedelta(minutes=minutes))

    for minutes in (0, 10, 59, 60, 61):
        at(minutes).credential("sk_test_OLD")
    assert calls == ["GetItem", "UpdateItem", "GetItem", "GetItem", "GetItem", "UpdateItem", "GetItem"]
    assert merchants.last_used([key]) == {key.fingerprint: NOON + timedelta(hours=1)}

    def refused(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "UpdateItem")

    merchants.client.meta.events.register("before-call.dynamodb.UpdateItem", refused)
    assert at(600).credential("sk_test_OLD").merchant == SHOP
