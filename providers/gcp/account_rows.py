"""The methods that read identities, logging, contacts and organization policies, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from providers.gcp.method import Method

# https://cloud.google.com/iam/docs/policies#specifying-version-get
_CONDITIONS: Final[Mapping[str, str | int]] = {"options.requestedPolicyVersion": 3}
_NODES: Final = (
    ("projects", "projects/{scope.account}"),
    ("folders", "folders/{it.id}"),
    ("organizations", "organizations/{it.id}"),
)

IDENTITY_ROWS: Final = (
    Method(
        "iam.projects.serviceAccounts.list",
        "/v1/projects/{scope.account}/serviceAccounts",
        "iam.serviceAccounts.list",
        items="accounts",
        query={"pageSize": 100},
    ),
    Method(
        "iam.projects.serviceAccounts.getIamPolicy",
        "/v1/projects/{scope.account}/serviceAccounts/{it.name}:getIamPolicy",
        "iam.serviceAccounts.getIamPolicy",
        verb="POST",
        query=_CONDITIONS,
    ),
    # Keys that Google makes and turns for itself are left out.
    # https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys/list
    Method(
        "iam.projects.serviceAccounts.keys.list",
        "/v1/projects/{scope.account}/serviceAccounts/{it.name}/keys",
        "iam.serviceAccountKeys.list",
        items="keys",
        query={"keyTypes": "USER_MANAGED"},
    ),
    # One of Google's own roles. https://cloud.google.com/iam/docs/reference/rest/v1/roles/get
    Method("iam.roles.get", "/v1/roles/{it.name}", "iam.roles.get"),
    # Without showDeleted only keys that work are listed; the inventory may hold deleted ones for 30 days.
    # https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys/list
    Method(
        "apikeys.projects.locations.keys.list",
        "/v2/projects/{scope.account}/locations/global/keys",
        "apikeys.keys.list",
        items="keys",
        query={"pageSize": 300},
    ),
)
LOGGING_ROWS: Final = (
    *(
        Method(
            f"logging.{level}.sinks.list",
            f"/v2/{node}/sinks",
            "logging.sinks.list",
            items="sinks",
            query={"pageSize": 1000},
        )
        for level, node in (
            ("projects", "projects/{scope.account}"),
            ("folders", "{scope.account}"),
            ("organizations", "{scope.account}"),
        )
    ),
    Method(
        "logging.entries.list",
        "/v2/entries:list",
        "logging.logEntries.list",
        items="entries",
        verb="POST",
        query={"resourceNames": ("projects/{scope.account}",), "orderBy": "timestamp desc", "pageSize": 1},
        in_body=True,
    ),
    Method(
        "logging.projects.metrics.list",
        "/v2/projects/{scope.account}/metrics",
        "logging.logMetrics.list",
        items="metrics",
        query={"pageSize": 1000},
    ),
    Method(
        "monitoring.projects.alertPolicies.list",
        "/v3/projects/{scope.account}/alertPolicies",
        "monitoring.alertPolicies.list",
        items="alertPolicies",
        query={"pageSize": 1000},
    ),
    Method(
        "monitoring.projects.notificationChannels.list",
        "/v3/projects/{scope.account}/notificationChannels",
        "monitoring.notificationChannels.list",
        items="notificationChannels",
        query={"pageSize": 1000},
    ),
)
GOVERNANCE_ROWS: Final = tuple(
    row
    for level, node in _NODES
    for row in (
        Method(
            f"essentialcontacts.{level}.contacts.list",
            f"/v1/{node}/contacts",
            "essentialcontacts.contacts.list",
            items="contacts",
            query={"pageSize": 100},
        ),
        Method(
            f"orgpolicy.{level}.policies.list",
            f"/v2/{node}/policies",
            "orgpolicy.policies.list",
            items="policies",
            query={"pageSize": 1000},
        ),
    )
)
