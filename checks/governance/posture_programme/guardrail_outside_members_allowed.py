"""Projects whose roles can be given to the whole world."""

from __future__ import annotations

from providers.gcp.project import GcpProject
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("guardrail-outside-members-allowed", severity="medium", reads=[GcpProject.outside_members_refused])
def outside_members_allowed(project: GcpProject) -> Reasons:
    """Roles can be given to members of chosen organisations alone.

    A grant to a private mailbox, to another company or to everybody takes one call by anybody who may set one
    policy. A restriction of members refuses it everywhere, by mistake or on purpose.

    Fix: set `iam.managed.allowedPolicyMembers`, or `iam.allowedPolicyMemberDomains` with the ids of your organisations,
    on the organisation. On Google Cloud: `gcloud org-policies set-policy FILE`. Grants that were made before stay: look
    for them.

    References:
    https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
    https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains
    """
    if not project.outside_members_refused:
        yield Reason("no organization policy restricts to whom roles can be given")


outside_members_allowed.passes(GcpProject.given(outside_members_refused=True))
outside_members_allowed.fails(GcpProject.given(outside_members_refused=False))
outside_members_allowed.unknown(GcpProject.given(outside_members_refused=Unread.denied("orgpolicy.policies.list")))
