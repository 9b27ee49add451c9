"""CloudTrail: trails, whether they record, and what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.aws.data_events import ORDER, Selector, Share, selectors
from providers.aws.event_history import history_of
from providers.aws.reach import known
from providers.aws.tags import DOC, by_name
from scanner.facts import Answer, Call, Fact, Unread, UnreadFact, derived
from scanner.kinds import AuditTrail, Encryption
from scanner.kinds.change import LastChange, latest
from scanner.kinds.logging import Recorded
from scanner.model import Listing, Resource

GONE = ("TrailNotFoundException",)

# Each region answers the trails that record it, wherever they were made; without shadow trails an organisation's
# trail would be missing in its member accounts.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
TRAILS = Call("cloudtrail", "DescribeTrails", needs="cloudtrail:DescribeTrails", items="trailList", regional=True)
STATUS = Call("cloudtrail", "GetTrailStatus", {"Name": "{it.uid}"}, "cloudtrail:GetTrailStatus", gone=GONE)
# In a member account an organisation's trail has its status told, by its ARN, and neither its selectors nor its tags;
# that it is not found there is no reason to drop it.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
# https://github.com/turbot/steampipe-plugin-aws/issues/577
SELECTORS = Call("cloudtrail", "GetEventSelectors", {"TrailName": "{it.uid}"}, "cloudtrail:GetEventSelectors")
TAGS = Call("cloudtrail", "ListTags", {"ResourceIdList": ("{it.uid}",)}, "cloudtrail:ListTags", items="ResourceTagList")

_RECORDED: dict[tuple[bool, bool], Recorded] = {
    (True, True): "all",
    (True, False): "only-reads",
    (False, True): "only-writes",
    (False, False): "none",
}

_BASIC = {"All": {"reads", "writes"}, "ReadOnly": {"reads"}, "WriteOnly": {"writes"}}
_PLAIN = {"eventCategory": {"Equals"}, "readOnly": {"Equals"}, "eventSource": {"NotEquals"}}
"""Fields of a selector for management events, and the operators on them, that leave it a plain one."""


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
    seen = {kind for selector in advanced for kind in _advanced(selector["FieldSelectors"])}
    for selector in basic:
        if selector.get("IncludeManagementEvents", True):
            seen |= _BASIC[selector.get("ReadWriteType", "All")]
    if "some" in seen and not {"reads", "writes"} <= seen:
        return "some"
    return _RECORDED["reads" in seen, "writes" in seen]


def _advanced(fields: list[dict[str, Any]]) -> set[str]:
    """What one advanced selector takes in: `reads`, `writes`, or `some` of them where it narrows them further.

    Leaving out event sources (KMS, the RDS Data API) is documented to save cost, and leaves a trail a whole one.
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
    """
    by_field = {field["Field"]: {name for name in field if name != "Field"} for field in fields}
    values = {field["Field"]: field.get("Equals", []) for field in fields}
    if "Management" not in values.get("eventCategory", []):
        return set()
    operators = [by_field.pop(name, allowed) <= allowed for name, allowed in _PLAIN.items()]
    if by_field or not all(operators):
        return {"some"}
    only = values.get("readOnly", ["true", "false"])
    return {word for word, value in (("reads", "true"), ("writes", "false")) if value in only}


def _delivery_error(answer: Answer) -> str | None:
    if "IsLogging" not in answer:
        raise KeyError("IsLogging")  # an answer without it is no status, so that a missing error means nothing
    return answer.get("LatestDeliveryError") or None


def _encryption(item: Answer) -> Encryption:
    # A key that a trail names is the customer's: its key policy must name CloudTrail, which nobody can write into
    # an AWS managed one. Without a key, log files are encrypted with a key that S3 owns.
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
    key = item.get("KmsKeyId")
    return Encryption("customer-managed", "aws:kms", key) if key else Encryption("provider-owned", "AES256")


class CloudTrailTrail(AuditTrail, type_id="aws.cloudtrail.trail"):
    """A trail, in the region that it was made in.

    Members of an organisation see its trail and cannot change it; it stays the management account's, also where that
    delegated the making of it. The bucket that it writes into may be a member's.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
    https://docs.aws.amazon.com/controltower/latest/userguide/about-logging.html
    """

    listed = Listing(uid="{TrailARN}", name="{Name}", call=TRAILS, region=lambda item: item["HomeRegion"])
    tags = Fact[Mapping[str, str]](DOC).from_bulk(
        TAGS, row_key="ResourceId", key="{it.uid}", take=lambda row: by_name(row.get("TagsList", ()))
    )
    # The log has the name or the ARN, as whoever made a change wrote it.
    change_by_name = history_of("cloudtrail")
    change_by_arn = history_of("cloudtrail", "{it.uid}")
    everywhere = AuditTrail.everywhere.listed(lambda item: item["IsMultiRegionTrail"])
    tamper_evident = AuditTrail.tamper_evident.listed(lambda item: item["LogFileValidationEnabled"])
    encryption = AuditTrail.encryption.listed(_encryption)
    watched_by = AuditTrail.watched_by.listed(lambda item: item.get("CloudWatchLogsLogGroupArn"))
    stores_in = AuditTrail.stores_in.listed("arn:{scope.partition}:s3:::{S3BucketName}")
    of_organisation = Fact[bool]("It records all accounts of an organisation.").listed(
        lambda item: item.get("IsOrganizationTrail", False)
    )
    active = AuditTrail.active.read(STATUS, lambda a: a["IsLogging"])
    delivery_error = AuditTrail.delivery_error.read(STATUS, _delivery_error)
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
    has_selectors = Fact[bool]("It was told which events to record; else it records all management events.").listed(
        lambda item: item["HasCustomEventSelectors"]
    )
    selected_management_events = Fact[Recorded]("Which management events its selectors ask for.").read(
        SELECTORS, _management_events
    )
    data_events = Fact[tuple[Selector, ...]]("What its selectors for reads of objects in buckets ask for.").read(
        SELECTORS, selectors
    )

    @property
    def belongs_to(self) -> str:
        """The account in its ARN; that of an organisation's trail is the management account."""
        parts = self.uid.split(":", 5)
        return parts[4] if len(parts) == 6 and parts[4] else self.scope.account

    @derived(reads=[selected_management_events, has_selectors])
    def management_events(self) -> Recorded:
        """Which management events it records, also where its selectors are told to another account alone.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
        """
        selected = known(lambda: self.selected_management_events)
        if not isinstance(selected, Unread):
            return selected
        if self.has_selectors:
            raise UnreadFact(selected)
        return "all"

    @derived(reads=[change_by_name, change_by_arn])
    def last_change(self) -> LastChange | None:
        """Its latest change, by the event history; nothing where that tells of none in 90 days."""
        return latest(self.change_by_name, self.change_by_arn)


def reads_recorded(trails: Iterable[CloudTrailTrail], bucket: Resource) -> Share:
    """How much of the reads of a bucket's objects some trail records; raises UnreadFact where that may be more."""
    found: Share = "none"
    doubts: list[Unread] = []
    try:
        for trail in trails:
            share = _share(trail, bucket)
            if isinstance(share, Unread):
                doubts.append(share)
            else:
                found = max(found, share, key=ORDER.index)
    except UnreadFact as gap:
        doubts += gap.unread
    if doubts and found != "all":
        raise UnreadFact(*dict.fromkeys(doubts))
    return found


def _share(trail: CloudTrailTrail, bucket: Resource) -> Share | Unread:
    # A request for an object is an event of the region that the bucket is in.
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
    here = True if trail.region == bucket.region else known(lambda: trail.everywhere)
    active = known(lambda: trail.active)
    chosen = known(lambda: trail.data_events)
    if here is False or active is False:
        return "none"
    if isinstance(chosen, Unread):
        return "none" if known(lambda: trail.has_selectors) is False else chosen
    share: Share = max((each.share(bucket.uid) for each in chosen), key=ORDER.index, default="none")
    for doubt in (here, active):
        if isinstance(doubt, Unread) and share != "none":
            return doubt
    return share
