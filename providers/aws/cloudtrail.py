"""CloudTrail: trails, whether they record, and what."""

from __future__ import annotations

from typing import Any

from scanner.facts import Answer, Call, Fact
from scanner.kinds import AuditTrail, Encryption
from scanner.kinds.logging import Recorded
from scanner.model import Listing

GONE = ("TrailNotFoundException",)

# Each region answers the trails that record it, wherever they were made; without shadow trails an organisation's
# trail would be missing in its member accounts.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
TRAILS = Call("cloudtrail", "DescribeTrails", needs="cloudtrail:DescribeTrails", items="trailList", regional=True)
STATUS = Call("cloudtrail", "GetTrailStatus", {"Name": "{it.uid}"}, "cloudtrail:GetTrailStatus", gone=GONE)
SELECTORS = Call(
    "cloudtrail", "GetEventSelectors", {"TrailName": "{it.uid}"}, "cloudtrail:GetEventSelectors", gone=GONE
)

_RECORDED: dict[tuple[bool, bool], Recorded] = {
    (True, True): "all",
    (True, False): "only-reads",
    (False, True): "only-writes",
    (False, False): "none",
}


def _management_events(answer: Answer) -> Recorded:
    """Which management events are recorded; basic and advanced selectors cannot both be set.

    A trail without any records all management events.
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
    """
    advanced = answer.get("AdvancedEventSelectors") or []
    basic = answer.get("EventSelectors") or []
    if not advanced and not basic and not {"AdvancedEventSelectors", "EventSelectors"} & answer.keys():
        raise KeyError("EventSelectors")
    if not advanced and not basic:
        return "all"
    reads = writes = False
    for selector in advanced:
        seen_reads, seen_writes = _advanced(selector["FieldSelectors"])
        reads, writes = reads or seen_reads, writes or seen_writes
    for selector in basic:
        if selector.get("IncludeManagementEvents", True):
            kind = selector.get("ReadWriteType", "All")
            reads, writes = reads or kind in ("All", "ReadOnly"), writes or kind in ("All", "WriteOnly")
    return _RECORDED[reads, writes]


def _advanced(fields: list[dict[str, Any]]) -> tuple[bool, bool]:
    """Whether one advanced selector takes in management reads and writes.

    Excluding event sources (KMS, RDS Data API) is documented to be cost control and leaves the trail a trail.
    """
    by_field = {field["Field"]: field for field in fields}
    if "Management" not in by_field.get("eventCategory", {}).get("Equals", []):
        return False, False
    only = by_field.get("readOnly", {}).get("Equals")
    return only is None or "true" in only, only is None or "false" in only


def _encryption(item: Answer) -> Encryption:
    # A key that a trail names is the customer's: its key policy must name CloudTrail, which nobody can write into
    # an AWS managed one. Without a key, log files are encrypted with a key that S3 owns.
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
    key = item.get("KmsKeyId")
    return Encryption("customer-managed", "aws:kms", key) if key else Encryption("provider-owned", "AES256")


class CloudTrailTrail(AuditTrail, type_id="aws.cloudtrail.trail"):
    """A trail, in the region that it was made in."""

    listed = Listing(uid="{TrailARN}", name="{Name}", call=TRAILS, region=lambda item: item["HomeRegion"])
    everywhere = AuditTrail.everywhere.listed(lambda item: item["IsMultiRegionTrail"])
    tamper_evident = AuditTrail.tamper_evident.listed(lambda item: item["LogFileValidationEnabled"])
    encryption = AuditTrail.encryption.listed(_encryption)
    watched_by = AuditTrail.watched_by.listed(lambda item: item.get("CloudWatchLogsLogGroupArn"))
    stores_in = AuditTrail.stores_in.listed("arn:{scope.partition}:s3:::{S3BucketName}")
    of_organisation = Fact[bool]("It records all accounts of an organisation.").listed(
        lambda item: item.get("IsOrganizationTrail", False)
    )
    active = AuditTrail.active.read(STATUS, lambda a: a["IsLogging"])
    delivery_error = AuditTrail.delivery_error.read(STATUS, lambda a: a.get("LatestDeliveryError") or None)
    management_events = AuditTrail.management_events.read(SELECTORS, _management_events)
