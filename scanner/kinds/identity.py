"""Those who act in an account, and what lets them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from scanner.access import Access, Escalation, Powers
from scanner.facts import Fact
from scanner.model import Resource


class Credential(msgspec.Struct, frozen=True):
    """A long-lived secret that signs requests. Never the secret itself."""

    label: str
    active: bool
    created: datetime | None
    """When it was made or last replaced; None only where it is not active."""
    last_used: datetime | None = None


class ServiceUse(msgspec.Struct, frozen=True):
    """A service that somebody's policies allow, by the name that policies have for it."""

    service: str
    last_used: datetime | None
    """None where no use is known."""


class Principal(Resource, kind="principal"):
    """Somebody or something that is granted permissions."""

    created = Fact[datetime]("When it was made.")
    last_used = Fact[datetime | None]("When it last acted or signed in; nothing where never, or where none is known.")
    services_used = Fact[tuple[ServiceUse, ...]]("Services that its policies allow, and when each was last used.")
    powers = Fact[Powers]("What all its policies together allow.")
    way_to_everything = Fact[Escalation]("How it gets from that to everything, by way of others where need be.")


class User(Principal, kind="user"):
    """An identity for a person or program, with credentials of its own."""

    password = Fact[bool]("It can sign in with a password.")
    mfa = Fact[bool]("Signing in takes a second factor.")
    password_used = Fact[datetime | None]("When it last signed in with the password; nothing where never.")
    password_set = Fact[datetime | None]("When its password was last set; nothing where it has none.")
    keys = Fact[tuple[Credential, ...]]("Its long-lived keys.")
    granted_directly = Fact[tuple[str, ...]]("Policies that are attached to it rather than to a group or role.")


class Group(Principal, kind="group"):
    """Users that are granted permissions together."""


class Role(Principal, kind="role"):
    """An identity without credentials that others take on for a while."""

    trust = Fact[Access]("Who outside the account may take it on.")
    unconditioned_trust = Fact[tuple[str, ...]]("Named outside parties that may take it on under no condition.")


class ServiceIdentity(Role, User, kind="service-identity"):
    """An identity for programs: it can have keys of its own, and others can be let take it on."""


class Policy(Resource, kind="policy"):
    """A written set of permissions that can be given to principals."""

    powers = Fact[Powers]("What it allows to whoever holds it, taken alone.")
