"""What PSPs' messages are checked with: one JSON document in Secrets Manager, remembered for five minutes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.domain.errors import Unavailable
from shared.domain.payment import Environment
from shared.domain.statuses import Source
from shared.ports.world import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

REMEMBERED: Final = timedelta(minutes=5)


@dataclass(slots=True)
class DisputeSecrets:
    """``{"igfs": {"test": ["..."], "live": ["..."]}, "stripe": ...}``; a source that is missing is not in use.

    Of any other form nothing counts: an empty secret, or each letter of one, would sign for everybody.
    """

    client: Callable[[], SecretsManagerClient]
    secret_id: str
    now: Clock
    _read: tuple[datetime, Mapping[str, Any]] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self, source: Source) -> Sequence[tuple[Environment, str]]:
        with self._lock:
            now = self.now()
            if self._read is None or now - self._read[0] > REMEMBERED:
                self._read = (now, self._load())
            found = self._read[1].get(source.lower())
        if not isinstance(found, dict):
            return []
        listed = [(environment, found.get(environment.value)) for environment in Environment]
        return [
            (environment, value)
            for environment, values in listed
            if isinstance(values, list)
            for value in values
            if isinstance(value, str) and value.strip()
        ]

    def _load(self) -> Mapping[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            text = self.client().get_secret_value(SecretId=self.secret_id)["SecretString"]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("the secrets cannot be read now") from error
        try:
            value = json.loads(text)
        except ValueError:
            raise Unavailable("the secrets cannot be read now") from None  # its text must not show up in a log
        return value if isinstance(value, dict) else {}
