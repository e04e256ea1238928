"""The shell samples of the guides do what the guides say, one after another."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pages.docs.prose import source
from tests.client import SECRET_KEY, Client
from tools.local.deploy import ROOT

SAYS = {
    "quickstart": [
        '"status": "SUCCESS"',
        '"capturedAmount": 100.00',
        '"refundAmount": 30.00',
    ],
    "glomopay": [
        '"email": "ada@example.com"',
        '"page_meta": {"current": 1, "previous": null, "next": null, "per_page": 20, "pages": 1, "count": 1}',
        "/pay/link/?id=plink_",
        '"status": "pending", "next_steps": [{"action": "redirect"',
        '{"status": "success", "redirect_url": "https://server.yoursite.com/payment/callback?order_id=order_',
        '"error_code": null',
        '"status": "success", "currency": "USD", "amount": 400, "request_id": "back-77"',
        '"status": "active", "customer_id": "cust_E602dMzgjpDC", "amount": 1000, "currency": "USD"',
    ],
    "paygol": [
        '"giropay": {"code": "giropay", "name": "Giropay"',
        '"status": "created", "payment_method": "bitcoin", "amount": "11.00"',
        '"completed_at": null, "custom": "internalID=1"',
        '{"status": "completed", "nextUrl": ',
        '"paid": 11.00, "refunded": 0.00',
        '"ipn_url": "https://shop.example/ipn", "ipn_version": "auto"',
        "303 http",
        "OK|123|bitcoin|",
    ],
    "saved-cards": [
        '"status": "COMPLETED", "cardAlias": "VISA ****4242"',
        '"usageCount": 1',
        '"Card deleted successfully"',
    ],
    "disputes": [
        '"totalAtRisk": ',
        '"history": [{"status": "OPEN", "by": "PSP"',
        '"status": "UNDER_REVIEW", "message": "Response submitted successfully"',
        '"status": "WON"',
        '{"received": true, "matched": true, "disputeId": "dp_',
    ],
}


def samples_of(guide: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", source(ROOT / "docs" / "guides" / f"{guide}.md"), re.DOTALL)


def here(client: Client, sample: str) -> str:
    """A sample with this gateway's address."""
    return sample.replace("http://127.0.0.1:8080/paymentgw", client.base_url)


RUN = {"python": [sys.executable, "-"], "js": ["node", "--input-type=module", "-"], "php": ["php"]}


@pytest.mark.parametrize("language", RUN)
def test_the_quickstarts_programs_run_as_they_are_printed(client: Client, language: str) -> None:
    program, *arguments = RUN[language]
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"the sample needs {program}")
    (sample,) = samples_of("quickstart", language)
    settings = here(client, samples_of("quickstart", "sh")[0])
    ran = subprocess.run(
        ["bash", "-c", f'{settings}\nexec "$@"', "shell", found, *arguments],
        input=sample,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert re.search(r"SUCCESS 100(\.0)? by card, 50(\.0)? by voucher", ran.stdout), ran.stdout
    assert re.search(r"given back 30(\.0)? left 120(\.0)?", ran.stdout), ran.stdout


@pytest.mark.parametrize(("guide", "says"), SAYS.items(), ids=SAYS)
def test_the_guides_samples_run_as_they_are_printed(
    client: Client, tmp_path: Path, guide: str, says: list[str]
) -> None:
    missing = [tool for tool in ("bash", "curl", "openssl") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"the samples need {', '.join(missing)}")
    # Whoever tries something tries it again: the first guide may not end in a loop for that.
    samples = samples_of(guide, "sh") * (2 if guide == "quickstart" else 1)
    environment = {"PATH": os.environ["PATH"], "BASE": client.base_url, "SECRET_KEY": SECRET_KEY}
    ran = subprocess.run(
        ["bash", "-eu", "-c", here(client, "\necho\n".join(samples))],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert samples
    assert [text for text in says if text not in ran.stdout] == [], ran.stdout
