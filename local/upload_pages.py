"""The last part of ``make deploy``: the built pages go to their bucket, hashed files for ever, HTML for no time."""

from __future__ import annotations

import mimetypes
import sys
from typing import Any, Final

import boto3
import click

from local.front import PAGES
from local.merchant import STACKS

_IMMUTABLE: Final = "public, max-age=31536000, immutable"


def upload(storage: Any, bucket: str) -> int:
    """Put every built file; returns how many. Assets first, so that no page names one that is not there yet."""
    files = sorted((path for path in PAGES.rglob("*") if path.is_file()), key=lambda path: path.suffix == ".html")
    for path in files:
        key = path.relative_to(PAGES).as_posix()
        hashed = key.startswith("assets/") or key.startswith("js/v1/")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        storage.put_object(
            Bucket=bucket,
            Key=key,
            Body=path.read_bytes(),
            ContentType=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            CacheControl=_IMMUTABLE if hashed else "no-cache",
        )
    return len(files)


@click.command()
@click.option("--env", required=True, type=click.Choice(sorted(STACKS)))
def main(env: str) -> None:
    """Upload pages/dist to the stack's bucket."""
    if not PAGES.is_dir():
        sys.exit("the pages are not built; run: make pages")
    stack = boto3.client("cloudformation").describe_stacks(StackName=STACKS[env])["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    count = upload(boto3.client("s3"), outputs["PagesBucketName"])
    click.echo(f"{count} files uploaded; pages at {outputs['PagesUrl']}, API at {outputs['ApiUrl']}")


if __name__ == "__main__":
    main()
