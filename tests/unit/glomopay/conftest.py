"""Glomopay's endpoints on fakes: a shop with one customer, and another shop."""

from __future__ import annotations

from typing import Any

import pytest

from functions.glomopay.customer_create import handler as create_customer
from shared.bootstrap import core
from tests.unit.edge.conftest import SECRET, Edge, edge, stands_in
from tests.unit.edge.requests import ask
from tools.testing.fakes import FakeCustomers, FakeLinks, FakeOrders, FakeVault

__all__ = ["edge"]

ADA: dict[str, Any] = {
    "name": "Ada Rossi",
    "customer_type": "individual",
    "email": "ada@example.com",
    "address": "Via Roma 1",
    "city": "Genova",
    "state": "Liguria",
    "country": "ita",
}


@pytest.fixture(autouse=True)
def customers(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> FakeCustomers:
    """Nobody's yet."""
    customers = FakeCustomers()
    stands_in(monkeypatch, "customers", lambda: customers)
    return customers


@pytest.fixture(autouse=True)
def orders(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> FakeOrders:
    """None yet."""
    orders = FakeOrders(edge.world.payments)
    stands_in(monkeypatch, "orders", lambda: orders)
    return orders


@pytest.fixture(autouse=True)
def links(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> FakeLinks:
    """None yet."""
    links = FakeLinks(edge.world.events)
    monkeypatch.setattr(core, "links", lambda: links)
    return links


@pytest.fixture(autouse=True)
def vault(monkeypatch: pytest.MonkeyPatch) -> FakeVault:
    vault = FakeVault()
    monkeypatch.setattr(core, "vault", lambda: vault)
    return vault


@pytest.fixture
def customer(customers: FakeCustomers) -> dict[str, Any]:
    """The reply that made Ada."""
    made = ask(create_customer, ADA, key=SECRET)
    assert made.status == 201, made.text
    return made.json
