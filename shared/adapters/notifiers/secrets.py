"""What a connector's messages are checked with: its own secret, or two while one is being replaced."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from shared.adapters.psp_http import PspHttp
from shared.domain.errors import GatewayNotConfigured, Unauthenticated
from shared.domain.merchant import OwnConnector
from shared.domain.record import dataclass
from shared.ports.credentials import Credentials


@dataclass(frozen=True, slots=True)
class OwnSecrets:
    """The secrets of one connector. ``http``: what its other side is asked with where that signs nothing."""

    credentials: Credentials
    own: OwnConnector
    http: PspHttp = field(default=PspHttp(), repr=False)

    def check(self, name: str, fits: Callable[[str], bool]) -> None:
        """Raises Unauthenticated unless a secret called ``name`` fits the message, Unavailable when none can be read.

        One that was replaced a moment ago is read anew, at most once a minute.
        """
        whose = self.own.merchant_id, self.own.environment, self.own.name
        try:
            if any(fits(secret) for secret in _listed(self.credentials.of(*whose), name)):
                return
            if any(fits(secret) for secret in _listed(self.credentials.newer(*whose), name)):
                return
        except GatewayNotConfigured:
            pass  # nothing that it could be checked with
        raise Unauthenticated("the signature is not valid")


def _listed(values: Mapping[str, str], name: str) -> Iterator[str]:
    """A secret, or the list of them; an empty one would sign for everybody."""
    text = values.get(name, "")
    found = json.loads(text) if text.startswith("[") else [text]
    return (secret for secret in found if secret.strip())
