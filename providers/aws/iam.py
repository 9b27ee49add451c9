"""IAM: users, groups, roles and managed policies, all from one bulk answer, and the credential report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from providers.aws.credential_report import CREDENTIAL_REPORT, keys, last_use, moment
from providers.aws.documents import Document
from providers.aws.event_history import history_of
from providers.aws.last_accessed import last_accessed, services
from providers.aws.organization import ORGANIZATION
from providers.aws.reach import by_grants, owner_of, powers_of, role_trust, unconditioned_parties
from providers.aws.reading_all import reads_any_bucket
from providers.aws.tags import DOC, by_name
from scanner.access import Access, Escalation, Powers, Witness
from scanner.facts import Answer, Call, Fact, Relation, Relations, derived
from scanner.kinds import Account, Group, Policy, Role, User
from scanner.model import Listing

ALL_OF_IAM = Call(
    "iam", "GetAccountAuthorizationDetails", {"MaxItems": 1000}, needs="iam:GetAccountAuthorizationDetails"
)
# The bulk answer tells tags of users and roles, and none of policies; groups have none.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
POLICY_TAGS = Call(
    "iam",
    "ListPolicyTags",
    {"PolicyArn": "{it.uid}", "MaxItems": 1000},
    "iam:ListPolicyTags",
    items="Tags",
    gone=("NoSuchEntity",),
)
USER_ARN = "{it.uid}"
ACCOUNT = "arn:{scope.partition}:account::{scope.account}:account"


def _text(document: str) -> str:
    # Documents are percent-encoded: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyDetail.html
    return unquote(document)


def _inline(entries: Sequence[dict[str, Any]]) -> tuple[Document, ...]:
    return tuple(Document(entry["PolicyName"], _text(entry["PolicyDocument"])) for entry in entries)


def _attached(item: Answer) -> tuple[str, ...]:
    return tuple(policy["PolicyArn"] for policy in item["AttachedManagedPolicies"])


def _boundary(item: Answer) -> str | None:
    boundary = item.get("PermissionsBoundary")
    return boundary["PermissionsBoundaryArn"] if boundary else None


def _name(item: Answer) -> str:
    """The name of a managed policy: what its ARN ends with, after its path."""
    return str(item["Arn"].rsplit("/", 1)[-1])


def _earlier_documents(item: Answer) -> tuple[Document, ...]:
    others = (version for version in item["PolicyVersionList"] if not version["IsDefaultVersion"])
    return tuple(Document(_name(item), _text(version["Document"])) for version in others)


def _default_document(item: Answer) -> Document:
    default = next(version for version in item["PolicyVersionList"] if version["IsDefaultVersion"])
    return Document(_name(item), _text(default["Document"]))


def _tags(item: Answer) -> dict[str, str]:
    return by_name(item.get("Tags", ()))


class ManagedPolicy(Policy, type_id="aws.iam.policy"):
    """A managed policy: the customer's own, or one of AWS that is attached to somebody."""

    listed = Listing(
        uid="{Arn}",
        name=_name,
        call=ALL_OF_IAM,
        items="Policies",
        provider_owned=lambda item: ":iam::aws:policy/" in item["Arn"],
    )
    last_change = history_of(
        "iam",
        "{it.uid}",
        type_="AWS::IAM::Policy",
        events=("CreatePolicy", "PolicyVersion", "TagPolicy", "UntagPolicy"),
    )
    tags = Fact[Mapping[str, str]](DOC).read(POLICY_TAGS, lambda a: by_name(a["Tags"]))
    document = Fact[Document]("The version in force.").listed(_default_document)
    earlier = Fact[tuple[Document, ...]]("Its other versions, which can be put in force again.").listed(
        _earlier_documents
    )
    attached_to = Fact[int]("How many users, groups and roles it is attached to.").listed(
        lambda item: item["AttachmentCount"]
    )

    @derived(reads=[document])
    def powers(self) -> Powers:
        """What it allows to whoever holds it, taken alone."""
        return powers_of([self.document], None, self.taken_at)


class IamGroup(Group, type_id="aws.iam.group"):
    """An IAM group."""

    listed = Listing(uid="{Arn}", name="{GroupName}", call=ALL_OF_IAM, items="GroupDetailList")
    last_change = history_of("iam", type_="AWS::IAM::Group")
    inline = Fact[tuple[Document, ...]]("Policies written into it.").listed(
        lambda item: _inline(item["GroupPolicyList"])
    )
    attached = Relations[ManagedPolicy]("Managed policies attached to it.").listed(_attached)

    @derived(reads=[inline, attached / ManagedPolicy.document])
    def documents(self) -> tuple[Document, ...]:
        """All its policies."""
        return self.inline + tuple(policy.document for policy in self.attached)

    @derived(reads=[documents])
    def powers(self) -> Powers:
        """What all its policies together allow."""
        return powers_of(self.documents, None, self.taken_at)

    @derived(reads=[powers])
    def way_to_everything(self) -> Escalation:
        """What its members hold by it and can turn into everything."""
        return by_grants(self.powers)


class IamUser(User, type_id="aws.iam.user"):
    """An IAM user."""

    listed = Listing(uid="{Arn}", name="{UserName}", call=ALL_OF_IAM, items="UserDetailList")
    last_change = history_of("iam", type_="AWS::IAM::User")
    account = Relation[Account]("The account that it lives in.").listed(ACCOUNT)
    created = User.created.listed(lambda item: item["CreateDate"])
    tags = Fact[dict[str, str]]("Its tags, by name.").listed(_tags)
    inline = Fact[tuple[Document, ...]]("Policies written into it.").listed(
        lambda item: _inline(item.get("UserPolicyList", ()))
    )
    attached = Relations[ManagedPolicy]("Managed policies attached to it.").listed(_attached)
    groups = Relations[IamGroup]("Groups that it is in.").listed(lambda item: tuple(item["GroupList"]))
    boundary = Relation[ManagedPolicy]("The policy that bounds its permissions.").listed(_boundary)
    password = User.password.from_bulk(
        CREDENTIAL_REPORT, row_key="arn", key=USER_ARN, take=lambda row: row["password_enabled"] == "true"
    )
    mfa = User.mfa.from_bulk(
        CREDENTIAL_REPORT, row_key="arn", key=USER_ARN, take=lambda row: row["mfa_active"] == "true"
    )
    password_used = User.password_used.from_bulk(
        CREDENTIAL_REPORT, row_key="arn", key=USER_ARN, take=lambda row: moment(row["password_last_used"])
    )
    password_set = User.password_set.from_bulk(
        CREDENTIAL_REPORT, row_key="arn", key=USER_ARN, take=lambda row: moment(row["password_last_changed"])
    )
    keys = User.keys.from_bulk(CREDENTIAL_REPORT, row_key="arn", key=USER_ARN, take=keys)
    last_used = User.last_used.from_bulk(CREDENTIAL_REPORT, row_key="arn", key=USER_ARN, take=last_use)
    services_used = User.services_used.read(last_accessed(), services)
    granted_directly = User.granted_directly.listed(
        lambda item: tuple(
            [policy["PolicyName"] for policy in item.get("UserPolicyList", ())]
            + [policy["PolicyName"] for policy in item["AttachedManagedPolicies"]]
        )
    )

    @derived(reads=[inline, attached / ManagedPolicy.document, groups / IamGroup.documents])
    def documents(self) -> tuple[Document, ...]:
        """All its policies, those of its groups too."""
        own = self.inline + tuple(policy.document for policy in self.attached)
        return own + tuple(document for group in self.groups for document in group.documents)

    @derived(reads=[documents, boundary / ManagedPolicy.document])
    def powers(self) -> Powers:
        """What all its policies together allow within its boundary."""
        boundary = self.boundary
        return powers_of(self.documents, None if boundary is None else boundary.document, self.taken_at)

    @derived(reads=[account / Account.escalations])
    def way_to_everything(self) -> Escalation:
        """How it gets to everything, by way of others where need be."""
        account = self.account
        return Escalation() if account is None else account.escalations.of(self.uid)


class IamRole(Role, type_id="aws.iam.role"):
    """An IAM role. Service-linked ones are AWS's: only the linked service can use and change them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
    """

    listed = Listing(
        uid="{Arn}",
        name="{RoleName}",
        call=ALL_OF_IAM,
        items="RoleDetailList",
        provider_owned=lambda item: item["Path"].startswith("/aws-service-role/"),
    )
    account = Relation[Account]("The account that it lives in.").listed(ACCOUNT)
    last_change = history_of("iam", type_="AWS::IAM::Role")
    created = Role.created.listed(lambda item: item["CreateDate"])
    tags = Fact[dict[str, str]]("Its tags, by name.").listed(_tags)
    trust_policy = Fact[str]("Its trust policy, as text.").listed(lambda item: _text(item["AssumeRolePolicyDocument"]))
    # Any account may ask: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
    management_account = Fact[str | None](
        "The account that manages the organisation which its account lies in; nothing where that lies in none."
    ).read(ORGANIZATION, lambda a: str(a["Organization"]["MasterAccountId"]), absent=None)
    inline = Fact[tuple[Document, ...]]("Policies written into it.").listed(
        lambda item: _inline(item["RolePolicyList"])
    )
    attached = Relations[ManagedPolicy]("Managed policies attached to it.").listed(_attached)
    boundary = Relation[ManagedPolicy]("The policy that bounds its permissions.").listed(_boundary)
    last_used = Role.last_used.listed(lambda item: item.get("RoleLastUsed", {}).get("LastUsedDate"))
    """Nothing where nobody took it on in the last 400 days."""
    services_used = Role.services_used.read(last_accessed(), services)

    @derived(reads=[trust_policy])
    def trust(self) -> Access:
        """Who outside the account may take it on."""
        return role_trust(self, self.trust_policy)

    @derived(reads=[trust_policy, management_account])
    def unconditioned_trust(self) -> tuple[str, ...]:
        """Named outside parties that may take it on under no condition.

        The account that manages the organisation is none: AWS makes roles of member accounts trust it so. Where it is
        not told which that is, accounts are left out beside parties that are outside for sure.
        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
        """
        return unconditioned_parties(self.scope.account, self.trust_policy, lambda: self.management_account)

    @derived(reads=[inline, attached / ManagedPolicy.document])
    def documents(self) -> tuple[Document, ...]:
        """All its policies."""
        return self.inline + tuple(policy.document for policy in self.attached)

    @derived(reads=[documents, boundary / ManagedPolicy.document])
    def powers(self) -> Powers:
        """What all its policies together allow within its boundary."""
        boundary = self.boundary
        return powers_of(self.documents, None if boundary is None else boundary.document, self.taken_at)

    @derived(reads=[documents, boundary / ManagedPolicy.document])
    def reads_any_bucket(self) -> Witness | None:
        """A request by which it reads an object of a bucket that no policy of its names; nothing where there is none.

        Policies of other buckets are not asked: they can refuse it, and bucket by bucket they are judged by their own.
        """
        boundary = self.boundary
        return reads_any_bucket(
            owner_of(self), self.uid, self.documents, None if boundary is None else boundary.document, self.taken_at
        )

    @derived(reads=[account / Account.escalations])
    def way_to_everything(self) -> Escalation:
        """How it gets to everything, by way of others where need be."""
        account = self.account
        return Escalation() if account is None else account.escalations.of(self.uid)
