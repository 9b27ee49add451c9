"""Accounts that outsiders administer."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account, Grant, Grants, administers, chosen, from_outside

OWN = Grant("ann@example.com", "user", "Owner", administers=True, inherited=False, outside=False)
READER = Grant("eve@partner.example", "user", "Reader", administers=False, inherited=False, outside=True)
OUTSIDER = Grant("eve@partner.example", "user", "Owner", administers=True, inherited=True, outside=True)
UNTOLD = Grant(
    "eve@partner.example",
    "user",
    "Boss",
    None,
    inherited=False,
    outside=True,
    role_unread=Unread.denied("iam.roles.list"),
)
ABOVE = Unread.denied("resourcemanager.organizations.getIamPolicy")


@check("account-owned-outside", severity="critical", reads=[Account.grants])
def owned_outside(account: Account) -> Reasons:
    """Nobody from outside administers the account.

    An administrator from outside can read, delete and give away everything, and their sign-in is guarded by rules that
    you neither write nor see. When the contract ends nobody takes the grant away, and whoever breaks into the supplier
    has your account, too. A grant from above the account counts: it holds here all the same. On Azure a group counts as
    your own: guests in it are for its owners to see.

    Fix: take the grant away, where it was given. Give a supplier what the task needs, for the time that it takes. On
    Azure: `az role assignment delete --assignee HOLDER --role ROLE --scope /subscriptions/ID`. On Google Cloud: `gcloud
    projects remove-iam-policy-binding PROJECT --member HOLDER --role ROLE`.

    References:
    https://learn.microsoft.com/azure/role-based-access-control/role-assignments-remove
    https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles
    https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains
    """
    for grant in chosen(account.grants, from_outside, administers):
        yield Reason(f"{grant.holder}, from outside, administers the account: {grant}")


owned_outside.passes(Account.given(grants=Grants.of(OWN, READER)))
owned_outside.fails(Account.given(grants=Grants.of(OWN, OUTSIDER)))
owned_outside.fails(Account.given(grants=Grants.of(OUTSIDER, unread_above=ABOVE)))
owned_outside.unknown(Account.given(grants=Grants.of(OWN, READER, unread_above=ABOVE)))
owned_outside.unknown(Account.given(grants=Grants.of(OWN, UNTOLD)))
owned_outside.unknown(Account.given(grants=Unread.denied("Microsoft.Authorization/roleAssignments/read")))
