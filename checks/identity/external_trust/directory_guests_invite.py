"""Directories whose guests bring in more guests."""

from __future__ import annotations

from providers.azure.entra import EntraTenant
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("directory-guests-invite", severity="low", reads=[EntraTenant.invitations])
def guests_invite(tenant: EntraTenant) -> Reasons:
    """Guests are invited by your own people, not by other guests.

    It is the default that everybody invites, guests included. A guest whose account was taken over then makes another
    one to come back by, and nobody of yours knows any of the two.

    Fix: let members invite, or better those alone who have a role for it. On Azure: `az rest --method PATCH --url
    https://graph.microsoft.com/v1.0/policies/authorizationPolicy --body '{"allowInvitesFrom":
    "adminsAndGuestInviters"}'`.

    References:
    https://learn.microsoft.com/entra/external-id/external-collaboration-settings-configure
    https://learn.microsoft.com/graph/api/resources/authorizationpolicy
    """
    if tenant.invitations == "everyone":
        yield Reason("everybody invites guests, and so do guests")


guests_invite.passes(EntraTenant.given(invitations="adminsAndGuestInviters"))
guests_invite.passes(EntraTenant.given(invitations="adminsGuestInvitersAndAllMembers"))
guests_invite.fails(EntraTenant.given(invitations="everyone"))
guests_invite.unknown(EntraTenant.given(invitations=Unread.denied("Policy.Read.All")))
