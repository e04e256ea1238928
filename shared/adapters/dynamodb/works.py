"""Merchants table: what says where an address works. Of a merchant's record, and asked by who signs in."""

from __future__ import annotations

from typing import Final

from shared.domain.ids import fingerprint

WORKS_AT: Final = "MERCHANT#"


def works_pk(email: str) -> str:
    """The partition that says where an address works; an address is no secret, its hash is short and even."""
    return f"PERSON#{fingerprint(email)}"


def works_sk(merchant_id: str) -> str:
    return f"{WORKS_AT}{merchant_id}"
