"""What a bucket's access lists allow.

https://cloud.google.com/storage/docs/access-control/lists#permissions
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from providers.gcp.policy.concrete.principals import names
from providers.gcp.policy.language.pools import Pool
from providers.gcp.policy.language.request import Request
from providers.gcp.policy.language.storage import Acl, AclEntry, Bucket
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of, invert

_READ_BUCKET: Final = frozenset({"storage.buckets.get", "storage.objects.list"})
_WRITE_BUCKET: Final = _READ_BUCKET | {"storage.objects.create", "storage.objects.delete"}
_OWN_BUCKET: Final = _WRITE_BUCKET | {
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
    "storage.buckets.update",
}
_READ_OBJECT: Final = frozenset({"storage.objects.get"})
_OWN_OBJECT: Final = _READ_OBJECT | {
    "storage.objects.getIamPolicy",
    "storage.objects.setIamPolicy",
    "storage.objects.update",
}
GIVEN: Final[Mapping[tuple[str, str], frozenset[str]]] = MappingProxyType(
    {
        ("bucket", "READER"): _READ_BUCKET,
        ("bucket", "WRITER"): _WRITE_BUCKET,
        ("bucket", "OWNER"): _OWN_BUCKET,
        ("object", "READER"): _READ_OBJECT,
        ("object", "WRITER"): frozenset(),
        ("object", "OWNER"): _OWN_OBJECT,
    }
)
"""Permissions by kind of list and role. Nobody can write an object by its list: that is up to the bucket."""


def allowed_by_lists(bucket: Bucket, request: Request, pools: Mapping[str, Pool]) -> Ternary:
    """Whether an access list lets the request in."""
    uniform = None if isinstance(bucket.uniform, Unread) else bucket.uniform
    if isinstance(bucket.acls, Unread):
        return all_of((invert(uniform), None))
    return all_of((invert(uniform), any_of(_allows(acl, bucket, request, pools) for acl in bucket.acls)))


def _allows(acl: Acl, bucket: Bucket, request: Request, pools: Mapping[str, Pool]) -> Ternary:
    if acl.of == "object" and not request.resource.name.endswith(f"/objects/{acl.object}"):
        return False
    # The default list becomes the list of a new object; we take an object that was made under it.
    if acl.of == "default" and "/objects/" not in request.resource.name:
        return False
    answers = [_entry_allows(acl, entry, bucket, request, pools) for entry in acl.entries]
    return any_of([*answers, *([None] if acl.malformed else [])])


def _entry_allows(acl: Acl, entry: AclEntry, bucket: Bucket, request: Request, pools: Mapping[str, Pool]) -> Ternary:
    if request.permission not in GIVEN["bucket" if acl.of == "bucket" else "object", entry.role]:
        return False
    prevented = None if isinstance(bucket.prevention, Unread) else bucket.prevention
    open_to_it = names(entry.entity, request.principal, pools)
    return all_of((open_to_it, invert(prevented))) if entry.entity.anyone else open_to_it
