"""A production on the local cloud: what is refused before anything is made, and what it does without its sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from click.testing import CliRunner

from tests.client import Client
from tests.mailbox import link_in, mail_to
from tools.local.cloud import Cloud, start_cloud
from tools.local.deploy import client, packaged_template
from tools.local.stack import Gateway, start_gateway
from tools.ops.operator import main as operators

COMPLETE = {
    "Environment": "prod",
    "AlarmTopicArn": "arn:aws:sns:eu-south-1:123456789012:alarms",
    "SenderDomain": "shop.test",
    "AllowPrivateTargets": "false",
}
INCOMPLETE = {
    "no receiver of alarms": ({"AlarmTopicArn": ""}, "prod needs AlarmTopicArn"),
    "receipts from example.com": ({"SenderDomain": "example.com"}, "prod needs SenderDomain"),
    "private targets": ({"AllowPrivateTargets": "true"}, "prod may not call private addresses"),
    "a domain without its certificate": (
        {"ApiDomain": "pay.shop.test"},
        "ApiDomain and ApiCertificateArn go together",
    ),
    "pages without their certificate": ({"PagesDomain": "www.shop.test"}, "PagesDomain and PagesCertificateArn"),
}


@pytest.fixture(scope="module")
def formation() -> Iterator[Any]:
    """CloudFormation of an empty cloud, which has the template's rules and parameters and nothing to make."""
    cloud: Cloud = start_cloud()
    try:
        yield client(cloud, "cloudformation")
    finally:
        cloud.stop()


def create(formation: Any, parameters: Mapping[str, str]) -> None:
    whole = packaged_template()
    rules = {part: whole[part] for part in ("Parameters", "Rules")}
    nothing = {"Resources": {"Nothing": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
    formation.create_stack(
        StackName=f"s{len(formation.describe_stacks()['Stacks'])}",
        TemplateBody=json.dumps({**rules, **nothing}),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )


@pytest.mark.parametrize("lack", INCOMPLETE)
def test_an_incomplete_production_is_refused_before_anything_is_made(formation: Any, lack: str) -> None:
    changed, said = INCOMPLETE[lack]
    stacks = len(formation.describe_stacks()["Stacks"])

    with pytest.raises(ClientError, match=said):
        create(formation, {**COMPLETE, **changed})

    assert len(formation.describe_stacks()["Stacks"]) == stacks


def test_a_complete_production_is_made_and_so_is_a_development_without_any_of_it(formation: Any) -> None:
    create(formation, COMPLETE)
    create(formation, {})


@pytest.fixture(scope="module")
def production() -> Iterator[Gateway]:
    gateway = start_gateway(0, COMPLETE)
    try:
        yield gateway
    finally:
        gateway.stop()


def test_a_production_that_did_not_ask_for_a_sandbox_has_none(production: Gateway) -> None:
    shop = Client(production.base_url)

    begun = shop.call("POST", "/api/payment/init", {"amount": 1})
    page = requests.get(f"{production.base_url}/sandbox/card-page/anything", timeout=30)
    book = shop.call("GET", "/api/sandbox/payments/anything")

    assert (begun.status_code, begun.json()["code"]) == (422, "gateway_not_configured")
    assert "no sandbox" in begun.json()["message"]
    assert (page.status_code, book.status_code) == (404, 404)


def test_an_operator_makes_a_merchant_and_the_mail_that_arrives_opens_its_keys_once(production: Gateway) -> None:
    port = production.front.server_address[1]
    done = CliRunner().invoke(operators, ["--name", "ada", "--port", str(port)])
    assert done.exit_code == 0, done.output
    door = Client(production.base_url).using(json.loads(done.output)["key"])

    made = door.call("POST", "/api/operator/merchants", {"name": "Bottega Uno", "email": "uno@shop.example"})
    assert made.status_code == 201, made.text
    assert made.json()["link"] is None
    origin, token = link_in(mail_to(production.base_url, "uno@shop.example")).split("/operator/welcome/#")

    assert origin == production.origin
    shown, again = (door.using(None).call("POST", "/api/operator/welcome", {"token": token}) for _ in range(2))
    assert (shown.status_code, again.status_code) == (200, 404)
    own = Client(production.base_url).using(shown.json()["keys"]["sk_live"])
    assert own.get("/api/merchant/settings")["merchantId"] == made.json()["merchantId"]


def test_with_the_sandbox_asked_for_test_keys_pay_in_production() -> None:
    gateway = start_gateway(0, {**COMPLETE, "EnableSandbox": "true"})
    try:
        shop = Client(gateway.base_url)
        payment = shop.paid()
        assert shop.book(payment)["captured"] == 150.0
    finally:
        gateway.stop()
