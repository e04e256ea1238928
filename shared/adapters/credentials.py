"""Connectors' credentials in Secrets Manager: one secret each, remembered for five minutes by a warm process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.domain.errors import GatewayNotConfigured, Unavailable
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.ports.credentials import Hidden
from shared.ports.world import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

REMEMBERED: Final = timedelta(minutes=5)
AT_MOST_OFTEN: Final = timedelta(minutes=1)  # whatever anybody sends
MOST_REMEMBERED: Final = 200
_NOT_READ: Final = "the credentials of this connector cannot be read now"


@dataclass(slots=True)
class SecretsManagerCredentials:
    """The port ``CredentialStore``. ``stack`` begins the names of its secrets."""

    client: Callable[[], SecretsManagerClient]
    stack: str
    now: Clock
    _known: dict[str, tuple[datetime, Hidden]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def of(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> Mapping[str, str]:
        return self._not_older(REMEMBERED, self._name(merchant_id, environment, gateway))

    def newer(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> Mapping[str, str]:
        return self._not_older(AT_MOST_OFTEN, self._name(merchant_id, environment, gateway))

    def _not_older(self, than: timedelta, name: str) -> Mapping[str, str]:
        now = self.now()
        with self._lock:
            at, values = self._known.get(name, (None, None))
        if at is not None and values is not None and now - at < than:
            return values
        values = self._load(name)  # outside the lock: one merchant's slow read is not everybody's
        with self._lock:
            self._known.pop(name, None)
            while len(self._known) >= MOST_REMEMBERED:
                del self._known[next(iter(self._known))]  # the one read longest ago
            self._known[name] = (now, values)
        return values

    def forget(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> None:
        with self._lock:
            self._known.pop(self._name(merchant_id, environment, gateway), None)

    def put(self, merchant_id: MerchantId, environment: Environment, gateway: str, values: Mapping[str, str]) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        name, text = self._name(merchant_id, environment, gateway), json.dumps(dict(values))
        client = self.client()
        try:
            try:
                client.create_secret(Name=name, SecretString=text)
            except client.exceptions.ResourceExistsException:
                client.put_secret_value(SecretId=name, SecretString=text)
        except (BotoCoreError, ClientError) as error:
            kind = type(error).__name__
            # Its own text may quote what was sent.
            raise Unavailable(f"the credentials could not be stored ({kind})") from None
        self.forget(merchant_id, environment, gateway)

    def delete(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        client = self.client()
        try:
            client.delete_secret(
                SecretId=self._name(merchant_id, environment, gateway), ForceDeleteWithoutRecovery=True
            )
        except client.exceptions.ResourceNotFoundException:
            pass  # gone already
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"the credentials could not be deleted ({type(error).__name__})") from error
        self.forget(merchant_id, environment, gateway)

    def _load(self, name: str) -> Hidden:
        from botocore.exceptions import BotoCoreError, ClientError

        client = self.client()
        try:
            text = client.get_secret_value(SecretId=name)["SecretString"]
        except client.exceptions.ResourceNotFoundException:
            raise GatewayNotConfigured("this connector has no credentials") from None
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(_NOT_READ) from error
        try:
            values = json.loads(text)
        except ValueError:
            raise Unavailable(_NOT_READ) from None  # its text must not show up in a log
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            raise Unavailable(_NOT_READ)
        return Hidden(values)

    def _name(self, merchant_id: MerchantId, environment: Environment, gateway: str) -> str:
        return f"{self.stack}/connector/{merchant_id}/{environment}/{gateway}"
