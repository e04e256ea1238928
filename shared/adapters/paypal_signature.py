"""PayPal's signature: RSA over the message's own headers and checksum, by the key of a certificate of PayPal's."""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Final
from urllib.parse import urlsplit

from shared.adapters.rsa_signature import Certificate, read_certificate
from shared.domain.errors import Unauthenticated
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.ports.inbound import Inbound

HEADER: Final = "paypal-transmission-sig"
# The certificate is as good as the TLS connection to these hosts; nobody else's certificate is ever fetched.
HOSTS: Final = {"api.paypal.com": Environment.LIVE, "api.sandbox.paypal.com": Environment.TEST}
FOLDER: Final = "/v1/notifications/certs/"
_MOST_REMEMBERED: Final = 8

# GET over TLS, no redirects; None for 401, 403 and 404. Raises SenderNotAsked.
Fetch = Callable[[str, Mapping[str, str]], bytes | None]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Judges what PayPal signed; a certificate is fetched once in the life of a process."""

    fetch: Fetch
    certificates: dict[str, Certificate] = field(default_factory=dict, repr=False)

    def read(self, inbound: Inbound) -> tuple[Environment, Callable[[str], bool]]:
        """Whose certificate signed the message, and whether a webhook's id is part of what it signed.

        Raises Unauthenticated for what no certificate of PayPal's can have signed now.
        """
        headers = inbound.headers
        refused = Unauthenticated("the signature is not valid")
        if headers.get("paypal-auth-algo") != "SHA256withRSA":
            raise refused
        environment, certificate = self._certificate(headers.get("paypal-cert-url", ""))
        try:
            signature = b64decode(headers.get(HEADER, ""), validate=True)
        except ValueError:
            raise refused from None
        if not certificate.is_good_at(inbound.now):
            raise refused
        sent = f"{headers.get('paypal-transmission-id', '')}|{headers.get('paypal-transmission-time', '')}"

        def fits(webhook_id: str) -> bool:
            return certificate.signed(f"{sent}|{webhook_id}|{zlib.crc32(inbound.body)}".encode(), signature)

        return environment, fits

    def _certificate(self, url: str) -> tuple[Environment, Certificate]:
        try:
            address = urlsplit(url)
        except ValueError:
            raise Unauthenticated("the certificate is not PayPal's") from None
        environment = HOSTS.get(address.netloc)
        # By comparison of the whole host: no port, no user, and nothing that a parser could read in two ways.
        name = address.path.removeprefix(FOLDER)
        plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
        if environment is None or url != f"https://{address.netloc}{FOLDER}{name}" or not plain:
            raise Unauthenticated("the certificate is not PayPal's")
        if url not in self.certificates:
            pem = self.fetch(url, {})
            try:
                found = read_certificate(pem or b"")
            except ValueError:
                raise Unauthenticated("the certificate is not PayPal's") from None
            if len(self.certificates) >= _MOST_REMEMBERED:
                self.certificates.clear()
            self.certificates[url] = found
        return environment, self.certificates[url]
