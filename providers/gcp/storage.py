"""Cloud Storage: buckets.

https://cloud.google.com/storage/docs/json_api/v1/buckets#resource
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from providers.gcp.changes import changed
from providers.gcp.documents import Binding, bindings
from providers.gcp.encryption import by_key
from providers.gcp.labels import labelled
from providers.gcp.policy.language.policies import Node
from providers.gcp.policy.language.reading_storage import acl, unclear
from providers.gcp.policy.language.storage import Acl
from providers.gcp.policy.language.storage import Bucket as BucketSettings
from providers.gcp.policy.services.given import Given
from providers.gcp.policy.services.storage import bucket_access
from providers.gcp.project import GcpProject
from providers.gcp.reach import above_or_not, allow_policy, blamed, known, named_in, world_of
from providers.gcp.rest import GONE, gcp
from providers.gcp.roles import GcpPredefinedRole, role_uids
from scanner.access import Access
from scanner.facts import Answer, Fact, Relation, Relations, Unread, UnreadFact, derived
from scanner.kinds import Bucket, Encryption
from scanner.model import Listing

BUCKETS: Final = gcp("storage.buckets.list")
FULL: Final = gcp("storage.buckets.get", gone=GONE)
POLICY: Final = gcp("storage.buckets.getIamPolicy", gone=GONE)


class AccessListEntry(msgspec.Struct, frozen=True):
    """An entry of an access list."""

    entity: str
    role: str


class AccessLists(msgspec.Struct, frozen=True):
    """The list of a bucket, and the one that new objects get."""

    bucket: tuple[AccessListEntry, ...] = ()
    new_objects: tuple[AccessListEntry, ...] = ()


def _uniform(item: Answer) -> bool:
    """Whether access lists are switched off; buckets that were made before the switch do not have it.

    `bucketPolicyOnly` is its older name.
    https://cloud.google.com/storage/docs/uniform-bucket-level-access
    """
    settings: Mapping[str, Any] = item.get("iamConfiguration", {})
    switch = settings.get("uniformBucketLevelAccess", settings.get("bucketPolicyOnly", {}))
    return bool(switch.get("enabled", False))


def _prevention(item: Answer) -> str:
    """`enforced` or `inherited`; absent and `unspecified` mean the latter.

    https://cloud.google.com/storage/docs/public-access-prevention
    """
    own = str(item.get("iamConfiguration", {}).get("publicAccessPrevention", "inherited"))
    return "inherited" if own == "unspecified" else own


def _access_lists(answer: Answer) -> AccessLists:
    if _uniform(answer):
        return AccessLists()
    return AccessLists(_entries(answer["acl"]), _entries(answer.get("defaultObjectAcl", ())))


def _entries(found: Any) -> tuple[AccessListEntry, ...]:
    return tuple(AccessListEntry(one["entity"], one["role"]) for one in found)


def _retention_locked(item: Answer) -> bool:
    # Absent, there is no policy, or it is not locked: whoever may change the bucket may end it.
    # https://cloud.google.com/storage/docs/bucket-lock
    return bool(item.get("retentionPolicy", {}).get("isLocked", False))


def _deletion_undone(item: Answer) -> bool:
    """Soft delete keeps deleted objects for a time of 0 (off) or 7 to 90 days; older versions do for good.

    https://cloud.google.com/storage/docs/soft-delete
    """
    return int(item.get("softDeletePolicy", {}).get("retentionDurationSeconds", 0)) > 0 or _versioned(item)


def _versioned(item: Answer) -> bool:
    # Off where it was never set: https://cloud.google.com/storage/docs/object-versioning
    return bool(item.get("versioning", {}).get("enabled", False))


def _encryption(item: Answer) -> Encryption:
    return by_key(item.get("encryption", {}).get("defaultKmsKeyName"))


def _folders(item: Answer) -> bool:
    # https://cloud.google.com/storage/docs/hns-overview
    return bool(item.get("hierarchicalNamespace", {}).get("enabled", False))


class GcsBucket(Bucket, type_id="gcp.storage.bucket"):
    """A bucket. What is granted on single objects and managed folders is not read: there may be one list for each.

    Public access prevention cuts those, too.
    https://cloud.google.com/storage/docs/managed-folders
    """

    listed = Listing(
        uid="//storage.googleapis.com/{name}",
        name="{name}",
        call=BUCKETS,
        region=lambda item: str(item["location"]).lower(),
    )
    last_change = changed("projects/_/buckets/{it.name}")
    tags = labelled()
    project = Relation[GcpProject]("The project that it lies in.").listed("{scope.uid}")
    project_number = Fact[str]("The number of its project.").listed(lambda item: str(item["projectNumber"]))
    acls_disabled = Bucket.acls_disabled.listed(_uniform)
    own_prevention = Fact[str](
        "Public access prevention: `enforced`, or `inherited` from organization policies."
    ).listed(_prevention)
    has_folders = Fact[bool]("It has folders of its own beside its objects.").listed(_folders)
    access_lists = Fact[AccessLists]("Its access lists; none where they are switched off.").read(FULL, _access_lists)
    policy = Fact[tuple[Binding, ...]]("Who holds which role on it.").read(POLICY, bindings)
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.").read(POLICY, role_uids)
    # Everything is encrypted, always: https://cloud.google.com/storage/docs/encryption
    encryption = Bucket.encryption.listed(_encryption)
    versioned = Bucket.versioned.listed(_versioned)
    retention_locked = Bucket.retention_locked.listed(_retention_locked)
    # Absent, nothing is logged: https://cloud.google.com/storage/docs/access-logs
    access_logged = Bucket.access_logged.listed(lambda item: bool(item.get("logging", {}).get("logBucket")))
    deletion_undone = Bucket.deletion_undone.listed(_deletion_undone)

    @derived(reads=[own_prevention, project / GcpProject.buckets_kept_private])
    def public_access_prevented(self) -> bool:
        """A switch of its own, or an organization policy in effect, refuses public access whatever else says."""
        if self.own_prevention == "enforced":
            return True
        prevented = _prevented_above(self)
        if isinstance(prevented, Unread):
            raise UnreadFact(prevented)
        return prevented

    @derived(
        reads=[
            policy,
            named_roles / GcpPredefinedRole.held,
            access_lists,
            acls_disabled,
            own_prevention,
            has_folders,
            project_number,
            project / GcpProject.above,
            project / GcpProject.buckets_kept_private,
        ]
    )
    def access(self) -> Access:
        """Who outside can reach the bucket and what it holds."""
        upper = named_in(above_or_not(lambda: self.project, self.scope.account), lambda: self.named_roles)
        owner = upper.owner
        if self.project_number not in owner.numbers:
            owner = msgspec.structs.replace(owner, numbers=(*owner.numbers, self.project_number))
        upper = msgspec.structs.replace(upper, owner=owner)
        own = Node(f"bucket {self.name}", allow_policy(known(lambda: self.policy)))
        lists = known(lambda: _acls(self.access_lists))
        prevented = self.own_prevention == "enforced" or _prevented_above(self)
        settings = BucketSettings(self.name, self.acls_disabled, prevented, lists, self.has_folders)
        world = msgspec.structs.replace(world_of(upper, own), bucket=settings)
        return blamed(bucket_access(world, Given(owner, upper.roles, self.taken_at)).access, upper)


def _prevented_above(bucket: GcsBucket) -> bool | Unread:
    project = known(lambda: bucket.project)
    if project is None or isinstance(project, Unread):
        return project or Unread("not-collected", detail="its project was not read")
    prevented = known(lambda: project.buckets_kept_private)
    return unclear("publicAccessPrevention") if prevented is None else prevented


def _acls(lists: AccessLists) -> tuple[Acl, ...]:
    bucket, new = (
        [{"entity": one.entity, "role": one.role} for one in entries] for entries in (lists.bucket, lists.new_objects)
    )
    return acl(bucket, "bucket", "/acl"), acl(new, "default", "/defaultObjectAcl")
