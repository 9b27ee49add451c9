"""Identity providers: who can get a token of theirs, and which claim says who it is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
https://docs.github.com/en/actions/reference/security/oidc
https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from providers.aws.policy.concrete.glob import ANYTHING, literal, wildcard
from providers.aws.policy.domains import NEVER, UNCLEAR, Domain, Pin
from providers.aws.policy.language.tree import Condition

Reach = Literal["anyone", "limited", "unclear"]
"""Who gets a token: anyone who signs up, users whom the provider's own configuration limits, or not known."""


Guests = Literal["admitted", "refused", "unclear"]


class _Claim(msgspec.Struct, frozen=True):
    pin: Pin
    shape: str = "*"
    absent: bool = False


_WHOLE = _Claim("whole")
_OPEN: Mapping[str, Mapping[str, _Claim]] = MappingProxyType(
    {
        "token.actions.githubusercontent.com": {"sub": _Claim("before-slash", "repo:*/*")},
        "gitlab.com": {"sub": _Claim("before-slash", "project_path:*/*")},
        "app.terraform.io": {"sub": _Claim("two-colons", "organization:*:*")},
        "accounts.google.com": {"aud": _WHOLE, "sub": _WHOLE, "oaud": _Claim("whole", absent=True)},
        "graph.facebook.com": {"app_id": _WHOLE, "id": _WHOLE},
        "www.amazon.com": {"app_id": _WHOLE, "user_id": _WHOLE},
        "cognito-identity.amazonaws.com": {"sub": _WHOLE, "aud": _WHOLE},
    }
)
"""Providers at which anyone may sign up, with the claims that tell their users apart."""

COGNITO = "cognito-identity.amazonaws.com"


def host_of(provider: str) -> str:
    """The host (and path) of a provider that is given by host or by ARN; empty for SAML."""
    if ":saml-provider/" in provider:
        return ""
    return provider.partition(":oidc-provider/")[2] if provider.startswith("arn:") else provider


def reach_of(provider: str) -> Reach:
    """Who can get a token of the provider."""
    host = host_of(provider)
    if not host:
        return "limited"
    if host in _OPEN:
        return "anyone"
    # An EKS cluster gives tokens to its own pods; providers with the tenant in their address give them to its users.
    if host.startswith(
        ("oidc.eks.", "sts.windows.net/", "oidc.circleci.com/org/", "api.bitbucket.org/2.0/workspaces/")
    ):
        return "limited"
    return "unclear"


def claim(key: str, provider: str, guests: Guests) -> Domain | None:
    """What a condition key of a provider may hold for somebody who can get a token of `provider`."""
    host = host_of(provider)
    if not host:
        return Domain() if key.startswith("saml:") else None
    owner, _, name = key.rpartition(":")
    if owner != host.lower():
        return NEVER if owner in _OPEN else None
    if host == COGNITO and name == "amr":
        return Domain((literal("authenticated"), literal("unauthenticated"), ANYTHING), multi=True, absent=False)
    if host == COGNITO and name == "aud" and guests != "refused":
        return Domain(absent=False, chosen=guests == "admitted")
    known = _OPEN.get(host, {}).get(name)
    if known is not None:
        return Domain((wildcard(known.shape),), absent=known.absent, pin=known.pin)
    if name == "aud":
        return Domain(absent=False)
    return Domain(absent=False, pin="whole") if name == "sub" and host not in _OPEN else UNCLEAR


def guests_of(conditions: tuple[Condition, ...]) -> Guests:
    """Whether the conditions let in identities of a Cognito pool that never signed in, where the pool has such."""
    for condition in conditions:
        if condition.key != f"{COGNITO}:amr" or condition.if_exists or condition.qualifier == "ForAllValues":
            continue
        if condition.operator in ("StringEquals", "StringLike"):
            if condition.values == ("authenticated",):
                return "refused"
            if "unauthenticated" in condition.values:
                return "admitted"
    return "unclear"
