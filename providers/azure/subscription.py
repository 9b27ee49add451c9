"""The subscription itself: settings that hold for all of it."""

from __future__ import annotations

from collections.abc import Mapping

from providers.azure.alerts import (
    ACTION_GROUPS,
    ALERTS,
    OPERATIONS,
    ActionGroup,
    AlertRule,
    Told,
    action_groups,
    alert_rules,
)
from providers.azure.authorization import RoleScope
from providers.azure.calls import SUBSCRIPTIONS
from providers.azure.compute import VirtualMachine
from providers.azure.contacts import CONTACTS, security_contact
from providers.azure.directory import DirectoryPrincipal
from providers.azure.elevation import ways
from providers.azure.gaps import known, untold
from providers.azure.grants import RolesHeld
from providers.azure.holders import Whose, name_of, whose
from providers.azure.identity import UserAssignedIdentity
from providers.azure.policy.model.roles import Assignment
from providers.azure.tags import DOC, tags_of
from scanner.access import Escalations
from scanner.facts import Fact, Unread, derived, every
from scanner.kinds import Account, Grant, Grants
from scanner.kinds.account import Change
from scanner.model import Listing


class AzureSubscription(RoleScope, type_id="azure.resources.subscription"):
    """An Azure subscription."""

    listed = Listing(uid="{scope.uid}", name="{scope.name}")
    tenant = Fact[str | None]("Id of the tenant whose directory it trusts, where it is visible.").from_bulk(
        SUBSCRIPTIONS,
        row_key="subscriptionId",
        key="{scope.account}",
        take=lambda row: row["tenantId"].lower(),
        missing=None,
    )
    tags = Fact[Mapping[str, str]](DOC).from_bulk(
        SUBSCRIPTIONS, row_key="subscriptionId", key="{scope.account}", take=tags_of
    )
    security_contact = Account.security_contact.read(CONTACTS, security_contact, absent=None)
    alert_rules = Fact[tuple[AlertRule, ...]]("Alerts on its activity log that are on.").read(
        ALERTS, alert_rules, absent=()
    )
    action_groups = Fact[tuple[ActionGroup, ...]]("Whom its alerts tell.").read(ACTION_GROUPS, action_groups, absent=())

    @derived(
        reads=[
            RoleScope.wide_assignments,
            RoleScope.definitions,
            RoleScope.delegations,
            RoleScope.holders / DirectoryPrincipal.user,
            RoleScope.holders / DirectoryPrincipal.group,
            RoleScope.holders / DirectoryPrincipal.program,
            tenant,
            every(UserAssignedIdentity, UserAssignedIdentity.principal),
        ]
    )
    def grants(self) -> Grants:
        """Roles that are held on all of it, also those given above it, and those that other tenants hold.

        A group is taken for one's own, whoever is in it; a deleted holder is nobody else.
        """
        identities = known(lambda: [identity.principal for identity in self.every(UserAssignedIdentity)])
        # Where they are not all known, the directory tells whose a program is.
        own = frozenset(() if isinstance(identities, Unread) else identities)
        tenant = known(lambda: self.tenant)
        roles = RolesHeld(self.uid, known(lambda: self.definitions))

        def assigned() -> tuple[Grant, ...]:
            holders = {holder.name: holder for holder in self.holders}

            def holder(one: Assignment) -> tuple[str, Whose]:
                principal = holders[one.principal]
                return name_of(one.principal_kind, principal), whose(one.principal_kind, principal, own, tenant)

            return tuple(roles.assigned(self.wide_assignments, holder))

        told = (known(assigned), known(lambda: tuple(roles.delegated(self.delegations))))
        held = tuple(grant for part in told if not isinstance(part, Unread) for grant in part)
        return Grants(held, tuple(part for part in told if isinstance(part, Unread)))

    @derived(reads=[alert_rules, action_groups])
    def alerted(self) -> tuple[Change, ...]:
        """Changes of which alerts on its activity log tell somebody."""
        told = Told(self.uid, self.alert_rules)
        return tuple(change for change in OPERATIONS if all(self._reaches(rules) for rules in told.by(change)))

    def _reaches(self, rules: tuple[AlertRule, ...]) -> bool:
        """Whether one of the rules tells somebody. Action groups matter only where there is such a rule."""
        if not rules:
            return False
        groups = {group.uid: group.tells for group in self.action_groups}
        elsewhere = []
        for uid in (uid for rule in rules for uid in rule.groups):
            if groups.get(uid):
                return True
            elsewhere += [uid] if not uid.startswith(f"{self.uid}/") else []
        if elsewhere:
            untold(f"whether {elsewhere[0]}, in another subscription, tells anybody is not read")
        return False

    @derived(
        reads=[
            RoleScope.assignments,
            RoleScope.definitions,
            RoleScope.groups,
            every(UserAssignedIdentity, UserAssignedIdentity.principal),
            every(VirtualMachine, VirtualMachine.identities),
        ],
        once=True,
    )
    def escalations(self) -> Escalations:
        """Ways by which managed identities that do not hold everything get to it."""
        machines = {machine.uid: machine.identities for machine in self.every(VirtualMachine)}
        identities = {identity.uid: identity.principal for identity in self.every(UserAssignedIdentity)}
        return ways(self.uid, self.assignments, self.definitions, identities, machines, self.groups)
