"""Google's own roles: what they hold is read where policies name them, once, and kept small."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.gcp.emulator import Emulator
from providers.gcp.emulator.estate_file import default_estate
from providers.gcp.kms import KmsKey
from providers.gcp.policy.language.roles import role_book
from providers.gcp.project import GcpProject
from providers.gcp.roles import GcpPredefinedRole, RoleContents, asked_about, contents, learnt, role_uids
from providers.gcp.service_accounts import ServiceAccount
from scanner.facts import UnreadFact
from scanner.kinds import administers, chosen
from tests.providers.gcp.kinds.papers import PAGES, read, the
from tests.providers.gcp.test_denial_law import scan

ASKED = sorted(asked_about())
LOCATIONS = "/v1/projects/my-project/locations"
KEY = "projects/my-project/locations/eu/keyRings/r/cryptoKeys/k"
KEYS: PAGES = {
    LOCATIONS: {"locations": [{"name": "projects/my-project/locations/eu", "locationId": "eu"}]},
    f"{LOCATIONS}/eu/keyRings": {"keyRings": [{"name": "projects/my-project/locations/eu/keyRings/r"}]},
    "/v1/projects/my-project/locations/eu/keyRings/r/cryptoKeys": {
        "cryptoKeys": [{"name": KEY, "purpose": "ENCRYPT_DECRYPT", "versionTemplate": {"algorithm": "x"}}]
    },
    "/v1/projects/my-project/locations/eu/keyRings/r:getIamPolicy": {"etag": "x"},
    f"/v1/{KEY}:getIamPolicy": {"etag": "x"},
}
STRANGERS: PAGES = {
    "/v3/projects/my-project:getIamPolicy": {
        "etag": "x",
        "bindings": [{"role": "roles/iap.tunnelResourceAccessor", "members": ["allAuthenticatedUsers"]}],
    }
}


def told(role: str, *permissions: str) -> dict[str, Any]:
    return {f"/v1/{role}": {"name": role, "includedPermissions": list(permissions)}}


def role(name: str, *permissions: str) -> GcpPredefinedRole:
    held = contents({"name": f"roles/{name}", "includedPermissions": list(permissions)})
    return GcpPredefinedRole.given(name, held=held)


@given(st.frozensets(st.sampled_from([*ASKED, "logging.logEntries.create", "x.y.z"])))
def test_of_every_permission_that_is_asked_about_a_read_role_tells(permissions: frozenset[str]) -> None:
    book = role_book(read=learnt([role("x.y", *permissions)]).roles)
    assert {one: book.holds("roles/x.y", one) for one in ASKED} == {one: one in permissions for one in ASKED}


def test_what_another_release_looked_for_does_not_tell_what_is_lacking() -> None:
    """Today's questions may be others than those of the day when a snapshot was saved."""
    found = contents({"name": "roles/x.y", "includedPermissions": ["storage.objects.get"]})
    assert found is not None
    old = GcpPredefinedRole.given("x.y", held=msgspec.structs.replace(found, among="another"))
    book = role_book(read=learnt([old]).roles)
    assert book.holds("roles/x.y", "storage.objects.get") is True
    assert book.holds("roles/x.y", "storage.objects.list") is None


def test_thousands_of_permissions_are_kept_small() -> None:
    many = (*ASKED, *(f"service.things.verb{number}" for number in range(9000)))
    found = contents({"name": "roles/owner", "includedPermissions": list(many)})
    assert isinstance(found, RoleContents)
    assert len(msgspec.json.encode(found)) < 6000
    assert contents({"name": "roles/none"}) == RoleContents((), found.among)


def test_a_permission_of_a_judged_service_that_is_too_new_is_kept() -> None:
    book = role_book(read=learnt([role("x.y", "storage.objects.teleport", "x.y.z")]).roles)
    assert book.new("storage", "roles/x.y") == ("storage.objects.teleport",)
    assert book.new("kms-key", "roles/x.y") == ()


def test_custom_roles_are_not_asked_for_here() -> None:
    roles = ("roles/viewer", "projects/p/roles/mine", "organizations/1/roles/ours", "roles/viewer")
    answer = {"etag": "x", "bindings": [{"role": one, "members": []} for one in roles]}
    assert role_uids(answer) == ("//iam.googleapis.com/roles/viewer",)


@pytest.mark.parametrize(
    ("permissions", "reaches"),
    [(("logging.logEntries.create",), []), (("cloudkms.cryptoKeyVersions.useToDecrypt",), ["read"])],
)
def test_what_a_role_holds_decides(permissions: tuple[str, ...], reaches: list[str]) -> None:
    answers = {**KEYS, **STRANGERS, **told("roles/iap.tunnelResourceAccessor", *permissions)}
    found = the(answers, KmsKey, KmsKey.access).access
    assert [one.may for one in found.by("anyone").to("read")] == reaches


def test_a_role_that_is_not_told_leaves_it_open_and_says_what_would_tell() -> None:
    key = the({**KEYS, **STRANGERS}, KmsKey, KmsKey.access, denied=("iam.roles.get",))
    with pytest.raises(UnreadFact) as gap:
        list(key.access.by("anyone").to("read"))
    assert {one.needs for one in gap.value.unread} == {("iam.roles.get",)}


def test_roles_on_accounts_are_read_too() -> None:
    """Whom an account's own policy lets in depends on what its roles hold."""
    address = "boss@my-project.iam.gserviceaccount.com"
    path = f"/v1/projects/my-project/serviceAccounts/{address}:getIamPolicy"
    binding = {"role": "roles/iap.tunnelUser", "members": ["allAuthenticatedUsers"]}
    answers = {
        "/v1/projects/my-project/serviceAccounts": {
            "accounts": [{"name": f"projects/my-project/serviceAccounts/{address}", "email": address}]
        },
        path: {"etag": "x", "bindings": [binding]},
        **told("roles/iap.tunnelUser", "iam.serviceAccounts.signJwt"),
    }
    (account,) = read(answers, ServiceAccount, ServiceAccount.trust)
    assert [one.may for one in account.trust.by("anyone").to("assume")] == ["assume"]


def test_the_emulated_roles_and_the_data_agree() -> None:
    """Where Google does not tell, the data decides as it would have."""
    data = role_book()
    for one in default_estate().roles:
        for permission in ASKED:
            known = data.holds(one["name"], permission)
            assert known in (None, permission in one["includedPermissions"]), f"{one['name']} {permission}"


def test_every_role_that_the_emulated_policies_name_is_told() -> None:
    named = set()
    estate = msgspec.to_builtins(default_estate())

    def walk(tree: object) -> None:
        if isinstance(tree, dict):
            for key, value in tree.items():
                if key == "role" and str(value).startswith("roles/"):
                    named.add(value)
                walk(value)
        elif isinstance(tree, list | tuple):
            for value in tree:
                walk(value)

    walk({**estate, "roles": ()})
    assert named <= {one["name"] for one in estate["roles"]}


def test_each_role_is_asked_for_once() -> None:
    with Emulator() as cloud:
        scan(cloud, "services")
        asked = [one.path for one in cloud.requests if one.id == "iam:roles.get"]
    assert len(asked) == len(set(asked)) > 10


def can_administer(*permissions: str, **refused: Any) -> bool:
    """Whether a stranger with an uncommon role administers the project."""
    name = "roles/example.operator"
    policy = {"etag": "x", "bindings": [{"role": name, "members": ["user:m@example.org"]}]}
    answers = {"/v3/projects/my-project:getIamPolicy": policy, **told(name, *permissions)}
    (grant,) = the(answers, GcpProject, GcpProject.grants, **refused).grants
    return bool(list(chosen([grant], administers)))


def test_whoever_holds_the_permission_to_set_policies_administers() -> None:
    assert can_administer("resourcemanager.projects.setIamPolicy")
    assert not can_administer("logging.logEntries.create")
    with pytest.raises(UnreadFact) as gap:
        can_administer(denied=("iam.roles.get",))
    assert gap.value.unread[0].needs == ("iam.roles.get",)
