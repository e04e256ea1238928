"""Encrypts gateway tokens with KMS: they are short enough for KMS itself, so no key ever lies beside them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.errors import Unavailable
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

Result = TypeVar("Result")
_OURS = frozenset({"InvalidCiphertextException", "IncorrectKeyException", "AccessDeniedException"})


@dataclass(frozen=True, slots=True)
class KmsVault:
    """The port ``Vault``. The context is written into CloudTrail, so it never holds anything secret."""

    client: KMSClient
    key_id: str

    def seal(self, secret: str, context: Mapping[str, str]) -> str:
        sealed = _answered(
            lambda: self.client.encrypt(KeyId=self.key_id, Plaintext=secret.encode(), EncryptionContext=dict(context))
        )
        return b64encode(sealed["CiphertextBlob"]).decode()

    def open(self, sealed: str, context: Mapping[str, str]) -> str:
        opened = _answered(
            lambda: self.client.decrypt(
                KeyId=self.key_id, CiphertextBlob=b64decode(sealed), EncryptionContext=dict(context)
            )
        )
        return opened["Plaintext"].decode()


def _answered(call: Callable[[], Result]) -> Result:
    """A KMS that is down or throttles is Unavailable; a wrong context or a missing right is our own bug."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in _OURS:
            raise
        raise Unavailable("saved cards cannot be read at this moment; try again") from error
    except BotoCoreError as error:
        raise Unavailable("saved cards cannot be read at this moment; try again") from error
