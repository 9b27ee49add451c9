"""Inputs for laws: buckets and other resources with all that can be set on and above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.providers.gcp.policy.own_cases import USUAL

Json = dict[str, Any]

NOW = "2026-06-01T00:00:00Z"
EXPIRED = 'request.time < timestamp("2026-01-01T00:00:00Z")'
MEMBERS: Sequence[str] = (
    "allUsers",
    "allAuthenticatedUsers",
    "user:ann@example.com",
    "user:bob@partner.com",
    "group:all@partner.com",
    "domain:example.com",
    "domain:partner.com",
    "serviceAccount:job@acme-prod.iam.gserviceaccount.com",
    "serviceAccount:job@other-prod.iam.gserviceaccount.com",
    "serviceAccount:service-555555555555@gcp-sa-pubsub.iam.gserviceaccount.com",
    "projectViewer:acme-prod",
    "projectOwner:other-prod",
    "deleted:user:bob@partner.com?uid=1",
    "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/gh/*",
    "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/gone/attribute.ref/x",
    "principalSet://goog/cloudIdentityCustomerId/C01",
    "robot:marvin",
)
ROLES = (
    "roles/storage.objectViewer",
    "roles/storage.objectCreator",
    "roles/storage.legacyBucketReader",
    "roles/storage.admin",
    "roles/viewer",
    "roles/owner",
    "roles/pubsub.publisher",
    "roles/mystery",
    "projects/acme-prod/roles/meta",
    "projects/acme-prod/roles/data",
)
CONDITIONS = (
    EXPIRED,
    'request.time < timestamp("2027-01-01T00:00:00Z")',
    'resource.name.startsWith("projects/_/buckets/acme-data/objects/www/")',
    'resource.name.endsWith(".txt")',
    'resource.name == "projects/_/buckets/acme-data"',
    '!resource.name.startsWith("projects/_/buckets/acme-data/objects/www/")',
    'resource.type == "storage.googleapis.com/Object"',
    'resource.type != "storage.googleapis.com/Bucket" && resource.name.contains("www")',
    'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("a/")',
    "request.time.getHours() < 6",
    "request.time.getDayOfWeek('UTC') == 6 || resource.name.endsWith('x')",
    'resource.matchTag("1/env", "prod")',
    "resource.name.extract('objects/{name}') == 'x'",
    "true",
    "nonsense(",
)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The same, or nothing."""
    return st.none() | strategy


def bindings(*, condition: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Json]:
    """A binding."""
    only_if = optional(st.sampled_from(CONDITIONS).map(lambda text: {"expression": text}))
    return st.fixed_dictionaries(
        {
            "role": st.sampled_from(ROLES),
            "members": st.lists(st.sampled_from(MEMBERS), max_size=3),
            "condition": only_if if condition is None else condition,
        }
    )


def deny_rules() -> st.SearchStrategy[Json]:
    """A deny rule."""
    principals = st.sampled_from(
        [
            "principalSet://goog/public:all",
            "principal://goog/subject/bob@partner.com",
            "principalSet://goog/group/all@partner.com",
            "principalSet://goog/cloudIdentityCustomerId/C01",
            MEMBERS[13],
        ]
    )
    permissions = st.sampled_from(
        ["storage.googleapis.com/objects.get", "storage.googleapis.com/objects.*", "storage.googleapis.com/*.*"]
    )
    rule = {
        "deniedPrincipals": st.lists(principals, max_size=2),
        "deniedPermissions": st.lists(permissions, max_size=2),
        "exceptionPrincipals": st.lists(principals, max_size=1),
        "exceptionPermissions": st.lists(permissions, max_size=1),
        "denialCondition": optional(st.just({"expression": 'resource.matchTag("1/env", "prod")'})),
    }
    return st.fixed_dictionaries(rule).map(lambda given: {"denyRule": given})


def acls() -> st.SearchStrategy[list[Json]]:
    """An access list."""
    entities = st.sampled_from(
        [
            "allUsers",
            "allAuthenticatedUsers",
            "user-bob@partner.com",
            "user-ann@example.com",
            "project-viewers-acme-prod",
            "project-owners-1",
            "domain-partner.com",
            "odd",
        ]
    )
    return st.lists(
        st.fixed_dictionaries({"entity": entities, "role": st.sampled_from(["READER", "WRITER", "OWNER"])}), max_size=2
    )


POOLS: st.SearchStrategy[Json] = st.sampled_from(
    [
        {},
        {"gh": [{"issuer": "https://token.actions.githubusercontent.com"}]},
        {
            "gh": [
                {"issuer": "https://token.actions.githubusercontent.com", "attributeCondition": "assertion.ref == 'x'"}
            ]
        },
        {
            "gh": [
                {
                    "issuer": "https://token.actions.githubusercontent.com",
                    "attributeCondition": "assertion.repository_owner == 'acme'",
                }
            ]
        },
        {"gh": []},
        {"gh": 7},
    ]
)


def buckets() -> st.SearchStrategy[Json]:
    """The whole input for a bucket."""
    above = st.tuples(bindings(), st.sampled_from(["projects/acme-prod", "folders/1", "organizations/1"]))
    parts: dict[str, st.SearchStrategy[Any]] = {
        "iamPolicy": st.lists(bindings(), max_size=3).map(lambda given: {"bindings": given}),
        "inheritedBindings": st.lists(above.map(lambda pair: {**pair[0], "on": pair[1]}), max_size=2),
        "denyPolicies": st.lists(
            st.lists(deny_rules(), max_size=2).map(lambda rules: {"name": "d", "rules": rules}), max_size=1
        ),
        "acl": acls(),
        "defaultObjectAcl": acls(),
        "objectAcls": st.lists(st.fixed_dictionaries({"object": st.just("a"), "acl": acls()}), max_size=1),
        "bucket": st.fixed_dictionaries(
            {
                "name": st.just("acme-data"),
                "hierarchicalNamespace": st.sampled_from([None, {"enabled": True}]),
                "iamConfiguration": st.fixed_dictionaries(
                    {
                        "uniformBucketLevelAccess": st.fixed_dictionaries({"enabled": st.booleans()}),
                        "publicAccessPrevention": st.sampled_from(["inherited", "inherited", "enforced"]),
                    }
                ),
            }
        ),
        "customRoles": st.just(
            {
                "projects/acme-prod/roles/meta": ["storage.buckets.get"],
                "projects/acme-prod/roles/data": {"includedPermissions": ["storage.objects.get"]},
            }
        ),
        "pools": POOLS,
        "principalAccessBoundaries": st.sampled_from([[], [{}]]),
    }
    return st.fixed_dictionaries(parts).map(lambda given: {**USUAL, "projectNumber": "123456789012", **given})
