"""Of which changes somebody is told: one step of the chain after the other is taken away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.gcp.alerts import CHANGES, AlertPolicy, Condition, LogMetric, alerted
from providers.gcp.project import GcpProject
from scanner.facts import UnreadFact
from tests.providers.gcp.kinds.papers import the

CHANNEL = "projects/my-project/notificationChannels/1"
SQL = 'protoPayload.methodName="cloudsql.instances.update"'
LOG = {"conditionMatchedLog": {"filter": SQL}}
QUERY = "logging_googleapis_com:user_m > 0"
# https://cloud.google.com/logging/docs/view/query-library
FILTERS = {
    "permissions": 'protoPayload.serviceName="cloudresourcemanager.googleapis.com"'
    ' AND protoPayload.methodName="SetIamPolicy"',
    "custom-roles": 'resource.type="iam_role" AND protoPayload.methodName=~"(Create|Update|Delete)Role"',
    "audit-trail": 'protoPayload.methodName="SetIamPolicy"'
    " AND protoPayload.serviceData.policyDelta.auditConfigDeltas:*",
    "guardrails": 'protoPayload.serviceName="orgpolicy.googleapis.com"',
    "firewall": 'resource.type="gce_firewall_rule"'
    ' AND protoPayload.methodName:("compute.firewalls.insert" OR "compute.firewalls.patch")',
    "network": 'resource.type=("gce_network" OR "gce_route")',
    "storage-permissions": 'resource.type="gcs_bucket" AND protoPayload.methodName="storage.setIamPermissions"',
    "database": SQL,
}


def told(
    filter_: str = SQL,
    *,
    metric: dict[str, Any] | None = None,
    alert: dict[str, Any] | None = None,
    threshold: dict[str, Any] | None = None,
    channel: dict[str, Any] | None = None,
) -> tuple[str, ...]:
    """What the project is told of, by one metric with one alert to one channel, each changed a little."""
    condition = {
        "filter": 'metric.type="logging.googleapis.com/user/m" AND resource.type="global"',
        "comparison": "COMPARISON_GT",
        "duration": "0s",
        **(threshold or {}),
    }
    policy = {
        "name": "projects/my-project/alertPolicies/7",
        "enabled": True,
        "combiner": "OR",
        "notificationChannels": [CHANNEL],
        "conditions": [{"conditionThreshold": condition}],
        **(alert or {}),
    }
    answers = {
        "/v2/projects/my-project/metrics": {"metrics": [{"name": "m", "filter": filter_, **(metric or {})}]},
        "/v3/projects/my-project/alertPolicies": {"alertPolicies": [policy]},
        "/v3/projects/my-project/notificationChannels": {
            "notificationChannels": [{"name": CHANNEL, "enabled": True, **(channel or {})}]
        },
    }
    return the(answers, GcpProject, GcpProject.alerted).alerted


@pytest.mark.parametrize("change", CHANGES)
def test_the_filter_that_the_check_names_tells_of_its_change(change: str) -> None:
    assert change in told(FILTERS[change])
    assert told(f'{FILTERS[change]} AND resource.labels.project_id="another"') == ()
    log = {"conditions": [{"conditionMatchedLog": {"filter": FILTERS[change]}}]}
    assert change in told("textPayload:x", alert=log)


@pytest.mark.parametrize("change", CHANGES)
def test_the_filter_of_another_change_does_not_tell_of_it(change: str) -> None:
    for other in CHANGES:
        # One call sets both who may do what and what is recorded.
        if other != change and {change, other} != {"permissions", "audit-trail"}:
            assert change not in told(FILTERS[other])


@pytest.mark.parametrize(
    "parts",
    [
        {"metric": {"disabled": True}},
        {"alert": {"enabled": False}},
        {"alert": {"notificationChannels": []}},
        {"alert": {"notificationChannels": ["projects/my-project/notificationChannels/2"]}},
        {"channel": {"enabled": False}},
        {"channel": {"verificationStatus": "UNVERIFIED"}},
        {"threshold": {"filter": 'metric.type="logging.googleapis.com/user/another"'}},
        {"threshold": {"filter": 'metric.type="logging.googleapis.com/user/m" AND resource.type="gce_instance"'}},
        {"threshold": {"filter": 'metric.type="compute.googleapis.com/instance/cpu/utilization"'}},
        {"alert": {"conditions": [{"conditionAbsent": {"filter": 'metric.type="another"'}}]}},
    ],
)
def test_a_chain_with_a_broken_link_tells_nobody(parts: dict[str, Any]) -> None:
    assert told() == ("database",)
    assert told(**parts) == ()


@pytest.mark.parametrize(
    "parts",
    [
        {"threshold": {"thresholdValue": 5}},
        {"threshold": {"duration": "300s"}},
        {"threshold": {"comparison": "COMPARISON_LT"}},
        {"threshold": {"trigger": {"count": 2}}},
        {"threshold": {"filter": 'metric.type="logging.googleapis.com/user/m" AND metric.labels.who="ann"'}},
        {"metric": {"bucketName": "projects/my-project/locations/global/buckets/b"}},
        {"filter_": 'protoPayload.methodName=~"cloudsql[.]instances"'},
        {"alert": {"conditions": [{"conditionPrometheusQueryLanguage": {"query": QUERY}}]}},
        {"alert": {"combiner": "AND", "conditions": [LOG, {"conditionAbsent": {}}]}},
    ],
)
def test_what_we_cannot_read_is_neither_yes_nor_no(parts: dict[str, Any]) -> None:
    with pytest.raises(UnreadFact) as gap:
        told(**parts)
    assert all(one.why == "not-yet-known" for one in gap.value.unread)
    assert any("changes to database" in one.detail for one in gap.value.unread)


def test_the_owners_filter_of_the_benchmark_tells_of_some_grants_alone() -> None:
    owners = (
        '(protoPayload.serviceName="cloudresourcemanager.googleapis.com") AND (ProjectOwnership OR projectOwnerInvitee)'
        ' OR (protoPayload.serviceData.policyDelta.bindingDeltas.action="ADD"'
        ' AND protoPayload.serviceData.policyDelta.bindingDeltas.role="roles/owner")'
    )
    assert told(owners) == ()


def test_two_alerts_may_share_a_change() -> None:
    metrics = [LogMetric("n", 'resource.type="gce_network"'), LogMetric("r", 'resource.type="gce_route"')]
    alerts = [
        AlertPolicy(name, True, (Condition(f'metric.type="logging.googleapis.com/user/{name}"'),), False, (CHANNEL,))
        for name in ("n", "r")
    ]
    assert alerted("my-project", metrics, alerts, [CHANNEL]) == ("network",)
    assert alerted("my-project", metrics, alerts[:1], [CHANNEL]) == ()


@given(st.sets(st.sampled_from(CHANGES)))
def test_more_alerts_tell_of_more(chosen: set[str]) -> None:
    metrics = [LogMetric(name, FILTERS[name]) for name in FILTERS]
    alerts = [
        AlertPolicy(name, True, (Condition(f'metric.type="logging.googleapis.com/user/{name}"'),), False, (CHANNEL,))
        for name in sorted(chosen)
    ]
    assert chosen <= set(alerted("my-project", metrics, alerts, [CHANNEL]))
