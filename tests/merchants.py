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

    def set(self, settings: str) -> dict[str, Any]:
        """``name=value name=value``; returns all settings as they are then."""
        asked = ["set", "--merchant", self.id, "--settings", settings, "--env-mode", "test", "--port", str(self.port)]
        return dict(_said(*asked)["settings"])


def onboarded(gateway_url: str, settings: str = "") -> Onboarded:
    port = urlsplit(gateway_url).port
    assert port is not None
    made = _said("create", "--name", "A shop of its own", "--port", str(port))
    merchant = Onboarded(
        made["merchantId"], made["keys"]["pk_test"], made["keys"]["sk_test"], port, made["keys"]["sk_live"]
    )
    if settings:
        merchant.set(settings)
    return merchant


def _said(*command: str) -> dict[str, Any]:
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.output))
