"""How Shift4 rings: an event that is not signed, so that the one it names is asked for under the account's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.card_gateways.shift4_wire import asked
from shared.adapters.dispute_sources.shift4 import EVENT_ID, notice_of
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.reading import names, part, read_message, word
from shared.domain.errors import (
    CredentialsRefused,
    GatewayNotConfigured,
    InvalidRequest,
    OutcomeUnknown,
    Unauthenticated,
    Unavailable,
)
from shared.domain.record import dataclass
from shared.ports.inbound import Inbound, Told


@dataclass(frozen=True, slots=True)
class Shift4Notifier:
    """The port ``Notifier``. Nothing of what was posted counts but the event's name."""

    secrets: OwnSecrets

    def read(self, inbound: Inbound) -> Told:
        name = _named(inbound)
        if EVENT_ID.fullmatch(name) is None:
            raise Unauthenticated("there is no such event")
        message = self._event(name)
        about, own = part(message, "data"), self.secrets.own
        charge, told = part(about, "charge"), notice_of(message, own.environment)
        ours = part(about, "metadata").get("transactionId"), part(charge, "metadata").get("transactionId")
        theirs = about.get("charge"), about.get("id")
        return Told(
            payments=names(*ours, inbound.payment or None),
            operations=names(*theirs),
            notice=replace(told, merchant_id=own.merchant_id) if told else None,
        )

    def _event(self, name: str) -> Mapping[str, Any]:
        """The event as Shift4 has it. A key that was replaced a moment ago is read anew."""
        own, credentials = self.secrets.own, self.secrets.credentials
        whose = own.merchant_id, own.environment, own.name
        try:
            try:
                said = self._asked(credentials.of(*whose), name)
            except CredentialsRefused:
                said = self._asked(credentials.newer(*whose), name)
        except GatewayNotConfigured as error:
            raise Unauthenticated("there is no such event") from error
        except OutcomeUnknown as error:
            raise Unavailable("Shift4 does not answer; try again") from error
        if not said.done or word(said.body, "id") != name:
            raise Unauthenticated("there is no such event")
        return said.body

    def _asked(self, known: Mapping[str, str], name: str) -> Said:
        return asked(self.secrets.http, self.secrets.own.environment, known, Call("event", "GET", f"events/{name}"))


def _named(inbound: Inbound) -> str:
    try:
        return word(read_message(inbound.body), "id")
    except InvalidRequest:
        return ""
