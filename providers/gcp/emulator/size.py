"""Organizations of any size, for counting calls and for measuring; their resources are made when they are asked for."""

from __future__ import annotations

from providers.gcp.emulator.estate import Body, Entry, Estate, Organization, Principal, Project

_ORGANIZATION = "organizations/900000000009"
_PROJECT = "scale-{copy}"
_NUMBER = "7{copy}"
_LINK = f"https://www.googleapis.com/compute/v1/projects/{_PROJECT}"
_ZONE = "europe-west1-b"
_SCANNER = "ourside@scale-0.iam.gserviceaccount.com"
_SERVICES = (
    *("apikeys", "bigquery", "cloudasset", "cloudkms", "cloudresourcemanager", "compute", "container"),
    *("essentialcontacts", "iam", "iamcredentials", "logging", "monitoring", "orgpolicy", "serviceusage"),
    *("sqladmin", "storage"),
)


def big_estate(*, projects: int = 1000, resources: int = 100) -> Estate:
    """An organization of projects that are all alike, each with so many resources; every third is not in good order."""
    kinds = {
        "compute.projects": (Entry(body=_compute_project()),),
        "storage.buckets": tuple(_bucket(number) for number in range(resources // 5)),
        "compute.networks": (Entry(body=_compute("network", "global", "default", 0)),),
        "compute.disks": tuple(_disk(number) for number in range(resources // 4)),
        "compute.instances": tuple(_instance(number) for number in range(resources // 4)),
        "compute.firewalls": tuple(_firewall(number) for number in range(resources // 10)),
        "iam.serviceAccounts": tuple(_account(number) for number in range(resources // 10)),
    }
    left = resources - sum(len(rows) for rows in kinds.values())
    pattern = Project(
        body={
            "name": f"projects/{_NUMBER}",
            "parent": _ORGANIZATION,
            "projectId": _PROJECT,
            "displayName": "Scale {copy}",
            "state": "ACTIVE",
            "createTime": "2024-04-01T12:34:56.123456Z",
        },
        iam={"version": 1, "etag": "BwYxQm0aZ0E=", "bindings": [_binding("roles/owner", "group:owners@acme.example")]},
        services=tuple(f"{name}.googleapis.com" for name in _SERVICES),
        resources={
            **kinds,
            "compute.snapshots": tuple(_snapshot(number) for number in range(left)),
        },
    )
    return Estate(
        principals=(Principal(email=_SCANNER, unique_id="1", project="scale-0", permissions={_ORGANIZATION: ("*",)}),),
        organization=Organization(
            body={
                "name": _ORGANIZATION,
                "displayName": "scale.example",
                "directoryCustomerId": "C0",
                "state": "ACTIVE",
            },
            iam={"version": 1, "etag": "BwYxQm0bZ0E=", "bindings": []},
            projects=(pattern,),
        ),
        zones=(_ZONE,),
        constraints=(
            {
                "constraint": {"name": "constraints/storage.publicAccessPrevention", "booleanConstraint": {}},
                "default": [{"enforce": False}],
            },
        ),
        roles=(),
        copies=projects - 1,
    )


def _compute_project() -> Body:
    metadata: Body = {"kind": "compute#metadata", "fingerprint": "uIRm46oOI3I="}
    return {
        "kind": "compute#project",
        "id": "1",
        "name": _PROJECT,
        "selfLink": _LINK,
        "commonInstanceMetadata": metadata,
    }


def _bucket(number: int) -> Entry:
    name = f"scale-{{copy}}-bucket-{number}"
    body: Body = {
        "kind": "storage#bucket",
        "id": name,
        "name": name,
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}",
        "projectNumber": _NUMBER,
        "etag": "CAE=",
        "location": "EUROPE-WEST1",
        "storageClass": "STANDARD",
        "timeCreated": "2024-01-03T19:05:15.123Z",
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True, "lockedTime": "2024-04-03T19:05:15.123Z"},
            "publicAccessPrevention": "inherited",
        },
    }
    member = "allUsers" if number % 3 == 0 else "group:readers@acme.example"
    policy = {"kind": "storage#policy", "resourceId": f"projects/_/buckets/{name}", "version": 1, "etag": "CAE="}
    return Entry(body=body, iam={**policy, "bindings": [_binding("roles/storage.objectViewer", member)]})


def _disk(number: int) -> Entry:
    body = _compute("disk", "zones", f"disk-{number}", number)
    return Entry(body={**body, "zone": f"{_LINK}/zones/{_ZONE}", "sizeGb": "20", "status": "READY"})


def _instance(number: int) -> Entry:
    interface: Body = {"name": "nic0", "network": f"{_LINK}/global/networks/default", "networkIP": "10.0.0.2"}
    if number % 3 == 0:
        interface["accessConfigs"] = [{"type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": "192.0.2.7"}]
    body = _compute("instance", "zones", f"machine-{number}", number)
    return Entry(
        body={
            **body,
            "zone": f"{_LINK}/zones/{_ZONE}",
            "status": "RUNNING",
            "canIpForward": False,
            "networkInterfaces": [interface],
            "disks": [{"type": "PERSISTENT", "boot": True, "source": f"{_LINK}/zones/{_ZONE}/disks/disk-{number}"}],
            "metadata": {"kind": "compute#metadata"},
            "shieldedInstanceConfig": {"enableSecureBoot": True, "enableVtpm": True, "enableIntegrityMonitoring": True},
        }
    )


def _firewall(number: int) -> Entry:
    body = _compute("firewall", "global", f"rule-{number}", number)
    source = "0.0.0.0/0" if number % 3 == 0 else "10.0.0.0/8"
    return Entry(
        body={
            **body,
            "network": f"{_LINK}/global/networks/default",
            "direction": "INGRESS",
            "priority": 1000,
            "disabled": False,
            "sourceRanges": [source],
            "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}],
        }
    )


def _snapshot(number: int) -> Entry:
    body = _compute("snapshot", "global", f"copy-{number}", number)
    return Entry(body={**body, "status": "READY", "diskSizeGb": "20"})


def _account(number: int) -> Entry:
    email = f"robot-{number}@{_PROJECT}.iam.gserviceaccount.com"
    name = f"projects/{_PROJECT}/serviceAccounts/{email}"
    identity = f"1{number:04}{{copy}}"
    return Entry(
        body={"name": name, "projectId": _PROJECT, "uniqueId": identity, "email": email, "etag": "MDEwMjE5MjA="}
    )


def _compute(kind: str, where: str, name: str, number: int) -> Body:
    place = f"{_ZONE}/{kind}s" if where == "zones" else f"{kind}s"
    return {
        "kind": f"compute#{kind}",
        "id": f"6{number:06}{{copy}}",
        "name": name,
        "creationTimestamp": "2024-04-02T00:54:55.939-07:00",
        "selfLink": f"{_LINK}/{where}/{place}/{name}",
    }


def _binding(role: str, member: str) -> Body:
    return {"role": role, "members": [member]}
