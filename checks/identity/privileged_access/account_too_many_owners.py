"""Accounts with too many administrators."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account, Grant, require_kinds

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
    owning = [grant for grant in account.grants if grant.administers and not grant.inherited]
    holders = sorted({grant.holder for grant in owning if grant.kind in ("user", "group")})
    if len(holders) > MOST:
        yield Reason(f"{len(holders)} people and groups administer it, more than {MOST}: {', '.join(holders)}")
    elif len({grant.holder for grant in owning if grant.kind in ("user", "group", "unknown")}) > MOST:
        require_kinds(owning)


def _example(name: str, *, inherited: bool = False) -> Grant:
    return Grant(name, "user", "Owner", administers=True, inherited=inherited, outside=False)


FIVE = ("ann", "bob", "cem", "dee", "eli")
too_many_owners.passes(Account.given(grants=tuple(_example(name) for name in FIVE[:3])))
too_many_owners.passes(Account.given(grants=tuple(_example(name, inherited=True) for name in FIVE)))
too_many_owners.fails(Account.given(grants=tuple(_example(name) for name in FIVE)))
too_many_owners.unknown(Account.given(grants=Unread.denied("Microsoft.Authorization/roleAssignments/read")))
too_many_owners.unknown(
    Account.given(
        grants=(
            *map(_example, FIVE[:3]),
            Grant("4c6a", "unknown", "Owner", True, False, outside=None, unread=Unread.denied("User.Read.All")),
        )
    )
)
