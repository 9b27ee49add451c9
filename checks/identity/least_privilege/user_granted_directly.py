"""Users with grants of their own."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import User


@check("user-granted-directly", severity="low", reads=[User.granted_directly])
def granted_directly(user: User) -> Reasons:
    """Users hold permissions through groups and roles, not on their own.

    A grant to one person is made in a hurry and follows that person into the next job. Reviews look at groups and
    roles; what hangs on single users is found last.

    Fix: put the policy on a group for the task and the user into the group. On AWS: `aws iam add-user-to-group
    --user-name NAME --group-name GROUP`, then `aws iam detach-user-policy --user-name NAME --policy-arn ARN` or `aws
    iam delete-user-policy --user-name NAME --policy-name POLICY`. On Azure: `az ad group member add --group GROUP
    --member-id ID`, then `az role assignment delete --assignee USER --role ROLE --scope SCOPE`. On Google Cloud:
    `gcloud projects remove-iam-policy-binding PROJECT --member user:ADDRESS --role ROLE`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
    https://learn.microsoft.com/azure/role-based-access-control/best-practices
    https://cloud.google.com/iam/docs/using-iam-securely
    """
    for policy in user.granted_directly:
        yield Reason(f"{policy} is attached to the user itself")


granted_directly.passes(User.given(granted_directly=()))
granted_directly.fails(User.given(granted_directly=("ReadOnlyAccess",)))
granted_directly.unknown(User.given(granted_directly=Unread.denied("iam:GetAccountAuthorizationDetails")))
