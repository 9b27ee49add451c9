"""IAM: service accounts and the keys that customers keep of them.

https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from providers.gcp.documents import bindings
from providers.gcp.identities import GcpIdentity, powers
from providers.gcp.policy.language.policies import Node
from providers.gcp.policy.language.request import Resource as Asked
from providers.gcp.project import GcpProject
from providers.gcp.reach import NOT_FOUND, above_or_not, allow_policy, known, named_in, policy_access
from providers.gcp.rest import GONE, gcp
from providers.gcp.roles import GcpPredefinedRole, role_uids
from scanner.access import Access, Escalation, Powers
from scanner.facts import Answer, Fact, Relation, UnreadFact, derived
from scanner.kinds import Credential
from scanner.model import Listing

ACCOUNTS: Final = gcp("iam.projects.serviceAccounts.list")
POLICY: Final = gcp("iam.projects.serviceAccounts.getIamPolicy", gone=GONE)
KEYS: Final = gcp("iam.projects.serviceAccounts.keys.list", gone=GONE)


class AccountKey(msgspec.Struct, frozen=True):
    """A key that somebody outside Google holds."""

    id: str
    made: datetime
    ends: datetime
    disabled: bool


def _keys(answer: Answer) -> tuple[AccountKey, ...]:
    """Keys that somebody outside holds; `disabled` is left out where it is false.

    https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys#ServiceAccountKey
    """
    return tuple(
        AccountKey(
            str(one["name"]).rpartition("/")[2],
            one["validAfterTime"],
            one["validBeforeTime"],
            one.get("disabled", False),
        )
        for one in answer["keys"]
        if one["keyType"] != "SYSTEM_MANAGED"
    )


class ServiceAccount(GcpIdentity, type_id="gcp.iam.service_account"):
    """A service account of the project: one that was made in it, or that Google made and left to the customer.

    Service agents, by which Google's services act in the project, are Google's and in no project's list.
    https://cloud.google.com/iam/docs/service-account-types
    """

    listed = Listing(uid="//iam.googleapis.com/{name}", name="{email}", call=ACCOUNTS)
    project = Relation[GcpProject]("The project that it lies in.").listed("{scope.uid}")
    address = GcpIdentity.address.listed(lambda item: item["email"])
    # Left out where it is false, as everywhere in Google's JSON.
    disabled = GcpIdentity.disabled.listed(lambda item: item.get("disabled", False))
    policy = GcpIdentity.policy.read(POLICY, bindings)
    named_roles = GcpIdentity.named_roles.read(POLICY, role_uids)
    customer_keys = Fact[tuple[AccountKey, ...]]("Keys of it that lie outside Google.").read(KEYS, _keys)

    @derived(reads=[customer_keys, disabled])
    def keys(self) -> tuple[Credential, ...]:
        """Its long-lived keys. One that is switched off or at its end, or whose account is off, lets nobody in."""
        return tuple(
            Credential(f"key {key.id}", not key.disabled and not self.disabled and key.ends > self.taken_at, key.made)
            for key in self.customer_keys
        )

    @derived(reads=[disabled, policy, named_roles / GcpPredefinedRole.held, project / GcpProject.above])
    def trust(self) -> Access:
        """Who outside the project may act as it. While it is disabled nobody can, whatever its policy says.

        https://cloud.google.com/iam/docs/service-accounts-disable-enable
        """
        if self.disabled:
            return Access.none()
        upper = named_in(above_or_not(lambda: self.project, self.scope.account), lambda: self.named_roles)
        own = Node(f"service account {self.name}", allow_policy(known(lambda: self.policy)))
        return policy_access(self, upper, "service-account", Asked("", described=False), own)

    @derived(reads=[address, project / GcpProject.everybody_above])
    def powers(self) -> Powers:
        """Whether it holds a basic role that allows everything, on its project or above."""
        project = self.project
        if project is None:
            raise UnreadFact(NOT_FOUND)
        return powers(self.address, project.everybody_above)

    @derived(reads=[project / GcpProject.escalations])
    def way_to_everything(self) -> Escalation:
        """How it gets to set its project's policy, by way of other accounts of the project where need be."""
        project = self.project
        if project is None:
            raise UnreadFact(NOT_FOUND)
        return project.escalations.of(self.uid)
