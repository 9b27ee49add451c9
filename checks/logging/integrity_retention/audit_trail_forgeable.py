"""Audit trails that can be rewritten unseen."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import AuditTrail


@check("audit-trail-forgeable", severity="medium", reads=[AuditTrail.tamper_evident])
def forgeable(trail: AuditTrail) -> Reasons:
    """A changed, forged or missing record of a trail can be told.

    Whoever may write to the bucket can take the traces of a break-in out of the record, or put in traces that lead to
    somebody else. Without signed digests nobody can prove that the record is whole.

    Fix: switch the signing of records on, and verify them. On AWS: `aws cloudtrail update-trail --name NAME
    --enable-log-file-validation`, then `aws cloudtrail validate-logs --trail-arn ARN --start-time TIME`.

    References:
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
    """
    if not trail.tamper_evident:
        yield Reason("records are not signed, so that a changed one cannot be told")


forgeable.passes(AuditTrail.given(tamper_evident=True))
forgeable.fails(AuditTrail.given(tamper_evident=False))
forgeable.unknown(AuditTrail.given(tamper_evident=Unread.denied("cloudtrail:DescribeTrails")))
