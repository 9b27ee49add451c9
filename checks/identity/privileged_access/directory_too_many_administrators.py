"""Directories with too many administrators."""

from __future__ import annotations

from providers.azure.entra import EntraTenant
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread

MOST = 4


@check("directory-too-many-administrators", severity="medium", reads=[EntraTenant.administrators])
def too_many_administrators(tenant: EntraTenant) -> Reasons:
    """At most four identities administer all of the directory.

    A Global Administrator resets every password, reads every mailbox and makes itself owner of every subscription. Each
    one more is one more page that only looks right. Whoever may activate the role for some hours is not counted, which
    is how the others should hold it.

    Fix: give the others the roles of their work, such as User Administrator, or let them activate this one when they
    need it. On Azure: `az rest --method DELETE --url
    https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments/ID`. Keep two for emergencies.

    References:
    https://learn.microsoft.com/entra/identity/role-based-access-control/best-practices
    https://learn.microsoft.com/entra/identity/role-based-access-control/security-emergency-access
    """
    holders = sorted(set(tenant.administrators))
    if len(holders) > MOST:
        yield Reason(f"{len(holders)} identities are Global Administrators, more than {MOST}: {', '.join(holders)}")


too_many_administrators.passes(EntraTenant.given(administrators=("ann", "bob", "cem", "dee", "dee")))
too_many_administrators.fails(EntraTenant.given(administrators=("ann", "bob", "cem", "dee", "eli")))
too_many_administrators.unknown(EntraTenant.given(administrators=Unread.denied("RoleManagement.Read.Directory")))
