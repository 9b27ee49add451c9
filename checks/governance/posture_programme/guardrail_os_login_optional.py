"""Projects whose machines may keep logins of their own."""

from __future__ import annotations

from providers.gcp.project import GcpProject
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("guardrail-os-login-optional", severity="low", reads=[GcpProject.os_login_required])
def os_login_optional(project: GcpProject) -> Reasons:
    """Logins to machines go by identities of the directory.

    Without OS Login, whoever may write metadata puts in a key and is on the machine, and a key that was put in
    once stays when its owner leaves. With it, roles decide who logs in, and the directory ends a login with the
    person.

    Fix: enforce `compute.requireOsLogin`, or `compute.managed.requireOsLogin`, on the organisation. On Google Cloud:
    `gcloud org-policies set-policy FILE`.

    References:
    https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
    https://cloud.google.com/compute/docs/oslogin/manage-oslogin-in-an-org
    """
    if not project.os_login_required:
        yield Reason("no organization policy asks for OS Login")


os_login_optional.passes(GcpProject.given(os_login_required=True))
os_login_optional.fails(GcpProject.given(os_login_required=False))
os_login_optional.unknown(GcpProject.given(os_login_required=Unread.denied("orgpolicy.policies.list")))
