"""What the port ``Logos`` promises: a picture under its own name, for its own merchant."""

from __future__ import annotations

import pytest

from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.picture import Picture
from tests.storage import Storage
from tools.testing.builders import MERCHANT
from tools.testing.fakes import NOON

LOGO = Picture("png", b"\x89PNG and so on")


def test_a_logo_is_found_by_the_name_that_its_content_gives_it(storage: Storage) -> None:
    name = storage.logos.keep(MERCHANT, LOGO)

    assert storage.logos.keep(MERCHANT, LOGO) == name
    assert storage.logos.get(MERCHANT, name) == LOGO
    assert storage.logos.keep(MERCHANT, Picture("png", b"another")) != name


def test_an_end_of_a_logo_is_set_and_taken_away_and_keeping_it_again_takes_it_away_too(storage: Storage) -> None:
    name = storage.logos.keep(MERCHANT, LOGO)

    storage.logos.end(MERCHANT, name, NOON)
    storage.logos.end(MERCHANT, "0" * 32 + ".png", NOON)
    storage.logos.stay(MERCHANT, name)
    storage.logos.stay(MERCHANT, "0" * 32 + ".png")

    assert storage.logos.get(MERCHANT, name) == LOGO
    with pytest.raises(NotFound):
        storage.logos.get(MERCHANT, "0" * 32 + ".png")


def test_there_is_no_logo_of_another_merchants_or_another_name(storage: Storage) -> None:
    name = storage.logos.keep(MERCHANT, LOGO)

    for merchant, asked in ((MerchantId("m_other"), name), (MERCHANT, "0" * 32 + ".png")):
        with pytest.raises(NotFound):
            storage.logos.get(merchant, asked)
