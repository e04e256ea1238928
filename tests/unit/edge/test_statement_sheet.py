"""A month's statement as its merchant asks for it."""

from __future__ import annotations

import pytest

from functions.merchant.statement import handler
from shared.bootstrap import core
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import ask
from tests.unit.usecases.test_statement import SOLD, kept
from tools.testing.fakes import FakeFigures


def test_it_is_a_sheet_whose_last_rows_are_the_month(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = kept(SOLD)
    monkeypatch.setattr(core, "figures", lambda: figures)

    answer = ask(handler, key=SECRET, query={"month": "2026-03"})

    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement-test-2026-03.csv"'
    rows = answer.text.splitlines()
    assert rows[:2] == [
        "day,currency,tender,issuer,paid,refunded,net,returned,lost",
        "2026-03-02,EUR,card,,100.00,0.00,100.00,0.00,0.00",
    ]
    assert rows[-1] == "2026-03,EUR,voucher,sandbox,20.00,0.00,20.00,0.00,0.00"
    assert ask(handler, key=SECRET, query={"month": "2026-04"}).text.splitlines() == rows[:1]


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "1999-01", "2026-03-01", "x"])
def test_what_is_no_month_is_refused(edge: Edge, monkeypatch: pytest.MonkeyPatch, month: str) -> None:
    monkeypatch.setattr(core, "figures", FakeFigures)

    answer = ask(handler, key=SECRET, query={"month": month})

    assert (answer.status, answer.json["param"]) == (400, "month")
