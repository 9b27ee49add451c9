"""Accounts that accept weak passwords."""

from __future__ import annotations

from providers.aws.account import AwsAccount, PasswordPolicy
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread

SHORTEST = 14
REMEMBERED = 24


@check("account-password-policy-weak", severity="low", reads=[AwsAccount.password_policy])
def password_policy_weak(account: AwsAccount) -> Reasons:
    """Passwords of the account's users are long, and none comes back.

    Length is what holds against guessing, and a password that returns is one that thieves may already have. Rules about
    kinds of characters and regular expiry are not demanded here: NIST SP 800-63B advises against both, since people
    then choose worse passwords.

    Fix: ask for long passwords that are not used again. On AWS: `aws iam update-account-password-policy
    --minimum-password-length 14 --password-reuse-prevention 24 --allow-users-to-change-password`. The command replaces
    the whole policy: repeat the settings that you want to keep.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
    """
    policy = account.password_policy
    if policy is None:
        yield Reason("no password policy is set, so that the provider's default of 8 characters holds")
        return
    if policy.minimum_length < SHORTEST:
        yield Reason(f"passwords of {policy.minimum_length} characters are accepted, fewer than {SHORTEST}")
    if policy.reuse_prevented < REMEMBERED:
        yield Reason(f"earlier passwords that are refused: {policy.reuse_prevented}, fewer than {REMEMBERED}")


def _policy(length: int, remembered: int) -> PasswordPolicy:
    return PasswordPolicy(length, True, True, True, True, remembered, None)


password_policy_weak.passes(AwsAccount.given(password_policy=_policy(14, 24)))
password_policy_weak.fails(AwsAccount.given(password_policy=None))
password_policy_weak.fails(AwsAccount.given(password_policy=_policy(8, 24)))
password_policy_weak.fails(AwsAccount.given(password_policy=_policy(20, 0)))
password_policy_weak.unknown(AwsAccount.given(password_policy=Unread.denied("iam:GetAccountPasswordPolicy")))
