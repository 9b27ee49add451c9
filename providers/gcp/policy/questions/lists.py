"""What a bucket's access lists let outsiders do, as layers.

https://cloud.google.com/storage/docs/access-control/lists
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from providers.gcp.policy.language.policies import Hierarchy, Node
from providers.gcp.policy.language.request import Request, World
from providers.gcp.policy.language.storage import Acl, AclEntry
from providers.gcp.policy.questions.confirm import Confirmer, requests, witness
from providers.gcp.policy.questions.grants import MOST_PARTIES, as_team, in_team, team_parties
from providers.gcp.policy.questions.parties import Party, parties
from providers.gcp.policy.questions.targets import Target, bucket_targets
from scanner.access import Allowed, Layer, Undecided, Verb, Witness
from scanner.facts import Unread

_BUCKET: Final[dict[str, tuple[str, ...]]] = {
    "READER": ("storage.objects.list",),
    "WRITER": ("storage.objects.list", "storage.objects.create", "storage.objects.delete"),
    "OWNER": (
        "storage.objects.list",
        "storage.objects.create",
        "storage.objects.delete",
        "storage.buckets.setIamPolicy",
    ),
}
_OBJECT: Final[dict[str, tuple[str, ...]]] = {
    "READER": ("storage.objects.get",),
    "WRITER": (),
    "OWNER": ("storage.objects.get", "storage.objects.update", "storage.objects.setIamPolicy"),
}
_VERBS: Final[tuple[Verb, ...]] = ("read", "list", "write", "admin")


class ListsFound(msgspec.Struct, frozen=True):
    """The layers, with the request behind each witness."""

    layers: tuple[Layer, ...]
    requests: tuple[tuple[Witness, Request], ...] = ()


def listed(world: World, now: datetime | None) -> ListsFound:
    """What the lists let outsiders do. `world` holds the bucket without the switches that cut its lists."""
    bucket = world.bucket
    if bucket is None:
        return ListsFound(())
    if isinstance(bucket.acls, Unread):
        return ListsFound((Layer("access lists", unread=bucket.acls),))
    targets = {target.permission: target for target in bucket_targets(bucket.name)}
    teams = tuple(team_parties(world))
    world = msgspec.structs.replace(world, hierarchy=_without_grants(world.hierarchy))
    confirmer = Confirmer(world)
    told: list[tuple[Witness, Request]] = []
    by_name: dict[str, tuple[list[Allowed], dict[Undecided, None]]] = {}
    for acl in bucket.acls:
        name = {"bucket": "bucket ACL", "default": "default object ACL", "object": "object ACLs"}[acl.of]
        allowed, doubts = by_name.setdefault(name, ([], {}))
        for problem in acl.malformed:
            for verb in _VERBS:
                doubts[Undecided("anyone", verb, problem)] = None
                doubts[Undecided("named", verb, problem)] = None
        for entry in acl.entries:
            inside = [as_team(one, entry.entity) for one, _ in in_team(teams, entry.entity, world)]
            for party in (*parties(entry.entity, world.owner), *inside):
                for target in _asked(acl, entry, targets):
                    if sum(a.who == party.who and a.may == target.verb for a in allowed) < MOST_PARTIES:
                        for one in _entry(confirmer, entry, party, target, now, name, told):
                            if isinstance(one, Allowed):
                                allowed.append(one)
                            else:
                                doubts[one] = None
    layers = tuple(Layer(name, tuple(allowed), tuple(doubts)) for name, (allowed, doubts) in by_name.items())
    return ListsFound(layers, tuple(told))


def _without_grants(hierarchy: Hierarchy) -> Hierarchy:
    """Deny policies alone, as far as they were read: the lists must let in by themselves."""
    return Hierarchy(
        tuple(Node(node.name, deny=() if isinstance(node.deny, Unread) else node.deny) for node in hierarchy.nodes)
    )


def _asked(acl: Acl, entry: AclEntry, targets: dict[str, Target]) -> Iterator[Target]:
    for permission in (_BUCKET if acl.of == "bucket" else _OBJECT)[entry.role]:
        target = targets[permission]
        if acl.of == "object":
            named = msgspec.structs.replace(target.resource, name=f"{target.resource.name}{acl.object}")
            yield msgspec.structs.replace(target, resource=named, free=False)
        else:
            yield target


def _entry(
    confirmer: Confirmer,
    entry: AclEntry,
    party: Party,
    target: Target,
    now: datetime | None,
    layer: str,
    told: list[tuple[Witness, Request]],
) -> Iterator[Allowed | Undecided]:
    if party.unclear:
        yield Undecided(party.who, target.verb, party.unclear)
        return
    tried = confirmer.try_requests(requests(party.principals, target, None, now))
    if tried.request is None:
        yield Undecided(party.who, target.verb, f"whether {entry.pointer} lets {party.text} in")
        return
    one = witness(tried.request, target, entry.pointer)
    told.append((one, tried.request))
    yield Allowed(party.who, party.text, target.verb, layer, one, party.flags)
