"""What every source of disputes may be built from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shared.domain.errors import Unauthenticated
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import Source

# (environment, value): what a source's messages are checked with, several while one is being replaced.
Secrets = Callable[[Source], Sequence[tuple[Environment, str]]]
# GET over TLS, no redirects; None for 401, 403 and 404. Raises SenderNotAsked.
Fetch = Callable[[str, Mapping[str, str]], bytes | None]


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What reading the messages of a source needs: its secrets of each environment, and a way to ask it."""

    secrets: Secrets
    fetch: Fetch

    def environment_of(self, source: Source, fits: Callable[[str], bool]) -> Environment:
        """The one whose secret ``fits`` the message. Raises Unauthenticated."""
        for environment, secret in self.secrets(source):
            if fits(secret):
                return environment
        raise Unauthenticated("the signature is not valid")
