"""Cold starts are measured: processes of what is deployed answer over TLS, and their figures become rows."""

from __future__ import annotations

from tools.bench.additions import models
from tools.bench.cold import in_groups
from tools.bench.processes import REFERENCE, Start, Taken


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
