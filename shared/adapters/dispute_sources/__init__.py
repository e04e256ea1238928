"""Registry of those who tell us of disputes.

To add one: a row in ``shared.domain.dispute.Source``, a class here that satisfies
``shared.ports.disputes.DisputeSource``, and its row below. ``tests/unit/disputes/test_sources.py`` is parametrised
over this table. The order matters only for one that is recognised by its body: it comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.adapters.dispute_sources.paypal import PayPal
from shared.adapters.dispute_sources.settings import SourceSettings
from shared.adapters.dispute_sources.shift4 import Shift4
from shared.adapters.dispute_sources.signed_json import SignedJson
from shared.adapters.dispute_sources.stripe import Stripe
from shared.domain.statuses import Source
from shared.ports.disputes import DisputeSource

DISPUTE_SOURCES: Final[Mapping[Source, Callable[[SourceSettings], DisputeSource]]] = {
    Source.IGFS: lambda settings: SignedJson(Source.IGFS, "x-igfs-signature", settings),
    Source.STRIPE: Stripe,
    Source.PAYPAL: PayPal,
    Source.SANDBOX: lambda settings: SignedJson(Source.SANDBOX, "x-sandbox-signature", settings),
    Source.SHIFT4: Shift4,
}
