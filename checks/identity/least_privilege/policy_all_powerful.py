"""Policies that allow everything."""

from __future__ import annotations

from scanner.access import Powers
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Policy


@check("policy-all-powerful", severity="high", reads=[Policy.powers])
def all_powerful(policy: Policy) -> Reasons:
    """A policy that you write allows what a task needs, not everything.

    Its name says "deploy" or "support", and so it is attached without a second look. Everybody who gets it is an
    administrator, today or when somebody attaches it in a year.

    Fix: list the actions that the task used, for instance from the audit trail, and write only those. On AWS: `aws iam
    create-policy-version --policy-arn ARN --policy-document file://policy.json --set-as-default`. On Azure: `az role
    definition update --role-definition FILE`. On Google Cloud: `gcloud iam roles update ROLE --project PROJECT
    --permissions LIST`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
    https://learn.microsoft.com/azure/role-based-access-control/custom-roles
    https://cloud.google.com/iam/docs/creating-custom-roles
    """
    if policy.powers.all_powerful():
        yield Reason("it allows every action on every resource")


all_powerful.passes(Policy.given(powers=Powers()))
all_powerful.fails(Policy.given(powers=Powers(everything=("deploy",))))
all_powerful.unknown(Policy.given(powers=Powers(everything=Unread("denied", ("iam:GetAccountAuthorizationDetails",)))))
all_powerful.unknown(Policy.given(powers=Unread.denied("iam:GetAccountAuthorizationDetails")))
