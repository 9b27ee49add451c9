"""Service accounts: their keys, who may act as them, what they hold and how they get to more; sinks of the log."""

from __future__ import annotations

from typing import Any

import pytest

from providers.gcp.log_sinks import GcpFolderSink, GcpSink
from providers.gcp.service_accounts import ServiceAccount
from scanner.facts import UnreadFact
from scanner.model import Scope
from tests.providers.gcp.kinds.papers import HOST, read, the

BOSS, CLERK = (f"{name}@my-project.iam.gserviceaccount.com" for name in ("boss", "clerk"))
LIST = "/v1/projects/my-project/serviceAccounts"
PROJECT = "/v3/projects/my-project:getIamPolicy"
DENIES = "/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fmy-project/denypolicies"


def account(address: str, **more: Any) -> dict[str, Any]:
    return {"name": f"projects/my-project/serviceAccounts/{address}", "email": address, **more}


def bound(*bindings: tuple[str, str]) -> dict[str, Any]:
    return {"etag": "x", "bindings": [{"role": role, "members": [member]} for role, member in bindings]}


def key(name: str = "k", **more: Any) -> dict[str, Any]:
    return {
        "name": f"projects/my-project/serviceAccounts/{BOSS}/keys/{name}",
        "validAfterTime": "2026-04-01T00:00:00Z",
        "validBeforeTime": "9999-12-31T23:59:59Z",
        "keyType": "USER_MANAGED",
        **more,
    }


@pytest.mark.parametrize(
    ("found", "switches", "active"),
    [
        (key(), {}, [True]),
        (key(disabled=True), {}, [False]),
        (key(validBeforeTime="2026-04-30T00:00:00Z"), {}, [False]),
        (key(validBeforeTime="2026-05-02T00:00:00Z"), {}, [True]),
        (key(), {"disabled": True}, [False]),
        (key(keyType="SYSTEM_MANAGED"), {}, []),
    ],
)
def test_keys(found: dict[str, Any], switches: dict[str, Any], active: list[bool]) -> None:
    answers = {LIST: {"accounts": [account(BOSS, **switches)]}, f"{LIST}/{BOSS}/keys": {"keys": [found]}}
    assert [one.active for one in the(answers, ServiceAccount, ServiceAccount.keys).keys] == active


def ways(project: dict[str, Any], clerk: dict[str, Any], **boss: Any) -> dict[str, list[str]]:
    answers = {
        LIST: {"accounts": [account(BOSS, **boss), account(CLERK)]},
        PROJECT: project,
        f"{LIST}/{BOSS}:getIamPolicy": clerk,
        f"{LIST}/{CLERK}:getIamPolicy": {"etag": "x"},
    }
    found = read(answers, ServiceAccount, ServiceAccount.powers, ServiceAccount.way_to_everything)
    return {one.name.partition("@")[0]: [hop.target for hop in one.way_to_everything.path()] for one in found}


def test_an_account_that_may_act_as_the_owner_is_one_step_from_everything() -> None:
    project = bound(("roles/owner", f"serviceAccount:{BOSS}"))
    creator = bound(("roles/iam.serviceAccountTokenCreator", f"serviceAccount:{CLERK}"))
    ruler = "everything in projects/my-project"
    assert ways(project, creator) == {"boss": [], "clerk": [BOSS, ruler]}
    assert ways(project, {"etag": "x"}) == {"boss": [], "clerk": []}
    assert ways(project, creator, disabled=True) == {"boss": [], "clerk": []}


def test_setting_the_policy_of_the_project_is_a_way() -> None:
    found = ways(bound(("roles/resourcemanager.projectIamAdmin", f"serviceAccount:{CLERK}")), {"etag": "x"})
    assert found == {"boss": [], "clerk": ["everything in projects/my-project"]}


def test_a_role_that_we_do_not_know_leaves_the_way_open() -> None:
    with pytest.raises(UnreadFact):
        ways(bound(("roles/somebody.new", f"serviceAccount:{CLERK}")), {"etag": "x"})


@pytest.mark.parametrize("height", [PROJECT, "/v3/folders/22:getIamPolicy", "/v3/organizations/1:getIamPolicy"])
def test_an_owner_is_all_powerful_from_any_height(height: str) -> None:
    answers = {
        LIST: {"accounts": [account(BOSS), account(CLERK)]},
        height: bound(("roles/owner", f"serviceAccount:{BOSS}")),
    }
    boss, clerk = read(answers, ServiceAccount, ServiceAccount.powers)
    assert len(boss.powers.all_powerful()) == 1
    assert clerk.powers.all_powerful() == ()


def test_powers_are_open_where_a_height_was_not_read() -> None:
    answers = {LIST: {"accounts": [account(BOSS)]}}
    boss = the(answers, ServiceAccount, ServiceAccount.powers, denied=["resourcemanager.folders.getIamPolicy"])
    with pytest.raises(UnreadFact):
        boss.powers.all_powerful()


@pytest.mark.parametrize(
    ("member", "anyone"), [("allUsers", True), ("allAuthenticatedUsers", True), ("user:a@example.com", False)]
)
@pytest.mark.parametrize(
    "role", ["iam.serviceAccountTokenCreator", "iam.serviceAccountUser", "iam.workloadIdentityUser"]
)
def test_who_may_act_as_it(member: str, anyone: bool, role: str) -> None:
    answers = {LIST: {"accounts": [account(BOSS)]}, f"{LIST}/{BOSS}:getIamPolicy": bound((f"roles/{role}", member))}
    trust = the(answers, ServiceAccount, ServiceAccount.trust).trust
    assert bool(list(trust.by("anyone").to("assume"))) is anyone
    above = {**answers, PROJECT: bound((f"roles/{role}", member)), f"{LIST}/{BOSS}:getIamPolicy": {"etag": "x"}}
    assert bool(list(the(above, ServiceAccount, ServiceAccount.trust).trust.by("anyone").to("assume"))) is anyone
    off = {**answers, LIST: {"accounts": [account(BOSS, disabled=True)]}}
    assert not list(the(off, ServiceAccount, ServiceAccount.trust).trust.by("anyone").to("assume"))


def sink(**more: Any) -> dict[str, Any]:
    return {"name": "s", "destination": "storage.googleapis.com/archive", **more}


ACTIVITY = 'log_id("cloudaudit.googleapis.com/activity")'


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (sink(), "all"),
        (sink(filter=ACTIVITY), "all"),
        (sink(filter=f"NOT {ACTIVITY}"), "none"),
        (sink(filter='resource.type="gce_instance"'), "some"),
        (sink(exclusions=[{"name": "e", "filter": ACTIVITY}]), "none"),
        (sink(exclusions=[{"name": "e", "filter": ACTIVITY, "disabled": True}]), "all"),
        (sink(exclusions=[{"name": "e", "filter": 'logName:"data_access"'}]), "all"),
        (sink(exclusions=[{"name": "e", "filter": "severity<ERROR"}]), "some"),
        (sink(filter=f'{ACTIVITY} AND protoPayload.methodName=~"[a-z]+"'), "some"),
        (sink(filter="'single quotes'"), None),
    ],
)
def test_what_a_sink_takes_in(found: dict[str, Any], expected: str | None) -> None:
    one = the({"/v2/projects/my-project/sinks": {"sinks": [found]}}, GcpSink, GcpSink.management_events)
    if expected is None:
        with pytest.raises(UnreadFact):
            _ = one.management_events
    else:
        assert one.management_events == expected


@pytest.mark.parametrize(("children", "expected"), [(True, "some"), (False, "all")])
def test_a_sink_for_all_below_takes_in_their_logs_too(children: bool, expected: str) -> None:
    own = 'logName="folders/22/logs/cloudaudit.googleapis.com%2Factivity"'
    folder = Scope("gcp", "google", "folders/22", f"{HOST}/folders/22", level="folder")
    answers = {"/v2/folders/22/sinks": {"sinks": [sink(filter=own, includeChildren=children)]}}
    (one,) = read(answers, GcpFolderSink, GcpFolderSink.management_events, scope=folder)
    assert (one.management_events == "all") is not children
    assert one.management_events in (expected, "some")


def test_where_a_sink_leads() -> None:
    stored = the(
        {"/v2/projects/my-project/sinks": {"sinks": [sink(disabled=True)]}}, GcpSink, GcpSink.active, GcpSink.watched_by
    )
    assert (stored.active, stored.watched_by) == (False, None)
    topic = sink(destination="pubsub.googleapis.com/projects/p/topics/t")
    watched = the({"/v2/projects/my-project/sinks": {"sinks": [topic]}}, GcpSink, GcpSink.active, GcpSink.watched_by)
    assert (watched.active, watched.watched_by) == (True, "pubsub.googleapis.com/projects/p/topics/t")


def test_the_sink_that_nobody_can_change_is_googles() -> None:
    held = read(
        {"/v2/projects/my-project/sinks": {"sinks": [sink(), sink(name="_Required"), sink(name="_Default")]}}, GcpSink
    )
    assert {one.name: one.identity.provider_owned for one in held} == {"s": False, "_Required": True, "_Default": False}
