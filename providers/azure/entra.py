"""Microsoft Entra: the directory of a tenant, its users, and the applications that are registered in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from providers.azure.conditional_access import POLICIES, SecondFactorPolicy, second_factor_policies
from providers.azure.directory import USERS, DirectoryPrincipal, uid_of
from providers.azure.gaps import untold
from providers.azure.graph import graph
from scanner.facts import Answer, Fact, Relation, Relations, derived
from scanner.kinds import Account, Credential, ServiceIdentity, User
from scanner.model import Listing

GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
"""https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference#global-administrator"""
ADMINISTRATORS = graph(
    "roleManagement/directory/roleAssignments",
    "RoleManagement.Read.Directory",
    query=f"$filter=roleDefinitionId eq '{GLOBAL_ADMINISTRATOR}'",
)
"""Those who hold it now; who may activate it is not among them."""
AUTHORIZATION = graph("policies/authorizationPolicy", "Policy.Read.All", one=True)
SECURITY_DEFAULTS = graph("policies/identitySecurityDefaultsEnforcementPolicy", "Policy.Read.All", one=True)
DOMAINS = graph("domains", "Domain.Read.All")
REGISTRATIONS = graph("reports/authenticationMethods/userRegistrationDetails", "AuditLog.Read.All")
"""Needs Microsoft Entra ID P1; it leaves out users who are disabled.

https://learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails
"""
APPLICATIONS = graph(
    "applications",
    "Application.Read.All",
    query="$select=id,displayName,createdDateTime,passwordCredentials,keyCredentials&$top=999",
)
GUEST_ROLES: Final[Mapping[str, str]] = {
    "a0b1b346-4d3e-4e8b-98f8-753987be4970": "user",
    "10dae51f-b6af-4016-8d66-8c2a99b929b3": "guest",
    "2af84b1e-32c8-42b7-82bc-daa82404023b": "restricted guest",
}
"""https://learn.microsoft.com/graph/api/resources/authorizationpolicy"""
EXTERNAL: Final = "#ext#@"
"""What names of users have who sign in at home, elsewhere.

https://learn.microsoft.com/entra/external-id/user-properties#user-principal-name
"""


def _federated(answer: Answer) -> tuple[str, ...]:
    return tuple(one["id"].lower() for one in answer["value"] if one["authenticationType"] == "Federated")


class EntraTenant(Account, type_id="azure.entra.tenant"):
    """A tenant's directory, with the settings that hold for everybody in it."""

    listed = Listing(uid="{scope.uid}", name="{scope.account}", level="tenant")
    administering = Relations[DirectoryPrincipal]("Those who hold the role Global Administrator.").read(
        ADMINISTRATORS, lambda a: tuple(dict.fromkeys(uid_of(one["principalId"]) for one in a["value"]))
    )
    guest_role = Fact[str]("What guests may see: what a user sees, what a guest does, or a restricted guest.").read(
        AUTHORIZATION, lambda a: GUEST_ROLES[a["guestUserRoleId"].lower()]
    )
    invitations = Fact[str]("Who may invite guests, in Microsoft's words, such as `everyone`.").read(
        AUTHORIZATION, lambda a: a["allowInvitesFrom"]
    )
    security_defaults = Fact[bool]("Microsoft's own minimum of rules for signing in is on.").read(
        SECURITY_DEFAULTS, lambda a: a["isEnabled"]
    )
    federated_domains = Fact[tuple[str, ...]]("Domains whose users sign in at another identity provider.").read(
        DOMAINS, _federated
    )
    second_factor_policies = Fact[tuple[SecondFactorPolicy, ...]](
        "Policies of conditional access that ask for a second factor at every sign-in."
    ).read(POLICIES, second_factor_policies)

    @derived(
        reads=[
            administering / DirectoryPrincipal.user,
            administering / DirectoryPrincipal.group,
            administering / DirectoryPrincipal.program,
        ]
    )
    def administrators(self) -> tuple[str, ...]:
        """Those who hold the role Global Administrator, by name where the directory tells it, else by id."""
        return tuple(sorted(one.shown() for one in self.administering))


class EntraUser(User, type_id="azure.entra.user"):
    """A user of the directory: a member, or a guest."""

    listed = Listing(uid="{scope.uid}/users/{id}", name="{userPrincipalName}", call=USERS, level="tenant")
    tenant = Relation[EntraTenant]("The directory that it is in.").listed("{scope.uid}")
    principal_name = Fact[str]("The name that it signs in with.").listed("{userPrincipalName}")
    enabled = Fact[bool]("It may sign in.").listed(lambda item: item["accountEnabled"])
    registered = Fact[bool]("It has registered a second factor.").from_bulk(
        REGISTRATIONS, row_key="id", key="{it.id}", take=lambda row: row["isMfaRegistered"]
    )

    @derived(reads=[enabled, principal_name, tenant / EntraTenant.federated_domains])
    def password(self) -> bool:
        """It can sign in with a password that the directory keeps: not at home elsewhere, and not by federation.

        https://learn.microsoft.com/entra/identity/hybrid/connect/whatis-fed
        """
        if not self.enabled or EXTERNAL in self.principal_name.lower():
            return False
        tenant = self.tenant
        return tenant is None or self.principal_name.lower().rpartition("@")[2] not in tenant.federated_domains

    @derived(reads=[registered, tenant / EntraTenant.security_defaults, tenant / EntraTenant.second_factor_policies])
    def mfa(self) -> bool:
        """It has a second factor, and is asked for it: by the security defaults or by conditional access."""
        if not self.registered:
            return False
        tenant = self.tenant
        asked = tenant is not None and (
            tenant.security_defaults or any(one.asks(self.identity.id) for one in tenant.second_factor_policies)
        )
        if not asked:
            untold("a second factor is registered; no policy that asks for it at every sign-in is found")
        return True


class Secret(msgspec.Struct, frozen=True):
    """A secret or certificate of an application, never its value."""

    label: str
    start: datetime | None
    end: datetime | None


def _secrets(item: Answer) -> tuple[Secret, ...]:
    # Certificates of usage `Sign` sign tokens for others; those of `Verify` prove who the application is.
    # https://learn.microsoft.com/graph/api/resources/keycredential
    certificates = [one for one in item["keyCredentials"] if one["usage"] == "Verify"]
    return (
        *(_secret("secret", one) for one in item["passwordCredentials"]),
        *(_secret("certificate", one) for one in certificates),
    )


def _secret(word: str, item: Mapping[str, Any]) -> Secret:
    return Secret(f"{word} {item.get('displayName') or item['keyId']}", item["startDateTime"], item["endDateTime"])


class EntraApplication(ServiceIdentity, type_id="azure.entra.application"):
    """An application that is registered in the directory; its secrets sign in as it wherever it is used."""

    listed = Listing(uid="{scope.uid}/applications/{id}", name="{displayName}", call=APPLICATIONS, level="tenant")
    created = ServiceIdentity.created.listed(lambda item: item["createdDateTime"])
    secrets = Fact[tuple[Secret, ...]]("Its secrets and certificates.").listed(_secrets)

    @derived(reads=[secrets])
    def keys(self) -> tuple[Credential, ...]:
        """Its secrets and certificates; one that has ended is not active."""
        return tuple(self._key(one) for one in self.secrets)

    def _key(self, secret: Secret) -> Credential:
        active = secret.end is None or secret.end > self.taken_at
        if active and secret.start is None:
            untold(f"when {secret.label} was made is not told")
        return Credential(secret.label, active, secret.start)
