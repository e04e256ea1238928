"""A policy scan that cannot pass by accident: no finding without a reason, no reason without a finding."""

from __future__ import annotations

import pytest

from tools.contract.deployed import resources
from tools.policy.scan import Accepted, Finding, accepted, complaints, read

OPEN = Finding("CKV_1", "Bucket", "Ensure it is closed")


def test_a_finding_without_a_reason_is_a_complaint_with_its_name() -> None:
    assert list(complaints([OPEN], [])) == ["Bucket: CKV_1 Ensure it is closed"]


@pytest.mark.parametrize("resources", [("Bucket",), ("Buck*",), ("Queue", "*")])
def test_a_finding_that_is_answered_is_none(resources: tuple[str, ...]) -> None:
    assert list(complaints([OPEN], [Accepted("CKV_1", resources, "because")])) == []


def test_the_same_rule_elsewhere_and_another_rule_here_are_not_answered() -> None:
    rows = [Accepted("CKV_1", ("Queue",), "because"), Accepted("CKV_2", ("Bucket",), "because")]

    assert len(list(complaints([OPEN], rows))) == 1 + len(rows)


def test_a_reason_that_nothing_needs_any_more_is_a_complaint() -> None:
    (said,) = complaints([], [Accepted("CKV_1", ("Bucket",), "because")])

    assert "nothing is found any more by CKV_1 on Bucket" in said


def test_a_report_about_nothing_is_no_clean_one() -> None:
    with pytest.raises(ValueError, match="no resource"):
        read({"summary": {"resource_count": 0}, "results": {"failed_checks": []}})


def test_a_report_is_read_by_logical_id() -> None:
    failed = [{"check_id": "CKV_1", "resource": "AWS::S3::Bucket.Bucket", "check_name": "Ensure it is closed"}]

    assert read({"summary": {"resource_count": 1}, "results": {"failed_checks": failed}}) == [OPEN]


def test_every_row_names_resources_that_there_are_and_says_why_at_length() -> None:
    names = {
        name
        for kind in ("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::CloudFront::Distribution")
        for name in resources(kind)
    }
    names |= set(resources("AWS::ApiGateway::Stage")) | {"*"}

    for row in accepted():
        assert set(row.resources) <= names, row
        assert len(row.why) > 60, row
