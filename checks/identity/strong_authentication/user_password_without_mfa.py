"""Users that a password alone lets in."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import User


@check("user-password-without-mfa", severity="high", reads=[User.password, User.mfa])
def password_without_mfa(user: User) -> Reasons:
    """Everybody who signs in with a password shows a second factor too.

    Passwords are reused, guessed and typed into pages that only look right. Without a second factor whoever has the
    password is the user, from anywhere.

    Fix: let people sign in through your identity provider. Until then register a second factor. On AWS: `aws iam
    enable-mfa-device --user-name NAME --serial-number ARN --authentication-code1 CODE --authentication-code2 CODE`; a
    user who needs no console loses the password: `aws iam delete-login-profile --user-name NAME`. On Azure: require it
    by conditional access for everybody, or switch the security defaults on: `az rest --method PATCH --url
    https://graph.microsoft.com/v1.0/policies/identitySecurityDefaultsEnforcementPolicy --body '{"isEnabled": true}'`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
    https://learn.microsoft.com/entra/fundamentals/security-defaults
    https://learn.microsoft.com/entra/identity/authentication/concept-mfa-howitworks
    """
    if user.password and not user.mfa:
        yield Reason("it signs in with a password and has no second factor")


password_without_mfa.passes(User.given(password=True, mfa=True))
password_without_mfa.passes(User.given(password=False, mfa=False))
password_without_mfa.fails(User.given(password=True, mfa=False))
password_without_mfa.unknown(User.given(password=True, mfa=Unread.denied("iam:GetCredentialReport")))
