"""Roles that nobody takes on."""

from __future__ import annotations

from datetime import timedelta

from providers.aws.iam import IamRole
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.model import days_ago

LONGEST = timedelta(days=90)


@check("role-unused", severity="low", reads=[IamRole.last_used, IamRole.created])
def unused(role: IamRole) -> Reasons:
    """Roles that nobody took on for 90 days are removed.

    A forgotten role keeps its permissions and its trust. Whoever gets hold of one of the parties that it trusts can
    take it on, and nobody watches a role that does nothing.

    Fix: make sure that no yearly or emergency task needs it, write an exception for those that do, and delete the
    others. On AWS: `aws iam delete-role --role-name NAME`, after its policies; the last use is told for 400 days.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html
    """
    used = role.last_used
    idle = role.taken_at - (used or role.created)
    if idle > LONGEST:
        since = "it was last taken on" if used else "nobody is known to have taken it on since it was made"
        yield Reason(f"{since} {idle.days} days ago")


unused.passes(IamRole.given(last_used=None, created=days_ago(90)))
unused.passes(IamRole.given(last_used=days_ago(1), created=days_ago(900)))
unused.fails(IamRole.given(last_used=days_ago(200), created=days_ago(900)))
unused.fails(IamRole.given(last_used=None, created=days_ago(380)))
unused.unknown(IamRole.given(last_used=None, created=Unread.denied("iam:GetAccountAuthorizationDetails")))
