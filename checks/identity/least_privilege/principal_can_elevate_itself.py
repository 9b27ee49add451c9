"""Principals that can make themselves all-powerful."""

from __future__ import annotations

from scanner.access import Escalation, Hop
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Principal


@check("principal-can-elevate-itself", severity="high", reads=[Principal.way_to_everything])
def can_elevate_itself(principal: Principal) -> Reasons:
    """Nobody can give itself more than it was given.

    The right to attach policies, to write them, or to pass a strong role to a machine of one's own is the right to
    everything, only two calls away. Such identities stand in no list of administrators and are guarded less well.

    Fix: take the grant that the reason names away, or limit it to resources that give no power: paths and prefixes of
    roles, a boundary that new identities must carry. On AWS: `aws iam put-user-permissions-boundary --user-name NAME
    --permissions-boundary ARN`, or the same for a role. On Azure: `az role assignment delete --assignee HOLDER --role
    ROLE --scope SCOPE`. On Google Cloud: `gcloud projects remove-iam-policy-binding PROJECT --member HOLDER --role
    ROLE`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    https://learn.microsoft.com/azure/role-based-access-control/role-assignments-remove
    https://cloud.google.com/iam/docs/best-practices-service-accounts
    """
    hops = principal.way_to_everything.path()
    if hops:
        steps = "; then ".join(_said(hop) for hop in hops)
        yield Reason(f"it can become all-powerful: {steps}", hops[0].witness)


def _said(hop: Hop) -> str:
    conditions = f" (if {' and '.join(hop.conditions)})" if hop.conditions else ""
    return f"{hop.words[:1].lower()}{hop.words[1:]}{conditions}, which leads to {hop.target}"


UNDECIDED = Unread("denied", ("iam:GetAccountAuthorizationDetails",))
STEP = Hop("Attach a managed policy to oneself", "everything in the account")
can_elevate_itself.passes(Principal.given(way_to_everything=Escalation()))
can_elevate_itself.fails(Principal.given(way_to_everything=Escalation((STEP,))))
can_elevate_itself.fails(
    Principal.given(way_to_everything=Escalation((Hop("Take on the role", "admin", None, ("with MFA",)), STEP)))
)
can_elevate_itself.unknown(Principal.given(way_to_everything=Escalation(UNDECIDED)))
can_elevate_itself.unknown(Principal.given(way_to_everything=Unread.denied("iam:GetAccountAuthorizationDetails")))
