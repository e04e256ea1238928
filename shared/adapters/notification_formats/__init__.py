"""How an event is written and signed for a receiver.

To add one: a file with a class that satisfies ``NotificationFormat`` (shared/ports/webhooks.py), a value of
``PayloadFormat`` (shared/domain/merchant.py), and one row below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.adapters.notification_formats.event_only import EventOnly
from shared.adapters.notification_formats.flat import Flat
from shared.adapters.notification_formats.union import Union
from shared.domain.merchant import PayloadFormat
from shared.ports.webhooks import NotificationFormat

NOTIFICATION_FORMATS: Final[Mapping[PayloadFormat, NotificationFormat]] = {
    PayloadFormat.UNION: Union(),
    PayloadFormat.EVENT: EventOnly(),
    PayloadFormat.FLAT: Flat(),
}
