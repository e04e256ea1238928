"""What connectors are built from where there is no stack."""

from __future__ import annotations

from shared.adapters.psp_http import PspHttp
from shared.adapters.settings import ConnectorSettings
from shared.ports.books import Books
from shared.ports.credentials import Credentials
from shared.ports.world import Clock
from tools.testing.fakes.credentials import FakeCredentials


def connector_settings(books: Books, now: Clock, credentials: Credentials | None = None) -> ConnectorSettings:
    """Over these books. Addresses of this machine may be called."""
    return ConnectorSettings(books, now, credentials or FakeCredentials(), PspHttp(allow_private=True, seconds=20.0))
