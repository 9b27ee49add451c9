"""Who holds a role and whose they are: by the directory where it is read, and unknown where it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure import directory
from providers.azure.calls import SUBSCRIPTIONS
from providers.azure.subscription import AzureSubscription
from scanner.facts import Answer, Call
from scanner.kinds import Grant, chosen, from_outside, held_by
from scanner.provider import AskFailed
from tests.providers.azure.kinds.accounts import OWNER, assignment, permitted, role
from tests.providers.azure.kinds.desk import SUBSCRIPTION, only, read, refused

TENANT = "11111111-0000-0000-0000-000000000001"
KINDS = ("User", "Group", "ServicePrincipal", "ForeignGroup", None)
LISTS = (directory.USERS, directory.GROUPS, directory.PROGRAMS)
NEEDS = {"User.Read.All", "GroupMember.Read.All", "Application.Read.All"}


def path(call: Call) -> str:
    return str(call.params["path"])


def program(identity: str, owner: str | None, type_: str = "Application") -> dict[str, Any]:
    return {"id": identity, "displayName": identity} | {"appOwnerOrganizationId": owner, "servicePrincipalType": type_}


DIRECTORY: Mapping[str, Answer | AskFailed] = {
    path(SUBSCRIPTIONS): {"value": [{"subscriptionId": SUBSCRIPTION, "tenantId": TENANT.upper()}]},
    path(directory.USERS): {
        "value": [
            {"id": "member", "userPrincipalName": "ann@acme.example", "userType": "Member", "accountEnabled": True},
            {"id": "guest", "userPrincipalName": "g#EXT#@acme.example", "userType": "Guest", "accountEnabled": False},
            {"id": "typeless", "userPrincipalName": "old@acme.example", "userType": None, "accountEnabled": True},
        ]
    },
    path(directory.GROUPS): {"value": [{"id": "group", "displayName": "operators"}]},
    path(directory.PROGRAMS): {
        "value": [
            program("ours", TENANT.upper()),
            program("theirs", "22222222-0000-0000-0000-000000000002"),
            program("microsofts", next(iter(directory.MICROSOFT))),
            program("identity", None, "ManagedIdentity"),
            program("ownerless", None),
        ]
    },
}
WHO = ("member", "guest", "typeless", "group", "ours", "theirs", "microsofts", "identity", "ownerless", "gone")
REFUSED: Mapping[str, Answer | AskFailed] = {path(call): refused() for call in LISTS}


def held(kinds: Mapping[str, str | None], directory_: Mapping[str, Answer | AskFailed] = DIRECTORY) -> dict[str, Grant]:
    assignments = [assignment(who, OWNER, kind=kind) for who, kind in kinds.items()]
    answers: dict[str, Any] = {**permitted([role(OWNER, "*")], assignments), **directory_}
    found = only(read(answers, AzureSubscription), AzureSubscription).grants
    return {grant.id: grant for grant in found}


@pytest.mark.parametrize(
    ("who", "kind", "holder", "outside"),
    [
        ("member", "User", "ann@acme.example", False),
        ("guest", "User", "g#EXT#@acme.example", True),
        ("typeless", "User", "old@acme.example", None),
        ("group", "Group", "operators (group)", False),
        ("ours", "ServicePrincipal", "ours (ours)", False),
        ("theirs", "ServicePrincipal", "theirs (theirs)", True),
        ("microsofts", "ServicePrincipal", "microsofts (microsofts)", False),
        ("identity", "ServicePrincipal", "identity (identity)", False),
        ("ownerless", "ServicePrincipal", "ownerless (ownerless)", None),
        ("gone", "User", "gone (deleted)", False),
        ("gone", "Group", "gone (deleted)", False),
        ("gone", "ServicePrincipal", "gone (deleted)", False),
        ("gone", "ForeignGroup", "gone", True),
    ],
)
def test_the_directory_tells_whose_a_holder_is(who: str, kind: str, holder: str, outside: bool | None) -> None:
    grant = held({who: kind})[who]
    assert (grant.holder, grant.outside) == (holder, outside)
    assert (grant.unread is None) is (outside is not None)


@pytest.mark.parametrize(
    ("who", "kind"), [("member", "user"), ("group", "group"), ("ours", "machine"), ("gone", "other")]
)
def test_the_directory_tells_what_a_holder_is_where_azure_does_not(who: str, kind: str) -> None:
    grant = held({who: None})[who]
    assert (grant.kind, grant.outside) == (kind, False)


@given(st.sampled_from(WHO), st.sampled_from(KINDS), st.sets(st.sampled_from(LISTS)))
def test_what_is_refused_changes_no_answer_but_makes_it_unknown(who: str, kind: str | None, lists: set[Call]) -> None:
    whole = held({who: kind})[who]
    part = held({who: kind}, {**DIRECTORY, **{path(call): refused() for call in lists}})[who]
    assert part.administers == whole.administers
    assert part.kind in (whole.kind, "unknown")
    assert part.outside in (whole.outside, None)
    if part.outside != whole.outside or part.kind != whole.kind:
        assert part.unread is not None
        assert set(part.unread.needs) <= NEEDS


def test_a_refused_directory_hides_only_what_it_alone_tells() -> None:
    found = held(
        {"member": "User", "ours": "ServicePrincipal", "group": "Group", "gone": None}, {**DIRECTORY, **REFUSED}
    )
    assert {who: (one.kind, one.outside) for who, one in found.items()} == {
        "member": ("user", None),
        "ours": ("machine", None),
        "group": ("group", False),
        "gone": ("unknown", None),
    }
    assert list(chosen([one for one in found.values() if one.id != "gone"], held_by("group"))) == [found["group"]]
    assert not list(chosen([found["group"]], from_outside))


def test_where_the_tenant_is_not_known_an_application_may_be_anybodys() -> None:
    without: Mapping[str, Answer | AskFailed] = {**DIRECTORY, path(SUBSCRIPTIONS): {"value": []}}
    found = held({"ours": "ServicePrincipal", "guest": "User"}, without)
    assert (found["ours"].outside, found["guest"].outside) == (None, True)


def test_of_the_lists_no_more_is_kept_than_who_holds_roles() -> None:
    answers: dict[str, Any] = {**permitted([role(OWNER, "*")], [assignment("guest", OWNER, kind="User")]), **DIRECTORY}
    estate = read(answers, AzureSubscription)
    assert [one.name for one in estate.others.values() if isinstance(one, directory.DirectoryPrincipal)] == ["guest"]
