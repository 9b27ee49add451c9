"""Answers have the quirks of the real ones: what is left out, what is hidden, and where a page ends."""

from __future__ import annotations

from typing import Any

import pytest

from providers.gcp.emulator import Emulator
from tests.providers.gcp.emulator.conftest import Caller

SHOP = "projects/acme-shop"
LISTS = [
    ("storage", "/storage/v1/b?project=acme-shop", "items", "maxResults"),
    ("compute", f"/compute/v1/{SHOP}/global/firewalls", "items", "maxResults"),
    ("sqladmin", f"/v1/{SHOP}/instances", "items", "maxResults"),
    ("bigquery", f"/bigquery/v2/{SHOP}/datasets", "datasets", "maxResults"),
    ("iam", f"/v1/{SHOP}/serviceAccounts", "accounts", "pageSize"),
    ("logging", f"/v2/{SHOP}/metrics", "metrics", "pageSize"),
    ("monitoring", f"/v3/{SHOP}/alertPolicies", "alertPolicies", "pageSize"),
    (
        "cloudkms",
        "/v1/projects/acme-security/locations/europe-west1/keyRings/production/cryptoKeys",
        "cryptoKeys",
        "pageSize",
    ),
    ("serviceusage", f"/v1/{SHOP}/services", "services", "pageSize"),
    ("orgpolicy", f"/v2/{SHOP}/constraints", "constraints", "pageSize"),
    ("cloudresourcemanager", "/v3/projects:search", "projects", "pageSize"),
    ("cloudasset", "/v1/organizations/340012345678/assets?contentType=RESOURCE", "assets", "pageSize"),
    ("cloudasset", "/v1/organizations/340012345678/assets?contentType=IAM_POLICY", "assets", "pageSize"),
]


@pytest.mark.parametrize(("host", "path", "member", "size"), LISTS, ids=lambda value: str(value))
@pytest.mark.parametrize("number", [1, 2, 3])
def test_pages_add_up_to_the_whole(asker: Caller, host: str, path: str, member: str, size: str, number: int) -> None:
    path, _, rest = path.partition("?")
    query: dict[str, Any] = dict(pair.split("=") for pair in rest.split("&") if pair)
    whole = asker.get(host, path, **query, **{size: 1000})
    assert "nextPageToken" not in whole
    pages: list[Any] = []
    token: str | None = ""
    while token is not None:
        more: dict[str, Any] = {"pageToken": token} if token else {}
        page = asker.get(host, path, **query, **{size: number}, **more)
        assert len(page.get(member, [])) <= number
        pages += page.get(member, [])
        token = page.get("nextPageToken")
    assert pages == whole[member]


@pytest.mark.parametrize("token", ["nonsense", "MXxvdGhlcg==", "-1"])
def test_a_token_of_another_list_is_refused(asker: Caller, token: str) -> None:
    reply = asker.ask("storage", "/storage/v1/b", project="acme-shop", pageToken=token)
    assert reply.status == 400


def test_a_parameter_that_does_not_exist_is_refused(asker: Caller) -> None:
    reply = asker.ask("logging", f"/v2/{SHOP}/sinks", maxResults=5)
    assert reply.status == 400
    assert reply.body["error"]["status"] == "INVALID_ARGUMENT"


def test_an_empty_list_is_left_out(asker: Caller) -> None:
    lab = "projects/acme-lab"
    compute = f"https://www.googleapis.com/compute/v1/{lab}/global"
    assert asker.get("storage", "/storage/v1/b", project="acme-security")["items"]
    assert asker.get("iam", f"/v1/{lab}/roles") == {}
    assert asker.get("compute", f"/compute/v1/{lab}/global/images") == {
        "kind": "compute#imageList",
        "id": f"{lab}/global/images",
        "selfLink": f"{compute}/images",
    }
    assert asker.get("logging", f"/v2/{lab}/metrics") == {}


def test_an_aggregated_list_warns_where_nothing_stands(asker: Caller) -> None:
    disks = asker.get("compute", f"/compute/v1/{SHOP}/aggregated/disks")
    assert disks["kind"] == "compute#diskAggregatedList"
    names = {scope: [disk["name"] for disk in part.get("disks", ())] for scope, part in disks["items"].items()}
    assert names == {
        "regions/europe-west1": ["shared-eu"],
        "regions/us-central1": [],
        "zones/europe-west1-b": ["web-1"],
        "zones/europe-west1-c": ["ledger-1"],
        "zones/us-central1-a": [],
    }
    assert disks["items"]["zones/us-central1-a"]["warning"]["code"] == "NO_RESULTS_ON_PAGE"


def test_access_lists_are_shown_to_those_who_ask_for_all(asker: Caller) -> None:
    short = asker.get("storage", "/storage/v1/b/acme-shop-website")
    full = asker.get("storage", "/storage/v1/b/acme-shop-website", projection="full")
    assert {"acl", "defaultObjectAcl", "owner"} == full.keys() - short.keys()
    assert asker.get("storage", "/storage/v1/b/acme-shop-website/acl")["items"] == full["acl"]


def test_a_bucket_with_uniform_access_has_no_lists(asker: Caller) -> None:
    reply = asker.ask("storage", "/storage/v1/b/acme-shop-invoices/acl")
    assert reply.status == 400
    assert "uniform bucket-level access" in reply.body["error"]["message"]


def test_conditions_are_hidden_from_those_who_do_not_ask_for_version_3(asker: Caller) -> None:
    path, version = f"/v3/{SHOP}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}}
    shown = asker.ask("cloudresourcemanager", path, "POST", body=version).body
    hidden = asker.ask("cloudresourcemanager", path, "POST", body={}).body
    conditional = [row for row in shown["bindings"] if "condition" in row]
    assert shown["version"] == 3
    assert conditional
    assert hidden["version"] == 1
    assert [row for row in hidden["bindings"] if "condition" in row] == []
    assert sum("_withcond_" in row["role"] for row in hidden["bindings"]) == len(conditional)


def test_a_bucket_with_conditions_answers_nobody_who_asks_for_less_than_version_3(asker: Caller) -> None:
    path = "/storage/v1/b/acme-shop-exports/iam"
    policy = asker.get("storage", path, optionsRequestedPolicyVersion=3)
    assert [row for row in policy["bindings"] if "condition" in row]
    assert asker.ask("storage", path).status == 400
    assert asker.ask("storage", path, optionsRequestedPolicyVersion=1).status == 400
    assert asker.ask("storage", "/storage/v1/b/acme-shop-invoices/iam").status == 200


def test_conditions_of_datasets_are_hidden_likewise(asker: Caller) -> None:
    path = f"/bigquery/v2/{SHOP}/datasets/partner"
    assert [row for row in asker.get("bigquery", path)["access"] if "condition" in row] == []
    assert [row for row in asker.get("bigquery", path, accessPolicyVersion=3)["access"] if "condition" in row]


def test_a_policy_that_was_never_set_is_an_etag(asker: Caller) -> None:
    assert asker.get("compute", f"/compute/v1/{SHOP}/global/snapshots/ledger-1-nightly/getIamPolicy") == {
        "etag": "ACAB"
    }


@pytest.mark.parametrize(
    ("constraint", "project", "rules"),
    [
        ("sql.restrictPublicIp", "acme-security", [{"enforce": True}]),  # set here
        ("sql.restrictPublicIp", "acme-lab", [{"enforce": False}]),  # the default
        ("iam.disableServiceAccountKeyCreation", "acme-shop", [{"enforce": True}]),  # set on the folder
        (
            "iam.automaticIamGrantsForDefaultServiceAccounts",
            "acme-shop",
            [{"enforce": True}],
        ),  # set on the organization
        ("iam.automaticIamGrantsForDefaultServiceAccounts", "acme-lab", [{"enforce": False}]),  # taken back
        ("iam.allowedPolicyMemberDomains", "acme-security", [{"allowAll": True}]),  # reset to the default
        (
            "iam.allowedPolicyMemberDomains",
            "acme-shop",  # merged with the one above
            [
                {"values": {"allowedValues": ["is:C0acme123", "is:C02partner"]}},
                {"values": {"allowedValues": ["is:C03shipper"]}},
            ],
        ),
    ],
)
def test_the_policy_in_effect_is_the_nearest(asker: Caller, constraint: str, project: str, rules: list[Any]) -> None:
    policy = asker.get("orgpolicy", f"/v2/projects/{project}/policies/{constraint}:getEffectivePolicy")
    assert policy["spec"]["rules"] == rules


def test_deny_policies_are_listed_without_rules_and_shown_with_them(asker: Caller) -> None:
    point = "cloudresourcemanager.googleapis.com%2Fprojects%2F200000000002"
    listed = asker.get("iam", f"/v2/policies/{point}/denypolicies")["policies"]
    assert [sorted(policy.keys() & {"rules", "name"}) for policy in listed] == [["name"]]
    assert listed[0]["name"] == f"policies/{point}/denypolicies/no-public-buckets"
    assert asker.get("iam", f"/v2/{listed[0]['name']}")["rules"]


def test_keys_of_a_type_can_be_asked_for(asker: Caller) -> None:
    path = f"/v1/{SHOP}/serviceAccounts/{{}}/keys"
    name = "deployer@acme-shop.iam.gserviceaccount.com"
    assert len(asker.get("iam", path.format(name), keyTypes="USER_MANAGED")["keys"]) == 2
    assert asker.get("iam", path.format(name), keyTypes="SYSTEM_MANAGED") == {}


def test_projects_are_found_by_what_is_asked(asker: Caller) -> None:
    search = "/v3/projects:search"
    ids = [project["projectId"] for project in asker.get("cloudresourcemanager", search)["projects"]]
    assert sorted(ids) == ["acme-lab", "acme-security", "acme-shop"]
    under = asker.get("cloudresourcemanager", search, query="parent:folders/720000000001 state:ACTIVE")["projects"]
    assert [project["projectId"] for project in under] == ["acme-shop"]
    listed = asker.get("cloudresourcemanager", "/v3/projects", parent="organizations/340012345678")["projects"]
    assert sorted(project["projectId"] for project in listed) == ["acme-lab", "acme-security"]
    path = asker.ask("cloudresourcemanager", "/v1/projects/acme-shop:getAncestry", "POST", body={}).body["ancestor"]
    assert [row["resourceId"]["type"] for row in path] == ["project", "folder", "organization"]


def test_a_search_shows_what_the_caller_may_see(shared: Emulator) -> None:
    auditor = Caller(shared, "auditor@acme.example")
    found = auditor.get("cloudresourcemanager", "/v3/projects:search")["projects"]
    assert [project["projectId"] for project in found] == ["acme-shop"]
    assert auditor.get("cloudresourcemanager", "/v3/organizations:search") == {}


def test_enums_come_as_numbers_to_those_who_ask(asker: Caller) -> None:
    path = f"/v3/{SHOP}"
    assert asker.get("cloudresourcemanager", path)["state"] == "ACTIVE"
    assert asker.get("cloudresourcemanager", path, **{"$alt": "json;enum-encoding=int"})["state"] == 1
    policy = asker.ask(
        "cloudresourcemanager",
        "/v3/folders/720000000001:getIamPolicy",
        "POST",
        body={},
        **{"$alt": "json;enum-encoding=int"},
    ).body
    assert [row["logType"] for row in policy["auditConfigs"][0]["auditLogConfigs"]] == [1, 3, 2]


def test_assets_are_the_same_tree(asker: Caller) -> None:
    path = "/v1/projects/acme-shop/assets"
    query = {"contentType": "RESOURCE", "pageSize": 1000}
    for type_, host, list_path, member in (
        ("compute.googleapis.com/Network", "compute", f"/compute/v1/{SHOP}/global/networks", "items"),
        ("logging.googleapis.com/LogSink", "logging", f"/v2/{SHOP}/sinks", "sinks"),
        ("iam.googleapis.com/ServiceAccount", "iam", f"/v1/{SHOP}/serviceAccounts", "accounts"),
    ):
        assets = asker.get("cloudasset", path, **query, assetTypes=type_)["assets"]
        assert [asset["resource"]["data"] for asset in assets] == asker.get(host, list_path)[member]
    policies = asker.get("cloudasset", path, contentType="IAM_POLICY", assetTypes="storage.googleapis.com/Bucket")[
        "assets"
    ]
    assert policies[0]["iamPolicy"]["bindings"]
    set_here = asker.get("cloudasset", path, contentType="ORG_POLICY")["assets"]
    assert [row["constraint"] for row in set_here[0]["orgPolicy"]] == [
        "constraints/sql.restrictPublicIp",
        "constraints/compute.vmExternalIpAccess",
    ]


def test_the_inventory_spells_some_resources_otherwise(asker: Caller) -> None:
    query = {"contentType": "RESOURCE", "pageSize": 1000}
    assets = asker.get("cloudasset", "/v1/projects/acme-shop/assets", **query)["assets"]
    data = {asset["name"]: asset["resource"]["data"] for asset in assets}
    website = data["//storage.googleapis.com/acme-shop-website"]
    assert (website["acl"], website["defaultObjectAcl"], website["owner"]) == ([], [], {})
    assert (website["retentionPolicy"], website["versioning"], website["projectNumber"]) == ({}, {}, 200000000002)
    compute = f"//compute.googleapis.com/{SHOP}"
    assert data[f"{compute}/global/firewalls/shop-web"]["allowed"] == [{"ipProtocol": "tcp", "ports": ["443"]}]
    assert "metadata" not in data[f"{compute}/zones/europe-west1-b/instances/web-1"]
    types = {asset["name"].rpartition("/")[2]: asset["assetType"] for asset in assets if "/disks/" in asset["name"]}
    assert types == {
        "web-1": "compute.googleapis.com/Disk",
        "ledger-1": "compute.googleapis.com/Disk",
        "shared-eu": "compute.googleapis.com/RegionDisk",
    }


def test_small_pages_can_be_had_everywhere() -> None:
    with Emulator(page=1) as cloud:
        page = Caller(cloud).get("compute", f"/compute/v1/{SHOP}/aggregated/instances", maxResults=500)
    assert sum(len(part.get("instances", ())) for part in page["items"].values()) == 1
    assert page["nextPageToken"]


def test_types_of_assets_are_told_one_by_one(asker: Caller) -> None:
    path = "/v1/projects/acme-shop/assets"
    types = ["storage.googleapis.com/Bucket", "compute.googleapis.com/Disk"]
    assets = asker.get("cloudasset", path, contentType="RESOURCE", assetTypes=types)["assets"]
    assert {asset["assetType"] for asset in assets} == set(types)
    assert asker.ask("cloudasset", path, contentType="RESOURCE", assetTypes=",".join(types)).status == 400
    assert (
        asker.ask("cloudasset", path, contentType="RESOURCE", assetTypes="storage.googleapis.com/Bukket").status == 400
    )
    found = asker.get("cloudasset", path, contentType="RESOURCE", assetTypes=".*Instance", pageSize=1000)["assets"]
    assert {asset["assetType"] for asset in found} == {
        "compute.googleapis.com/Instance",
        "sqladmin.googleapis.com/Instance",
    }


def test_a_dash_is_a_location_only_where_it_is_documented(asker: Caller) -> None:
    assert asker.get("container", f"/v1/{SHOP}/locations/-/clusters")["clusters"]
    assert asker.get("logging", f"/v2/{SHOP}/locations/-/buckets")["buckets"]
    assert asker.ask("cloudkms", "/v1/projects/acme-security/locations/-/keyRings").status == 400
    assert asker.ask("apikeys", f"/v2/{SHOP}/locations/-/keys").status == 400


def test_a_zone_that_does_not_answer_is_told(cloud: Emulator, caller: Caller) -> None:
    cloud.lose_zone("europe-west1-b")
    machines = caller.get("compute", f"/compute/v1/{SHOP}/aggregated/instances")
    assert machines["items"]["zones/europe-west1-b"]["warning"]["code"] == "UNREACHABLE"
    assert machines["unreachables"] == [f"{SHOP}/zones/europe-west1-b"]
    clusters = caller.get("container", f"/v1/{SHOP}/locations/-/clusters")
    assert [cluster["name"] for cluster in clusters["clusters"]] == ["shop"]
    assert clusters["missingZones"] == ["europe-west1-b"]
    cloud.allow_all()
    assert "unreachables" not in caller.get("compute", f"/compute/v1/{SHOP}/aggregated/instances")
