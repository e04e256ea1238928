"""The payment methods: one table. Countries are where a method is offered; ``needs`` is what it asks of its payer.

Beyond these every method asks for country and e-mail address. The order is the order of every list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.domain.account import Account
from shared.domain.method import MethodChoice, MethodKind, is_offered
from shared.domain.record import dataclass

CARD: Final = "creditcard"
_HOUR: Final = 3600
_ONLINE, _CASH, _PREPAID, _CRYPTO = MethodKind.ONLINE, MethodKind.CASH, MethodKind.PREPAID, MethodKind.CRYPTO

FIRST, LAST, ID, PHONE, BIC = "pg_first_name", "pg_last_name", "pg_personalid", "pg_phone", "pg_bic"
_NAMES: Final = (FIRST, LAST)
_NAMES_AND_ID: Final = (FIRST, LAST, ID)
_BRAZILIAN_BANK: Final = (FIRST, LAST, ID, PHONE)


@dataclass(frozen=True, slots=True)
class Method:
    """``kind`` is None for the card, which has a page of its own; ``hours`` to pay once it was begun."""

    name: str
    code: str
    countries: frozenset[str]
    kind: MethodKind | None
    needs: tuple[str, ...]
    hours: int = 1
    aliases: tuple[str, ...] = ()
    long_phone: bool = False  # with the country's own prefix

    def is_in(self, country: str) -> bool:
        return not self.countries or country in self.countries

    @property
    def choice(self) -> MethodChoice | None:
        return None if self.kind is None else MethodChoice(self.kind, self.hours * _HOUR)


def _row(
    name: str, code: str, countries: str, kind: MethodKind | None, needs: tuple[str, ...], *aliases: str
) -> Method:
    hours = 72 if kind is _CASH else 1
    own = frozenset(countries.split())
    return Method(name, code, own, kind, needs, hours, aliases, needs == _BRAZILIAN_BANK and "BR" in own)


_PAYSAFE: Final = "AT BE CH DE DK ES FI FR GB IE IT MX NL NO PE PL PT RO SE UY"
METHODS: Final = (
    _row("Credit Card", CARD, "", None, _NAMES, "credit_card", "card"),
    _row("Paysafecard", "paysafecard", _PAYSAFE, _PREPAID, _NAMES),
    _row("Bitcoin", "bitcoin", "", _CRYPTO, _NAMES, "btc"),
    _row("Giropay", "giropay", "DE", _ONLINE, (FIRST, LAST, BIC)),
    _row("Webpay", "webpay", "CL", _ONLINE, ()),
    _row("Multicaja", "multicaja", "CL", _CASH, ()),
    _row("Servipag", "servipag", "CL", _ONLINE, ()),
    _row("Khipu", "khipu", "CL", _ONLINE, ()),
    _row("PagoEfectivo", "pagoefectivo", "PE", _CASH, _BRAZILIAN_BANK),
    _row("Pago Facil", "pagofacil", "AR", _CASH, _NAMES_AND_ID),
    _row("Rapipago", "rapipago", "AR", _CASH, _NAMES_AND_ID),
    _row("iDEAL", "ideal", "NL", _ONLINE, _NAMES),
    _row("Sofort", "sofort", "AT BE CH DE ES IT NL PL", _ONLINE, _NAMES),
    _row("Przelewy24", "przelewy24", "PL", _ONLINE, _NAMES, "p24"),
    _row("Bancontact", "bancontact", "BE", _ONLINE, _NAMES, "mistercash"),
    _row("Bradesco", "bradesco", "BR", _ONLINE, _BRAZILIAN_BANK),
    _row("Ita\u00fa", "itau", "BR", _ONLINE, _BRAZILIAN_BANK),
    _row("Santander Brasil", "santanderbr", "BR", _ONLINE, _BRAZILIAN_BANK),
    _row("Banco do Brasil", "bancodobrasil", "BR", _ONLINE, _BRAZILIAN_BANK, "bancobrasil"),
    _row("Boleto", "boleto", "BR", _CASH, _NAMES_AND_ID),
    _row("OXXO", "oxxo", "MX", _CASH, _NAMES_AND_ID),
    _row("Santander M\u00e9xico", "santandermx", "MX", _CASH, _NAMES_AND_ID),
    _row("Davivienda", "davivienda", "CO", _CASH, _NAMES_AND_ID),
    _row("PSE", "pse", "CO", _ONLINE, _NAMES_AND_ID),
    _row("Efecty", "efecty", "CO", _CASH, _NAMES_AND_ID),
    _row("ViaBaloto", "baloto", "CO", _CASH, _NAMES, "viabaloto"),
    _row("Redpagos", "redpagos", "UY", _CASH, _NAMES_AND_ID),
    _row("Teleingreso", "teleingreso", "ES", _CASH, _NAMES),
)
_BY_CODE: Final = {name: method for method in METHODS for name in (method.code, *method.aliases)}


def find_method(code: str, country: str = "") -> Method | None:
    """The method of a code or alias, in any letter case. ``santander`` is the one of its country."""
    name = code.strip().lower()
    return _BY_CODE.get(f"santander{country.lower()}" if name == "santander" else name)


def offered(account: Account, country: str) -> Iterator[Method]:
    """The methods of a country that this account has somebody for, in order."""
    return (method for method in METHODS if method.is_in(country) and is_configured(method, account))


def is_configured(method: Method, account: Account) -> bool:
    if method.kind is None:
        return account.card_gateway is not None
    provider = account.method_provider
    return provider is not None and is_offered(method.code, provider.name)


def image(method: Method, pages_origin: str) -> str:
    return f"{pages_origin}/pay-now/images/method_button_{method.code}.png"


def listed(method: Method, pages_origin: str) -> dict[str, str]:
    """As callers read it that ask what can be paid with."""
    return {"code": method.code, "name": method.name, "image": image(method, pages_origin)}
