"""Cold starts are measured: processes of what is deployed answer over TLS, and their figures become rows."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tools.bench.additions import models
from tools.bench.cold import in_groups
from tools.bench.processes import REFERENCE, Start, Taken
from tools.local.deploy import ROOT


def test_each_start_is_held_against_the_bare_one_of_its_own_few_seconds() -> None:
    starts = [Start(f"handler {n}", "", "") for n in range(7)]
    reference, clock = Start(REFERENCE, "", ""), iter(range(1, 1000))
    seen: list[tuple[str, float]] = []

    def slower_and_slower(start: Start) -> Taken:
        seen.append((start.name, next(clock)))
        return Taken(seen[-1][1], 1)

    taken = in_groups(2, [reference, *starts], reference, slower_and_slower)

    assert all(len(each) == 4 for each in taken.values())
    # Of a group of five and two, no two are further apart than seven starts.
    assert all(abs(each.own.wall - each.bare.wall) <= 7 for those in taken.values() for each in those)


def test_the_models_of_a_handler_stand_without_the_rest_of_it() -> None:
    source = models("payment.init")
    known: dict[str, object] = {}

    exec(source, known)  # our own source

    assert "InitRequest" in known
    assert "start_payment" not in source


@pytest.mark.parametrize(
    ("handler", "unneeded"),
    [
        ("paygol.auth_token", {"shared.domain.payment", "shared.domain.event", "shared.adapters.connectors"}),
        ("paygol.payment_methods", {"shared.domain.payment", "shared.domain.event", "shared.adapters.connectors"}),
        ("glomopay.customer_create", {"shared.adapters.connectors", "shared.ports.connectors"}),
        ("glomopay.order_create", {"shared.adapters.connectors", "shared.ports.connectors"}),
        ("glomopay.order_list", {"shared.adapters.connectors", "shared.ports.connectors", "pydantic"}),
        (
            "glomopay.refund_create",
            {
                "shared.adapters.voucher_providers",
                "shared.usecases.payment.issuers",
                "shared.domain.target_url",
                "shared.domain.order",
            },
        ),
        ("glomopay.payment_get", {"shared.adapters.connectors", "shared.ports.connectors", "pydantic"}),
        ("paygol.payment_status", {"shared.adapters.connectors", "shared.ports.connectors"}),
    ],
)
def test_a_start_does_not_pay_for_what_its_function_never_asks(handler: str, unneeded: set[str]) -> None:
    """What is imported is most of a cold start: whose function calls nobody outside needs nothing that would."""
    asked = f"import importlib, sys; importlib.import_module({handler!r}); print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", asked],
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'functions'}", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert handler in loaded
    assert not unneeded & set(loaded)
