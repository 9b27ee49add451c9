"""Root users that are at work."""

from __future__ import annotations

from datetime import timedelta

from providers.aws.account import AwsAccount
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.model import days_ago

QUIET = timedelta(days=30)


@check("account-root-used", severity="medium", reads=[AwsAccount.root_last_used])
def root_used(account: AwsAccount) -> Reasons:
    """The root user rests unless one of the few tasks comes up that only it can do.

    What is done as root cannot be limited by a policy and cannot be told apart by person. Where daily work is done as
    root, nobody can notice a thief who does the same.

    Fix: find out from the audit trail who signed in as root and why. Give those people a role, and lock the root user's
    credentials away.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
    """
    used = account.root_last_used
    if used is not None and account.taken_at - used <= QUIET:
        yield Reason(f"the root user was used {(account.taken_at - used).days} days ago")


root_used.passes(AwsAccount.given(root_last_used=None))
root_used.passes(AwsAccount.given(root_last_used=days_ago(31)))
root_used.fails(AwsAccount.given(root_last_used=days_ago(3)))
root_used.unknown(AwsAccount.given(root_last_used=Unread.denied("iam:GetCredentialReport")))
