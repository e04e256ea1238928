"""Checks one RSA signature with the key in a certificate: arithmetic of the standard library, no other package."""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode
from datetime import UTC, datetime
from typing import Final

from shared.domain.record import dataclass

_SHA256_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")
_RSA: Final = bytes.fromhex("2a864886f70d010101")  # rsaEncryption
_LEAST_BITS: Final = 2048
_SEQUENCE, _INTEGER, _BITS, _OID, _VERSION = 0x30, 0x02, 0x03, 0x06, 0xA0
_UTC_TIME, _LONG_TIME = 0x17, 0x18


@dataclass(frozen=True, slots=True)
class Certificate:
    """The public key of a certificate, and when it is good. Nothing here says who vouches for it."""

    modulus: int
    exponent: int
    not_before: datetime
    not_after: datetime

    def is_good_at(self, now: datetime) -> bool:
        return self.not_before <= now <= self.not_after

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is RSASSA-PKCS1-v1_5 with SHA-256 over ``message``."""
        size = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature, "big")
        if len(signature) != size or number >= self.modulus:
            return False
        end = _SHA256_INFO + hashlib.sha256(message).digest()
        right = b"\x00\x01" + b"\xff" * (size - len(end) - 3) + b"\x00" + end
        return hmac.compare_digest(pow(number, self.exponent, self.modulus).to_bytes(size, "big"), right)


def read_certificate(pem: bytes) -> Certificate:
    """The first certificate of a PEM file. Raises ValueError when it is none, or not RSA of 2048 bits or more."""
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    inner = pem.partition(begin)[2].partition(end)[0]
    try:
        der = b64decode(b"".join(inner.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not a PEM certificate") from error
    try:
        return _certificate(der)
    except IndexError as error:
        raise ValueError("not a certificate") from error


def _certificate(der: bytes) -> Certificate:
    fields = _parts(_parts(_one(der, _SEQUENCE))[0][1])
    if fields and fields[0][0] == _VERSION:
        fields = fields[1:]
    not_before, not_after = (_time(tag, value) for tag, value in _parts(fields[3][1])[:2])
    modulus, exponent = _rsa_key(fields[5][1])
    return Certificate(modulus, exponent, not_before, not_after)


def _rsa_key(info: bytes) -> tuple[int, int]:
    (_, algorithm), (tag, bits) = _parts(info)[:2]
    if _parts(algorithm)[0] != (_OID, _RSA) or tag != _BITS or bits[:1] != b"\x00":
        raise ValueError("not an RSA key")
    (_, modulus), (_, exponent) = _parts(_one(bits[1:], _SEQUENCE))[:2]
    key = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")
    if key[0].bit_length() < _LEAST_BITS or key[1] < 3:
        raise ValueError("the RSA key is too weak")
    return key


def _one(der: bytes, tag: int) -> bytes:
    found = _parts(der)
    if not found or found[0][0] != tag:
        raise ValueError("not the DER that was expected")
    return found[0][1]


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """(tag, content) of the values that stand one after another. Raises ValueError."""
    found = []
    at = 0
    while at < len(der):
        tag, length, start = der[at], _byte(der, at + 1), at + 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4:
                raise ValueError("not DER")
            length, start = int.from_bytes(der[start : start + count], "big"), start + count
        if start + length > len(der):
            raise ValueError("not DER: cut off")
        found.append((tag, der[start : start + length]))
        at = start + length
    return found


def _byte(der: bytes, at: int) -> int:
    if at >= len(der):
        raise ValueError("not DER: cut off")
    return der[at]


def _time(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _LONG_TIME:
        raise ValueError("not a time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
