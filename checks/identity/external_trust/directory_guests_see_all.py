"""Directories that guests can read."""

from __future__ import annotations

from providers.azure.entra import EntraTenant
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("directory-guests-see-all", severity="medium", reads=[EntraTenant.guest_role])
def guests_see_all(tenant: EntraTenant) -> Reasons:
    """Guests see less of the directory than your own people do.

    A guest account is guarded by a sign-in that you do not see. With the rights of a member, whoever takes it over
    lists all people, groups, devices and administrators: the map for the next step.

    Fix: give guests the rights of guests, or those of restricted guests, who see themselves alone. On Azure: `az rest
    --method PATCH --url https://graph.microsoft.com/v1.0/policies/authorizationPolicy --body '{"guestUserRoleId":
    "2af84b1e-32c8-42b7-82bc-daa82404023b"}'`.

    References:
    https://learn.microsoft.com/entra/identity/users/users-restrict-guest-permissions
    https://learn.microsoft.com/graph/api/resources/authorizationpolicy
    """
    if tenant.guest_role == "user":
        yield Reason("guests see what members see")


guests_see_all.passes(EntraTenant.given(guest_role="guest"))
guests_see_all.passes(EntraTenant.given(guest_role="restricted guest"))
guests_see_all.fails(EntraTenant.given(guest_role="user"))
guests_see_all.unknown(EntraTenant.given(guest_role=Unread.denied("Policy.Read.All")))
