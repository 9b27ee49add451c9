"""Principals that can make themselves all-powerful."""

from __future__ import annotations

from scanner.access import Powers
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Principal


@check("principal-can-elevate-itself", severity="high", reads=[Principal.powers])
def can_elevate_itself(principal: Principal) -> Reasons:
    """Nobody can give itself more than it was given.

    The right to attach policies, to write them, or to pass a strong role to a machine of one's own is the right to
    everything, only two calls away. Such identities stand in no list of administrators and are guarded less well.

    Fix: take the grant that the reason names away, or limit it to resources that give no power: paths and prefixes of
    roles, a permissions boundary that new identities must carry. On AWS: `aws iam put-user-permissions-boundary
    --user-name NAME --permissions-boundary ARN`, or the same for a role.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    powers = principal.powers
    if not powers.all_powerful():
        for grant in powers.self_elevating():
            yield Reason(f"it can become all-powerful by {grant}")


UNDECIDED = Powers(escalation=Unread("denied", ("iam:GetAccountAuthorizationDetails",)))
can_elevate_itself.passes(Principal.given(powers=Powers()))
can_elevate_itself.passes(Principal.given(powers=Powers(everything=("admin",), escalation=("admin",))))
can_elevate_itself.fails(Principal.given(powers=Powers(escalation=("iam-helper",))))
can_elevate_itself.unknown(Principal.given(powers=UNDECIDED))
can_elevate_itself.unknown(Principal.given(powers=Unread.denied("iam:GetAccountAuthorizationDetails")))
