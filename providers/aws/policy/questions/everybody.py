"""Every kind of caller that some documents could tell apart, whoever owns what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Policy, PrincipalName
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.keys import NETWORK_KEYS
from providers.aws.policy.symbolic.parties import TELLING_KEYS
from providers.aws.policy.symbolic.scene import SIGNED, Party, PartyKind

_HOLDERS: Final[tuple[PartyKind, ...]] = ("user", "role", "federated-user")
"""Who can have identity policies."""


class Anybody(msgspec.Struct, frozen=True):
    """A kind of caller, with the partition of AWS that it is of."""

    party: Party
    partition: str = "aws"

    @property
    def sort(self) -> str:
        """The class that it is reported under."""
        return "principal" if self.party.kind in ("exact", *SIGNED) else self.party.kind


def everybody(documents: Documents) -> tuple[Anybody, ...]:
    """All kinds, those that stand for many first. `federated` without a name is for actions that take tokens."""
    names = list(dict.fromkeys(_names(documents.policies)))
    telling = not TELLING_KEYS.isdisjoint(documents.seen)
    partitions = _partitions(names)
    found: list[Anybody] = []
    if not names and all(
        statement.principals is None for policy in documents.policies for statement in policy.statements
    ):
        kinds: tuple[PartyKind, ...] = _HOLDERS if telling else ("role",)
        found += [Anybody(Party(kind)) for kind in kinds]
    else:
        found.append(Anybody(Party("anonymous")))
        found += [Anybody(Party(kind), one) for one in partitions for kind in (SIGNED if telling else SIGNED[:1])]
        found.append(Anybody(Party("service")))
        found += [Anybody(party) for name in names for party in _named(name)]
        found.append(Anybody(Party("federated")))
    if NETWORK_KEYS.isdisjoint(documents.seen):
        return tuple(found)
    return tuple(each for one in found for each in _by_networks(one))


def _by_networks(one: Anybody) -> Iterator[Anybody]:
    yield one
    if one.sort in ("anonymous", "principal"):
        yield msgspec.structs.replace(one, party=msgspec.structs.replace(one.party, by_endpoint=True))


def _names(policies: Iterable[Policy]) -> Iterator[PrincipalName]:
    for policy in policies:
        for statement in policy.statements:
            yield from statement.principals.names if statement.principals else ()


def _partitions(names: Iterable[PrincipalName]) -> tuple[str, ...]:
    found = (name.text.split(":")[1] for name in names if name.kind == "AWS" and name.text.startswith("arn:"))
    return tuple(dict.fromkeys(("aws", *(one for one in found if one.startswith("aws")))))


def _named(name: PrincipalName) -> Iterator[Party]:
    """The party that an entry names, where none of the kinds for many holds it."""
    match name.kind:
        case "AWS" if named(name.text).kind in ("principal", "identity"):
            yield Party("exact", name.text)
        case "Service" if not name.text.endswith(".amazonaws.com"):
            yield Party("service", name.text)
        case "Federated":
            yield Party("federated", name.text)
        case "CanonicalUser":
            yield Party("canonical", name.text)
