"""Merchants of a test's own on the gateway that runs on this machine, by the commands an operator has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from click.testing import CliRunner

from tools.ops.merchant import main


@dataclass(frozen=True, slots=True)
class Onboarded:
    id: str
    publishable: str
    secret: str
    port: int
    live: str = ""  # the secret key of its live environment
    webhook_secret: str = ""  # what signs notices to a payment's notifyUrl, in test
    service: str = ""  # its Paygol service in test, and that one's secret
    service_secret: str = ""

    def set(self, settings: str) -> dict[str, Any]:
        """``name=value name=value``; returns all settings as they are then."""
        asked = ["set", "--merchant", self.id, "--settings", settings, "--env-mode", "test", "--port", str(self.port)]
        return dict(_said(*asked)["settings"])

    def suspend(self, resume: bool = False) -> None:
        _said("suspend", "--merchant", self.id, "--port", str(self.port), *(["--resume"] if resume else []))


def onboarded(gateway_url: str, settings: str = "") -> Onboarded:
    port = urlsplit(gateway_url).port
    assert port is not None
    made = _said("create", "--name", "A shop of its own", "--port", str(port))
    keys = made["keys"]
    merchant = Onboarded(
        made["merchantId"],
        keys["pk_test"],
        keys["sk_test"],
        port,
        live=keys["sk_live"],
        webhook_secret=made["webhookSecrets"]["test"],
        service=made["paygol"]["service_id"],
        service_secret=made["paygol"]["secret_key"],
    )
    if settings:
        merchant.set(settings)
    return merchant


def _said(*command: str) -> dict[str, Any]:
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.output))
