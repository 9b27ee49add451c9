"""What holds for a project, a folder or an organization: grants, contacts, records, alerts, guardrails."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from providers.gcp.hierarchy import GcpFolder, GcpOrganization
from providers.gcp.project import GcpProject
from scanner.facts import UnreadFact
from scanner.kinds import Grant, Grants, administers, chosen, from_outside
from scanner.model import Scope
from tests.providers.gcp.kinds.papers import HOST, ORGANIZATION, PAGES, read, the

PROJECT = "/v3/projects/my-project:getIamPolicy"
FOLDER = "/v3/folders/22:getIamPolicy"
POOLS = "principalSet://iam.googleapis.com/projects/111111111111/locations/global"
ABOVE = "/v3/organizations/1:getIamPolicy"


def granted(members: list[str], role: str = "roles/viewer", others: PAGES = MappingProxyType({})) -> Grants:
    policy = {"etag": "x", "bindings": [{"role": role, "members": members}]}
    return the({PROJECT: policy, **others}, GcpProject, GcpProject.grants).grants


@pytest.mark.parametrize(
    ("member", "kind", "outside"),
    [
        ("user:ann@example.com", "user", False),
        ("user:ann@gmail.com", "user", True),
        ("group:ops@partner.example", "group", True),
        ("domain:example.com", "group", False),
        ("principalSet://goog/cloudIdentityCustomerId/C01", "group", False),
        ("principalSet://goog/cloudIdentityCustomerId/C02", "group", True),
        ("projectOwner:my-project", "group", False),
        ("projectOwner:elsewhere", "group", None),
        ("serviceAccount:a@my-project.iam.gserviceaccount.com", "machine", False),
        ("serviceAccount:a@elsewhere.iam.gserviceaccount.com", "machine", None),
        ("serviceAccount:111111111111-compute@developer.gserviceaccount.com", "machine", False),
        ("serviceAccount:111111111111@cloudbuild.gserviceaccount.com", "machine", False),
        ("serviceAccount:111111111111@cloudservices.gserviceaccount.com", "provider", False),
        ("serviceAccount:service-111111111111@compute-system.iam.gserviceaccount.com", "provider", False),
        ("serviceAccount:service-org-1@gcp-sa-logging.iam.gserviceaccount.com", "provider", False),
        ("serviceAccount:service-222222222222@gcp-sa-logging.iam.gserviceaccount.com", "program", None),
        ("serviceAccount:cloud-logs@system.gserviceaccount.com", "provider", True),
        ("serviceAccount:my-project.svc.id.goog[shop/web]", "machine", False),
        (f"{POOLS}/workloadIdentityPools/p/*", "federated", None),
        ("principal://iam.googleapis.com/locations/global/workforcePools/p/subject/ann", "federated", None),
        ("allUsers", "anyone", True),
        ("allAuthenticatedUsers", "anyone", True),
        ("deleted:user:ann@example.com?uid=1", "other", False),
        ("unheard-of:thing", "other", None),
    ],
)  # fmt: skip
def test_whose_a_holder_is(member: str, kind: str, outside: bool | None) -> None:
    (found,) = granted([member])
    assert (found.holder, found.kind, found.outside) == (member, kind, outside)


def test_without_an_organization_nobody_can_tell_who_is_inside() -> None:
    alone = {
        "/v1/projects/my-project:getAncestry": {"ancestor": [{"resourceId": {"type": "project", "id": "my-project"}}]}
    }
    (found,) = granted(["user:ann@gmail.com"], others=alone)
    assert found.outside is None
    with pytest.raises(UnreadFact):
        list(chosen([found], from_outside))


@pytest.mark.parametrize(
    ("role", "administers"),
    [
        ("roles/owner", True),
        ("roles/resourcemanager.projectIamAdmin", True),
        ("roles/iam.securityAdmin", True),
        ("roles/editor", False),
        ("roles/logging.viewer", False),
        ("projects/my-project/roles/boss", True),
        ("projects/my-project/roles/clerk", False),
        ("projects/my-project/roles/retired", False),
    ],
)
def test_which_roles_administer(role: str, administers: bool) -> None:
    sets = ["resourcemanager.projects.setIamPolicy"]
    roles = {
        "roles": [
            {"name": "projects/my-project/roles/boss", "includedPermissions": sets},
            {"name": "projects/my-project/roles/clerk", "includedPermissions": ["compute.instances.list"]},
            {"name": "projects/my-project/roles/retired", "includedPermissions": sets, "stage": "DISABLED"},
        ]
    }
    (found,) = granted(["user:ann@example.com"], role, {"/v1/projects/my-project/roles": roles})
    assert found.administers is administers


def test_a_custom_role_that_was_not_read_leaves_the_grants_open() -> None:
    policy = {"bindings": [{"role": "projects/my-project/roles/boss", "members": ["user:ann@example.com"]}]}
    policy["bindings"].append({"role": "roles/owner", "members": ["user:bob@example.com"]})
    project = the({PROJECT: policy}, GcpProject, GcpProject.grants, denied=["iam.roles.list"])
    found = chosen(project.grants, administers)
    assert next(found).holder == "user:bob@example.com"
    with pytest.raises(UnreadFact) as gap:
        next(found)
    assert gap.value.unread[0].needs == ("iam.roles.list",)


def test_grants_from_above_are_held_here_too() -> None:
    def policy(role: str) -> dict[str, Any]:
        condition = {"title": "t", "expression": "request.time < timestamp('2027-01-01T00:00:00Z')"}
        return {"bindings": [{"role": role, "members": ["user:ann@example.com"], "condition": condition}]}

    answers = {PROJECT: policy("roles/viewer"), FOLDER: policy("roles/browser"), ABOVE: policy("roles/owner")}
    found = the(answers, GcpProject, GcpProject.grants).grants
    assert [(one.role, one.inherited, one.conditioned) for one in found] == [
        ("roles/viewer", False, True),
        ("roles/browser", True, True),
        ("roles/owner", True, True),
    ]


@pytest.mark.parametrize(
    ("permission", "here"),
    [
        ("resourcemanager.projects.getIamPolicy", False),
        ("resourcemanager.folders.getIamPolicy", True),
        ("resourcemanager.organizations.getIamPolicy", True),
    ],
)
def test_a_height_that_was_not_read_hides_its_own_grants_alone(permission: str, here: bool) -> None:
    policy = {"bindings": [{"role": "roles/viewer", "members": ["user:ann@example.com"]}]}
    answers = {PROJECT: policy, FOLDER: policy, ABOVE: policy}
    whole = the(answers, GcpProject, GcpProject.grants).grants
    part = the(answers, GcpProject, GcpProject.grants, denied=[permission]).grants
    assert part.held
    assert set(part.held) <= set(whole.held) == set(whole)
    (gap,) = part.unread_above if here else part.unread
    assert gap.needs == (permission,)
    assert (list(part.here()) == list(whole.here())) is here if here else not part.unread_above


def test_a_domain_that_was_not_read_leaves_open_who_is_inside_and_nothing_else() -> None:
    policy = {"bindings": [{"role": "roles/owner", "members": ["user:ann@gmail.com", "allUsers"]}]}
    needed = "resourcemanager.organizations.get"
    found = the({PROJECT: policy}, GcpProject, GcpProject.grants, denied=[needed]).grants
    ann, anyone = found.here()
    assert (ann.kind, ann.administers, ann.outside, anyone.kind) == ("user", True, None, "anyone")
    assert ann.unread is not None
    assert needed in ann.unread.needs


def test_grants_of_an_organization_and_of_folders() -> None:
    policy = {"bindings": [{"role": "roles/owner", "members": ["user:ann@example.com"]}]}
    organization = Scope("gcp", "google", "organizations/1", f"{HOST}/organizations/1", level="organization")
    folder = Scope("gcp", "google", "folders/22", f"{HOST}/folders/22", level="folder")
    (top,) = read({ABOVE: policy}, GcpOrganization, GcpOrganization.grants, scope=organization)
    expected = Grant("user:ann@example.com", "user", "roles/owner", administers=True, inherited=False, outside=False)
    assert top.grants == Grants.of(expected)
    direct: PAGES = {FOLDER: policy, "/v3/folders/22": {"name": "folders/22", "parent": "organizations/1"}}
    assert read(direct, GcpFolder, GcpFolder.grants, scope=folder)[0].grants == Grants.of(expected)
    deep: PAGES = {FOLDER: policy, "/v3/folders/22": {"name": "folders/22", "parent": "folders/21"}}
    assert read(deep, GcpFolder, GcpFolder.grants, scope=folder)[0].grants.held[0].outside is None


def contact(*about: str, state: str = "VALID") -> dict[str, Any]:
    return {
        "contacts": [
            {"email": "s@example.com", "notificationCategorySubscriptions": list(about), "validationState": state}
        ]
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (contact("SECURITY"), "s@example.com"),
        (contact("ALL"), "s@example.com"),
        (contact("BILLING", "TECHNICAL"), None),
        (contact("SECURITY", state="INVALID"), None),
    ],
)
@pytest.mark.parametrize("node", ["projects/my-project", "folders/21", "organizations/1"])
def test_whom_google_calls(node: str, answer: dict[str, Any], expected: str | None) -> None:
    assert the({f"/v1/{node}/contacts": answer}, GcpProject, GcpProject.security_contact).security_contact == expected


def recording(*kinds: str, service: str = "allServices", exempted: bool = False) -> dict[str, Any]:
    extra = {"exemptedMembers": ["user:ann@example.com"]} if exempted else {}
    return {"service": service, "auditLogConfigs": [{"logType": kind, **extra} for kind in kinds]}


EVERYTHING = ("ADMIN_READ", "DATA_READ", "DATA_WRITE")


@pytest.mark.parametrize(
    ("here", "above", "expected"),
    [
        ([recording(*EVERYTHING)], [], True),
        ([], [recording(*EVERYTHING)], True),
        ([recording("ADMIN_READ")], [recording("DATA_READ", "DATA_WRITE")], True),
        ([recording("ADMIN_READ", "DATA_WRITE")], [], False),
        ([recording(*EVERYTHING, exempted=True)], [], False),
        ([recording(*EVERYTHING), recording("DATA_READ", service="storage.googleapis.com", exempted=True)], [], False),
        ([recording(*EVERYTHING, service="storage.googleapis.com")], [], False),
        ([recording(*EVERYTHING, exempted=True)], [recording("ADMIN_READ")], False),
        ([recording(*EVERYTHING)], [recording("DATA_READ", exempted=True)], None),
        ([recording("DATA_READ", exempted=True)], [recording(*EVERYTHING)], None),
        ([recording("DATA_READ", exempted=True)], [recording("ADMIN_READ", "DATA_READ")], False),
        ([], [], False),
    ],
)
def test_which_reads_are_recorded(here: list[Any], above: list[Any], expected: bool | None) -> None:
    answers = {PROJECT: {"etag": "x", "auditConfigs": here}, FOLDER: {"etag": "x", "auditConfigs": above}}
    project = the(answers, GcpProject, GcpProject.reads_recorded)
    if expected is None:
        with pytest.raises(UnreadFact):
            _ = project.reads_recorded
    else:
        assert project.reads_recorded is expected


def policies(node: str, *found: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    rows = [{"name": f"{node}/policies/{name}", "spec": spec} for name, spec in found]
    return {f"/v2/{node}/policies": {"policies": rows}}


ON, OFF = {"rules": [{"enforce": True}]}, {"rules": [{"enforce": False}]}
KEYS, MANAGED = "iam.disableServiceAccountKeyCreation", "iam.managed.disableServiceAccountKeyCreation"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, False),
        (policies("projects/my-project", (KEYS, ON)), True),
        (policies("projects/my-project", (MANAGED, ON)), True),
        (policies("organizations/1", (KEYS, ON)), True),
        (policies("organizations/1", (KEYS, ON)) | policies("folders/21", (KEYS, OFF)), False),
        (policies("folders/21", (KEYS, OFF)) | policies("folders/22", (KEYS, ON)), True),
        (policies("folders/21", (KEYS, ON)) | policies("folders/22", (KEYS, {"reset": True})), False),
        (policies("folders/21", (KEYS, OFF)) | policies("organizations/1", (MANAGED, ON)), True),
    ],
)
def test_the_nearest_policy_decides(answers: dict[str, Any], expected: bool) -> None:
    project = the(answers, GcpProject, GcpProject.service_account_keys_refused)
    assert project.service_account_keys_refused is expected


DOMAINS = "iam.allowedPolicyMemberDomains"


def members(**spec: Any) -> tuple[str, dict[str, Any]]:
    return DOMAINS, spec


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (policies("projects/my-project", members(rules=[{"values": {"allowedValues": ["is:C01"]}}])), True),
        (policies("projects/my-project", members(rules=[{"allowAll": True}])), False),
        (policies("projects/my-project", members(rules=[{"denyAll": True}])), True),
        (
            policies("projects/my-project", members(inheritFromParent=True))
            | policies("organizations/1", members(rules=[{"values": {"allowedValues": ["is:C01"]}}])),
            True,
        ),
        (policies("projects/my-project", members(inheritFromParent=True, rules=[{"denyAll": True}])), None),
        (
            policies("projects/my-project", members(rules=[{"condition": {"expression": "x"}, "denyAll": True}])),
            None,
        ),
    ],
)
def test_who_may_be_given_roles(answers: dict[str, Any], expected: bool | None) -> None:
    project = the(answers, GcpProject, GcpProject.outside_members_refused)
    if expected is None:
        with pytest.raises(UnreadFact):
            _ = project.outside_members_refused
    else:
        assert project.outside_members_refused is expected


def test_what_lies_above_a_deciding_policy_need_not_be_read() -> None:
    answers = {path: answer for path, answer in ORGANIZATION.items() if "organizations/1" not in path}
    answers |= policies("projects/my-project", ("sql.restrictPublicIp", ON))
    project = the(answers, GcpProject, GcpProject.database_public_addresses_refused, GcpProject.os_login_required)
    assert project.database_public_addresses_refused is True
    refused = the(answers, GcpProject, GcpProject.os_login_required, denied=["orgpolicy.policies.list"])
    with pytest.raises(UnreadFact):
        _ = refused.os_login_required
