"""The families by name: how each writes its notices. Handlers read this and hand it to the use cases."""

from __future__ import annotations

from typing import Final

from shared.families.glomopay import notices as glomopay
from shared.families.payglobe import notices as payglobe
from shared.families.paygol import notices as paygol
from shared.ports.webhooks import Notices

# To add a format: a class that satisfies ``NotificationFormat`` (shared/ports/webhooks.py) in its family's
# ``notices.py``, and a row here. ``own`` names the format of a payment's own notifyUrl, by the payment's family.
NOTICES: Final = Notices(
    formats={**payglobe.FORMATS, **glomopay.FORMATS, **paygol.FORMATS},
    own={"payglobe": "union", "glomopay": "glomopay"},
)
