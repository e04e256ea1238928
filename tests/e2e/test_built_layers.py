"""The main paths once more, on what is deployed: functions with the built layers and nothing of this environment.

Elsewhere in these tests functions run with the packages they are developed with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import requests

from tests.client import Client
from tests.e2e.test_card_and_voucher import (  # noqa: F401 - collected here once more
    test_a_customer_who_gives_up_gets_the_hold_back,
    test_a_failed_capture_gives_the_voucher_back_and_releases_the_hold,
    test_a_lost_answer_ends_counted_once,
    test_a_voucher_pays_a_part_and_the_rest_of_the_hold_is_released,
    test_card_alone_captures_the_whole_amount,
)
from tests.e2e.test_direct_api import (  # noqa: F401
    test_a_partial_refund_answers_as_the_guide_says,
    test_the_same_key_creates_one_payment_and_another_body_is_refused,
)
from tests.e2e.test_disputes import (  # noqa: F401
    DISPUTES,
    opened,
    payment,
    respond,
    shown,
    test_an_answer_with_a_file_and_the_decision,
)
from tests.e2e.test_payment_links import test_a_qr_code_that_is_known_is_not_sent_again  # noqa: F401
from tests.e2e.test_receipt import test_a_receipt_is_captured_in_the_customers_language  # noqa: F401
from tests.e2e.test_saved_cards import (  # noqa: F401
    customer,
    test_a_card_is_saved_listed_and_charged_as_the_guide_prints_it,
)
from tests.e2e.test_webhooks import (  # noqa: F401
    merchant,
    receiver,
    shop,
    test_a_payment_reaches_its_endpoint_signed_for_every_kind_of_receiver,
)
from tools.local.built import Built, built
from tools.local.stack import Gateway, start_gateway
from tools.ops.build import runnable

LAUNCHED_BY: Final = Path("/bin/sh").resolve()


@pytest.fixture(scope="module")
def deployed() -> Built:
    return built(runnable())


@pytest.fixture(scope="module")
def gateway(deployed: Built) -> Iterator[Gateway]:
    gateway = start_gateway(0, {"WebhookRetryIntervalSeconds": "2"}, deployed)
    try:
        yield gateway
    finally:
        gateway.stop()


@pytest.fixture(scope="module")
def gateway_url(gateway: Gateway) -> str:
    """Every test of this module speaks to this gateway."""
    return gateway.base_url


def test_functions_have_the_built_layers_and_nothing_of_this_environment(gateway: Gateway, deployed: Built) -> None:
    Client(gateway.base_url).paid()

    functions = list(functions_of(gateway.stack.cloud.process.pid))

    assert functions
    for function in functions:
        packages = [path for path in function.libraries if "pydantic_core" in path or "site-packages" in path]
        assert function.program == deployed.target.interpreter.resolve()
        assert {"-S", "-P"} <= set(function.words)
        assert function.variables["PYTHONPATH"].split(":") == [str(layer) for layer in deployed.layers]
        assert all(path.startswith(str(deployed.folder)) for path in packages), packages


def test_a_file_that_an_answer_names_stays_what_it_was_whoever_keeps_the_form(
    gateway: Gateway, client: Client
) -> None:
    sale = client.init(50.00, paymentMode="SALE_DIRECT")
    client.card(sale)
    dispute, file = opened(client, sale), b"a receipt"
    announced = {"fileName": "receipt.txt", "contentType": "text/plain", "size": len(file)}
    place = client.call("POST", f"{DISPUTES}/{dispute['id']}/evidence", announced).json()
    form, bucket = place["upload"], gateway.stack.client("s3")
    requests.post(form["url"], data=form["fields"], files={"file": file}, timeout=60).raise_for_status()
    assert respond(client, dispute, evidence=[place["evidenceId"]]).status_code == 200

    requests.post(form["url"], data=form["fields"], files={"file": b"something"}, timeout=60)

    (kept,) = shown(client, dispute)["evidence"]
    where = {"Bucket": form["url"].rstrip("/").rpartition("/")[2], "Key": form["fields"]["key"]}
    assert bucket.get_object(**where, VersionId=kept["version"])["Body"].read() == file


@dataclass(frozen=True, slots=True)
class Function:
    """A process as it is now: its interpreter, its command, its environment and the libraries in its memory."""

    program: Path
    words: list[str]
    variables: dict[str, str]
    libraries: set[str]


def functions_of(cloud: int) -> Iterator[Function]:
    """Those in the group of the emulator's process; what is only being started, or has ended meanwhile, is none."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and _group(entry) == cloud:
                # First: what a launcher becomes afterwards is its own from here on.
                program = (entry / "exe").resolve()
                words = (entry / "cmdline").read_text().split("\0")
                if program != LAUNCHED_BY and any(word.endswith("_worker.py") for word in words):
                    variables = (entry / "environ").read_text().split("\0")
                    maps = [line.split(maxsplit=5) for line in (entry / "maps").read_text().splitlines()]
                    libraries = {parts[5] for parts in maps if len(parts) == 6 and ".so" in parts[5]}
                    yield Function(program, words, dict(pair.partition("=")[::2] for pair in variables), libraries)


def _group(entry: Path) -> int:
    return int((entry / "stat").read_text().rpartition(")")[2].split()[2])
