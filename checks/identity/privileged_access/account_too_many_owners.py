"""Accounts with too many administrators."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account, Grant, Grants, administers, chosen, held_by

MOST = 3


@check("account-too-many-owners", severity="medium", reads=[Account.grants])
def too_many_owners(account: Account) -> Reasons:
    """At most three people or groups administer the account.

    Each of them is a way to everything: one page that only looks right, one laptop that is lost. Where many may do
    everything, nobody notices one more, or one who does it at night. Counted are people and groups to whom it was given
    on the account itself; what comes from above is for those to count who gave it.

    Fix: leave it to a few, with a second factor and for the time of a task, and give the others roles for their work.
    On Azure: `az role assignment delete --assignee HOLDER --role ROLE --scope /subscriptions/ID`. On Google Cloud:
    `gcloud projects remove-iam-policy-binding PROJECT --member HOLDER --role ROLE`.

    References:
    https://learn.microsoft.com/azure/role-based-access-control/best-practices
    https://cloud.google.com/iam/docs/using-iam-securely
    """
    owning = [grant for grant in account.grants.held if grant.administers and not grant.inherited]
    holders = sorted({grant.holder for grant in owning if grant.kind in ("user", "group")})
    if len(holders) > MOST:
        yield Reason(f"{len(holders)} people and groups administer it, more than {MOST}: {', '.join(holders)}")
        return
    possible = [
        grant
        for grant in account.grants.here()
        if grant.administers is not False and grant.kind in ("user", "group", "unknown")
    ]
    if len({grant.holder for grant in possible}) > MOST:
        tuple(chosen(possible, administers, held_by("user", "group")))


def _example(name: str, *, inherited: bool = False) -> Grant:
    return Grant(name, "user", "Owner", administers=True, inherited=inherited, outside=False)


FIVE = ("ann", "bob", "cem", "dee", "eli")
REFUSED = Unread.denied("Microsoft.Authorization/roleAssignments/read")
SOMEBODY = Grant("4c6a", "unknown", "Owner", True, False, outside=None, unread=Unread.denied("User.Read.All"))
UNTOLD = Grant("dee", "user", "Boss", None, False, outside=False, role_unread=Unread.denied("iam.roles.list"))
too_many_owners.passes(Account.given(grants=Grants.of(*map(_example, FIVE[:3]), unread_above=REFUSED)))
too_many_owners.passes(Account.given(grants=Grants.of(*(_example(name, inherited=True) for name in FIVE))))
too_many_owners.passes(Account.given(grants=Grants.of(*map(_example, FIVE[:2]), UNTOLD)))
too_many_owners.fails(Account.given(grants=Grants.of(*map(_example, FIVE))))
too_many_owners.fails(Account.given(grants=Grants.of(*map(_example, FIVE), UNTOLD, unread=REFUSED)))
too_many_owners.unknown(Account.given(grants=REFUSED))
too_many_owners.unknown(Account.given(grants=Grants.of(*map(_example, FIVE[:3]), unread=REFUSED)))
too_many_owners.unknown(Account.given(grants=Grants.of(*map(_example, FIVE[:3]), SOMEBODY)))
too_many_owners.unknown(Account.given(grants=Grants.of(*map(_example, FIVE[:3]), UNTOLD)))
