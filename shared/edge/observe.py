"""One structured log line per request, step or batch, and the metrics beside it."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "PaymentGateway"


@cache
def logger() -> Logger:
    """JSON lines; ids go in as fields and the message is constant, so that lines can be counted."""
    return Logger(service="payment-gateway")


@cache
def metrics() -> Metrics:
    return Metrics(namespace=NAMESPACE, service="payment-gateway")


def count(name: str, amount: int = 1, **dimensions: str) -> None:
    """Add to a metric in the embedded metric format; printed at once, no call is made."""
    single = metrics()
    for key, value in dimensions.items():
        single.add_dimension(name=key, value=value)
    single.add_metric(name=name, unit="Count", value=amount)
    single.flush_metrics()
