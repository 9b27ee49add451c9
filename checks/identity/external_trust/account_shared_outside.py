"""Accounts that outsiders have a part in."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account, Grant, Grants, chosen, does_not_administer, from_outside

OWN = Grant("ann@example.com", "user", "Owner", administers=True, inherited=False, outside=False)
READER = Grant("eve@partner.example", "user", "Reader", administers=False, inherited=False, outside=True)
OUTSIDER = Grant("eve@partner.example", "user", "Owner", administers=True, inherited=False, outside=True)
ABOVE = Unread.denied("resourcemanager.organizations.getIamPolicy")


@check("account-shared-outside", severity="medium", reads=[Account.grants])
def shared_outside(account: Account) -> Reasons:
    """Roles on the account are held from inside only, but for exceptions that an owner signed.

    A role on the account reaches everything in it, what is made tomorrow included. Outsiders come by a project and
    stay: no list of leavers names them. Outsiders who administer the account are told by a check of their own. On Azure
    a group counts as your own: guests in it are for its owners to see.

    Fix: take away roles that nobody can explain, and give the others on the one resource that the task needs. Write an
    exception with owner, ticket and expiry for what stays. On Azure: `az role assignment delete --assignee HOLDER
    --role ROLE --scope /subscriptions/ID`. On Google Cloud: `gcloud projects remove-iam-policy-binding PROJECT --member
    HOLDER --role ROLE`.

    References:
    https://learn.microsoft.com/azure/role-based-access-control/role-assignments-remove
    https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles
    https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains
    """
    for grant in chosen(account.grants, from_outside, does_not_administer):
        yield Reason(f"{grant.holder}, from outside, holds {grant}")


shared_outside.passes(Account.given(grants=Grants.of(OWN)))
shared_outside.passes(Account.given(grants=Grants.of(OWN, OUTSIDER)))
shared_outside.fails(Account.given(grants=Grants.of(OWN, READER)))
shared_outside.fails(Account.given(grants=Grants.of(READER, unread_above=ABOVE)))
shared_outside.unknown(Account.given(grants=Grants.of(OWN, OUTSIDER, unread_above=ABOVE)))
shared_outside.unknown(Account.given(grants=Unread.denied("Microsoft.Authorization/roleAssignments/read")))
