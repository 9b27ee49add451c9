"""Root users that a password alone lets in."""

from __future__ import annotations

from providers.aws.account import AwsAccount
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check(
    "account-root-without-mfa",
    severity="critical",
    reads=[AwsAccount.root_mfa, AwsAccount.root_password, AwsAccount.root_keys],
)
def root_without_mfa(account: AwsAccount) -> Reasons:
    """The root user signs in with a second factor.

    No policy limits the root user. With its password, or with its mailbox and a password reset, somebody can delete
    everything, close the account and lock all others out. A root user without any credentials cannot sign in, and
    needs none.

    Fix: sign in as root and register a security key or passkey, two if you can, under "Security credentials". In member
    accounts of an organisation remove root's credentials altogether. On AWS: `aws iam
    enable-organizations-root-credentials-management`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
    """
    if not account.root_mfa and (account.root_password or account.root_keys):
        yield Reason("the root user has no second factor")


root_without_mfa.passes(AwsAccount.given(root_mfa=True))
root_without_mfa.passes(AwsAccount.given(root_mfa=False, root_password=False, root_keys=False))
root_without_mfa.fails(AwsAccount.given(root_mfa=False, root_password=True))
root_without_mfa.fails(AwsAccount.given(root_mfa=False, root_password=False, root_keys=True))
root_without_mfa.unknown(AwsAccount.given(root_mfa=Unread.denied("iam:GetAccountSummary")))
