"""Projects in which databases can be put on the internet."""

from __future__ import annotations

from providers.gcp.project import GcpProject
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check(
    "guardrail-database-public-address-allowed", severity="low", reads=[GcpProject.database_public_addresses_refused]
)
def database_public_address_allowed(project: GcpProject) -> Reasons:
    """Databases cannot be given addresses on the internet.

    A database with an address on the internet is one rule or one flaw away from everybody. A policy that refuses
    the address holds for the databases of tomorrow, whoever makes them.

    Fix: enforce `sql.restrictPublicIp` on the organisation. On Google Cloud: `gcloud org-policies set-policy FILE`.
    Databases that have such an address keep it: `gcloud sql instances patch NAME --no-assign-ip`.

    References:
    https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints
    https://cloud.google.com/sql/docs/mysql/connection-org-policy
    """
    if not project.database_public_addresses_refused:
        yield Reason("no organization policy keeps databases from having addresses on the internet")


database_public_address_allowed.passes(GcpProject.given(database_public_addresses_refused=True))
database_public_address_allowed.fails(GcpProject.given(database_public_addresses_refused=False))
database_public_address_allowed.unknown(
    GcpProject.given(database_public_addresses_refused=Unread.denied("orgpolicy.policies.list"))
)
