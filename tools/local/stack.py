"""The whole gateway on one port of this machine: cloud, template, demo merchant, front."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pages.build import build
from shared.adapters.vault import KmsVault
from shared.usecases.merchant.key_ring import sealed_by
from tools.local.built import Built
from tools.local.cloud import MINUTE, REGION, Cloud, Interpreter, free_port, start_cloud
from tools.local.deploy import ROOT, Stack, deploy
from tools.local.front import CARD_SCRIPT_ORIGIN, Front
from tools.local.shop import create_shop
from tools.ops.onboarding import (
    DEMO_DISPUTE_SECRETS,
    DEMO_PUBLISHABLE,
    DEMO_SECRET,
    DEMO_SERVICE,
    DEMO_SERVICE_SECRET,
    add_demo_customer,
    add_demo_merchant,
    now,
)

SENDER: Final = "example.com"  # the template's default
RUNNING: Final = ROOT / ".local"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway. ``webhook_secret`` signs the demo merchant's notifyUrl deliveries."""

    origin: str
    stack: Stack
    front: Front
    webhook_secret: str

    @property
    def base_url(self) -> str:
        return f"{self.origin}/paymentgw"

    @property
    def record(self) -> Path:
        return RUNNING / f"{self.front.server_address[1]}.json"

    def stop(self) -> None:
        self.record.unlink(missing_ok=True)
        self.front.shutdown()
        self.front.server_close()
        self.stack.cloud.stop()


def start_gateway(
    port: int = 0, parameters: Mapping[str, str] | None = None, built: Built | None = None, minute: float = MINUTE
) -> Gateway:
    """Start everything; on any failure stop what was started. ``port`` 0 takes a free one.

    The functions are the sources, with this environment's packages; or ``built``, with the packages of its layers.
    What is scheduled every minute runs every ``minute`` seconds.
    """
    port = port or free_port()
    build()  # the API serves payglobe.js from the shared layer
    cloud = start_cloud(Interpreter(built.target.interpreter, built.layers) if built else None, minute)
    try:
        return _deployed(cloud, port, dict(parameters or {}), built)
    except BaseException:
        cloud.stop()
        raise


def _deployed(cloud: Cloud, port: int, parameters: dict[str, str], built: Built | None) -> Gateway:
    given = {"PagesOrigin": f"http://127.0.0.1:{port}", "CardScriptOrigin": CARD_SCRIPT_ORIGIN, **parameters}
    stack = deploy(cloud, given, built.functions if built else None)
    # As whoever deploys does once, in the mail service's console: mails of live come from this domain.
    stack.client("ses").verify_domain_identity(Domain=parameters.get("SenderDomain", SENDER))
    vault = KmsVault(stack.client("kms"), stack.outputs["CardKeyArn"])
    demo = add_demo_merchant(stack.client("dynamodb"), stack.outputs["MerchantsTableName"], sealed_by(vault, now))
    if demo is None:
        raise RuntimeError("the local cloud was not empty")
    add_demo_customer(
        stack.client("dynamodb"), stack.outputs["MerchantsTableName"], stack.outputs["CustomersTableName"]
    )
    stack.client("secretsmanager").put_secret_value(
        SecretId=stack.outputs["DisputeSecretsArn"], SecretString=json.dumps(DEMO_DISPUTE_SECRETS)
    )
    front = Front(port, cloud.endpoint, stack.outputs["ApiId"])
    shop = create_shop(
        front.origin,
        DEMO_PUBLISHABLE,
        DEMO_SECRET,
        demo.secrets[0].secret.value,
        (DEMO_SERVICE, DEMO_SERVICE_SECRET),
    )
    front.mount("/", shop)
    front.mount("/shop", shop)
    front.start()
    gateway = Gateway(front.origin, stack, front, demo.secrets[0].secret.value)
    RUNNING.mkdir(exist_ok=True)
    record = {
        "pid": os.getpid(),
        "endpoint": cloud.endpoint,
        "region": REGION,
        "webhookSecret": gateway.webhook_secret,
        "outputs": dict(stack.outputs),
        "at": time.time(),
    }
    gateway.record.write_text(json.dumps(record))
    return gateway
