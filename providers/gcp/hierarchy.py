"""What lies above a project: folders, the organization, and the deny policies of all of them.

A folder or organization is read where a scope of its own is scanned, and from each project below it, whose relations
tell its name.
https://cloud.google.com/resource-manager/docs/cloud-platform-resource-hierarchy
"""

from __future__ import annotations

from typing import Final

import msgspec

from providers.gcp.audit_configs import AuditConfig, audit_configs, reads_recorded
from providers.gcp.contacts import first_of, security_contacts
from providers.gcp.documents import Binding, CustomRole, DenyRule, bindings, custom_roles, deny_rules
from providers.gcp.grants import Held, Whose, grants
from providers.gcp.guardrails import SetPolicy, set_policies
from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.roles import role_book
from providers.gcp.reach import domain_gap, known, named_of, owner_in, policy_of, written_roles
from providers.gcp.rest import GONE, gcp
from providers.gcp.roles import GcpPredefinedRole, learnt, role_uids
from scanner.facts import Answer, Fact, Relation, Relations, Unread, UnreadFact, derived
from scanner.kinds import Account, Grants
from scanner.model import Listing, Resource

_UID: Final = "//cloudresourcemanager.googleapis.com/{scope.account}"
PROJECT_DENIES: Final = gcp("iam.policies.listPolicies", fill={"node": "projects%2F{scope.account}"})
_FOLDER_DENIES: Final = gcp("iam.policies.listPolicies", fill={"node": "folders%2F{it.id}"})
_ORGANIZATION_DENIES: Final = gcp("iam.policies.listPolicies", fill={"node": "organizations%2F{it.id}"})
_DENY_POLICY: Final = gcp("iam.policies.get", gone=GONE)
_FOLDER_POLICY: Final = gcp("cloudresourcemanager.folders.getIamPolicy")
_ORGANIZATION: Final = gcp("cloudresourcemanager.organizations.get")
_ORGANIZATION_PROJECTS: Final = gcp("cloudresourcemanager.projects.list")
_ORGANIZATION_POLICY: Final = gcp("cloudresourcemanager.organizations.getIamPolicy")
ORGANIZATION_ROLES: Final = gcp("iam.organizations.roles.list")
_ORGANIZATION_SET_POLICIES: Final = gcp("orgpolicy.organizations.policies.list")
_ORGANIZATION_CONTACTS: Final = gcp("essentialcontacts.organizations.contacts.list")
_FOLDER: Final = gcp("cloudresourcemanager.folders.get")
_FOLDER_SET_POLICIES: Final = gcp("orgpolicy.folders.policies.list")
_FOLDER_CONTACTS: Final = gcp("essentialcontacts.folders.contacts.list")
_UNSEEN: Final = Unread("not-yet-known", detail="the organization is not read from a folder in a folder")
_FURTHER_UP: Final = Unread("not-yet-known", detail="what is set above a folder in a folder is not read from there")


def deny_policy_uids(answer: Answer) -> tuple[str, ...]:
    """The deny policies that are attached to a node."""
    return tuple(f"//iam.googleapis.com/{policy['name']}" for policy in answer["policies"])


def _domain(answer: Answer) -> str:
    """The organization's primary domain, which Google keeps as its display name.

    https://cloud.google.com/resource-manager/reference/rest/v3/organizations#Organization
    """
    return str(answer["displayName"]).lower()


def _organization_above(answer: Answer) -> str | None:
    # https://cloud.google.com/resource-manager/reference/rest/v3/folders#Folder
    parent = str(answer["parent"])
    return f"//cloudresourcemanager.googleapis.com/{parent}" if parent.startswith("organizations/") else None


class OwnProjects(msgspec.Struct, frozen=True):
    """Projects of an organization; one long text, as there is one copy for each project that is scanned."""

    names: str = ""
    """Ids and numbers of all, between blanks, deleted ones that could be restored included."""
    missing: tuple[Unread, ...] = ()
    """Why there may be more; where nothing is told, there are no others."""


def _own_projects(answer: Answer) -> OwnProjects:
    names = [f"{one['projectId']} {str(one['name']).removeprefix('projects/')}" for one in answer["projects"]]
    return OwnProjects(" ".join(names), tuple(msgspec.convert(answer["unread"], list[Unread])))


class GcpDenyPolicy(Resource, kind="deny-policy", type_id="gcp.iam.deny_policy"):
    """An IAM deny policy."""

    listed = Listing(uid="//iam.googleapis.com/{name}", name="{name}", call=PROJECT_DENIES)
    rules = Fact[tuple[DenyRule, ...]]("Who loses which permissions.").read(_DENY_POLICY, deny_rules)


class GcpOrganization(Account, kind="organization", type_id="gcp.resourcemanager.organization"):
    """The organization that everything else lies in."""

    listed = Listing(uid=_UID, name="{scope.account}", level="organization")
    domain = Fact[str]("Its primary domain.").read(_ORGANIZATION, _domain)
    customer = Fact[str | None]("Id of its Google Workspace or Cloud Identity account.").read(
        _ORGANIZATION, lambda a: a.get("directoryCustomerId")
    )
    projects = Fact[OwnProjects]("Which projects lie in it, in whatever folder.").read(
        _ORGANIZATION_PROJECTS, _own_projects
    )
    allow_policy = Fact[tuple[Binding, ...]]("Who holds which role on it and all below it.").read(
        _ORGANIZATION_POLICY, bindings
    )
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.").read(
        _ORGANIZATION_POLICY, role_uids
    )
    audit_configs = Fact[tuple[AuditConfig, ...]]("Which reads of data it has recorded, and all below it.").read(
        _ORGANIZATION_POLICY, audit_configs
    )
    deny_policies = Relations[GcpDenyPolicy]("Deny policies attached to it.").read(
        _ORGANIZATION_DENIES, deny_policy_uids
    )
    custom_roles = Fact[tuple[CustomRole, ...]]("Roles that were written for it and all below it.").read(
        ORGANIZATION_ROLES, custom_roles
    )
    own_contacts = Fact[tuple[str, ...]]("Whom Google tells about security events in it and below.").read(
        _ORGANIZATION_CONTACTS, security_contacts
    )
    set_policies = Fact[tuple[SetPolicy, ...]]("Organization policies set on it.").read(
        _ORGANIZATION_SET_POLICIES, set_policies
    )

    @derived(reads=[allow_policy, named_roles / GcpPredefinedRole.held, custom_roles, domain, customer, projects])
    def grants(self) -> Grants:
        """Roles that are held on the whole organization, and so on all below it."""
        whose = Whose(owner_in(self, Owner(self.name)), domain_gap(self))
        held, unread = written_roles(self)
        told = learnt(named_of(self))
        return grants((Held(policy_of(self)),), whose, role_book(held, told.roles), (*unread, *told.unread))

    @derived(reads=[own_contacts])
    def security_contact(self) -> str | None:
        """Whom Google tells about security events, beside administrators."""
        return first_of((lambda: self.own_contacts,))

    @derived(reads=[audit_configs])
    def reads_recorded(self) -> bool:
        """Reads of data, too, are recorded by every service, for everybody."""
        return reads_recorded((self.audit_configs,))


class GcpFolder(Account, kind="folder", type_id="gcp.resourcemanager.folder"):
    """A folder of an organization. What is granted above it is judged where it was granted."""

    listed = Listing(uid=_UID, name="{scope.account}", level="folder")
    # Of a folder in a folder nothing tells the organization: whose its members are is then not known.
    organization = Relation[GcpOrganization]("The organization, where the folder lies directly in it.").read(
        _FOLDER, _organization_above
    )
    allow_policy = Fact[tuple[Binding, ...]]("Who holds which role on it and all below it.").read(
        _FOLDER_POLICY, bindings
    )
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.").read(_FOLDER_POLICY, role_uids)
    audit_configs = Fact[tuple[AuditConfig, ...]]("Which reads of data it has recorded, and all below it.").read(
        _FOLDER_POLICY, audit_configs
    )
    deny_policies = Relations[GcpDenyPolicy]("Deny policies attached to it.").read(_FOLDER_DENIES, deny_policy_uids)
    own_contacts = Fact[tuple[str, ...]]("Whom Google tells about security events in it and below.").read(
        _FOLDER_CONTACTS, security_contacts
    )
    set_policies = Fact[tuple[SetPolicy, ...]]("Organization policies set on it.").read(
        _FOLDER_SET_POLICIES, set_policies
    )

    @derived(
        reads=[
            allow_policy,
            named_roles / GcpPredefinedRole.held,
            organization / GcpOrganization.custom_roles,
            organization / GcpOrganization.domain,
            organization / GcpOrganization.customer,
            organization / GcpOrganization.projects,
        ]
    )
    def grants(self) -> Grants:
        """Roles that are given on the whole folder."""
        organization = known(lambda: self.organization)
        above = _UNSEEN if organization is None else organization
        whose = Whose(owner_in(above, Owner(self.name)), domain_gap(above))
        held, unread = written_roles(above)
        told = learnt(named_of(self))
        return grants((Held(policy_of(self)),), whose, role_book(held, told.roles), (*unread, *told.unread))

    @derived(reads=[own_contacts, organization / GcpOrganization.own_contacts])
    def security_contact(self) -> str | None:
        """Whom Google tells about security events, beside administrators; contacts of all above are told, too."""

        def above() -> tuple[str, ...]:
            organization = self.organization
            if organization is None:
                raise UnreadFact(_FURTHER_UP)
            return organization.own_contacts

        return first_of((lambda: self.own_contacts, above))

    @derived(reads=[audit_configs, organization / GcpOrganization.audit_configs])
    def reads_recorded(self) -> bool:
        """Reads of data, too, are recorded by every service, for everybody. What is set above holds here as well."""
        organization = self.organization
        if organization is None:
            raise UnreadFact(_FURTHER_UP)
        return reads_recorded((self.audit_configs, organization.audit_configs))
