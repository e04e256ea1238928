"""Where an operator's command works: the gateway that runs on this machine, or a deployed stack."""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import dataclass
from typing import Any, Final

import boto3

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.credentials import SecretsManagerCredentials
from shared.adapters.dynamodb.cards import DynamoCards
from shared.adapters.dynamodb.payments import DynamoPayments
from shared.adapters.later import later
from shared.adapters.psp_http import PspHttp
from shared.adapters.settings import ConnectorSettings
from shared.adapters.vault import KmsVault
from shared.domain.abilities import Abilities
from shared.domain.errors import Unavailable
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.ports.books import Books
from shared.usecases.merchant.changing import Office
from shared.usecases.merchant.create_merchant import Keep
from shared.usecases.merchant.in_use import in_use
from shared.usecases.merchant.key_ring import sealed_by
from tools.local.deploy import STACK
from tools.local.stack import RUNNING
from tools.ops.onboarding import now, office

STACKS: Final = {"dev": "payment-gateway-dev", "staging": "payment-gateway-staging", "prod": "payment-gateway"}


@dataclass(frozen=True, slots=True)
class Target:
    """``stack`` is the prefix of what the stack owns; ``outputs`` are the stack's. Clients reach it alone."""

    stack: str
    outputs: dict[str, str]
    endpoint: str | None = None
    region: str | None = None
    base_url: str = ""  # where others call its API

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        if self.endpoint is None:
            return make(service)
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the local cloud takes any
        )

    @property
    def on_this_machine(self) -> bool:
        return self.endpoint is not None

    @property
    def credentials(self) -> SecretsManagerCredentials:
        return SecretsManagerCredentials(lambda: self.client("secretsmanager"), self.stack, now)

    @property
    def http(self) -> PspHttp:
        return PspHttp(allow_private=self.on_this_machine, log=False)  # a command writes its answer alone

    def needed_by(self, merchant_id: MerchantId, environment: Environment, name: str) -> str | None:
        """What still needs a connector of the merchant's, in words."""
        return in_use(merchant_id, environment, name, payments=self.payments, cards=self.cards)

    @property
    def payments(self) -> DynamoPayments:
        """To be looked through, not written."""
        return DynamoPayments(self.client("dynamodb"), self.outputs["PaymentsTableName"], "", "", "")

    @property
    def cards(self) -> DynamoCards:
        return DynamoCards(self.client("dynamodb"), self.outputs["CardsTableName"])

    def able(self, name: str) -> Abilities:
        """What the card gateway ``name`` can do."""
        return CARD_GATEWAYS[name](ConnectorSettings(later(_no_books), now, self.credentials, self.http)).abilities

    @property
    def keep(self) -> Keep:
        """How the keys are kept that a command makes."""
        return sealed_by(KmsVault(self.client("kms"), self.outputs["CardKeyArn"]), now)

    @property
    def office(self) -> Office:
        return office(self.client("dynamodb"), self.outputs["MerchantsTableName"], self.who)

    @property
    def who(self) -> str:
        if self.endpoint is not None:
            return f"{getpass.getuser()} at this machine"
        return str(self.client("sts").get_caller_identity()["Arn"])


def _no_books() -> Books:
    raise Unavailable("a command writes in no book of the sandbox's")


def target(port: int, env: str | None) -> Target:
    """The stack ``env``, or the gateway on ``port``; ends the command where there is none."""
    if env is not None:
        if env not in STACKS:
            sys.exit(f"ENV is one of {', '.join(STACKS)}")
        stack = boto3.client("cloudformation").describe_stacks(StackName=STACKS[env])["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        return Target(STACKS[env], outputs, base_url=outputs["ApiUrl"])
    record = RUNNING / f"{port}.json"
    if not record.is_file():
        sys.exit(f"no gateway runs on port {port}; start one with: make run PORT={port}")
    running = json.loads(record.read_text())
    return Target(
        STACK, running["outputs"], running["endpoint"], running["region"], f"http://127.0.0.1:{port}/paymentgw"
    )
