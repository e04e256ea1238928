"""The guide's samples that make an order and pay it, run as the programs they are against the gateway."""

from __future__ import annotations

import os
import secrets
import subprocess
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.client import SECRET_KEY, Client
from tests.consumers.runtimes import runtime
from tools.local.deploy import ROOT

SAMPLES: Final = ROOT / "docs" / "guides" / "orders"
COMMANDS: Final = {"pay.mjs": "node", "pay.php": "php"}
ASKS_AND_PAYS, ASKS_AND_IS_DECLINED = "4111111111111111", "4597262222222223"
LONGEST: Final = 90  # seconds for a program that waits for its customers


def agreed(client: Client, address: str) -> None:
    """What the customer does on the page that ``address`` leads to."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    answer = client.using(query["authToken"]).call(
        "POST", f"/api/v1/authentication/{query['paymentId']}", {"otp": "123456"}
    )
    assert answer.status_code == 200, answer.text


def run(client: Client, sample: str, reference: str, *cards: str) -> list[str]:
    """The lines that the program prints but for the addresses; to each of those its customer goes."""
    command = [runtime(COMMANDS[sample]), str(SAMPLES / sample), reference, *cards]
    environment = {**os.environ, "GLOMOPAY_URL": client.base_url, "GLOMOPAY_SECRET_KEY": SECRET_KEY}
    said: list[str] = []
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if line.startswith("http"):
                agreed(client, line.strip())
            else:
                said.append(line.strip())
        _, errors = program.communicate(timeout=LONGEST)
    assert program.returncode in (0, 1, 255), errors
    return [*said, *([errors] if program.returncode else [])]


@pytest.mark.parametrize("sample", COMMANDS)
def test_a_sample_pays_an_order_with_the_card_after_a_declined_one_and_never_twice(
    client: Client, sample: str
) -> None:
    reference = f"shop-{secrets.token_hex(8)}"

    paid = run(client, sample, reference, ASKS_AND_IS_DECLINED, ASKS_AND_PAYS)
    (refused,) = run(client, sample, reference, ASKS_AND_PAYS)

    assert paid == ["failed PAYMENT_DECLINED", "success 1000", "paid"]
    assert "The order has already been paid" in refused
    (order,) = client.get(f"/api/v1/orders?request_id={reference}")["data"]
    payments = client.get(f"/api/v1/payments?payin_id={order['id']}")["data"]
    assert [payment["status"] for payment in payments] == ["success", "failed"]


def test_the_guide_names_every_sample() -> None:
    guide = (ROOT / "docs" / "guides" / "glomopay.md").read_text()

    assert {path.name for path in SAMPLES.iterdir()} == set(COMMANDS)
    assert all(f"orders/{name}" in guide for name in COMMANDS)
