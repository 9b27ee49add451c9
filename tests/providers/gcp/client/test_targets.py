"""What is scanned: what was named, all of it, and nothing that nobody named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.emulation.request import Request
from providers.gcp.client.globs import matches
from providers.gcp.rest import gcp
from scanner.model import Scope
from scanner.provider import SessionError, SettingError, Target
from tests.providers.gcp.client.cloud import PROJECT, Cloud, Said, disabled, error, query

UID = "//cloudresourcemanager.googleapis.com"


def project(number: int, id_: str, state: str = "ACTIVE") -> dict[str, Any]:
    return {"name": f"projects/{number}", "projectId": id_, "state": state, "parent": "folders/1"}


def folder(number: int, state: str = "ACTIVE") -> dict[str, Any]:
    return {"name": f"folders/{number}", "state": state, "displayName": f"F{number}"}


BELOW: dict[str, dict[str, list[dict[str, Any]]]] = {
    "folders": {"organizations/7": [folder(1), folder(9, "DELETE_REQUESTED")], "folders/1": [folder(2)]},
    "projects": {
        "organizations/7": [project(10, "acme-top")],
        "folders/1": [project(11, "acme-one"), project(12, "acme-gone", "DELETE_REQUESTED")],
        "folders/2": [project(13, "acme-deep"), project(14, "acme-deeper")],
    },
}


def below(things: str) -> Any:
    """Lists one by one, so that there is always a next page."""

    def listed(request: Request) -> Said:
        asked = query(request)
        rows = BELOW[things].get(asked["parent"][0], [])
        at = int(asked.get("pageToken", ["0"])[0])
        more = {"nextPageToken": str(at + 1)} if at + 1 < len(rows) else {}
        return ({things: rows[at : at + 1]} if rows else {}) | more

    return listed


@pytest.fixture
def tree(cloud: Cloud) -> Cloud:
    cloud.says |= {
        "/v3/organizations/7": {"name": "organizations/7", "state": "ACTIVE", "displayName": "acme.example"},
        "/v3/organizations:search": {
            "organizations": [{"name": "organizations/7", "state": "ACTIVE", "displayName": "acme.example"}]
        },
        "/v3/folders/1": folder(1),
        "/v3/folders": below("folders"),
        "/v3/projects": below("projects"),
        "/v3/projects:search": {"projects": [PROJECT, project(10, "acme-top"), project(20, "other")]},
    }
    return cloud


def resolve(cloud: Cloud, *accounts: str, **settings: str) -> Target:
    return cloud.open(**settings).target((), accounts, regional=False)


def accounts_of(target: Target) -> list[str]:
    return [scope.account for scope in target.scopes]


def test_a_project_by_its_id(cloud: Cloud) -> None:
    target = resolve(cloud, project="acme-web")
    assert target == Target((Scope("gcp", "gcp", "acme-web", f"{UID}/projects/acme-web", "Web"),))


def test_accounts_are_project_ids(cloud: Cloud) -> None:
    assert accounts_of(resolve(cloud, "acme-web")) == ["acme-web"]


def test_patterns_match_projects_that_are_visible(tree: Cloud) -> None:
    assert accounts_of(resolve(tree, project="acme-*")) == ["acme-web", "acme-top"]
    assert accounts_of(resolve(tree, project="acme-t?p,acme-web")) == ["acme-top", "acme-web"]
    assert {"state:ACTIVE"} == {text for asked in tree.requests for text in query(asked).get("query", [])}
    with pytest.raises(SettingError, match="matches 'x-\\*'"):
        resolve(tree, project="x-*")


@pytest.mark.parametrize("organization", ["7", "organizations/7", "acme.example"])
def test_all_that_is_below_an_organization(tree: Cloud, organization: str) -> None:
    target = resolve(tree, organization=organization)
    assert [(scope.level, scope.account) for scope in target.scopes] == [
        ("organization", "organizations/7"),
        ("", "acme-top"),
        ("folder", "folders/1"),
        ("", "acme-one"),
        ("folder", "folders/2"),
        ("", "acme-deep"),
        ("", "acme-deeper"),
    ]
    assert target.scopes[0].uid == f"{UID}/organizations/7"
    assert target.scopes[2] == Scope("gcp", "gcp", "folders/1", f"{UID}/folders/1", "F1", level="folder")
    assert target.unread == ()


def test_folders_and_projects_together_come_once(tree: Cloud) -> None:
    target = resolve(tree, folder="1,folders/1", project="acme-*,acme-web")
    assert accounts_of(target) == [
        "folders/1", "acme-one", "folders/2", "acme-deep", "acme-deeper", "acme-web", "acme-top",
    ]  # fmt: skip


def test_accounts_choose_among_what_is_named(tree: Cloud) -> None:
    assert accounts_of(resolve(tree, "acme-deep", organization="7")) == ["acme-deep"]
    with pytest.raises(SettingError, match="did you mean acme-deep"):
        resolve(tree, "acme-deap", organization="7")


@pytest.mark.parametrize("things", ["folders", "projects"])
def test_a_part_that_cannot_be_listed_is_told(tree: Cloud, things: str) -> None:
    listed = below(things)
    tree.says[f"/v3/{things}"] = lambda request: (
        error(403, "PERMISSION_DENIED") if query(request)["parent"] == ["folders/1"] else listed(request)
    )
    target = resolve(tree, organization="7")
    ((scope, unread),) = target.unread
    assert (scope.account, unread.why, unread.fact) == ("folders/1", "denied", things)
    assert unread.needs == (f"resourcemanager.{things}.list",)
    assert "acme-top" in accounts_of(target)
    assert "acme-one" not in accounts_of(target) or things == "folders"


@pytest.mark.parametrize("said", [error(403, "PERMISSION_DENIED"), error(404, "NOT_FOUND")])
def test_a_project_that_is_not_there(tree: Cloud, said: Said) -> None:
    tree.says["/v3/projects/acme-tob"] = said
    with pytest.raises(SettingError, match=r"'acme-tob' does not exist, or .*did you mean acme-top\?"):
        resolve(tree, project="acme-tob")


@pytest.mark.parametrize("settings", [{"folder": "5"}, {"organization": "5"}])
def test_a_container_that_is_not_there(tree: Cloud, settings: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="does not exist, or these credentials may not see it"):
        resolve(tree, **settings)


@pytest.mark.parametrize("settings", [{"folder": "acme"}, {"project": "projects/x"}, {"organization": "acme.exampel"}])
def test_names_of_another_form(tree: Cloud, settings: dict[str, str]) -> None:
    with pytest.raises(SettingError):
        resolve(tree, **settings)


def test_a_project_that_is_about_to_be_deleted(cloud: Cloud) -> None:
    cloud.says["/v3/projects/acme-gone"] = project(5, "acme-gone", "DELETE_REQUESTED")
    with pytest.raises(SettingError, match="not active"):
        resolve(cloud, project="acme-gone")


def test_a_named_project_is_scanned_where_the_resource_manager_is_off(cloud: Cloud) -> None:
    cloud.says["/v3/projects/acme-web"] = disabled("999")
    target = resolve(cloud, project="acme-web")
    assert accounts_of(target) == ["acme-web"]
    assert target.unread == ()


def test_an_organization_needs_the_resource_manager(cloud: Cloud) -> None:
    cloud.says["/v3/organizations/7"] = disabled("999")
    with pytest.raises(SessionError, match="gcloud services enable"):
        resolve(cloud, organization="7")


def test_nothing_named_is_nothing_scanned(cloud: Cloud) -> None:
    content = cloud.key_file.read_text(encoding="utf-8").replace('"project_id": "acme-audit", ', "")
    cloud.key_file.write_text(content, encoding="utf-8")
    with pytest.raises(SessionError, match="--project ID, --folder NUMBER or --organization NUMBER"):
        resolve(cloud)
    assert cloud.requests == []


def test_the_project_of_the_credentials_is_said(cloud: Cloud) -> None:
    cloud.says["/v3/projects/acme-audit"] = project(2, "acme-audit")
    session = cloud.open()
    assert session.identity.source.endswith("; project acme-audit named by the credentials")
    assert session.identity.account == "acme-audit"
    assert accounts_of(session.target((), (), regional=False)) == ["acme-audit"]


def test_the_project_of_the_environment_is_said(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "acme-web")
    session = cloud.open()
    assert session.identity.source.endswith("; project acme-web named by GOOGLE_CLOUD_PROJECT")
    assert accounts_of(session.target((), (), regional=False)) == ["acme-web"]


def test_a_named_project_wins_and_none_other_is_scanned(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "elsewhere")
    session = cloud.open(project="acme-web")
    assert session.identity.source == "the file key.json"
    assert accounts_of(session.target((), (), regional=False)) == ["acme-web"]


def test_regions_are_chosen_among_those_that_exist(cloud: Cloud) -> None:
    session = cloud.open(project="acme-web")
    target = session.target(("europe-west1", "global", "eu"), (), regional=False)
    assert (target.scopes[0].regions, target.scopes[0].restricted) == (("eu", "europe-west1"), True)
    with pytest.raises(SettingError, match="did you mean europe-west1"):
        session.target(("europe-wset1",), (), regional=False)


def test_own_calls_are_counted(tree: Cloud) -> None:
    session = tree.open(organization="7")
    session.target((), (), regional=False)
    assert session.own_calls == len(tree.requests) > 5


def test_a_busy_api_is_asked_again(cloud: Cloud) -> None:
    cloud.says["/v3/projects/acme-web"] = lambda _: PROJECT if len(cloud.requests) > 2 else error(503, "UNAVAILABLE")
    assert accounts_of(resolve(cloud, project="acme-web")) == ["acme-web"]
    assert len(cloud.requests) == 3


def test_an_answer_of_another_form_is_no_project(cloud: Cloud) -> None:
    cloud.says["/v3/projects/acme-web"] = {"name": "projects/1"}
    with pytest.raises(SessionError, match="another form"):
        resolve(cloud, project="acme-web")


NAMES = st.text("ab-", max_size=8)


@given(NAMES, NAMES)
def test_a_star_stands_for_any_text(before: str, after: str) -> None:
    assert matches(f"{before}*{after}", before + "xyz" + after)
    assert matches(f"{before}?{after}", f"{before}x{after}")
    assert not matches(f"{before}?{after}", before + after)
    assert matches("*", before)
    assert not matches(f"{before}x*", before)


def test_a_hostile_pattern_ends() -> None:
    assert not matches("*a" * 200 + "b", "a" * 2000)


def test_what_is_below_can_be_scanned_where_the_top_may_not_be_read(tree: Cloud) -> None:
    tree.says["/v3/organizations/7"] = error(403, "PERMISSION_DENIED")
    target = resolve(tree, organization="7")
    assert len(target.scopes) == 7
    assert (target.scopes[0].account, target.scopes[0].name) == ("organizations/7", "")
    tree.says["/v3/folders"] = tree.says["/v3/projects"] = error(403, "PERMISSION_DENIED")
    with pytest.raises(SettingError, match=r"resourcemanager\.organizations\.get"):
        resolve(tree, organization="7")


def test_what_was_told_of_a_project_is_not_asked_again(tree: Cloud) -> None:
    get = gcp("cloudresourcemanager.projects.get")
    session = tree.open(get, organization="7")
    target = session.target((), (), regional=False)
    tree.requests.clear()
    scope = next(scope for scope in target.scopes if scope.account == "acme-deep")
    page = session.ask(scope, "global", get, {"path": "/v3/projects/acme-deep"})
    assert (page.answer, page.sent, tree.requests) == (project(13, "acme-deep"), False, [])


def members(cloud: Cloud, **settings: str) -> tuple[set[str], list[str]]:
    """The projects that are known to be in the organisation, and why there may be more."""
    call = gcp("cloudresourcemanager.projects.list")
    session = cloud.open(call, **settings)
    target = session.target((), (), regional=False)
    page = session.ask(target.scopes[-1], "global", call, {"path": "/v3/projects", "parent": "organizations/7"})
    assert page.next is None
    assert not page.sent
    return {one["projectId"] for one in page.answer["projects"]}, [one["why"] for one in page.answer["unread"]]


def test_all_projects_of_an_organisation_are_known_once_it_was_looked_through(tree: Cloud) -> None:
    everything = {"acme-top", "acme-one", "acme-gone", "acme-deep", "acme-deeper"}
    assert members(tree, organization="7") == (everything, [])


def test_a_folder_that_may_not_be_listed_may_hold_more_of_them(tree: Cloud) -> None:
    def refused(request: Request) -> Said:
        unseen = query(request)["parent"] == ["folders/2"]
        said: Said = error(403, "PERMISSION_DENIED") if unseen else below("projects")(request)
        return said

    tree.says["/v3/projects"] = refused
    assert members(tree, organization="7") == ({"acme-top", "acme-one", "acme-gone"}, ["denied"])


def test_of_an_organisation_that_was_not_looked_through_some_projects_may_be_known(tree: Cloud) -> None:
    tree.says["/v3/projects/acme-top"] = project(10, "acme-top") | {"parent": "organizations/7"}
    tree.says["/v3/projects/acme-web"] = PROJECT
    assert members(tree, project="acme-top,acme-web") == ({"acme-top"}, ["not-collected"])
    assert members(tree, folder="1") == (set(), ["not-collected"])
