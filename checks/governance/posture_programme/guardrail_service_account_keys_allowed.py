"""Projects in which anybody who may can make keys of service accounts."""

from __future__ import annotations

from providers.gcp.project import GcpProject
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("guardrail-service-account-keys-allowed", severity="medium", reads=[GcpProject.service_account_keys_refused])
def service_account_keys_allowed(project: GcpProject) -> Reasons:
    """Keys of service accounts cannot be made in the project.

    A key works from anywhere, for years, for whoever finds it. One policy for the whole organisation spares the
    search for them, and leaves exceptions where somebody signed for them.

    Fix: enforce the constraint on the organisation, best in its managed form, and lift it for single projects. On
    Google Cloud: `gcloud org-policies set-policy FILE`, where FILE names
    `organizations/ID/policies/iam.managed.disableServiceAccountKeyCreation` with a rule `enforce: true`.

    References:
    https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
    https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys
    """
    if not project.service_account_keys_refused:
        yield Reason("no organization policy keeps keys of service accounts from being made")


service_account_keys_allowed.passes(GcpProject.given(service_account_keys_refused=True))
service_account_keys_allowed.fails(GcpProject.given(service_account_keys_refused=False))
service_account_keys_allowed.unknown(
    GcpProject.given(service_account_keys_refused=Unread.denied("orgpolicy.policies.list"))
)
