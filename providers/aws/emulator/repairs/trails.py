"""CloudTrail."""

from collections.abc import Iterator
from typing import Any

from moto.cloudtrail.models import Trail

from providers.aws.emulator import estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.wire import Operation

# What a trail records when nobody has said otherwise:
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
_DEFAULT_SELECTOR: dict[str, Any] = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def describe_trails(account: Account, operation: Operation) -> Members:
    """The trails that a region sees: its own, and the multi-region ones of others unless told not to.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html: includeShadowTrails is true
    by default; members that are not configured are left out. Moto writes nulls for them, says of every trail that it
    has no custom event selectors, and takes no trailNameList.
    """
    shadows = operation.parameters.get("includeShadowTrails", "true") == "true"
    found = [
        _description(account, trail)
        for trail in _trails(account)
        if trail.region_name == operation.region or (shadows and trail.is_multi_region)
    ]
    return {"trailList": found}


def get_trail_status(account: Account, operation: Operation) -> Members:
    """Whether a trail records, and when it last delivered.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html: a shadow trail has to be
    named by its ARN. Moto finds it by its name too, lets the time of the last delivery run with the clock, and
    always delivers.
    """
    trail = _find(account, operation, "Name")
    status = trail.status
    members: Members = {"IsLogging": status.is_logging, "StartLoggingTime": status.started}
    if status.stopped:
        members["StopLoggingTime"] = status.stopped
    if status.started:
        members["LatestDeliveryTime"] = account.born if status.is_logging else status.stopped
    if error := _delivery_error(account, trail):
        members["LatestDeliveryError"] = error
    return members


def _delivery_error(account: Account, trail: Trail) -> str | None:
    """What S3 said at the last delivery, for which moto has no place."""
    item = _item(account, trail)
    return item.delivery_error if item else None


def _item(account: Account, trail: Trail) -> estate.Trail | None:
    wanted = (trail.trail_name, trail.region_name)
    return next((item for item in account.estate.trails if (item.name, item.home) == wanted), None)


def _organisation(account: Account, trail: Trail) -> str | None:
    item = _item(account, trail)
    return item.managed_by if item else None


def _arn(account: Account, trail: Trail) -> str:
    owner = _organisation(account, trail)
    return str(trail.arn.replace(f":{account.number}:", f":{owner}:") if owner else trail.arn)


def get_event_selectors(account: Account, operation: Operation) -> Members:
    """A trail's basic or advanced selectors, one of the two.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html. Moto does not know the
    trails of other regions even by their ARN, gives a trail without selectors an empty list where AWS gives the
    default selector, and always answers both members. A member account is not told the selectors of its organisation's
    trail, as tools that asked found out: https://github.com/turbot/steampipe-plugin-aws/issues/577
    """
    trail = _find(account, operation, "TrailName")
    if _organisation(account, trail):
        raise _not_found(account, operation.parameters.get("TrailName", ""))
    if trail.advanced_event_selectors:
        return {"TrailARN": trail.arn, "AdvancedEventSelectors": trail.advanced_event_selectors}
    return {"TrailARN": trail.arn, "EventSelectors": trail.event_selectors or [_DEFAULT_SELECTOR]}


def _trails(account: Account) -> Iterator[Trail]:
    for region in account.estate.regions:
        yield from account.world.cloudtrail(region).trails.values()


def _find(account: Account, operation: Operation, parameter: str) -> Trail:
    """The trail by its ARN from any region that sees it, by its name from its home region only."""
    asked = operation.parameters.get(parameter, "")
    for trail in _trails(account):
        at_home = trail.region_name == operation.region
        if (at_home and trail.trail_name == asked) or (
            _arn(account, trail) == asked and (at_home or trail.is_multi_region)
        ):
            return trail
    raise _not_found(account, asked)


def _not_found(account: Account, asked: str) -> Refused:
    return Refused(400, "TrailNotFoundException", f"Unknown trail: {asked} for the user: {account.number}")


def _description(account: Account, trail: Trail) -> Members:
    optional = {
        "S3KeyPrefix": trail.s3_key_prefix,
        "SnsTopicName": trail.sns_topic_name,
        "SnsTopicARN": trail.topic_arn,
        "CloudWatchLogsLogGroupArn": trail.cw_log_group_arn,
        "CloudWatchLogsRoleArn": trail.cw_role_arn,
        "KmsKeyId": trail.kms_key_id,
    }
    return {
        "Name": trail.trail_name,
        "S3BucketName": trail.bucket_name,
        "IncludeGlobalServiceEvents": trail.include_global_service_events,
        "IsMultiRegionTrail": trail.is_multi_region,
        "HomeRegion": trail.region_name,
        "TrailARN": _arn(account, trail),
        "LogFileValidationEnabled": trail.log_validation,
        "HasCustomEventSelectors": bool(trail.event_selectors or trail.advanced_event_selectors),
        "HasInsightSelectors": bool(trail.insight_selectors),
        "IsOrganizationTrail": trail.is_org_trail or _organisation(account, trail) is not None,
    } | {name: value for name, value in optional.items() if value}
