"""Whose holders of roles are: of the organization's own projects, or of others."""

from __future__ import annotations

import msgspec
import pytest

from providers.gcp.hierarchy import GcpFolder, GcpOrganization
from providers.gcp.project import GcpProject
from scanner.facts import Unread, UnreadFact
from scanner.kinds import Account, chosen, from_outside
from scanner.model import Scope
from tests.providers.gcp.kinds.papers import HOST, PAGES, PROJECT, read

OTHER = "serviceAccount:app@other-project.iam.gserviceaccount.com"
FOLDER = Scope("gcp", "google", "folders/22", f"{HOST}/folders/22", level="folder")
ORGANIZATION = Scope("gcp", "google", "organizations/1", f"{HOST}/organizations/1", level="organization")
AT = [(GcpProject, PROJECT), (GcpFolder, FOLDER), (GcpOrganization, ORGANIZATION)]
REFUSED = Unread.denied("resourcemanager.folders.list")


def outsiders(kind: type[Account], scope: Scope, *projects: str, unread: tuple[Unread, ...] = ()) -> list[str]:
    """Holders from outside, where the organization is known to have these projects."""
    policy = {"etag": "e", "bindings": [{"role": "roles/viewer", "members": [OTHER]}]}
    listed = [{"projectId": id_, "name": f"projects/{number}"} for number, id_ in enumerate(projects, 5)]
    pages: PAGES = {
        "/v3/projects": {"projects": listed, "unread": [msgspec.to_builtins(one) for one in unread]},
        f"/v3/{scope.account if scope.level else 'projects/my-project'}:getIamPolicy": policy,
        "/v3/folders/22": {"name": "folders/22", "parent": "organizations/1", "state": "ACTIVE"},
    }
    (found,) = read(pages, kind, kind.grants, scope=scope)
    return [grant.holder for grant in chosen(found.grants, from_outside)]


@pytest.mark.parametrize(("kind", "scope"), AT)
def test_an_account_belongs_to_whom_its_project_belongs_to(kind: type[Account], scope: Scope) -> None:
    assert outsiders(kind, scope, "my-project", "other-project") == []
    assert outsiders(kind, scope, "my-project", "other-project", unread=(REFUSED,)) == []
    assert outsiders(kind, scope, "my-project") == [OTHER]
    with pytest.raises(UnreadFact) as gap:
        outsiders(kind, scope, "my-project", unread=(REFUSED,))
    assert gap.value.unread == (REFUSED,)
