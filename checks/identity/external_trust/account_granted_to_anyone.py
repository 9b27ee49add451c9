"""Accounts in which everybody has a role."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account, Grant, Grants

OWN = Grant("ann@example.com", "user", "Owner", administers=True, inherited=False, outside=False)
ANYONE = Grant("allUsers", "anyone", "Viewer", administers=False, inherited=False, outside=True)
ABOVE = Unread.denied("resourcemanager.organizations.getIamPolicy")


@check("account-granted-to-anyone", severity="critical", reads=[Account.grants])
def granted_to_anyone(account: Account) -> Reasons:
    """No role on the account is given to everybody.

    A role on the account reaches everything in it, and everybody means strangers: with any login of the provider's, or
    with none. Such a grant is made by mistake, in a template or with a careless click, and nothing warns of it.

    Fix: take the grant away. On Google Cloud: `gcloud projects remove-iam-policy-binding PROJECT --member allUsers
    --role ROLE`, or the same for allAuthenticatedUsers. On Azure: `az role assignment delete --ids ASSIGNMENT-ID`.

    References:
    https://learn.microsoft.com/azure/role-based-access-control/role-assignments-remove
    https://cloud.google.com/iam/docs/principals-overview
    https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains
    """
    for grant in account.grants:
        if grant.kind == "anyone":
            yield Reason(f"{grant.holder} holds {grant}")


granted_to_anyone.passes(Account.given(grants=Grants.of(OWN)))
granted_to_anyone.fails(Account.given(grants=Grants.of(OWN, ANYONE)))
granted_to_anyone.fails(Account.given(grants=Grants.of(ANYONE, unread_above=ABOVE)))
granted_to_anyone.unknown(Account.given(grants=Grants.of(OWN, unread_above=ABOVE)))
granted_to_anyone.unknown(Account.given(grants=Unread.denied("Microsoft.Authorization/roleAssignments/read")))
