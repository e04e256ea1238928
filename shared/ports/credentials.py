"""What a merchant's connector signs in with at its acquirer or issuer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment


class Hidden(Mapping[str, str]):
    """Secret values by name, which no text of it shows; neither does JSON, to which it is unknown."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        if name not in self._values:
            raise KeyError(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Hidden({len(self)})"


class Credentials(Protocol):
    def of(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> Mapping[str, str]:
        """The connector's secrets by name. Raises GatewayNotConfigured where there are none, Unavailable.

        They may be as old as five minutes. No text of what is returned shows a value.
        """
        ...

    def newer(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> Mapping[str, str]:
        """The same, read anew unless that was done within the last minute: a message did not fit these."""
        ...

    def forget(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> None:
        """Read them anew at the next call: the acquirer refused what was remembered."""
        ...


class CredentialStore(Credentials, Protocol):
    """The operator's side."""

    def put(self, merchant_id: MerchantId, environment: Environment, gateway: str, values: Mapping[str, str]) -> None:
        """Store all of a connector's secrets in the place of those it had. Raises Unavailable."""
        ...

    def delete(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> None:
        """Nothing is left of them. May be repeated. Raises Unavailable."""
        ...
