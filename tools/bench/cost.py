"""``make cost``: US dollars per 1,000 payments, from counted calls and a dated price table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import click

from tools.bench.counts import Counted, counted
from tools.bench.one_payment import CARD_ONLY, VOUCHERS

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
GOALS: Final = {"card only": Decimal("0.40"), "card and voucher": Decimal("0.60")}
# Assumed, not counted: neither can be seen without AWS.
LINE_GB: Final = Decimal("0.0000008")  # one structured line with Lambda's own report
MEMORY_GB: Final = Decimal("0.5")
SECONDS: Final = Decimal("0.06")  # warm duration of a handler at half a GB, waiting for AWS included


@dataclass(frozen=True, slots=True)
class Counts:
    """What one payment uses. Writes and reads are DynamoDB's units: a transactional write is two per item."""

    requests: int
    invocations: int
    writes: int
    reads: Decimal
    transitions: int
    messages: int

    def units(self) -> dict[str, Decimal]:
        return {
            "API Gateway": Decimal(self.requests),
            "Lambda requests": Decimal(self.invocations),
            "Lambda GB-seconds": self.invocations * SECONDS * MEMORY_GB,
            "DynamoDB writes": Decimal(self.writes),
            "DynamoDB reads": self.reads,
            "Step Functions": Decimal(self.transitions),
            "SQS": Decimal(self.messages),
            "Logs": self.invocations * LINE_GB,
        }


# An estimate, not a measurement: idempotency as a wrapper (two more calls for each request), a read and a write in
# every step, a Pass and a Choice around each, a wait that polls, an item per operation, and no batching.
NAIVE: Final = Counts(requests=8, invocations=34, writes=220, reads=Decimal(60), transitions=30, messages=24)


def used_by(payment: Counted) -> Counts:
    """A counted payment with every event of it delivered to one endpoint, each message by itself."""
    visits = [used for _, used in payment.meter.visits]
    sent = sum(used.calls.count("SendMessageBatch") for used in visits)
    return Counts(
        requests=payment.course.requests,
        invocations=payment.course.invocations,
        writes=sum(used.writes for used in visits),
        reads=sum((used.reads for used in visits), Decimal(0)),
        transitions=len(payment.course.transitions),
        messages=sent + 2 * payment.course.deliveries,  # each is received and deleted too
    )


def cost(counts: Counts) -> dict[str, Decimal]:
    """US dollars per 1,000 payments, by service."""
    return {service: units * PRICES[service] * 1000 for service, units in counts.units().items()}


def designs() -> dict[str, Counts]:
    """What is compared: ours as it was just counted, and the naive design."""
    ours = {"card only": CARD_ONLY, "card and voucher": VOUCHERS}
    return {name: used_by(counted(choice)) for name, choice in ours.items()} | {"naive, with vouchers": NAIVE}


@click.command()
def main() -> None:
    """Print the table: dollars per 1,000 payments, each service's share, and the units behind them."""
    counts = designs()
    tables = {name: cost(those) for name, those in counts.items()}
    click.echo(f"US dollars per 1,000 payments ({PRICES_OF})\n")
    click.echo(_line("", list(tables)))
    for service in PRICES:
        cells = [f"{table[service]:.4f} {table[service] / sum(table.values()):>5.0%}" for table in tables.values()]
        click.echo(_line(service, cells))
    totals = {name: sum(table.values(), Decimal(0)) for name, table in tables.items()}
    click.echo(_line("total", [f"{total:.4f}      " for total in totals.values()]))
    click.echo(_line("goal", [f"{GOALS[name]:.4f}      " if name in GOALS else "" for name in totals]))
    click.echo(
        _line("naive / this", [f"{totals['naive, with vouchers'] / total:.1f}x      " for total in totals.values()])
    )
    click.echo("\nPer payment")
    for service in PRICES:
        click.echo(_line(service, [f"{those.units()[service]:f}      " for those in counts.values()]))


def _line(name: str, cells: list[str]) -> str:
    return f"{name:<20}" + "".join(f"{cell:>24}" for cell in cells)


if __name__ == "__main__":
    main()
