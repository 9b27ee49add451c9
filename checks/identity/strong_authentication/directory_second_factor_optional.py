"""Directories that let people in by a password alone."""

from __future__ import annotations

from providers.azure.conditional_access import SecondFactorPolicy
from providers.azure.entra import EntraTenant
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check(
    "directory-second-factor-optional",
    severity="high",
    reads=[EntraTenant.security_defaults, EntraTenant.second_factor_policies],
)
def second_factor_optional(tenant: EntraTenant) -> Reasons:
    """A rule of the directory asks everybody for a second factor, whatever they sign in to.

    A second factor that was registered helps nobody if no rule asks for it. Rules for some applications, places or
    risks leave a way around, and attackers look for it: an old client, a portal that nobody thought of. A rule that
    only reports, or that is off, asks nobody.

    Fix: make a policy of conditional access for all users and all applications that requires a second factor, with two
    emergency accounts left out; or switch the security defaults on. On Azure: `az rest --method PATCH --url
    https://graph.microsoft.com/v1.0/policies/identitySecurityDefaultsEnforcementPolicy --body '{"isEnabled": true}'`.

    References:
    https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-mfa-strength
    https://learn.microsoft.com/entra/fundamentals/security-defaults
    """
    if not tenant.security_defaults and not tenant.second_factor_policies:
        yield Reason("the security defaults are off, and no policy asks everybody for a second factor everywhere")


POLICY = SecondFactorPolicy("everybody", spared_users=("emergency",), spares_others=False)
second_factor_optional.passes(EntraTenant.given(security_defaults=True))
second_factor_optional.passes(EntraTenant.given(security_defaults=False, second_factor_policies=(POLICY,)))
second_factor_optional.fails(EntraTenant.given(security_defaults=False, second_factor_policies=()))
second_factor_optional.unknown(EntraTenant.given(security_defaults=Unread.denied("Policy.Read.All")))
