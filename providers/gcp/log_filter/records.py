"""What Cloud Audit Logs write of changes: the fields that such an entry always has, with their values.

https://cloud.google.com/logging/docs/audit/understanding-audit-logs
https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from providers.gcp.log_filter.matching import ABSENT, Entry
from scanner.kinds.account import Change

_LOG: Final = "/logs/cloudaudit.googleapis.com%2Factivity"


def administrative(node: str) -> Entry:
    """Any entry of the log of administrative activity of a node, such as `projects/my-project`."""
    return {
        "logname": node + _LOG,
        "protopayload.@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "jsonpayload": ABSENT,
        "textpayload": ABSENT,
        "httprequest": ABSENT,
    }


def _record(type_: str, service: str, method: str, **others: str) -> Entry:
    """An act that succeeded; those are written with this severity."""
    fields = {
        "resource.type": type_,
        "protopayload.servicename": service,
        "protopayload.methodname": method,
        "protopayload.status.code": ABSENT,
        "protopayload.status.message": ABSENT,
        "severity": "NOTICE",
    }
    return {name: value for name, value in (fields | others).items() if value != ""}


def _policy(delta: str, value: str) -> Entry:
    """A change of a project's allow policy, which has one member more for what was changed.

    https://cloud.google.com/resource-manager/docs/audit-logging
    """
    entry = _record("project", "cloudresourcemanager.googleapis.com", "SetIamPolicy")
    return {**entry, f"protopayload.servicedata.policydelta.{delta}": value}


def _compute(type_: str, *methods: str) -> tuple[Entry, ...]:
    # https://cloud.google.com/compute/docs/logging/audit-logging
    return tuple(_record(type_, "compute.googleapis.com", f"v1.compute.{method}") for method in methods)


RECORDS: Final[Mapping[Change, tuple[Entry, ...]]] = MappingProxyType(
    {
        "permissions": (
            {
                **_policy("bindingdeltas", "a list"),
                "protopayload.servicedata.policydelta.bindingdeltas.action": "ADD",
            },
        ),
        "custom-roles": tuple(
            _record("iam_role", "iam.googleapis.com", f"google.iam.admin.v1.{method}")
            for method in ("CreateRole", "UpdateRole")
        ),
        "audit-trail": (_policy("auditconfigdeltas", "a list"),),
        "guardrails": tuple(
            # The type of the resource is nowhere said.
            _record("", "orgpolicy.googleapis.com", f"google.cloud.orgpolicy.v2.OrgPolicy.{method}")
            for method in ("CreatePolicy", "UpdatePolicy", "DeletePolicy")
        ),
        "firewall": _compute("gce_firewall_rule", "firewalls.insert", "firewalls.patch"),
        "network": (
            *_compute("gce_network", "networks.insert", "networks.addPeering"),
            *_compute("gce_route", "routes.insert"),
        ),
        "storage-permissions": (_record("gcs_bucket", "storage.googleapis.com", "storage.setIamPermissions"),),
        "database": (_record("cloudsql_database", "cloudsql.googleapis.com", "cloudsql.instances.update"),),
    }
)
"""By change, the acts that somebody must be told of: those that give or open something. Deletions beside them count
only where they end a guardrail."""


def records(change: Change, project: str) -> tuple[Entry, ...]:
    """What is written in a project when that change is made."""
    return tuple({**administrative(f"projects/{project}"), **record} for record in RECORDS[change])
