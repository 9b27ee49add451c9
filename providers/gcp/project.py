"""The project as a resource, with what holds for all that lies in it."""

from __future__ import annotations

from typing import Any, Final

from providers.gcp.documents import Binding, CustomRole, bindings, custom_roles
from providers.gcp.hierarchy import (
    PROJECT_DENIES,
    GcpDenyPolicy,
    GcpFolder,
    GcpOrganization,
    deny_policy_uids,
)
from providers.gcp.identities import GcpIdentity, ways
from providers.gcp.policy.language.reading_storage import enforced
from providers.gcp.reach import Above, above, strangers
from providers.gcp.rest import gcp
from scanner.access import Escalations
from scanner.facts import Answer, Fact, Relation, Relations, derived, every
from scanner.kinds import Account
from scanner.model import Listing

PROJECT: Final = gcp("cloudresourcemanager.projects.get")
ANCESTRY: Final = gcp("cloudresourcemanager.projects.getAncestry")
POLICY: Final = gcp("cloudresourcemanager.projects.getIamPolicy")
ROLES: Final = gcp("iam.projects.roles.list")
PREVENTION: Final = gcp(
    "orgpolicy.projects.policies.getEffectivePolicy", fill={"constraint": "storage.publicAccessPrevention"}
)


def _number(answer: Answer) -> str:
    number = str(answer["name"]).removeprefix("projects/")
    if not number.isdigit():
        raise ValueError(f"{number!r} is no project number")
    return number


def _ancestors(answer: Answer, kind: str) -> tuple[str, ...]:
    """Ancestors of a kind, the highest first; the answer starts with the project itself.

    https://cloud.google.com/resource-manager/reference/rest/v1/projects/getAncestry
    """
    found: list[dict[str, Any]] = [one["resourceId"] for one in answer["ancestor"]]
    return tuple(
        f"//cloudresourcemanager.googleapis.com/{kind}s/{one['id']}" for one in reversed(found) if one["type"] == kind
    )


class GcpProject(Account, type_id="gcp.resourcemanager.project"):
    """A project."""

    listed = Listing(uid="{scope.uid}", name="{scope.account}")
    number = Fact[str]("Its number, which Google's own accounts for it are named by.").read(PROJECT, _number)
    folders = Relations[GcpFolder]("The folders that it lies in, the highest first.").read(
        ANCESTRY, lambda a: _ancestors(a, "folder")
    )
    organization = Relation[GcpOrganization]("The organization that it lies in.").read(
        ANCESTRY, lambda a: next(iter(_ancestors(a, "organization")), None)
    )
    allow_policy = Fact[tuple[Binding, ...]]("Who holds which role on it and all that is in it.").read(POLICY, bindings)
    deny_policies = Relations[GcpDenyPolicy]("Deny policies attached to it.").read(PROJECT_DENIES, deny_policy_uids)
    custom_roles = Fact[tuple[CustomRole, ...]]("Roles that were written for it.").read(ROLES, custom_roles)
    buckets_kept_private = Fact[bool | None](
        "An organization policy keeps all its buckets from the public; nothing where that depends on tags."
    ).read(PREVENTION, lambda a: enforced(a["spec"]))

    @derived(
        reads=[
            number,
            allow_policy,
            custom_roles,
            deny_policies / GcpDenyPolicy.rules,
            folders / GcpFolder.allow_policy,
            folders / GcpFolder.deny_policies / GcpDenyPolicy.rules,
            organization / GcpOrganization.allow_policy,
            organization / GcpOrganization.deny_policies / GcpDenyPolicy.rules,
            organization / GcpOrganization.custom_roles,
            organization / GcpOrganization.domain,
            organization / GcpOrganization.customer,
        ],
        once=True,
    )
    def everybody_above(self) -> Above:
        """What decides about everything in it: policies from the organization down, roles, and who the owner is."""
        return above(self)

    @derived(reads=[everybody_above], once=True)
    def above(self) -> Above:
        """The same without members that are the owner's own, for the question who comes from outside."""
        return strangers(self.everybody_above)

    @derived(
        reads=[everybody_above, every(GcpIdentity, GcpIdentity.address, GcpIdentity.disabled, GcpIdentity.policy)],
        once=True,
    )
    def escalations(self) -> Escalations:
        """Ways by which service accounts of the project get to rule it."""
        return ways(self.every(GcpIdentity), self.everybody_above, self.taken_at)
