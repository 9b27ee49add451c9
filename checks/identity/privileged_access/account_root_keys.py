"""Root users with keys."""

from __future__ import annotations

from providers.aws.account import AwsAccount
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("account-root-keys", severity="critical", reads=[AwsAccount.root_keys])
def root_keys(account: AwsAccount) -> Reasons:
    """The root user has no access keys.

    Such a key may do everything, is limited by no policy, asks for no second factor and does not expire. One copy in a
    repository or a laptop's backup is the whole account.

    Fix: move what still uses the key to a role, sign in as root and delete the key under "Security credentials".

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_delete-key.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html
    """
    if account.root_keys:
        yield Reason("the root user has access keys")


root_keys.passes(AwsAccount.given(root_keys=False))
root_keys.fails(AwsAccount.given(root_keys=True))
root_keys.unknown(AwsAccount.given(root_keys=Unread.denied("iam:GetAccountSummary")))
