"""What lies above a project: folders, the organization, and the deny policies of all of them.

A folder or organization is read where a scope of its own is scanned, and from each project below it, whose relations
tell its name.
https://cloud.google.com/resource-manager/docs/cloud-platform-resource-hierarchy
"""

from __future__ import annotations

from typing import Final

from providers.gcp.documents import Binding, CustomRole, DenyRule, bindings, custom_roles, deny_rules
from providers.gcp.rest import GONE, gcp
from scanner.facts import Answer, Fact, Relations
from scanner.model import Listing, Resource

_UID: Final = "//cloudresourcemanager.googleapis.com/{scope.account}"
PROJECT_DENIES: Final = gcp("iam.policies.listPolicies", fill={"node": "projects%2F{scope.account}"})
_FOLDER_DENIES: Final = gcp("iam.policies.listPolicies", fill={"node": "folders%2F{it.id}"})
_ORGANIZATION_DENIES: Final = gcp("iam.policies.listPolicies", fill={"node": "organizations%2F{it.id}"})
_DENY_POLICY: Final = gcp("iam.policies.get", gone=GONE)
_FOLDER_POLICY: Final = gcp("cloudresourcemanager.folders.getIamPolicy")
_ORGANIZATION: Final = gcp("cloudresourcemanager.organizations.get")
_ORGANIZATION_POLICY: Final = gcp("cloudresourcemanager.organizations.getIamPolicy")
_ORGANIZATION_ROLES: Final = gcp("iam.organizations.roles.list")


def deny_policy_uids(answer: Answer) -> tuple[str, ...]:
    """The deny policies that are attached to a node."""
    return tuple(f"//iam.googleapis.com/{policy['name']}" for policy in answer["policies"])


def _domain(answer: Answer) -> str:
    """The organization's primary domain, which Google keeps as its display name.

    https://cloud.google.com/resource-manager/reference/rest/v3/organizations#Organization
    """
    return str(answer["displayName"]).lower()


class GcpDenyPolicy(Resource, kind="deny-policy", type_id="gcp.iam.deny_policy"):
    """An IAM deny policy."""

    listed = Listing(uid="//iam.googleapis.com/{name}", name="{name}", call=PROJECT_DENIES)
    rules = Fact[tuple[DenyRule, ...]]("Who loses which permissions.").read(_DENY_POLICY, deny_rules)


class GcpFolder(Resource, kind="folder", type_id="gcp.resourcemanager.folder"):
    """A folder of an organization."""

    listed = Listing(uid=_UID, name="{scope.account}", level="folder")
    allow_policy = Fact[tuple[Binding, ...]]("Who holds which role on it and all below it.").read(
        _FOLDER_POLICY, bindings
    )
    deny_policies = Relations[GcpDenyPolicy]("Deny policies attached to it.").read(_FOLDER_DENIES, deny_policy_uids)


class GcpOrganization(Resource, kind="organization", type_id="gcp.resourcemanager.organization"):
    """The organization that everything else lies in."""

    listed = Listing(uid=_UID, name="{scope.account}", level="organization")
    domain = Fact[str]("Its primary domain.").read(_ORGANIZATION, _domain)
    customer = Fact[str | None]("Id of its Google Workspace or Cloud Identity account.").read(
        _ORGANIZATION, lambda a: a.get("directoryCustomerId")
    )
    allow_policy = Fact[tuple[Binding, ...]]("Who holds which role on it and all below it.").read(
        _ORGANIZATION_POLICY, bindings
    )
    deny_policies = Relations[GcpDenyPolicy]("Deny policies attached to it.").read(
        _ORGANIZATION_DENIES, deny_policy_uids
    )
    custom_roles = Fact[tuple[CustomRole, ...]]("Roles that were written for it and all below it.").read(
        _ORGANIZATION_ROLES, custom_roles
    )
