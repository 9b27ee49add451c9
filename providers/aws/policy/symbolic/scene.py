"""What a question is about: the document, its owner, the resource, and who might come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from providers.aws.policy.language.tree import Condition, Version

Level = Literal["anyone", "named", "all"]
"""`anyone`: parties that no document names. `named`: whoever is not of the owner's account. `all`: everybody."""

OutsideLevel = Literal["anyone", "named"]

PartyKind = Literal["anonymous", "role", "user", "root", "federated-user", "exact", "service", "federated", "canonical"]
SIGNED: Final[tuple[PartyKind, ...]] = ("role", "user", "root", "federated-user")
"""Principals of an account, any of their kind."""

Guests = Literal["admitted", "refused", "unclear"]
"""For Cognito: whether identities that never signed in are let in."""


class Owner(msgspec.Struct, frozen=True):
    """Whose resource it is, and what else is known to be theirs."""

    account: str
    partition: str = "aws"
    organization: str | None = None
    canonical_id: str | None = None
    """Nothing: not read; then a grant to a canonical user is undecided."""
    origin_access_identities: tuple[str, ...] | None = None
    """Ids of the account's own. Nothing: not read; then a grant to such an identity is undecided."""
    principal_ids: tuple[str, ...] = ()
    """Unique ids (AIDA..., AROA...) known to be the account's own."""


class ResourceContext(msgspec.Struct, frozen=True):
    """The resource that the policy is attached to."""

    arn: str
    at: str | None = None
    """When it was read, RFC 3339. Nothing: what depends on the date is undecided."""
    settings: Mapping[str, str | None] = {}
    """Keys, in lower case, that the resource's own settings fix for every request; None: no request has it."""
    unreachable: frozenset[str] = frozenset()
    """Actions, in lower case, that its settings leave no way to ask for."""


class Party(msgspec.Struct, frozen=True):
    """A kind of caller."""

    kind: PartyKind
    name: str = ""
    """The ARN, service, identity provider or canonical id; empty for any of the kind."""
    by_endpoint: bool = False
    """Whether the request comes through a VPC endpoint rather than over the internet."""
    guests: Guests = "unclear"
    tags: Mapping[str, str] | None = None
    """Tags of an exact principal, by names in lower case. Nothing: not known."""


ANY_HOLDER: Final = Party("exact")
"""Some principal of the owner's account, nobody knows which."""


class Seen(msgspec.Struct, frozen=True):
    """What a document says of one key: all conditions on it, whatever their statements say."""

    conditions: tuple[tuple[Condition, Version], ...] = ()
    """With the version of the language that each is written in."""
    variable: bool = False
    """Whether a policy variable puts its value in somewhere."""
