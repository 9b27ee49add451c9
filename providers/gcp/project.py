"""The project as a resource, with what holds for all that lies in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from providers.gcp.alerts import AlertPolicy, LogMetric, alert_policies, alerted, log_metrics, working_channels
from providers.gcp.audit_configs import AuditConfig, audit_configs, reads_recorded
from providers.gcp.contacts import first_of, security_contacts
from providers.gcp.documents import Binding, CustomRole, bindings, custom_roles
from providers.gcp.grants import Held, Whose, grants
from providers.gcp.guardrails import SetPolicy, in_force, set_policies
from providers.gcp.hierarchy import (
    PROJECT_DENIES,
    GcpDenyPolicy,
    GcpFolder,
    GcpOrganization,
    deny_policy_uids,
)
from providers.gcp.identities import GcpIdentity, ways
from providers.gcp.labels import DOC, labels_of
from providers.gcp.policy.language.reading_storage import enforced
from providers.gcp.policy.language.roles import role_book
from providers.gcp.reach import (
    Above,
    above,
    domain_gap,
    known,
    named_of,
    owner_in,
    owner_of,
    policy_of,
    strangers,
    written_roles,
)
from providers.gcp.rest import gcp
from providers.gcp.roles import GcpPredefinedRole, learnt, role_uids
from scanner.access import Escalations
from scanner.facts import Answer, Fact, Relation, Relations, Unread, derived, every
from scanner.kinds import Account, Grants
from scanner.kinds.account import Change
from scanner.model import Listing

PROJECT: Final = gcp("cloudresourcemanager.projects.get")
ANCESTRY: Final = gcp("cloudresourcemanager.projects.getAncestry")
POLICY: Final = gcp("cloudresourcemanager.projects.getIamPolicy")
ROLES: Final = gcp("iam.projects.roles.list")
METRICS: Final = gcp("logging.projects.metrics.list")
ALERTS: Final = gcp("monitoring.projects.alertPolicies.list")
CHANNELS: Final = gcp("monitoring.projects.notificationChannels.list")
SET_POLICIES: Final = gcp("orgpolicy.projects.policies.list")
CONTACTS: Final = gcp("essentialcontacts.projects.contacts.list")
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
    tags = Fact[Mapping[str, str]](DOC).read(PROJECT, labels_of)
    folders = Relations[GcpFolder]("The folders that it lies in, the highest first.").read(
        ANCESTRY, lambda a: _ancestors(a, "folder")
    )
    organization = Relation[GcpOrganization]("The organization that it lies in.").read(
        ANCESTRY, lambda a: next(iter(_ancestors(a, "organization")), None)
    )
    allow_policy = Fact[tuple[Binding, ...]]("Who holds which role on it and all that is in it.").read(POLICY, bindings)
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.").read(POLICY, role_uids)
    audit_configs = Fact[tuple[AuditConfig, ...]]("Which reads of data it has recorded.").read(POLICY, audit_configs)
    own_contacts = Fact[tuple[str, ...]]("Whom Google tells about security events in it.").read(
        CONTACTS, security_contacts
    )
    log_metrics = Fact[tuple[LogMetric, ...]]("Metrics that count entries of its log.").read(METRICS, log_metrics)
    alert_policies = Fact[tuple[AlertPolicy, ...]]("Alerts, and whom they tell.").read(ALERTS, alert_policies)
    working_channels = Fact[tuple[str, ...]]("Channels by which alerts reach somebody.").read(
        CHANNELS, working_channels
    )
    set_policies = Fact[tuple[SetPolicy, ...]]("Organization policies set on it.").read(SET_POLICIES, set_policies)
    deny_policies = Relations[GcpDenyPolicy]("Deny policies attached to it.").read(PROJECT_DENIES, deny_policy_uids)
    custom_roles = Fact[tuple[CustomRole, ...]]("Roles that were written for it.").read(ROLES, custom_roles)
    buckets_kept_private = Fact[bool | None](
        "An organization policy keeps all its buckets from the public; nothing where that depends on tags."
    ).read(PREVENTION, lambda a: enforced(a["spec"]))

    @derived(
        reads=[
            number,
            allow_policy,
            named_roles / GcpPredefinedRole.held,
            custom_roles,
            deny_policies / GcpDenyPolicy.rules,
            folders / GcpFolder.allow_policy,
            folders / GcpFolder.named_roles / GcpPredefinedRole.held,
            folders / GcpFolder.deny_policies / GcpDenyPolicy.rules,
            organization / GcpOrganization.allow_policy,
            organization / GcpOrganization.named_roles / GcpPredefinedRole.held,
            organization / GcpOrganization.deny_policies / GcpDenyPolicy.rules,
            organization / GcpOrganization.custom_roles,
            organization / GcpOrganization.domain,
            organization / GcpOrganization.customer,
            organization / GcpOrganization.projects,
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
        reads=[
            everybody_above,
            every(GcpIdentity, GcpIdentity.address, GcpIdentity.disabled, GcpIdentity.policy, GcpIdentity.learnt),
        ],
        once=True,
    )
    def escalations(self) -> Escalations:
        """Ways by which service accounts of the project get to rule it."""
        return ways(self.every(GcpIdentity), self.everybody_above, self.taken_at)

    @derived(
        reads=[
            number,
            allow_policy,
            named_roles / GcpPredefinedRole.held,
            custom_roles,
            folders / GcpFolder.allow_policy,
            folders / GcpFolder.named_roles / GcpPredefinedRole.held,
            organization / GcpOrganization.allow_policy,
            organization / GcpOrganization.named_roles / GcpPredefinedRole.held,
            organization / GcpOrganization.custom_roles,
            organization / GcpOrganization.domain,
            organization / GcpOrganization.customer,
            organization / GcpOrganization.projects,
        ]
    )
    def grants(self) -> Grants:
        """Roles that are held on the whole project: given on it, on a folder above it, or on the organization."""
        organization, folders = known(lambda: self.organization), known(lambda: self.folders)
        heights: list[GcpFolder | GcpOrganization] = [] if isinstance(folders, Unread) else [*folders]
        heights += [] if organization is None or isinstance(organization, Unread) else [organization]
        levels = [Held(policy_of(self)), *(Held(policy_of(one), inherited=True) for one in heights)]
        levels += [Held(gap, inherited=True) for gap in (folders, organization) if isinstance(gap, Unread)]
        told = learnt(role for one in (self, *heights) for role in named_of(one))
        number = known(lambda: self.number)
        whose = Whose(
            owner_in(organization, owner_of(self.name, number)),
            domain_gap(organization),
            number if isinstance(number, Unread) else None,
        )
        held, unread = written_roles(organization, self)
        return grants(levels, whose, role_book(held, told.roles), (*unread, *told.unread))

    @derived(reads=[own_contacts, folders / GcpFolder.own_contacts, organization / GcpOrganization.own_contacts])
    def security_contact(self) -> str | None:
        """Whom Google tells about security events, beside its owners; contacts of all above it are told, too."""

        def of_folders() -> tuple[str, ...]:
            return tuple(contact for folder in reversed(self.folders) for contact in folder.own_contacts)

        def of_organization() -> tuple[str, ...]:
            organization = self.organization
            return () if organization is None else organization.own_contacts

        return first_of((lambda: self.own_contacts, of_folders, of_organization))

    @derived(reads=[audit_configs, folders / GcpFolder.audit_configs, organization / GcpOrganization.audit_configs])
    def reads_recorded(self) -> bool:
        """Reads of data, too, are recorded by every service, for everybody. What is set above it holds here as well."""
        heights = [self.audit_configs, *(folder.audit_configs for folder in self.folders)]
        organization = self.organization
        return reads_recorded(heights if organization is None else [*heights, organization.audit_configs])

    @derived(reads=[alert_policies, working_channels, log_metrics])
    def alerted(self) -> tuple[Change, ...]:
        """Changes that an alert of the project tells somebody of. Alerts of other projects on its log are not seen."""
        return alerted(self.name, self.log_metrics, self.alert_policies, self.working_channels)

    _DECIDE = (set_policies, folders / GcpFolder.set_policies, organization / GcpOrganization.set_policies)

    @derived(reads=_DECIDE)
    def service_account_keys_refused(self) -> bool:
        """No keys of service accounts can be made."""
        return in_force("service-account-keys", lambda: _policies(self))

    @derived(reads=_DECIDE)
    def default_grants_refused(self) -> bool:
        """The accounts that Google makes for services get no broad role of their own."""
        return in_force("default-grants", lambda: _policies(self))

    @derived(reads=_DECIDE)
    def database_public_addresses_refused(self) -> bool:
        """Databases cannot be given addresses on the internet."""
        return in_force("database-public-address", lambda: _policies(self))

    @derived(reads=_DECIDE)
    def os_login_required(self) -> bool:
        """Logins to machines go by identities of the directory."""
        return in_force("os-login", lambda: _policies(self))

    @derived(reads=_DECIDE)
    def outside_members_refused(self) -> bool:
        """Roles can be given to members of chosen organizations alone."""
        return in_force("outside-members", lambda: _policies(self))


def _policies(project: GcpProject) -> Iterator[SetPolicy]:
    """Organization policies set on it, on the folders above it, and on the organization, read as they are asked for."""
    yield from project.set_policies
    for folder in reversed(project.folders):
        yield from folder.set_policies
    organization = project.organization
    if organization is not None:
        yield from organization.set_policies
