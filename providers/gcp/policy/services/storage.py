"""Cloud Storage: allow policies and access lists, cut by uniform access and public access prevention.

https://cloud.google.com/storage/docs/access-control
https://cloud.google.com/storage/docs/uniform-bucket-level-access
https://cloud.google.com/storage/docs/public-access-prevention
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from providers.gcp.policy.language.reading_storage import acl, bucket, object_acls, prevention_above
from providers.gcp.policy.language.request import World
from providers.gcp.policy.language.storage import Acl, Bucket
from providers.gcp.policy.questions.grants import BOUNDARY, Found, Question, granted
from providers.gcp.policy.questions.lists import listed
from providers.gcp.policy.questions.targets import bucket_targets
from providers.gcp.policy.services.answers import verdict, with_metadata
from providers.gcp.policy.services.given import Given, hierarchy, listing, mapping, read
from scanner.access import Access, Guard, Judgement, Layer
from scanner.facts import Unread
from scanner.questions import Input

UNIFORM = "uniform bucket-level access"
PREVENTION = "public access prevention"


def judge(given: Input, dimension: str) -> Judgement:
    """Who outside can read or change a bucket's data."""
    world, facts = documents(given)
    judged = verdict(bucket_access(world, facts), world)
    name = world.bucket.name if world.bucket is not None else ""
    return with_metadata(judged, world, "storage", next(iter(bucket_targets(name)), None))


def documents(given: Input) -> tuple[World, Given]:
    """All that decides about a bucket."""
    stored = mapping(given, "bucket")
    listing(given, "acl"), listing(given, "objectAcls")  # say where they have the wrong form
    acls = (
        acl(given.get("acl", stored.get("acl")), "bucket", "/acl"),
        acl(given.get("defaultObjectAcl", stored.get("defaultObjectAcl")), "default", "/defaultObjectAcl"),
        *object_acls(given.get("objectAcls"), "/objectAcls"),
    )
    known = bucket(stored, prevention_above(mapping(given, "orgPolicies")), acls)
    facts = read(given, tuple(own_numbers(stored, acls)))
    return World(facts.owner, hierarchy(given, f"bucket {known.name}"), facts.roles, known), facts


def own_numbers(stored: object, acls: tuple[Acl, ...]) -> Iterator[str]:
    """The number of the bucket's project, where the bucket tells: its owners always own the bucket's list."""
    number = stored.get("projectNumber") if isinstance(stored, dict) else None
    if isinstance(number, str | int) and not isinstance(number, bool):
        yield str(number)
        return
    owners = {
        entry.entity.name
        for one in acls
        if one.of == "bucket"
        for entry in one.entries
        if entry.role == "OWNER" and entry.entity.team == "owner"
    }
    if len(owners) == 1:
        yield from owners


def bucket_access(world: World, facts: Given) -> Found:
    """The layers of a bucket. Any of its documents may be unread."""
    known = world.bucket or Bucket("the-bucket")
    bare = msgspec.structs.replace(world, bucket=None)
    found = granted(Question(bare, "storage", bucket_targets(known.name, folders=known.folders), facts.time))
    open_bucket = Bucket(known.name, acls=known.acls)
    lists = listed(msgspec.structs.replace(world, bucket=open_bucket), facts.time)
    names = tuple(layer.name for layer in lists.layers)
    guards = [_over_lists(guard, names) for guard in found.access.guards]
    guards += _switches(known, found, lists.layers)
    access = Access((*found.access.layers, *lists.layers), tuple(guards))
    return Found(access, (*found.requests, *lists.requests), (*found.open_layers, *names), found.invoking_layers)


def _over_lists(guard: Guard, names: tuple[str, ...]) -> Guard:
    """Deny policies that were not read may cut what the lists allow, too."""
    if guard.unread is None or guard.name == BOUNDARY:
        return guard
    return msgspec.structs.replace(guard, could_cut=(*guard.could_cut, *names))


def _switches(known: Bucket, found: Found, lists: tuple[Layer, ...]) -> Iterator[Guard]:
    names = tuple(layer.name for layer in lists)
    if isinstance(known.uniform, Unread):
        yield Guard(UNIFORM, could_cut=names, unread=known.uniform)
    elif known.uniform:
        yield Guard(UNIFORM, names, names)
    if isinstance(known.prevention, Unread):
        yield Guard(PREVENTION, could_cut=(*found.open_layers, *names), unread=known.prevention)
    elif known.prevention:
        yield Guard(PREVENTION, (*found.open_layers, *names))
