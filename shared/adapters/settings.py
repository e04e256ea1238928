"""What every connector may be built from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from shared.domain.errors import CredentialsRefused
from shared.domain.record import dataclass
from shared.ports.books import Books
from shared.ports.world import Clock

if TYPE_CHECKING:
    from shared.adapters.circuit import Circuits
    from shared.adapters.psp_http import PspHttp
    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment
    from shared.ports.credentials import Credentials

Result = TypeVar("Result")


class Owned(Protocol):
    """A payment or a saved card: whose connector is meant."""

    @property
    def merchant_id(self) -> MerchantId: ...
    @property
    def environment(self) -> Environment: ...


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    """``books`` are the sandbox's own; ``credentials`` and ``http`` are what a real connector calls with.

    Without ``has_sandbox`` nothing new begins there; what began before comes to its end.
    ``circuits`` know which connectors have not answered lately; None: each is called whatever it does.
    """

    books: Books
    now: Clock
    credentials: Credentials
    http: PspHttp
    has_sandbox: bool = True
    circuits: Circuits | None = None

    def signed_in(self, owner: Owned, name: str, call: Callable[[Mapping[str, str]], Result]) -> Result:
        """What ``call`` comes to with what the connector ``name`` of the owner is set up with.

        Refused credentials moved nothing: they are read anew, and the call is made once more. Still refused, that
        is counted and leaves. A connector that has not answered lately is not called. Raises CredentialsRefused,
        GatewayNotConfigured, Unavailable for what is not called, and what ``call`` raises.
        """
        whose = owner.merchant_id, owner.environment, name
        try:
            return self._called(owner, name, call)
        except CredentialsRefused:
            self.credentials.forget(*whose)
        try:
            return self._called(owner, name, call)
        except CredentialsRefused:
            from shared.adapters.metrics import count

            count("CredentialsRefused")
            raise

    def _called(self, owner: Owned, name: str, call: Callable[[Mapping[str, str]], Result]) -> Result:
        known = self.credentials.of(owner.merchant_id, owner.environment, name)
        if self.circuits is None:
            return call(known)
        from shared.adapters.circuit import Whose

        whose = Whose(owner.merchant_id, owner.environment, name)
        return self.circuits.through(whose, lambda: call(known))
