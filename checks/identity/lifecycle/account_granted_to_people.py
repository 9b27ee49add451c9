"""Accounts in which people hold roles one by one."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account, Grant, Grants, chosen, held_by


@check("account-granted-to-people", severity="low", reads=[Account.grants])
def granted_to_people(account: Account) -> Reasons:
    """Roles on the account are given to groups, not to single people.

    A role for one person is made in a hurry and follows that person into the next job. Whoever joins, moves or leaves
    is entered in groups; what hangs on a single person is found last. Groups and programs are left alone, and so is
    what was given above the account: it is mended there.

    Fix: give the role to a group for the task, put the person in, then take the other away. Keep one person for
    emergencies, with an exception. On Azure: `az role assignment delete --assignee HOLDER --role ROLE --scope
    /subscriptions/ID`. On Google Cloud: `gcloud projects remove-iam-policy-binding PROJECT --member HOLDER --role
    ROLE`.

    References:
    https://learn.microsoft.com/azure/role-based-access-control/best-practices
    https://cloud.google.com/iam/docs/using-iam-securely
    """
    for grant in chosen(account.grants.here(), held_by("user")):
        yield Reason(f"{grant.holder} was given a role of their own: {grant}")


ANN = Grant("ann@example.com", "user", "Owner", True, inherited=False, outside=False)
TEAM = Grant("operators", "group", "Owner", True, inherited=False, outside=False)
ABOVE = Grant("ann@example.com", "user", "Owner", True, inherited=True, outside=False)
SOMEBODY = Grant("4c6a", "unknown", "Owner", True, False, outside=None, unread=Unread.denied("User.Read.All"))
REFUSED = Unread.denied("Microsoft.Authorization/roleAssignments/read")
granted_to_people.passes(Account.given(grants=Grants.of(TEAM)))
granted_to_people.passes(Account.given(grants=Grants.of(ABOVE, unread_above=REFUSED)))
granted_to_people.fails(Account.given(grants=Grants.of(ANN)))
granted_to_people.fails(Account.given(grants=Grants.of(SOMEBODY, ANN, unread=REFUSED)))
granted_to_people.unknown(Account.given(grants=REFUSED))
granted_to_people.unknown(Account.given(grants=Grants.of(TEAM, unread=REFUSED)))
granted_to_people.unknown(Account.given(grants=Grants.of(SOMEBODY)))
