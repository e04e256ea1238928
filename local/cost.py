"""``make cost``: US dollars per 1,000 payments, from counted calls and a dated price table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import click

PRICES_OF: Final = "list prices of us-east-1, November 2026, without free tiers; check them before you quote them"
# US dollars per unit.
PRICES: Final[Mapping[str, Decimal]] = {
    "API Gateway": Decimal("3.50") / 1_000_000,  # REST, a request
    "Lambda requests": Decimal("0.20") / 1_000_000,
    "Lambda GB-seconds": Decimal("0.0000133334"),  # arm64
    "DynamoDB writes": Decimal("0.625") / 1_000_000,  # a write unit, on demand
    "DynamoDB reads": Decimal("0.125") / 1_000_000,
    "Step Functions": Decimal("25") / 1_000_000,  # a transition, Standard
    "SQS": Decimal("0.40") / 1_000_000,
    "Logs": Decimal("0.50"),  # a GB
}
LINE_GB: Final = Decimal("0.0000008")  # one structured line with Lambda's own report
MEMORY_GB: Final = Decimal("0.5")
SECONDS: Final = Decimal("0.06")  # warm duration of a handler at half a GB


@dataclass(frozen=True, slots=True)
class Counts:
    """What one payment uses. Writes and reads are capacity units: a transactional write is two per item."""

    requests: int
    invocations: int
    writes: int
    reads: int
    transitions: int
    messages: int

    def units(self) -> dict[str, Decimal]:
        return {
            "API Gateway": Decimal(self.requests),
            "Lambda requests": Decimal(self.invocations),
            "Lambda GB-seconds": self.invocations * SECONDS * MEMORY_GB,
            "DynamoDB writes": Decimal(self.writes),
            "DynamoDB reads": Decimal(self.reads),
            "Step Functions": Decimal(self.transitions),
            "SQS": Decimal(self.messages),
            "Logs": self.invocations * LINE_GB,
        }


# Requests, invocations and transitions are those of tests/integration/test_aws_calls.py and the state machine; the
# units assume items of 2 to 4 kB and the events of each kind delivered to one endpoint.
DESIGNS: Final[Mapping[str, Counts]] = {
    "card only": Counts(requests=5, invocations=15, writes=66, reads=13, transitions=8, messages=9),
    "card and voucher": Counts(requests=5, invocations=21, writes=100, reads=18, transitions=14, messages=12),
    "naive, with vouchers": Counts(requests=8, invocations=34, writes=160, reads=60, transitions=30, messages=24),
}


def cost(counts: Counts) -> dict[str, Decimal]:
    """US dollars per 1,000 payments, by service."""
    return {service: units * PRICES[service] * 1000 for service, units in counts.units().items()}


@click.command()
def main() -> None:
    """Print the table: dollars per 1,000 payments and each service's share."""
    tables = {name: cost(counts) for name, counts in DESIGNS.items()}
    click.echo(f"US dollars per 1,000 payments ({PRICES_OF})\n")
    click.echo(f"{'':<20}" + "".join(f"{name:>24}" for name in tables))
    for service in PRICES:
        cells = [f"{table[service]:.4f} {table[service] / sum(table.values()):>5.0%}" for table in tables.values()]
        click.echo(f"{service:<20}" + "".join(f"{cell:>24}" for cell in cells))
    click.echo(f"{'total':<20}" + "".join(f"{sum(table.values()):>18.4f}      " for table in tables.values()))


if __name__ == "__main__":
    main()
