"""CloudTrail trails."""

from typing import Any

from moto.cloudtrail.models import Trail

from providers.aws.emulator import estate
from providers.aws.emulator.account import Account


def seed_trails(account: Account) -> None:
    """Create the estate's trails, started or stopped."""
    for item in account.estate.trails:
        trail = _trail(account, item)
        account.world.cloudtrail(item.home).trails[item.name] = trail
        trail.put_event_selectors(list(item.selectors), list(item.advanced_selectors))
        trail.status.started = account.days_ago(200)
        trail.status.is_logging = item.logging
        if not item.logging:
            trail.status.stopped = account.days_ago(20)


def _trail(account: Account, item: estate.Trail) -> Trail:
    log_group = f"arn:aws:logs:{item.home}:{account.number}:log-group:{item.log_group}:*" if item.log_group else None
    role = f"arn:aws:iam::{account.number}:role/CloudTrailToLogs" if item.log_group else None
    # Moto declares these as strings and is given None for what is not configured, by its own API too.
    optional: dict[str, Any] = {
        "s3_key_prefix": None,
        "sns_topic_name": None,
        "cw_log_group_arn": log_group,
        "cw_role_arn": role,
        "kms_key_id": account.key_arn(item.key) if item.key else None,
    }
    return Trail(
        account_id=account.number,
        region_name=item.home,
        trail_name=item.name,
        bucket_name=item.bucket,
        is_global=item.global_events,
        is_multi_region=item.multi_region,
        log_validation=item.validation,
        is_org_trail=False,
        **optional,
    )
