"""Who can reach buckets, keys, datasets, images and snapshots, from their own policies and all those above them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import msgspec
import pytest

from providers.gcp.bigquery import BigQueryDataset
from providers.gcp.compute import GceImage, GceSnapshot
from providers.gcp.hierarchy import GcpFolder, GcpOrganization
from providers.gcp.kinds import KINDS
from providers.gcp.kms import KmsKey
from providers.gcp.project import GcpProject
from providers.gcp.storage import GcsBucket
from scanner import snapshot
from scanner.access import Access, Verb, Who
from scanner.facts import Fact, Reads, Unread, UnreadFact
from scanner.model import Resource, Scope, View
from tests.providers.gcp.kinds.papers import HOST, PAGES, estate, read, the

_VERBS: tuple[Verb, ...] = ("read", "list", "write", "admin")
_LOCATIONS = "/v1/projects/my-project/locations"
_RING = f"{_LOCATIONS}/here/keyRings"
_DENIES = "/v2/policies/cloudresourcemanager.googleapis.com%2F"


def grant(role: str, *members: str, condition: str = "") -> dict[str, Any]:
    """An allow policy of one binding."""
    binding: dict[str, Any] = {"role": role, "members": [*members]}
    if condition:
        binding["condition"] = {"title": "only", "expression": condition}
    return {"etag": "e", "version": 3, "bindings": [binding]}


def bucket(**members: Any) -> PAGES:
    entry = {"name": "b", "location": "EU", "projectNumber": "111111111111", "storageClass": "STANDARD", **members}
    uniform = members.get("iamConfiguration", {}).get("uniformBucketLevelAccess", {}).get("enabled", False)
    full = entry if uniform else {"acl": [{"entity": "project-owners-111111111111", "role": "OWNER"}], **entry}
    listed = {key: value for key, value in entry.items() if "cl" not in key.lower()[-3:]}
    return {
        "/storage/v1/b": {"items": [listed]},
        "/storage/v1/b/b": full,
        "/storage/v1/b/b/iam": {"etag": "e"},
    }


def who(access: Access, party: Who = "anyone", *verbs: Verb) -> list[str] | str:
    """Those who are let in, or what is missing to tell."""
    found: list[str] = []
    try:
        found.extend(one.text for one in access.by(party).to(*(verbs or _VERBS)))
    except UnreadFact as gap:
        return found or " ".join(sorted({*itertools.chain(*(one.needs for one in gap.unread)), gap.unread[0].why}))
    return sorted({*found})


def of_bucket(pages: PAGES, *denied: str) -> Access:
    return the({**bucket(), **pages}, GcsBucket, GcsBucket.access, denied=denied).access


READER = "roles/storage.objectViewer"
PUBLIC = {"/storage/v1/b/b/iam": grant(READER, "allUsers")}
ANYONE = ["anyone on the internet"]


def test_a_bucket_without_grants_is_private() -> None:
    assert who(of_bucket({})) == who(of_bucket({}), "named") == []


@pytest.mark.parametrize(
    "at",
    [
        "/storage/v1/b/b/iam",
        "/v3/projects/my-project:getIamPolicy",
        "/v3/folders/22:getIamPolicy",
        "/v3/folders/21:getIamPolicy",
        "/v3/organizations/1:getIamPolicy",
    ],
)
def test_a_grant_at_any_height_opens_it(at: str) -> None:
    access = of_bucket({at: grant(READER, "allUsers")})
    assert who(access) == ANYONE
    assert next(access.by("anyone").to("read")).witness is not None


@pytest.mark.parametrize(
    "permission",
    [
        "storage.buckets.getIamPolicy",
        "resourcemanager.projects.getIamPolicy",
        "resourcemanager.folders.getIamPolicy",
        "resourcemanager.organizations.getIamPolicy",
        "resourcemanager.projects.get",
    ],
)
def test_a_grant_that_was_not_read_leaves_a_closed_bucket_open_to_doubt(permission: str) -> None:
    assert permission in who(of_bucket({}, permission))


@pytest.mark.parametrize("permission", ["iam.denypolicies.list", "orgpolicy.policy.get"])
def test_a_restriction_that_was_not_read_matters_only_where_something_is_granted(permission: str) -> None:
    assert who(of_bucket({}, permission)) == []
    assert permission in who(of_bucket(PUBLIC, permission))


def test_what_was_not_read_of_other_things_matters_nothing() -> None:
    assert who(of_bucket(PUBLIC, "iam.roles.list", "compute.projects.get")) == ANYONE


def deny(node: str, *permissions: str) -> PAGES:
    name = f"policies/cloudresourcemanager.googleapis.com%2F{node.replace('/', '%2F')}/denypolicies/d"
    rule = {"deniedPrincipals": ["principalSet://goog/public:all"], "deniedPermissions": [*permissions]}
    return {
        f"/v2/{name.rpartition('/')[0]}": {"policies": [{"name": name}]},
        f"/v2/{name}": {"name": name, "rules": [{"denyRule": rule}]},
    }


@pytest.mark.parametrize("node", ["projects/my-project", "folders/21", "folders/22", "organizations/1"])
def test_a_deny_policy_at_any_height_closes_it(node: str) -> None:
    denied = deny(node, "storage.googleapis.com/objects.get", "storage.googleapis.com/objects.list")
    assert who(of_bucket({**PUBLIC, **denied}), "anyone", "read") == []
    assert who(of_bucket({**PUBLIC, **deny(node, "storage.googleapis.com/objects.create")})) == ANYONE
    assert "iam.denypolicies.get" in who(of_bucket({**PUBLIC, **denied}, "iam.denypolicies.get"))


def prevented(*rules: dict[str, Any]) -> PAGES:
    path = "/v2/projects/my-project/policies/storage.publicAccessPrevention:getEffectivePolicy"
    return {path: {"name": "x", "spec": {"rules": [*rules]}}}


def test_public_access_prevention_closes_it_by_its_own_or_from_above() -> None:
    own = bucket(iamConfiguration={"publicAccessPrevention": "enforced"})
    assert who(of_bucket({**own, **PUBLIC})) == []
    assert who(of_bucket({**own, **PUBLIC}, "orgpolicy.policy.get")) == []
    assert who(of_bucket({**PUBLIC, **prevented({"enforce": True})})) == []
    by_tag = {"enforce": True, "condition": {"expression": "resource.matchTag('1/a', 'b')"}}
    assert who(of_bucket({**PUBLIC, **prevented(by_tag, {"enforce": False})})) == "not-yet-known"
    for word in ("inherited", "unspecified"):
        assert who(of_bucket({**bucket(iamConfiguration={"publicAccessPrevention": word}), **PUBLIC})) == ANYONE


def test_access_lists_open_it_unless_they_are_switched_off() -> None:
    public = [{"entity": "allUsers", "role": "READER"}]
    assert who(of_bucket(bucket(acl=public))) == ANYONE
    assert who(of_bucket(bucket(defaultObjectAcl=public))) == ANYONE
    assert "storage.buckets.get" in who(of_bucket(bucket(), "storage.buckets.get"))
    uniform = {"uniformBucketLevelAccess": {"enabled": True}}
    assert who(of_bucket(bucket(iamConfiguration=uniform))) == []
    assert who(of_bucket(bucket(iamConfiguration=uniform), "storage.buckets.get")) == []
    assert who(of_bucket(bucket(iamConfiguration={"bucketPolicyOnly": {"enabled": True}}), "storage.buckets.get")) == []
    lists = {"publicAccessPrevention": "enforced"}
    assert who(of_bucket(bucket(acl=public, iamConfiguration=lists))) == []


def test_the_owners_own_are_nobody_outside() -> None:
    own = (
        "user:ann@example.com",
        "group:team@example.com",
        "domain:example.com",
        "serviceAccount:app@my-project.iam.gserviceaccount.com",
        "serviceAccount:111111111111-compute@developer.gserviceaccount.com",
        "serviceAccount:service-111111111111@gcp-sa-logging.iam.gserviceaccount.com",
        "projectOwner:my-project",
        "principalSet://goog/cloudIdentityCustomerId/C01",
    )
    assert who(of_bucket({"/storage/v1/b/b/iam": grant(READER, *own)}), "named") == []
    other = of_bucket({"/storage/v1/b/b/iam": grant(READER, "user:bob@gmail.com", "group:all@partner.example")})
    assert who(other, "named") == ["bob@gmail.com", "group all@partner.example (not of example.com)"]


@pytest.mark.parametrize(
    "member",
    [
        "serviceAccount:app@other-project.iam.gserviceaccount.com",
        "serviceAccount:222222222222-compute@developer.gserviceaccount.com",
        "serviceAccount:service-222222222222@gcp-sa-logging.iam.gserviceaccount.com",
        "serviceAccount:other-project.svc.id.goog[default/app]",
        "projectEditor:other-project",
    ],
)
def test_projects_of_the_organization_are_the_owners_and_others_are_not(member: str) -> None:
    def found(projects: dict[str, str], *unread: Unread) -> list[str] | str:
        listed = [{"projectId": id_, "name": f"projects/{number}"} for id_, number in projects.items()]
        told = {"projects": listed, "unread": [msgspec.to_builtins(one) for one in unread]}
        return who(of_bucket({"/storage/v1/b/b/iam": grant(READER, member), "/v3/projects": told}), "named")

    own = {"my-project": "111111111111", "other-project": "222222222222"}
    refused = Unread.denied("resourcemanager.folders.list")
    assert found(own) == found(own, refused) == []
    assert len(found({"my-project": "111111111111"})) == 1
    assert found({"my-project": "111111111111"}, refused) == "denied resourcemanager.folders.list"
    refused_here = of_bucket({"/storage/v1/b/b/iam": grant(READER, member)}, "resourcemanager.projects.list")
    assert who(refused_here, "named") == "denied resourcemanager.projects.list"


def test_whose_an_account_is_stays_open_where_the_organization_was_not_read() -> None:
    given = {"/storage/v1/b/b/iam": grant(READER, "user:bob@gmail.com")}
    refused = who(of_bucket(given, "resourcemanager.organizations.get"), "named")
    assert refused == "denied resourcemanager.organizations.get"
    of_another_project = grant(READER, "serviceAccount:app@other-project.iam.gserviceaccount.com")
    assert who(of_bucket({"/storage/v1/b/b/iam": of_another_project}), "named") == "not-collected"
    alone = {"/v1/projects/my-project:getAncestry": {"ancestor": [{"resourceId": {"type": "project", "id": "p"}}]}}
    found = of_bucket({"/storage/v1/b/b/iam": of_another_project, **alone})
    assert who(found, "named") == ["service account app@other-project.iam.gserviceaccount.com"]


def test_custom_roles_are_looked_up() -> None:
    policy = {"/storage/v1/b/b/iam": grant("projects/my-project/roles/r", "allUsers")}
    roles = "/v1/projects/my-project/roles"

    def role(**members: Any) -> PAGES:
        return {roles: {"roles": [{"name": "projects/my-project/roles/r", **members}]}}

    assert who(of_bucket({**policy, **role(includedPermissions=["storage.objects.get"])})) == ANYONE
    assert who(of_bucket({**policy, **role(includedPermissions=["pubsub.topics.get"])})) == []
    assert who(of_bucket({**policy, **role(includedPermissions=["storage.objects.get"], stage="DISABLED")})) == []
    assert who(of_bucket(policy)) == "not-yet-known"
    assert "iam.roles.list" in who(of_bucket(policy, "iam.roles.list"))
    of_organization = {"/storage/v1/b/b/iam": grant("organizations/1/roles/r", "allUsers")}
    above = {
        "/v1/organizations/1/roles": {
            "roles": [{"name": "organizations/1/roles/r", "includedPermissions": ["storage.objects.get"]}]
        }
    }
    assert who(of_bucket({**of_organization, **above})) == ANYONE
    assert "iam.roles.list" in who(of_bucket(of_organization, "iam.roles.list"))


def test_conditions_are_judged_at_the_time_of_the_scan() -> None:
    over = grant(READER, "allUsers", condition='request.time < timestamp("2026-01-01T00:00:00Z")')
    to_come = grant(READER, "allUsers", condition='request.time < timestamp("2027-01-01T00:00:00Z")')
    elsewhere = grant(READER, "allUsers", condition='resource.name.startsWith("projects/_/buckets/other/")')
    assert who(of_bucket({"/storage/v1/b/b/iam": over})) == []
    assert who(of_bucket({"/storage/v1/b/b/iam": to_come})) == ANYONE
    assert who(of_bucket({"/storage/v1/b/b/iam": elsewhere})) == []


# --- other services -------------------------------------------------------------------------------------------

KEY = f"{_RING}/ring/cryptoKeys/key:getIamPolicy"
_NAME = "projects/my-project/locations/here/keyRings/ring"
PLACES: PAGES = {
    _LOCATIONS: {"locations": [{"name": "projects/my-project/locations/here", "locationId": "here"}]},
    _RING: {"keyRings": [{"name": _NAME}]},
    f"{_RING}/ring/cryptoKeys": {"cryptoKeys": [{"name": f"{_NAME}/cryptoKeys/key", "purpose": "ENCRYPT_DECRYPT"}]},
    f"{_RING}/ring:getIamPolicy": {"etag": "r"},
    KEY: {"etag": "k"},
    "/compute/v1/projects/my-project/global/images": {
        "items": [
            {"name": "i", "selfLink": "https://www.googleapis.com/compute/v1/projects/my-project/global/images/i"}
        ]
    },
    "/compute/v1/projects/my-project/global/images/i/getIamPolicy": {"etag": "i"},
    "/compute/v1/projects/my-project/global/snapshots": {
        "items": [
            {"name": "s", "selfLink": "https://www.googleapis.com/compute/v1/projects/my-project/global/snapshots/s"}
        ]
    },
    "/compute/v1/projects/my-project/global/snapshots/s/getIamPolicy": {"etag": "s"},
    "/bigquery/v2/projects/my-project/datasets": {
        "datasets": [{"datasetReference": {"projectId": "my-project", "datasetId": "d"}, "location": "EU"}]
    },
    "/bigquery/v2/projects/my-project/datasets/d": {
        "access": [
            {"role": "OWNER", "specialGroup": "projectOwners"},
            {"role": "READER", "userByEmail": "ann@example.com"},
        ]
    },
}
CASES: tuple[tuple[type[Resource], Fact[Access], str, dict[str, Any], str], ...] = (
    (
        KmsKey,
        KmsKey.access,
        KEY,
        grant("roles/cloudkms.cryptoKeyDecrypter", "allUsers"),
        "cloudkms.cryptoKeys.getIamPolicy",
    ),
    (
        KmsKey,
        KmsKey.access,
        f"{_RING}/ring:getIamPolicy",
        grant("roles/cloudkms.cryptoKeyDecrypter", "allAuthenticatedUsers"),
        "cloudkms.keyRings.getIamPolicy",
    ),
    (
        GceImage,
        GceImage.access,
        "/compute/v1/projects/my-project/global/images/i/getIamPolicy",
        grant("roles/compute.imageUser", "allAuthenticatedUsers"),
        "compute.images.getIamPolicy",
    ),
    (
        GceSnapshot,
        GceSnapshot.access,
        "/compute/v1/projects/my-project/global/snapshots/s/getIamPolicy",
        grant("roles/compute.storageAdmin", "allAuthenticatedUsers"),
        "compute.snapshots.getIamPolicy",
    ),
    (
        BigQueryDataset,
        BigQueryDataset.access,
        "/bigquery/v2/projects/my-project/datasets/d",
        {"access": [{"role": "READER", "iamMember": "allUsers"}]},
        "bigquery.datasets.getIamPolicy",
    ),
)


@pytest.mark.parametrize(
    ("kind", "fact", "path", "public", "permission"),
    CASES,
    ids=[f"{case[0].type_id}-{number}" for number, case in enumerate(CASES)],
)
def test_each_service_tells_private_public_and_unread_apart(
    kind: type[Resource], fact: Fact[Access], path: str, public: dict[str, Any], permission: str
) -> None:
    def found(pages: PAGES, *denied: str) -> list[str] | str:
        return who(the({**PLACES, **pages}, kind, fact, denied=denied).value_of(fact))

    assert found({}) == []
    assert len(found({path: public})) == 1
    assert permission in found({}, permission)
    assert "resourcemanager.folders.getIamPolicy" in found({}, "resourcemanager.folders.getIamPolicy")
    owner_above = {"/v3/folders/21:getIamPolicy": grant("roles/owner", "allAuthenticatedUsers")}
    assert found(owner_above) != [], "of what an owner may do our data knows a part for some services"


def test_authorized_views_of_unknown_projects_leave_a_dataset_open_to_doubt() -> None:
    def entries(project: str) -> PAGES:
        view = {"projectId": project, "datasetId": "v", "tableId": "t"}
        return {**PLACES, "/bigquery/v2/projects/my-project/datasets/d": {"access": [{"view": view}]}}

    own = the(entries("my-project"), BigQueryDataset, BigQueryDataset.access)
    assert who(own.access, "named") == []
    other = the(entries("their-project"), BigQueryDataset, BigQueryDataset.access)
    assert who(other.access, "named") == "not-collected"


# --- how they are reached -------------------------------------------------------------------------------------


def test_folders_and_organization_are_read_through_their_project_and_judged_where_they_are_scanned() -> None:
    held = estate({}, GcpProject, GcpProject.above)
    assert [*held.resources] == [kind for kind in KINDS if kind in held.resources]
    assert not any(issubclass(kind, GcpFolder | GcpOrganization) for kind in held.resources)
    assert {*held.others} == {f"{HOST}/folders/21", f"{HOST}/folders/22", f"{HOST}/organizations/1"}
    folder = Scope("gcp", "google", "folders/21", f"{HOST}/folders/21", "Folder", level="folder")
    (found,) = read({}, GcpFolder, GcpFolder.allow_policy, scope=folder)
    assert (found.uid, found.allow_policy) == (folder.uid, ())


def test_ancestors_stand_from_the_organization_down() -> None:
    project = the({}, GcpProject, GcpProject.above)
    names = [node.name for node in project.above.nodes]
    assert names == ["organizations/1", "folders/21", "folders/22", "projects/my-project"]


def test_a_snapshot_gives_the_same_answers(tmp_path: Path) -> None:
    pages = {**bucket(), **PLACES, **PUBLIC, **deny("folders/21", "storage.googleapis.com/objects.create")}
    for kind in (GcsBucket, KmsKey, GceImage, BigQueryDataset):
        fact = kind.facts["access"]
        before = estate(pages, kind, fact, denied=["resourcemanager.organizations.get"])
        path = tmp_path / f"{kind.__name__}.jsonl"
        path.write_text("".join(snapshot.lines([before], "test")), "utf-8")
        (after,) = snapshot.read(path, KINDS)
        views = [
            [one.bound(View(Reads.of([fact]), held)).value_of(fact) for one in held.of(kind)]
            for held in (before, after)
        ]
        assert views[0] == views[1]
        assert views[0]
