"""A web site of App Service or Functions: who may connect, who must sign in, and what is served."""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.azure.policy.model.addresses import AddressRange, Malformed
from providers.azure.policy.model.endpoint import Subnet
from scanner.facts import Unread

Unauthenticated = Literal["allow", "refuse"]
Issuer = Literal["own", "foreign", "any"]
"""`any`: every account of the identity provider signs in."""
Level = Literal["anonymous", "key"]


class SiteRule(msgspec.Struct, frozen=True):
    """An access restriction: the first that matches decides."""

    allow: bool
    priority: int
    ranges: tuple[AddressRange | Malformed, ...] = ()
    everything: bool = False
    """The address `Any`."""
    any_subnet: bool = False
    """The address `AnyVnets`: every subnet with a service endpoint, of any customer."""
    tags: tuple[str, ...] = ()
    """Azure service tags."""
    subnet: Subnet | None = None
    headers: tuple[str, ...] = ()
    """Names of the request headers that it also looks at."""


class SignIn(msgspec.Struct, frozen=True):
    """The platform's own authentication, while it is on."""

    unauthenticated: Unauthenticated | Unread
    """What becomes of a request without an identity."""
    issuers: tuple[tuple[Issuer, str], ...] = ()
    """Whose identities it takes, with the issuer's name."""
    excluded_paths: tuple[str, ...] = ()


class Function(msgspec.Struct, frozen=True):
    """A function with its trigger."""

    name: str
    http: bool | None
    """Whether a request starts it; nothing where the trigger is not known."""
    level: Level | None = None
    """What it asks of a request; nothing where that is not known."""
    disabled: bool = False


class Site(msgspec.Struct, frozen=True):
    """A site as a whole."""

    on: bool | Unread
    """Whether its public endpoint is on."""
    rules: tuple[SiteRule, ...] | Unread
    default_allow: bool | Unread | None
    """What becomes of what no rule matches. Nothing stored: allowed where there are no rules, else denied."""
    sign_in: SignIn | Unread | None
    """Nothing: off."""
    functions: tuple[Function, ...] | Unread | None = None
    """Nothing for a plain web app, all of which is served."""
    assumed: str = ""
    """What was assumed of the owner for want of a statement, in words."""
