"""Principals that may use services which they do not use."""

from __future__ import annotations

from datetime import timedelta

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Principal, ServiceUse
from scanner.model import days_ago

LONGEST = timedelta(days=90)
NAMED = 5


@check(
    "principal-services-unused",
    severity="low",
    reads=[Principal.created, Principal.last_used, Principal.services_used],
)
def services_unused(principal: Principal) -> Reasons:
    """Services that a user or role did not use for 90 days are taken out of its policies.

    Nobody misses a right that is not used, but whoever gets hold of the identity has it. A principal younger than 90
    days is given its time. One that did nothing at all for 90 days has a larger fault than breadth: `role-unused` and
    `user-credentials-unused` find it, and it does not fail here. On AWS, services count that its own policies name;
    what a permissions boundary, an organisation's policy or a session policy cuts from them is not taken off. An
    attempt that was refused counts as a use, and a service that was allowed only lately as unused. It costs two calls
    for each user and role, and one more for each time that AWS has not finished the report.

    Fix: ask which of them are for yearly or emergency tasks, and write the policies anew without the others. On AWS:
    `aws iam list-policies-granting-service-access --arn ARN --service-namespaces SERVICE` names the policies that
    allow a service; `aws iam generate-service-last-accessed-details --arn ARN --granularity ACTION_LEVEL` tells which
    actions of the services that stay were used.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
    """
    if principal.taken_at - principal.created <= LONGEST:
        return
    allowed = principal.services_used
    idle = sorted(
        use.service for use in allowed if use.last_used is None or principal.taken_at - use.last_used > LONGEST
    )
    if not idle:
        return
    if len(idle) == len(allowed) and principal.taken_at - (principal.last_used or principal.created) > LONGEST:
        return
    names = ", ".join(idle[:NAMED]) + (f" and {len(idle) - NAMED} more" if len(idle) > NAMED else "")
    yield Reason(
        f"{len(idle)} of the {len(allowed)} services that its policies allow were not used in 90 days: {names}"
    )


S3 = ServiceUse("s3", days_ago(1))
NEVER = ServiceUse("sqs", None)
MANY = tuple(ServiceUse(f"service-{number}", None) for number in range(9))
services_unused.passes(
    Principal.given(created=days_ago(900), last_used=days_ago(1), services_used=(S3, ServiceUse("sqs", days_ago(90))))
)
services_unused.passes(Principal.given(created=days_ago(900), last_used=days_ago(1), services_used=()))
services_unused.passes(Principal.given(created=days_ago(90), last_used=days_ago(1), services_used=(S3, NEVER)))
services_unused.passes(Principal.given(created=days_ago(900), last_used=days_ago(91), services_used=(NEVER,)))
services_unused.passes(Principal.given(created=days_ago(900), last_used=None, services_used=(NEVER,)))
services_unused.fails(Principal.given(created=days_ago(900), last_used=days_ago(1), services_used=(S3, NEVER)))
services_unused.fails(
    Principal.given(created=days_ago(900), last_used=days_ago(1), services_used=(S3, ServiceUse("sqs", days_ago(91))))
)
services_unused.fails(Principal.given(created=days_ago(900), last_used=days_ago(1), services_used=(NEVER, S3, *MANY)))
services_unused.unknown(
    Principal.given(
        created=days_ago(900),
        last_used=days_ago(1),
        services_used=Unread.denied("iam:GenerateServiceLastAccessedDetails"),
    )
)
