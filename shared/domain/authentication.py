"""What a card's bank was asked about its holder, and by what its scheme knows the payment."""

from __future__ import annotations

from shared.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class ThreeDs:
    """3-D Secure as the acquirer tells it; None where it does not say.

    ``liability_shift``: a customer who says "it was not me" is then the bank's loss. ``eci``: the scheme's own word,
    ``status`` the acquirer's, also where it is of no public meaning.
    """

    enrolled: bool | None = None
    authenticated: bool | None = None
    liability_shift: bool | None = None
    eci: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether an acquirer that asks no bank bears the loss itself; both in its own words.

    ``disputes`` are the kinds that it covers: ``UNAUTHORIZED_TRANSACTION`` is the customer who says "it was not me".
    """

    status: str
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """``network_reference`` is the scheme's number of the payment: a later charge of the same card refers to it."""

    network_reference: str = ""
    three_ds: ThreeDs | None = None
    protection: Protection | None = None


def proof_of(network_reference: str, three_ds: ThreeDs | None) -> Proof | None:
    """None where nobody said anything."""
    return Proof(network_reference, three_ds) if network_reference or three_ds else None
