"""Events as PayPal signs them: RSA over headers and checksum, by a certificate of a key that only tests have."""

from __future__ import annotations

import zlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

WEBHOOK: Final = "8PT597110X687430L"
CERTIFICATE: Final = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-far-side"
_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def _signer() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate() -> bytes:
    """What is found at ``CERTIFICATE``."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "messageverificationcerts.paypal.com")])
    made = x509.CertificateBuilder(name, name, _signer().public_key(), 4711, _FROM, _FROM + timedelta(days=36_500))
    return made.sign(_signer(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def signed_event(body: bytes, webhook_id: str = WEBHOOK) -> dict[str, str]:
    """The headers of an event; names in lower case, as they arrive."""
    sent = f"1-2-3|2026-03-02T12:00:00Z|{webhook_id}|{zlib.crc32(body)}".encode()
    signature = _signer().sign(sent, padding.PKCS1v15(), hashes.SHA256())
    return {
        "paypal-transmission-id": "1-2-3",
        "paypal-transmission-time": "2026-03-02T12:00:00Z",
        "paypal-transmission-sig": b64encode(signature).decode(),
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": CERTIFICATE,
    }
