"""Accounts that programs administer."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account, Grant, Grants, administers, chosen, held_by

OWN = Grant("ann@example.com", "user", "Owner", administers=True, inherited=False, outside=False)
DEPLOYS = Grant("deploy", "machine", "Website Contributor", administers=False, inherited=False, outside=False)


@check("account-owned-by-machine", severity="high", reads=[Account.grants])
def owned_by_machine(account: Account) -> Reasons:
    """No program administers the account.

    A program's identity has no second factor and nobody who wonders about a strange sign-in. Its token lies on a
    machine or in a pipeline, and one flaw there is the whole account. A grant from above the account counts; services
    of the provider's own do not.

    Fix: find out by the audit trail what it does, give it roles for that, then take the other away. On Azure: `az role
    assignment delete --assignee HOLDER --role ROLE --scope /subscriptions/ID`. On Google Cloud: `gcloud projects
    remove-iam-policy-binding PROJECT --member HOLDER --role ROLE`.

    References:
    https://learn.microsoft.com/azure/role-based-access-control/best-practices
    https://cloud.google.com/iam/docs/best-practices-service-accounts
    """
    for grant in chosen(account.grants, administers, held_by("machine")):
        yield Reason(f"{grant.holder}, a program, administers the account: {grant}")


MACHINE = Grant("deploy", "machine", "Owner", True, False, outside=False)
SOMEBODY = Grant("4c6a", "unknown", "Owner", True, False, outside=None, unread=Unread.denied("User.Read.All"))
AGENT = Grant(
    "agent", "program", "Owner", True, False, outside=None, unread=Unread.denied("resourcemanager.projects.get")
)
ABOVE = Unread.denied("resourcemanager.organizations.getIamPolicy")
owned_by_machine.passes(Account.given(grants=Grants.of(OWN, DEPLOYS)))
owned_by_machine.fails(Account.given(grants=Grants.of(OWN, MACHINE)))
owned_by_machine.fails(Account.given(grants=Grants.of(SOMEBODY, MACHINE, unread_above=ABOVE)))
owned_by_machine.unknown(Account.given(grants=Unread.denied("Microsoft.Authorization/roleAssignments/read")))
owned_by_machine.unknown(Account.given(grants=Grants.of(OWN, DEPLOYS, unread_above=ABOVE)))
owned_by_machine.unknown(Account.given(grants=Grants.of(SOMEBODY)))
owned_by_machine.unknown(Account.given(grants=Grants.of(AGENT)))
