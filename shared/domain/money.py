"""Money as an integer count of minor units, so that sums and splits are exact."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.currencies import DIGITS, UNCHARGEABLE
from shared.domain.errors import InvalidAmount
from shared.domain.record import dataclass

# Twelve digits hold every real basket and keep sums far away from any limit of a gateway's wire format.
MAX_MINOR = 999_999_999_999
MOST_DIGITS = 40


def exponent_of(currency: str) -> int:
    """Decimal digits of an ISO 4217 currency (EUR 2, JPY and CLP 0, KWD 3). Raises InvalidAmount if unknown."""
    if currency in UNCHARGEABLE:
        raise InvalidAmount("this currency cannot be charged", code="invalid_currency", param="currency")
    if currency not in DIGITS:
        raise InvalidAmount(
            "currency must be an ISO 4217 code such as EUR", code="invalid_currency", param="currency"
        )
    return DIGITS[currency]


def major_of(minor: int, currency: str) -> Decimal:
    """Decimal major units of what may be less than nothing, with all the currency's digits: ``Decimal("-10.50")``."""
    return Decimal(minor).scaleb(-exponent_of(currency))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``Money(1050, "EUR")`` is 10.50 euro. May be zero, never negative."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.minor < 0:
            raise InvalidAmount("an amount cannot be negative")

    @classmethod
    def parse(cls, major: Decimal | int | str, currency: str) -> Money:
        """Read decimal major units (``150.00``) of a request.

        Raises InvalidAmount for zero, negative, NaN, exponent notation, more decimals than the currency
        has, or an amount too large.
        """
        exponent = exponent_of(currency)
        minor = _minor_units(major, exponent)
        if minor <= 0:
            raise InvalidAmount("amount must be greater than zero")
        if minor > MAX_MINOR:
            raise InvalidAmount("amount is too large")
        return cls(minor, currency)

    @classmethod
    def part(cls, major: Decimal | None, of: Money, about: str) -> Money | None:
        """Read a part of ``of``, which may be nothing or all of it, from the field ``about``; None where it is None.

        Raises InvalidAmount about that field for what ``parse`` refuses but zero, and for more than the whole.
        """
        if major is None:
            return None
        if major < 0:
            raise InvalidAmount(f"{about} cannot be negative", param=about)
        try:
            part = cls.parse(major, of.currency) if major else of.zero()
        except InvalidAmount as error:
            raise InvalidAmount(f"{about}: {error}", param=about) from error
        if of < part:
            raise InvalidAmount(f"{about} is at most the amount, {of.major}", code="amount_too_large", param=about)
        return part

    @property
    def major(self) -> Decimal:
        """Decimal major units with all the currency's digits: ``Decimal("10.50")``."""
        return major_of(self.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __bool__(self) -> bool:
        return self.minor > 0

    def zero(self) -> Money:
        return Money(0, self.currency)

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other.minor


def total(amounts: list[Money], zero: Money) -> Money:
    """Sum of ``amounts``; ``zero`` gives the currency of an empty sum."""
    return sum(amounts, start=zero.zero())


def _minor_units(major: Decimal | int | str, exponent: int) -> int:
    """By whole numbers only: arithmetic with decimals rounds to 28 digits before anybody sees that there are more."""
    value = _plain(major)
    negative, digits, last_place = value.as_tuple()
    if len(digits) > MOST_DIGITS or not -MOST_DIGITS <= value.adjusted() <= MOST_DIGITS:
        raise InvalidAmount("amount has too many digits")
    coefficient, shift = int("".join(map(str, digits))), int(last_place) + exponent
    up: int = 10 ** max(shift, 0)
    down: int = 10 ** max(-shift, 0)
    minor, rest = divmod(coefficient * up, down)
    if rest:
        raise InvalidAmount(f"amount has more than {exponent} decimals")
    return -minor if negative else minor


def _plain(major: Decimal | int | str) -> Decimal:
    written = major.replace(".", "", 1) if isinstance(major, str) else "0"
    if not (written.isascii() and written.isdigit()):
        raise InvalidAmount("amount must be a plain decimal number")
    if len(written) > MOST_DIGITS:
        raise InvalidAmount("amount has too many digits")
    value = Decimal(major)
    if not value.is_finite():
        raise InvalidAmount("amount must be a finite number")
    return value
