"""Audit trails whose records do not arrive."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail


@check("audit-trail-not-delivering", severity="high", reads=[AuditTrail.delivery_error])
def not_delivering(trail: AuditTrail) -> Reasons:
    """The records of a trail arrive where it stores them.

    A trail that is on but cannot write records nothing. A changed policy of the bucket or of the key is enough, by
    accident or as a quiet way to blind you without stopping the trail.

    Fix: look the error up, and let the trail write again. On AWS: the policy of the bucket and of the key must name
    CloudTrail; `aws cloudtrail get-trail-status --name NAME` shows the error and the last good delivery. On Google
    Cloud: `gcloud logging sinks describe NAME` tells the identity that writes: it must be allowed to.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
    https://cloud.google.com/logging/docs/export/troubleshoot
    """
    error = trail.delivery_error
    if error is not None:
        yield Reason(f"its last delivery failed: {error}")


not_delivering.passes(AuditTrail.given(delivery_error=None))
not_delivering.fails(AuditTrail.given(delivery_error="AccessDenied"))
not_delivering.unknown(AuditTrail.given(delivery_error=Unread.denied("cloudtrail:GetTrailStatus")))
