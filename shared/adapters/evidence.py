"""Evidence files in S3: uploaded by the merchant with a signed form, never through the gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shared.domain.errors import Unavailable
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


@dataclass(frozen=True, slots=True)
class S3Evidence:
    """The port ``EvidenceStore``. The bucket keeps versions; without them no answer could say which file it means."""

    client: Callable[[], S3Client]
    bucket: str

    def form(self, key: str, content_type: str, size: int, seconds: int) -> tuple[str, Mapping[str, str]]:
        signed = self.client().generate_presigned_post(
            Bucket=self.bucket,
            Key=key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", size, size]],
            ExpiresIn=seconds,
        )
        return signed["url"], signed["fields"]

    def content(self, key: str, version: str) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self.client().get_object(Bucket=self.bucket, Key=key, VersionId=version)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("the file storage does not answer; try again") from error

    def version_of(self, key: str) -> str | None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self.client().head_object(Bucket=self.bucket, Key=key)["VersionId"]
        except ClientError as error:
            # Without the right to list the bucket, S3 answers 403 for what is not there.
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 404):
                return None
            raise Unavailable("the file storage does not answer; try again") from error
        except BotoCoreError as error:
            raise Unavailable("the file storage does not answer; try again") from error
