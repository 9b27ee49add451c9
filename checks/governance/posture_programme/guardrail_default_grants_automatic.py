"""Projects whose ready-made accounts may edit everything from their first day."""

from __future__ import annotations

from providers.gcp.project import GcpProject
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("guardrail-default-grants-automatic", severity="medium", reads=[GcpProject.default_grants_refused])
def default_grants_automatic(project: GcpProject) -> Reasons:
    """Accounts that Google makes for a service get no broad role by themselves.

    When Compute Engine or App Engine is switched on, Google makes an account for it and makes it editor of the
    project. Every machine that nobody gave an account of its own then may change nearly everything.

    Fix: enforce `iam.automaticIamGrantsForDefaultServiceAccounts`, or
    `iam.managed.preventPrivilegedBasicRolesForDefaultServiceAccounts`, on the organisation. On Google Cloud: `gcloud
    org-policies set-policy FILE`. Grants that were made before stay: take those away, too.

    References:
    https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
    https://cloud.google.com/iam/docs/service-account-types#default
    """
    if not project.default_grants_refused:
        yield Reason("no organization policy keeps ready-made accounts from becoming editors")


default_grants_automatic.passes(GcpProject.given(default_grants_refused=True))
default_grants_automatic.fails(GcpProject.given(default_grants_refused=False))
default_grants_automatic.unknown(GcpProject.given(default_grants_refused=Unread.denied("orgpolicy.policies.list")))
