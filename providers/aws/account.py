"""The account itself: its root user, its password policy, its public access block, its security contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from providers.aws.block import PublicAccessBlock
from providers.aws.credential_report import CREDENTIAL_REPORT, last_use
from providers.aws.escalations import Identities
from providers.aws.iam import IamGroup, IamRole, IamUser, ManagedPolicy
from providers.aws.organization import ACCOUNT_TAGS
from providers.aws.tags import DOC, by_name
from scanner.access import Escalations
from scanner.facts import Answer, Call, Fact, derived, every
from scanner.kinds import Account
from scanner.model import Listing

ACCOUNT_BLOCK = Call(
    "s3control",
    "GetPublicAccessBlock",
    {"AccountId": "{scope.account}"},
    "s3:GetAccountPublicAccessBlock",
    absent=("NoSuchPublicAccessBlockConfiguration",),
)
SUMMARY = Call("iam", "GetAccountSummary", needs="iam:GetAccountSummary")
PASSWORD_POLICY = Call(
    "iam", "GetAccountPasswordPolicy", needs="iam:GetAccountPasswordPolicy", absent=("NoSuchEntity",)
)
SECURITY_CONTACT = Call(
    "account",
    "GetAlternateContact",
    {"AlternateContactType": "SECURITY"},
    "account:GetAlternateContact",
    absent=("ResourceNotFoundException",),
)


class PasswordPolicy(msgspec.Struct, frozen=True):
    """What a password of an IAM user must be."""

    minimum_length: int
    uppercase: bool
    lowercase: bool
    numbers: bool
    symbols: bool
    reuse_prevented: int
    """How many earlier passwords cannot be used again."""
    expires_after: int | None
    """Days, or None where passwords do not expire."""


def _password_policy(answer: Answer) -> PasswordPolicy:
    policy = answer["PasswordPolicy"]
    return PasswordPolicy(
        policy["MinimumPasswordLength"],
        policy["RequireUppercaseCharacters"],
        policy["RequireLowercaseCharacters"],
        policy["RequireNumbers"],
        policy["RequireSymbols"],
        policy.get("PasswordReusePrevention", 0),
        policy.get("MaxPasswordAge") or None,
    )


class AwsAccount(Account, type_id="aws.iam.account"):
    """An AWS account."""

    listed = Listing(uid="arn:{scope.partition}:account::{scope.account}:account", name="{scope.account}")
    tags = Fact[Mapping[str, str]](DOC).read(ACCOUNT_TAGS, lambda a: by_name(a["Tags"]), absent={})
    root_mfa = Fact[bool]("The root user has a second factor.").read(
        SUMMARY, lambda a: a["SummaryMap"]["AccountMFAEnabled"] > 0
    )
    root_keys = Fact[bool]("The root user has access keys.").read(
        SUMMARY, lambda a: a["SummaryMap"]["AccountAccessKeysPresent"] > 0
    )
    # Removed where an organisation manages root users: nobody signs in as root, nor recovers its password.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
    root_password = Fact[bool]("The root user has a password.").read(
        SUMMARY, lambda a: a["SummaryMap"]["AccountPasswordPresent"] > 0
    )
    root_last_used = Fact[datetime | None]("When the root user last signed in or signed a request.").from_bulk(
        CREDENTIAL_REPORT,
        row_key="arn",
        key="arn:{scope.partition}:iam::{scope.account}:root",
        take=last_use,
    )
    password_policy = Fact[PasswordPolicy | None]("Rules for passwords; nothing where none are set.").read(
        PASSWORD_POLICY, _password_policy, absent=None
    )
    public_access_block = Fact[PublicAccessBlock]("The account's public access block for S3.").read(
        ACCOUNT_BLOCK, lambda a: PublicAccessBlock.of(a["PublicAccessBlockConfiguration"]), absent=PublicAccessBlock()
    )
    security_contact = Account.security_contact.read(
        SECURITY_CONTACT, lambda a: str(a["AlternateContact"]["EmailAddress"]), absent=None
    )

    @derived(
        reads=[
            every(ManagedPolicy, ManagedPolicy.document, ManagedPolicy.earlier),
            every(IamGroup, IamGroup.inline, IamGroup.attached),
            every(IamUser, IamUser.inline, IamUser.attached, IamUser.groups, IamUser.boundary, IamUser.tags),
            every(IamRole, IamRole.inline, IamRole.attached, IamRole.boundary, IamRole.tags, IamRole.trust_policy),
        ],
        once=True,
    )
    def escalations(self) -> Escalations:
        """Ways by which principals that do not hold everything get to it."""
        return Identities(self.scope, self.taken_at).ways(
            self.every(ManagedPolicy), self.every(IamGroup), self.every(IamUser), self.every(IamRole)
        )
