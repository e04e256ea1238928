"""``make run``: serve the gateway until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
import time

import click

from tools.local.stack import Gateway, start_gateway
from tools.ops.onboarding import DEMO_PUBLISHABLE, DEMO_SECRET, DEMO_SERVICE, DEMO_SERVICE_SECRET

TRY = """
Gateway ready: {base}

  publishable key   {pk}
  secret key        {sk}
  webhook secret    {secret}   (signs notifyUrl deliveries)
  Paygol service    {service}, secret {service_secret}

Three things to try:
  1. Open the sample shop:            {origin}/   (payment links: {origin}/shop/links)
                                      {origin}/dashboard/   (the merchant's; opens with the secret key)
                                      {origin}/docs/   (the documentation)
  2. One payment, step by step:       make demo PORT={port}
  3. Create a payment yourself:
     curl -s {base}/api/payment/init -H "Authorization: Bearer {sk}" \\
       -H 'Content-Type: application/json' -d '{{"amount": 150.00, "description": "Order 12345"}}'

Card 4242424242424242, any future date, any CVV. Voucher V5000-A1 is worth 50.00. Ctrl-C stops everything.
"""


@click.command()
@click.option("--port", default=8080, show_default=True)
@click.option("--retry-seconds", default=300, show_default=True)
@click.option("--checkout-seconds", default=1800, show_default=True)
def main(port: int, retry_seconds: int, checkout_seconds: int) -> None:
    started = time.monotonic()
    click.echo("Starting the local cloud and deploying template.yaml ...")
    parameters = {
        "WebhookRetryIntervalSeconds": str(retry_seconds),
        "CheckoutTimeoutSeconds": str(checkout_seconds),
    }
    try:
        gateway = start_gateway(port, parameters)
    except OSError as error:
        sys.exit(f"port {port} cannot be used: {error.strerror}; try make run PORT={port + 1}")
    click.echo(f"... in {time.monotonic() - started:.1f} s")
    click.echo(_text(gateway, port))
    _serve_until_told_otherwise(gateway)


def _text(gateway: Gateway, port: int) -> str:
    return TRY.format(
        base=gateway.base_url,
        origin=gateway.origin,
        pk=DEMO_PUBLISHABLE,
        sk=DEMO_SECRET,
        secret=gateway.webhook_secret,
        service=DEMO_SERVICE,
        service_secret=DEMO_SERVICE_SECRET,
        port=port,
    )


def _serve_until_told_otherwise(gateway: Gateway) -> None:
    over = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: over.set())
    try:
        over.wait()
    finally:
        click.echo("\nStopping ...")
        gateway.stop()


if __name__ == "__main__":
    main()
