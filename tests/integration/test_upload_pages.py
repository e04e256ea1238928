"""What a deployment uploads: every page, with the headers its kind needs."""

from __future__ import annotations

import boto3
from moto import mock_aws

from pages.build import build
from tools.ops.upload_pages import upload


def test_hashed_files_are_kept_for_ever_and_pages_are_asked_for_again() -> None:
    built = build()
    with mock_aws():
        storage = boto3.client("s3")
        storage.create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": "eu-south-1"})

        assert upload(storage, "pages") == len(built)

        heads = {path: storage.head_object(Bucket="pages", Key=path) for path in built}
    assert heads["pay/card/index.html"]["CacheControl"] == "no-cache"
    assert heads["pay/card/index.html"]["ContentType"].startswith("text/html")
    assert heads["js/payglobe.js"]["CacheControl"] == "no-cache"
    assert all("immutable" in head["CacheControl"] for path, head in heads.items() if path.startswith("assets/"))
    assert "docs/openapi.yaml" in heads
    assert {path: head["Metadata"] for path, head in heads.items() if head["Metadata"]} == {
        "404.html": {"status": "404"}
    }
