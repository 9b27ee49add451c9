"""Two roads: what the inventory told in bulk is what each service would have answered, or the service is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from providers.emulation.request import Answer, Request
from providers.gcp import PROVIDER
from providers.gcp.client.asset_store import Told
from providers.gcp.client.asset_words import as_listed
from providers.gcp.rest import gcp
from scanner.facts import Call
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, Batch, Page, Session
from tests.providers.gcp.client.cloud import PROJECT, Cloud, Said, error, query

BUCKETS = gcp("storage.buckets.list")
BUCKET = gcp("storage.buckets.get")
BUCKET_POLICY = gcp("storage.buckets.getIamPolicy")
INSTANCES = gcp("compute.instances.aggregatedList")
RINGS = gcp("cloudkms.projects.locations.keyRings.list")
PROJECT_POLICY = gcp("cloudresourcemanager.projects.getIamPolicy")
ORGANIZATION_POLICY = gcp("cloudresourcemanager.organizations.getIamPolicy")
ROLES = gcp("iam.projects.roles.list")
CALLS = (BUCKETS, BUCKET, BUCKET_POLICY, INSTANCES, RINGS, PROJECT_POLICY, ORGANIZATION_POLICY, ROLES)

CONTAINERS = "cloudresourcemanager.googleapis.com"
MACHINE_PATH = "projects/acme-web/zones/a/instances/m"
RING = "projects/acme-web/locations/eu/keyRings/r"
POLICY = {"version": 1, "etag": "ACAB", "bindings": [{"role": "roles/owner", "members": ["user:a@acme.example"]}]}
SITE = {"name": "acme-site", "location": "EU", "iamConfiguration": {"publicAccessPrevention": "inherited"}}
MACHINE = {"name": "m", "id": "1", "zone": "zones/a", "metadata": {}, "networkInterfaces": []}


def asset(type_: str, name: str, number: str = "1001", **content: object) -> dict[str, Any]:
    return {
        "name": name,
        "assetType": type_,
        "ancestors": [f"projects/{number}", "organizations/7"],
        "updateTime": "2026-01-01T00:00:00Z",
        **content,
    }


def resource(type_: str, name: str, data: Mapping[str, object], number: str = "1001") -> dict[str, Any]:
    return asset(type_, name, number, resource={"version": "v1", "data": dict(data)})


def service(api: str, number: str = "1001", state: str = "ENABLED") -> dict[str, Any]:
    name = f"projects/{number}/services/{api}"
    data = {"name": name, "state": state}
    return resource("serviceusage.googleapis.com/Service", f"//serviceusage.googleapis.com/{name}", data, number)


ASSETS: dict[str, list[dict[str, Any]]] = {
    "RESOURCE": [
        service("storage.googleapis.com"),
        service("compute.googleapis.com"),
        service("cloudkms.googleapis.com"),
        service("iam.googleapis.com", state="DISABLED"),
        resource("storage.googleapis.com/Bucket", "//storage.googleapis.com/acme-site", SITE | {"acl": []}),
        resource("compute.googleapis.com/Instance", f"//compute.googleapis.com/{MACHINE_PATH}", MACHINE),
        resource("storage.googleapis.com/Bucket", "//storage.googleapis.com/foreign", {"name": "foreign"}, "4004"),
        resource("cloudkms.googleapis.com/KeyRing", f"//cloudkms.googleapis.com/{RING}", {"name": RING}),
    ],
    "IAM_POLICY": [
        asset("storage.googleapis.com/Bucket", "//storage.googleapis.com/acme-site", iamPolicy=POLICY),
        asset(f"{CONTAINERS}/Project", f"//{CONTAINERS}/projects/1001", iamPolicy=POLICY),
        asset("storage.googleapis.com/Bucket", "//storage.googleapis.com/acme-bare"),
        {
            "name": "//cloudresourcemanager.googleapis.com/organizations/7",
            "assetType": "cloudresourcemanager.googleapis.com/Organization",
            "ancestors": ["organizations/7"],
            "iamPolicy": POLICY,
        },
    ],
}  # fmt: skip
LISTS: dict[str, Said] = {
    "/storage/v1/b": {"kind": "storage#buckets", "items": [SITE]},
    "/compute/v1/projects/acme-web/aggregated/instances": {
        "kind": "compute#instanceAggregatedList",
        "items": {"zones/a": {"instances": [MACHINE]}},
    },
    "/v1/projects/acme-web/locations/eu/keyRings": {"keyRings": [{"name": RING}]},
    "/v1/projects/acme-web/locations/us/keyRings": {},
    "/v3/projects/acme-web:getIamPolicy": POLICY,
    "/storage/v1/b/acme-site/iam": POLICY | {"kind": "storage#policy"},
    "/storage/v1/b/acme-bare/iam": {"kind": "storage#policy", "etag": "CAE="},
    "/v3/organizations/7:getIamPolicy": POLICY,
    "/v1/projects/acme-web/roles": {"roles": []},
}
ASKED: list[tuple[Call, str]] = [
    (BUCKETS, "/storage/v1/b"),
    (INSTANCES, "/compute/v1/projects/acme-web/aggregated/instances"),
    (RINGS, "/v1/projects/acme-web/locations/eu/keyRings"),
    (RINGS, "/v1/projects/acme-web/locations/us/keyRings"),
    (PROJECT_POLICY, "/v3/projects/acme-web:getIamPolicy"),
    (BUCKET_POLICY, "/storage/v1/b/acme-site/iam"),
    (ORGANIZATION_POLICY, "/v3/organizations/7:getIamPolicy"),
]


def inventory(request: Request) -> Said:
    """Assets of the types that are asked for, two to a page."""
    asked = query(request)
    rows = [row for row in ASSETS[asked["contentType"][0]] if row["assetType"] in asked["assetTypes"]]
    at = int(asked.get("pageToken", ["0"])[0])
    return {"assets": rows[at : at + 2]} | ({"nextPageToken": str(at + 2)} if at + 2 < len(rows) else {})


@pytest.fixture
def tree(cloud: Cloud) -> Cloud:
    cloud.says |= LISTS
    cloud.says |= {
        "/v3/organizations/7": {"name": "organizations/7", "state": "ACTIVE", "displayName": "acme.example"},
        "/v3/folders": {},
        "/v3/projects": {"projects": [PROJECT]},
        "/v1/organizations/7/assets": inventory,
        "/v1/projects/acme-web/assets": inventory,
    }
    return cloud


def put(session: Session, batches: Sequence[Batch]) -> None:
    """Ask all questions of batches, as the engine would."""
    for question in [question for batch in batches for question in batch.questions]:
        failure: AskFailed | None = None
        page: dict[str, object] | None = dict(question.params)
        try:
            while page is not None:
                told = session.ask(question.scope, GLOBAL, question.call, page)
                question.learn(told.answer)
                page = None if told.next is None else {**question.params, **told.next}
        except AskFailed as refusal:
            failure = refusal
        question.end(failure)


def prepared(cloud: Cloud, **settings: str) -> tuple[Session, Scope]:
    """A session that has asked all questions of its batches as the engine would, and its project."""
    session = cloud.open(*CALLS, **(settings or {"organization": "7"}))
    scopes = session.target((), (), regional=False).scopes
    batches = session.batches(scopes)
    assert sorted(scope.uid for batch in batches for scope in batch.scopes) == sorted(scope.uid for scope in scopes)
    put(session, batches)
    cloud.requests.clear()
    return session, next(scope for scope in scopes if not scope.level)


def ask(session: Session, scope: Scope, call: Call, path: str) -> Page:
    params = {name: value.format(scope=scope) if isinstance(value, str) and "{it" not in value else value
              for name, value in call.params.items()}  # fmt: skip
    return session.ask(scope, GLOBAL, call, {**params, "path": path})


def without_kind(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "kind"}


@pytest.mark.parametrize(("call", "path"), ASKED, ids=lambda value: getattr(value, "wire", value))
@pytest.mark.parametrize("root", [{"organization": "7"}, {"project": "acme-web"}], ids=str)
def test_both_roads_give_the_same(tree: Cloud, call: Call, path: str, root: dict[str, str]) -> None:
    session, scope = prepared(tree, **root)
    told = ask(session, scope, call, path)
    assert (told.sent, told.next) == (False, None)
    assert tree.requests == []
    plain, scope = prepared(tree, **root, gcp_road="services")
    assert without_kind(ask(plain, scope, call, path).answer) == without_kind(told.answer)
    assert tree.paths == [path]


def test_the_inventory_is_asked_once_for_each_content_and_only_for_what_is_read(tree: Cloud) -> None:
    session = tree.open(BUCKETS, BUCKET_POLICY, ROLES, organization="7")
    (batch,) = session.batches(session.target((), (), regional=False).scopes)
    asked = {str(question.params["contentType"]): question.params["assetTypes"] for question in batch.questions}
    assert asked == {
        "RESOURCE": ["serviceusage.googleapis.com/Service", "storage.googleapis.com/Bucket"],
        "IAM_POLICY": ["storage.googleapis.com/Bucket"],
    }
    assert {question.scope.account for question in batch.questions} == {"organizations/7"}


def test_the_inventory_is_not_asked_for_what_it_does_not_hold(tree: Cloud) -> None:
    session = tree.open(ROLES, organization="7")
    assert [batch.questions for batch in session.batches(session.target((), (), regional=False).scopes)] == [()]


def test_a_policy_that_the_inventory_does_not_hold_is_asked_for(tree: Cloud) -> None:
    session, scope = prepared(tree)
    assert ask(session, scope, BUCKET_POLICY, "/storage/v1/b/acme-bare/iam").sent
    assert tree.paths == ["/storage/v1/b/acme-bare/iam"]


@pytest.mark.parametrize("api", ["storage.googleapis.com", "cloudkms.googleapis.com"])
def test_an_api_that_is_not_known_to_be_on_is_asked(tree: Cloud, monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    """The inventory holds nothing of an API that is off, and that must not look like no resources."""
    off = [row for row in ASSETS["RESOURCE"] if not row["name"].endswith(f"/services/{api}")]
    monkeypatch.setitem(ASSETS, "RESOURCE", off)
    session, scope = prepared(tree)
    call, path = ASKED[0 if api.startswith("storage") else 3]
    assert ask(session, scope, call, path).sent


@pytest.mark.parametrize("said", [error(403, "PERMISSION_DENIED"), error(503, "UNAVAILABLE"), Answer(200, "", b"{")])
@pytest.mark.parametrize("at", [0, 2])
def test_an_inventory_that_does_not_answer_to_the_end_is_not_used(tree: Cloud, said: Answer, at: int) -> None:
    def broken(request: Request) -> Said:
        return said if query(request).get("pageToken", ["0"]) == [str(at)] else inventory(request)

    tree.says["/v1/organizations/7/assets"] = broken
    session, scope = prepared(tree)
    for call, path in ASKED:
        assert ask(session, scope, call, path).sent


def test_assets_that_do_not_say_what_they_belong_to_are_a_failure() -> None:
    row = ASSETS["RESOURCE"][4]
    with pytest.raises(KeyError):
        Told({"1001": "acme-web"}).learn({"assets": [{name: row[name] for name in row if name != "ancestors"}]})


def test_what_was_told_is_forgotten_with_the_scope(tree: Cloud) -> None:
    session = tree.open(*CALLS, organization="7")
    scopes = session.target((), (), regional=False).scopes
    (batch,) = session.batches(scopes)
    put(session, (batch,))
    scope = next(scope for scope in scopes if not scope.level)
    assert not ask(session, scope, BUCKETS, "/storage/v1/b").sent
    assert batch.forget is not None
    batch.forget(scope)
    assert ask(session, scope, BUCKETS, "/storage/v1/b").sent


def test_many_loose_projects_are_not_asked_about_one_by_one(cloud: Cloud) -> None:
    for number in range(30):
        cloud.says[f"/v3/projects/p{number}"] = PROJECT | {"projectId": f"p{number}", "name": f"projects/{number}"}
    session = cloud.open(*CALLS, project=",".join(f"p{number}" for number in range(30)))
    (batch,) = session.batches(session.target((), (), regional=False).scopes)
    assert (len(batch.scopes), batch.questions) == (30, ())


def test_a_hundred_thousand_resources_fit_in_memory() -> None:
    told = Told({str(number): f"p{number}" for number in range(1000)})
    data = {f"member{n}": f"value {n} of a resource" for n in range(40)}
    for number in range(0, 1000, 10):
        rows = [
            resource(
                "compute.googleapis.com/Disk",
                f"//compute.googleapis.com/projects/p{number + n // 100}/disks/{n}",
                data | {"id": str(n)},
                str(number + n // 100),
            )
            for n in range(1000)
        ]
        told.learn({"assets": rows})
    told.end(None)
    assert told.ready
    assert told.size < 200_000_000
    assert len(told.entries("p7", "compute.googleapis.com/Disk")) == 100


def test_a_road_of_services_alone_asks_the_inventory_nothing(tree: Cloud) -> None:
    prepared(tree, organization="7", gcp_road="services")
    assert PROVIDER.options[-2].values == ("auto", "services")
    assert not any("/assets" in path for path in tree.paths)


def test_some_projects_of_an_organization_are_asked_about_one_by_one(tree: Cloud) -> None:
    session = tree.open(*CALLS, organization="7")
    (batch,) = session.batches(session.target((), ("acme-web",), regional=False).scopes)
    assert {str(question.params["path"]) for question in batch.questions} == {"/v1/projects/acme-web/assets"}


@pytest.mark.parametrize("switch", [{"enabled": True}, {"enabled": False}, {}, None])
def test_a_bucket_without_access_lists_is_told_whole(
    tree: Cloud, monkeypatch: pytest.MonkeyPatch, switch: dict[str, bool] | None
) -> None:
    """The inventory does not hold access lists as they are: only where there are none is nothing missing."""
    settings = {} if switch is None else {"uniformBucketLevelAccess": switch}
    bucket = SITE | {"iamConfiguration": settings}
    name = "//storage.googleapis.com/acme-site"
    rows = [resource("storage.googleapis.com/Bucket", name, bucket | {"acl": [], "defaultObjectAcl": []})]
    monkeypatch.setitem(ASSETS, "RESOURCE", [service("storage.googleapis.com"), *rows])
    tree.says["/storage/v1/b/acme-site"] = bucket | {"kind": "storage#bucket"}
    session, scope = prepared(tree)
    page = ask(session, scope, BUCKET, "/storage/v1/b/acme-site")
    assert without_kind(page.answer) == bucket
    assert page.sent is (switch != {"enabled": True})


def test_machines_without_their_metadata_are_asked_about(tree: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inventory leaves metadata out, which says whether serial consoles are on: that is not the same as off."""
    bare = {name: value for name, value in MACHINE.items() if name != "metadata"}
    row = resource("compute.googleapis.com/Instance", f"//compute.googleapis.com/{MACHINE_PATH}", bare)
    monkeypatch.setitem(ASSETS, "RESOURCE", [*ASSETS["RESOURCE"], row])
    session, scope = prepared(tree)
    page = ask(session, scope, INSTANCES, "/compute/v1/projects/acme-web/aggregated/instances")
    assert (page.sent, page.answer["items"]) == (True, [MACHINE])


def test_regional_disks_are_disks(tree: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inventory tells the two apart; the service lists both."""
    disks = gcp("compute.disks.aggregatedList")
    path = "/compute/v1/projects/acme-web/aggregated/disks"
    zonal, other = {"name": "a", "sizeGb": "1"}, {"name": "b", "sizeGb": "2"}
    rows = [
        resource("compute.googleapis.com/Disk", "//compute.googleapis.com/projects/acme-web/zones/a/disks/a", zonal),
        resource("compute.googleapis.com/RegionDisk", "//compute.googleapis.com/projects/p/regions/r/disks/b", other),
    ]  # fmt: skip
    monkeypatch.setitem(ASSETS, "RESOURCE", [service("compute.googleapis.com"), *rows])
    monkeypatch.setattr(f"{__name__}.CALLS", (*CALLS, disks))
    session, scope = prepared(tree)
    assert ask(session, scope, disks, path).answer["items"] == [zonal, other]


FIREWALLS = gcp("compute.firewalls.list")
DATASETS = gcp("bigquery.datasets.list")


def rule(**members: object) -> dict[str, Any]:
    return {"name": "r", "direction": "INGRESS", "network": "n", **members}


def dataset(name: str, **project: str) -> dict[str, Any]:
    return {"kind": "bigquery#dataset", "datasetReference": {"datasetId": name, **project}, "location": "EU"}


@pytest.mark.parametrize(
    ("call", "path", "type_", "told", "listed"),
    [
        (FIREWALLS, "/global/firewalls", "compute.googleapis.com/Firewall", [rule(sourceRanges=["::/0"])], None),
        (
            FIREWALLS,
            "/global/firewalls",
            "compute.googleapis.com/Firewall",
            [rule(sourceRange=["::/0"])],
            [rule(sourceRanges=["::/0"])],
        ),
        (DATASETS, "/datasets", "bigquery.googleapis.com/Dataset", [dataset("d", projectId="acme-web")], None),
        (DATASETS, "/datasets", "bigquery.googleapis.com/Dataset", [dataset("d")], [dataset("d", projectId="p")]),
    ],
)
def test_what_the_inventory_spells_otherwise_is_asked_of_the_service(
    tree: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    call: Call,
    path: str,
    type_: str,
    told: list[dict[str, Any]],
    listed: list[dict[str, Any]] | None,
) -> None:
    root = "/bigquery/v2/projects/acme-web" if call is DATASETS else "/compute/v1/projects/acme-web"
    rows = [resource(type_, f"//{type_.partition('/')[0]}/{number}", row) for number, row in enumerate(told)]
    monkeypatch.setitem(ASSETS, "RESOURCE", [service(type_.partition("/")[0]), *rows])
    monkeypatch.setattr(f"{__name__}.CALLS", (*CALLS, call))
    kind = "bigquery#datasetList" if call is DATASETS else "compute#firewallList"
    tree.says[root + path] = {"kind": kind, str(call.items): listed or []}
    session, scope = prepared(tree)
    page = ask(session, scope, call, root + path)
    assert (page.sent, page.answer[str(call.items)]) == (listed is not None, listed or told)


def test_hidden_datasets_are_not_listed(tree: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inventory may hold those that BigQuery keeps results of queries in."""
    rows = [dataset(name, projectId="acme-web") for name in ("sales", "_3f5c")]
    assets = [
        resource("bigquery.googleapis.com/Dataset", f"//bigquery.googleapis.com/{number}", row)
        for number, row in enumerate(rows)
    ]
    monkeypatch.setitem(ASSETS, "RESOURCE", [service("bigquery.googleapis.com"), *assets])
    monkeypatch.setattr(f"{__name__}.CALLS", (*CALLS, DATASETS))
    session, scope = prepared(tree)
    assert ask(session, scope, DATASETS, "/bigquery/v2/projects/acme-web/datasets").answer["datasets"] == rows[:1]


def test_where_a_project_lies_is_known_once_the_organization_was_looked_through(tree: Cloud) -> None:
    call = gcp("cloudresourcemanager.projects.getAncestry")
    path = "/v1/projects/acme-web:getAncestry"
    told = {"ancestor": [{"resourceId": {"type": "project", "id": "acme-web"}}]}
    above = {"resourceId": {"type": "organization", "id": "7"}}
    tree.says[path] = {"ancestor": [*told["ancestor"], above]}
    for named, sent in (({"organization": "7"}, False), ({"project": "acme-web"}, True)):
        session = tree.open(call, **named)
        scope = session.target((), (), regional=False).scopes[-1]
        page = ask(session, scope, call, path)
        assert (page.sent, page.answer) == (sent, tree.says[path])


def test_a_post_keeps_its_query_in_the_address(tree: Cloud) -> None:
    call = gcp("iam.projects.serviceAccounts.getIamPolicy")
    path = "/v1/projects/acme-web/serviceAccounts/a@acme-web.iam.gserviceaccount.com:getIamPolicy"
    tree.says[path] = POLICY
    session = tree.open(call, project="acme-web")
    (scope,) = session.target((), (), regional=False).scopes
    assert ask(session, scope, call, path).answer == POLICY
    asked = tree.requests[-1]
    assert (asked.method, query(asked)) == ("POST", {"options.requestedPolicyVersion": ["3"]})
    assert asked.body == b"{}"


@pytest.mark.parametrize(
    ("type_", "told", "listed"),
    [
        (
            "storage.googleapis.com/Bucket",
            {"projectNumber": 7, "metageneration": 1, "acl": [], "logging": {}, "cors": [], "lifecycle": {"rule": []}},
            {"projectNumber": "7", "metageneration": "1"},
        ),
        (
            "compute.googleapis.com/Firewall",
            {"allowed": [{"ipProtocol": "tcp", "ports": ["22"]}], "denied": [{"IPProtocol": "all"}]},
            {"allowed": [{"IPProtocol": "tcp", "ports": ["22"]}], "denied": [{"IPProtocol": "all"}]},
        ),
        (
            "bigquery.googleapis.com/Dataset",
            {"datasetReference": {"datasetId": "d"}, "location": "EU", "access": [], "etag": "e"},
            {"datasetReference": {"datasetId": "d"}, "location": "EU"},
        ),
        ("compute.googleapis.com/Disk", {"sizeGb": "1", "labels": {}}, {"sizeGb": "1", "labels": {}}),
    ],
)
def test_the_words_of_the_inventory_become_those_of_the_service(
    type_: str, told: dict[str, Any], listed: dict[str, Any]
) -> None:
    assert as_listed(type_, told) == listed
    assert as_listed(type_, listed) == listed
