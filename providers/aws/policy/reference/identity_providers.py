"""Identity providers that role trust policies name: who can get a token of theirs, and which claims say whose it is.

Providers whose address is the same for all their customers, and the claims that AWS asks trust policies to evaluate:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
Claims that are condition keys:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from providers.aws.policy.reference.vendored import vendored

Reach = Literal["anyone", "limited", "unclear"]
"""Who gets a token: whoever signs up, users whom the provider's own configuration limits, or not known."""
Meaning = Literal["tenant", "free", "login", "unclear"]
"""`tenant`: says whose token it is. `free`: whoever asks for a token chooses it. `login`: how the user signed in."""
Naming = Literal["named", "anyone", "unclear"]


class Form(msgspec.Struct, frozen=True):
    """Values that begin with `prefix`: the tenant stands in the first `parts` parts between separators.

    No parts: the whole value is the tenant.
    """

    prefix: str
    separator: str = ""
    parts: int = 0


class Claim(msgspec.Struct, frozen=True):
    """A claim of a provider's tokens that is a condition key."""

    name: str
    meaning: Meaning = "tenant"
    forms: tuple[Form, ...] = ()
    """How values begin. None: only a whole value names a tenant."""
    otherwise: Naming = "anyone"
    """What a pattern that fits no form, or is not a whole value, lets in."""
    may_lack: bool = False
    multi: bool = False

    def naming(self, pattern: str, *, wildcards: bool) -> Naming:
        """What a condition that wants this claim to match `pattern` leaves: a party that it names, or anyone."""
        if self.meaning != "tenant":
            return "anyone" if self.meaning == "free" else "unclear"
        literal = _before_wildcard(pattern) if wildcards else pattern
        whole = literal == pattern
        if not self.forms:
            return "named" if whole else self.otherwise
        for form in self.forms:
            if literal.startswith(form.prefix):
                return "named" if whole or _fixes(literal, form) else "anyone"
        # A wildcard so far to the left that the pattern may become one of the forms, with any tenant.
        if not whole and any(form.prefix.startswith(literal) for form in self.forms):
            return "anyone"
        return self.otherwise


class IdentityProvider(msgspec.Struct, frozen=True):
    """A provider, or all whose address begins or ends so."""

    host: str
    name: str
    reach: Reach
    match: Literal["exact", "prefix", "suffix"]
    claims: tuple[Claim, ...]
    required: tuple[str, ...]
    """Claims (or other keys) that AWS refuses new trust policies without; old policies may lack them."""
    page: str

    def claim(self, name: str) -> Claim | None:
        """The claim of that name."""
        return next((claim for claim in self.claims if claim.name == name.lower()), None)


class IdentityProviders(msgspec.Struct, frozen=True):
    """All providers that we know. `pages` resolves the short name of a provider's documentation."""

    date: str
    source: str
    pages: dict[str, str]
    providers: tuple[IdentityProvider, ...]


@cache
def identity_providers() -> IdentityProviders:
    """The vendored list."""
    return vendored("identity_providers.json", IdentityProviders)


def providers() -> tuple[IdentityProvider, ...]:
    """All of them, exact addresses before families."""
    return identity_providers().providers


def identity_provider(host: str) -> IdentityProvider | None:
    """The provider of that address (host and path, without scheme). Nothing: not known."""
    whole = host.lower().removesuffix("/")
    for provider in sorted(providers(), key=lambda one: one.match != "exact"):
        if (
            (provider.match == "exact" and whole == provider.host)
            or (provider.match == "prefix" and whole.startswith(provider.host))
            or (provider.match == "suffix" and whole.partition("/")[0].endswith(provider.host))
        ):
            return provider
    return None


def host_of(provider: str) -> str:
    """The address of a provider that is given by address or by ARN; empty for SAML."""
    if ":saml-provider/" in provider:
        return ""
    return provider.partition(":oidc-provider/")[2] if provider.startswith("arn:") else provider


def reach_of(provider: str) -> Reach:
    """Who can get a token of a provider that is given by address or by ARN. SAML providers belong to one customer."""
    host = host_of(provider)
    if not host:
        return "limited" if ":saml-provider/" in provider else "unclear"
    known = identity_provider(host)
    return known.reach if known else "unclear"


def _before_wildcard(pattern: str) -> str:
    return pattern.partition("*")[0].partition("?")[0]


def _fixes(literal: str, form: Form) -> bool:
    """Whether the text in front of the first wildcard holds all parts of the tenant, each to its end."""
    return bool(form.separator) and literal.count(form.separator) >= form.parts
