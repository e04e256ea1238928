"""The simulated issuers of vouchers: what they do and refuse, each in its own shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tools.testing.far_sides.assiopay.side import AssioPaySide
from tools.testing.far_sides.monni.side import MonniSide

MAIL, PASSWORD, KEY = "shop@example.org", "a password of the shop", "mk_test_of_the_shop"


@pytest.fixture
def assiopay() -> Iterator[AssioPaySide]:
    made = AssioPaySide()
    yield made
    made.close()


@pytest.fixture
def monni() -> Iterator[MonniSide]:
    made = MonniSide()
    yield made
    made.close()


class Till:
    """A shop that is signed in at AssioPay."""

    def __init__(self, side: AssioPaySide) -> None:
        self.origin = side.issuer.origin
        reply = requests.post(f"{self.origin}/web/user/login", json={"mail": MAIL, "password": PASSWORD}, timeout=30)
        self.token = reply.json()["accessToken"]

    def asks(self, action: str, **body: Any) -> tuple[int, Any]:
        method = "POST" if body else "GET"
        headers = {"Authorization": f"Bearer {self.token}"}
        reply = requests.request(method, f"{self.origin}/admin/{action}", json=body, headers=headers, timeout=30)
        return reply.status_code, reply.json()

    def spends(self, code: str, amount: str, own: str = "ref-1") -> Any:
        serial = self.asks("verifica", codice=code, valuta="EUR")[1]["seriale"]
        return self.asks("spesa", seriale=serial, importo=amount, valuta="EUR", riferimento=own)[1]


def test_assiopay_lets_nobody_in_without_a_token_and_a_revoked_one_is_none(assiopay: AssioPaySide) -> None:
    till = Till(assiopay)
    assert till.asks("verifica", codice=assiopay.voucher(800), valuta="EUR")[0] == 200

    assiopay.issuer.revoke()

    assert till.asks("verifica", codice=assiopay.voucher(800), valuta="EUR")[0] == 401
    wrong = {"mail": MAIL, "password": "wrong"}
    assert requests.post(f"{till.origin}/web/user/login", json=wrong, timeout=30).status_code == 401


def test_assiopay_tells_what_a_voucher_is_with_commas_and_does_not_know_others(assiopay: AssioPaySide) -> None:
    till, code = Till(assiopay), assiopay.voucher(1250)

    status, told = till.asks("verifica", codice=code, valuta="EUR")

    assert (status, told["value"], told["tipo"], told["esito"]) == (200, "12,50", "MF", "000")
    assert till.asks("verifica", codice="AP999", valuta="EUR")[0] == 404
    assert till.asks("verifica", codice=assiopay.bad_voucher(), valuta="EUR")[1]["esito"] == "102"


def test_assiopay_spends_once_by_our_reference_and_gives_back_what_it_may(assiopay: AssioPaySide) -> None:
    till, code = Till(assiopay), assiopay.voucher(5000)

    first = till.spends(code, "40,00")
    again = till.spends(code, "40,00")

    assert (first["esito"], first) == ("000", again)
    assert assiopay.books.ticket(code).used == 4000
    back = {"operazione": first["operazione"], "importo": "15,00", "valuta": "EUR", "riferimento": "back-1"}
    assert till.asks("storno", **back)[1]["esito"] == "000"
    assert till.asks("storno", **{**back, "importo": "25,01", "riferimento": "back-2"})[1]["esito"] == "105"
    assert till.asks("operazioni/back-1")[1]["importo"] == "15,00"
    assert till.asks("operazioni/back-9")[0] == 404
    assert assiopay.books.ticket(code).used == 2500


def monni_asks(side: MonniSide, method: str, path: str, key: str = KEY, **body: Any) -> tuple[int, Any]:
    url = f"{side.issuer.origin}/v1/{path}"
    reply = requests.request(method, url, json=body, headers={"X-Api-Key": key}, timeout=30)
    return reply.status_code, reply.json()


def reserved(side: MonniSide, code: str, reference: str = "ref-1") -> tuple[int, Any]:
    return monni_asks(side, "POST", "reservations", code=code, reference=reference, currency="EUR")


def test_monni_knows_its_shops_by_their_key(monni: MonniSide) -> None:
    assert monni_asks(monni, "GET", "shop")[0] == 200
    assert monni_asks(monni, "GET", "shop", key="mk_wrong")[0] == 401


def test_monni_reserves_a_code_for_one_and_lets_it_go_when_told_or_after_five_minutes(monni: MonniSide) -> None:
    code = monni.voucher(800)

    status, first = reserved(monni, code)

    assert (status, first["amount"], first["divisible"]) == (200, 800, False)
    assert reserved(monni, code)[1]["id"] == first["id"]
    assert reserved(monni, code, "ref-2") == (422, {"error": {"code": "reserved"}})
    monni_asks(monni, "DELETE", f"reservations/{first['id']}")
    assert reserved(monni, code, "ref-2")[0] == 200
    monni.clock.advance(minutes=5)
    assert reserved(monni, code, "ref-3")[0] == 200


def test_monni_spends_a_reservation_once_and_not_when_it_has_ended(monni: MonniSide) -> None:
    code = monni.voucher(800)
    spend = f"reservations/{reserved(monni, code)[1]['id']}/spend"

    first = monni_asks(monni, "POST", spend, amount=720, currency="EUR")
    again = monni_asks(monni, "POST", spend, amount=720, currency="EUR")

    assert first == again
    assert (monni.books.ticket(code).used, first[1]["state"]) == (720, "spent")
    late = reserved(monni, monni.voucher(800), "ref-2")[1]["id"]
    monni.clock.advance(minutes=6)
    refused = monni_asks(monni, "POST", f"reservations/{late}/spend", amount=800, currency="EUR")
    assert refused == (422, {"error": {"code": "not_reserved"}})


def test_monni_gives_back_whole_once_and_only_on_the_same_day(monni: MonniSide) -> None:
    taken = []
    for reference in ("ref-1", "ref-2"):
        held = reserved(monni, monni.voucher(800), reference)[1]["id"]
        taken.append(monni_asks(monni, "POST", f"reservations/{held}/spend", amount=800, currency="EUR")[1])
    back = f"transactions/{taken[0]['transaction']}/reversal"

    assert monni_asks(monni, "POST", back, note="ours")[1]["state"] == "reversed"
    assert monni_asks(monni, "POST", back) == (422, {"error": {"code": "already_reversed"}})
    assert monni_asks(monni, "GET", back.removesuffix("/reversal"))[1]["note"] == "ours"
    assert [each.used for each in monni.books.tickets.values()] == [0, 800]
    monni.clock.advance(days=1)
    late = monni_asks(monni, "POST", f"transactions/{taken[1]['transaction']}/reversal")
    assert late == (422, {"error": {"code": "too_late"}})
