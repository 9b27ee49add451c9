"""Take any permission away, and each verdict stays or turns unknown. It never turns into another one."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from providers.gcp.kinds import KINDS
from scanner.collect import Collection
from scanner.evaluate import Evaluation, Tally
from scanner.plan import Plan
from scanner.provider import Target
from tests.providers.gcp.kinds.labelled import CHECKS, MODEL
from tests.providers.gcp.kinds.papers import ORGANIZATION, PROJECT, QUICK, TAKEN_AT, PaperGoogle
from tests.providers.gcp.kinds.test_access import KEY, PLACES, bucket, deny, grant

_COMPUTE = "/compute/v1/projects/my-project"
_LINK = f"https://www.googleapis.com{_COMPUTE}"
_ZONE = f"{_LINK}/zones/europe-west1-b"
_PUBLIC = "roles/storage.objectViewer"
_OUTSIDE = "user:bob@gmail.com"


def _rules(*ports: str) -> list[dict[str, Any]]:
    refusal = {"denied": [{"IPProtocol": "tcp", "ports": [*ports]}], "priority": 10}
    opening = {"allowed": [{"IPProtocol": "all"}], "sourceRanges": ["0.0.0.0/0"]}
    return [
        {"name": name, "network": f"{_LINK}/global/networks/n", "selfLink": f"{_LINK}/global/firewalls/{name}", **rule}
        for name, rule in (("refusal", refusal), ("opening", opening))
    ]


def _machine(name: str, **metadata: str) -> dict[str, Any]:
    items = [{"key": key.replace("_", "-"), "value": value} for key, value in metadata.items()]
    return {"name": name, "zone": _ZONE, "selfLink": f"{_ZONE}/instances/{name}", "metadata": {"items": items}}


_WORLD: dict[str, Any] = {
    **ORGANIZATION,
    **bucket(iamConfiguration={"uniformBucketLevelAccess": {"enabled": True}}),
    **PLACES,
    f"{_COMPUTE}/global/firewalls": {"items": _rules("22", "3389")},
    f"{_COMPUTE}/aggregated/instances": {"items": [_machine("m"), _machine("serial", serial_port_enable="1")]},
    f"{_COMPUTE}/global/networks": {"items": [{"name": "default", "selfLink": f"{_LINK}/global/networks/default"}]},
    "/v1/projects/my-project/instances": {
        "items": [
            {
                "name": "i",
                "project": "my-project",
                "region": "europe-west1",
                "databaseVersion": "MYSQL_8_0",
                "settings": {"ipConfiguration": {"ipv4Enabled": True, "authorizedNetworks": [{"value": "0.0.0.0/0"}]}},
            }
        ]
    },
}
WORLDS: dict[str, dict[str, Any]] = {
    "closed": _WORLD,
    "open": {
        **_WORLD,
        "/storage/v1/b/b/iam": grant(_PUBLIC, "allUsers", _OUTSIDE),
        KEY: grant("roles/cloudkms.cryptoKeyDecrypter", "allUsers", _OUTSIDE),
    },
    "open from above": {**_WORLD, "/v3/folders/21:getIamPolicy": grant("roles/storage.admin", "allUsers", _OUTSIDE)},
    "by access lists": {**_WORLD, **bucket(acl=[{"entity": "allUsers", "role": "READER"}])},
    "denied above": {
        **_WORLD,
        "/storage/v1/b/b/iam": grant(_PUBLIC, "allUsers"),
        **deny(
            "organizations/1",
            *(f"storage.googleapis.com/{what}" for what in ("objects.get", "objects.list")),
            *(f"storage.googleapis.com/{what}" for what in ("managedFolders.list", "folders.list")),
        ),
    },
    "prevented above": {
        **_WORLD,
        "/storage/v1/b/b/iam": grant(_PUBLIC, "allUsers"),
        "/v2/projects/my-project/policies/storage.publicAccessPrevention:getEffectivePolicy": {
            "name": "p",
            "spec": {"rules": [{"enforce": True}]},
        },
    },
    "by a custom role": {
        **_WORLD,
        "/storage/v1/b/b/iam": grant("projects/my-project/roles/r", "allUsers"),
        "/v1/projects/my-project/roles": {
            "roles": [{"name": "projects/my-project/roles/r", "includedPermissions": ["pubsub.topics.get"]}]
        },
    },
}
_CHECKS = [check for check in CHECKS.values() if any(check.applies_to(kind) for kind in KINDS)]
_PLAN = Plan.of(_CHECKS, KINDS)


def verdicts(world: str, *denied: str) -> dict[tuple[str, str], str]:
    session = PaperGoogle(WORLDS[world], frozenset(denied))
    (estate,) = Collection(_PLAN, session, Target((PROJECT,)), TAKEN_AT, QUICK)
    assert estate.defects == ()
    tally = Tally()
    findings = Evaluation(estate, _CHECKS, MODEL, "denial", tally)
    found: dict[tuple[str, str], str] = {(one.check, one.resource.uid): one.status for one in findings}
    assert not tally.defects
    return found


@cache
def whole(world: str) -> dict[tuple[str, str], str]:
    return verdicts(world)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("permission", _PLAN.permissions())
def test_without_a_permission_no_verdict_turns_into_another(world: str, permission: str) -> None:
    before, after = whole(world), verdicts(world, permission)
    assert {key: after[key] for key in after.keys() & before.keys() if after[key] not in (before[key], "unknown")} == {}
    lost = before.keys() - after.keys()
    scope = {check for check, uid in after if uid == PROJECT.uid and after[check, uid] == "unknown"}
    assert {check for check, _ in lost} <= scope, "what is no longer listed is said"


def test_the_worlds_have_verdicts_of_every_sort() -> None:
    assert {status for world in WORLDS for status in whole(world).values()} >= {"fail", "pass"}
    b = "//storage.googleapis.com/b"
    public = {world: whole(world)["storage-public-read", b] for world in WORLDS}
    assert public == {
        "closed": "pass",
        "open": "fail",
        "open from above": "fail",
        "by access lists": "fail",
        "denied above": "pass",
        "prevented above": "pass",
        "by a custom role": "pass",
    }
