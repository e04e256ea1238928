"""A logo that is shown no more ends a while later: mails and open pages of before still name it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shared.domain.ids import MerchantId
    from shared.ports.logos import Logos
    from shared.ports.merchants import Merchants
    from shared.ports.world import Clock

LASTS: Final = timedelta(days=90)


def end_unshown(
    merchant_id: MerchantId, names: Collection[str], *, merchants: Merchants, logos: Logos, now: Clock
) -> None:
    """Of the logos ``names``, those that the merchant does not show end; what it shows stays. Harmless to repeat.

    Of two changes at once the later one may show again what the earlier one ends: whoever set an end looks once more
    afterwards, and whoever shows a logo takes its end away, so that what is shown never keeps one.
    """
    shown = merchants.get(merchant_id).brand.logo
    for name in names:
        if name and name != shown:
            logos.end(merchant_id, name, now() + LASTS)
    shown = merchants.get(merchant_id).brand.logo
    if shown:
        logos.stay(merchant_id, shown)
