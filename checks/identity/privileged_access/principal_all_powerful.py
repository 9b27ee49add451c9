"""Principals that may do everything."""

from __future__ import annotations

from scanner.access import Powers
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Principal


@check("principal-all-powerful", severity="high", reads=[Principal.powers])
def all_powerful(principal: Principal) -> Reasons:
    """Nobody may do everything, but for a break-glass identity that an owner signed.

    Whoever takes over one such identity has the account: data, keys, logs and the identities of all others. Many small
    slips, such as one stolen key, become the worst case only because of it.

    Fix: give it the services that its task needs, by a policy of your own or by one for its job. Keep one role for
    emergencies, with a second factor in its trust, an alarm on its use, and an exception here. On AWS: `aws iam
    detach-user-policy --user-name NAME --policy-arn ARN`, or the same for its group or role. On Azure: `az role
    assignment delete --assignee HOLDER --role ROLE --scope SCOPE`. On Google Cloud: `gcloud projects
    remove-iam-policy-binding PROJECT --member HOLDER --role ROLE`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    https://learn.microsoft.com/azure/role-based-access-control/best-practices
    https://cloud.google.com/iam/docs/using-iam-securely
    """
    grants = principal.powers.all_powerful()
    if grants:
        yield Reason(f"it may do everything, by {', '.join(grants)}")


UNDECIDED = Powers(everything=Unread("denied", ("iam:GetAccountAuthorizationDetails",)))
all_powerful.passes(Principal.given(powers=Powers()))
all_powerful.fails(Principal.given(powers=Powers(everything=("AdministratorAccess",))))
all_powerful.unknown(Principal.given(powers=UNDECIDED))
all_powerful.unknown(Principal.given(powers=Unread.denied("iam:GetAccountAuthorizationDetails")))
