"""Whom a policy names: the identifiers of allow policies, deny policies and access lists.

https://cloud.google.com/iam/docs/principal-identifiers
https://cloud.google.com/iam/docs/overview#concepts_related_identity
"""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import unquote

import msgspec

Kind = Literal[
    "everyone",
    "authenticated",
    "user",
    "group",
    "domain",
    "customer",
    "service-account",
    "project-team",
    "kubernetes",
    "pool",
    "subtree",
    "deleted",
    "unclear",
]
"""`everyone`: anybody, signed in or not. `authenticated`: anybody who signed in to Google, people and service accounts.
`customer`: all of one Google Workspace. `project-team`: holders of a basic role in a project. `kubernetes`: a pod's
account of a cluster. `pool`: identities of an identity pool. `subtree`: service accounts (and such) below a node."""

Select = Literal["all", "subject", "group", "attribute"]

_IAM: Final = "//iam.googleapis.com/"
_TEAMS: Final = {"projectOwner": "owner", "projectEditor": "editor", "projectViewer": "viewer"}


class Member(msgspec.Struct, frozen=True):
    """A party that a policy names."""

    text: str
    """As it is written."""
    kind: Kind
    name: str = ""
    """The e-mail address, domain, customer id, project, subject or value; as written, but addresses in lower case."""
    team: str = ""
    """`owner`, `editor` or `viewer` of a project team."""
    pool: str = ""
    """The pool, from `projects/` or `locations/` to its id."""
    select: Select = "all"
    """Which identities of the pool."""
    attribute: str = ""
    """Name of the attribute whose value is `name`."""

    @property
    def pool_id(self) -> str:
        """Last part of the pool's name."""
        return self.pool.rpartition("/")[2]

    @property
    def anyone(self) -> bool:
        """Whether it stands for the whole world, with or without a Google account."""
        return self.kind in ("everyone", "authenticated")


def member(text: str) -> Member:
    """Read an identifier of an allow or deny policy. What we do not know is `unclear`."""
    if text in ("allUsers", "principalSet://goog/public:all"):
        return Member(text, "everyone")
    if text == "allAuthenticatedUsers":
        return Member(text, "authenticated")
    prefix, colon, rest = text.partition(":")
    if prefix == "deleted" and rest:
        return Member(text, "deleted", rest)
    if not colon or not rest:
        return Member(text, "unclear")
    if prefix in ("principal", "principalSet"):
        return _principal(text, rest, single=prefix == "principal")
    if prefix in _TEAMS:
        return Member(text, "project-team", rest, team=_TEAMS[prefix])
    if prefix == "domain":
        return Member(text, "domain", rest.lower())
    if prefix == "serviceAccount" and rest.endswith("]") and ".svc.id.goog[" in rest:
        return Member(text, "kubernetes", rest.partition(".svc.id.goog[")[0])
    if prefix in ("user", "group", "serviceAccount") and _is_address(rest):
        kind: Kind = "service-account" if prefix == "serviceAccount" else "user" if prefix == "user" else "group"
        return Member(text, kind, rest.lower())
    return Member(text, "unclear")


def entity(text: str) -> Member:
    """Read an entity of a Cloud Storage access list.

    https://cloud.google.com/storage/docs/json_api/v1/bucketAccessControls#resource
    """
    if text in ("allUsers", "allAuthenticatedUsers"):
        return member(text)
    kind, _, rest = text.partition("-")
    if kind == "project":
        team, _, project = rest.partition("-")
        if team in ("owners", "editors", "viewers") and project:
            return Member(text, "project-team", project, team=team.removesuffix("s"))
    elif kind == "domain" and rest:
        return Member(text, "domain", rest.lower())
    elif kind in ("user", "group") and _is_address(rest):
        address = rest.lower()
        if kind == "user" and address.endswith(".gserviceaccount.com"):
            return Member(text, "service-account", address)
        return Member(text, "user" if kind == "user" else "group", address)
    return Member(text, "unclear")


def _is_address(text: str) -> bool:
    local, _, domain = text.partition("@")
    return bool(local) and bool(domain) and "@" not in domain and not any(c.isspace() or c == "?" for c in text)


def _principal(text: str, rest: str, *, single: bool) -> Member:
    unclear = Member(text, "unclear")
    if rest.startswith("//goog/"):
        kind, _, name = rest.removeprefix("//goog/").partition("/")
        if single and kind == "subject" and _is_address(name):
            return Member(text, "user", name.lower())
        if not single and kind == "group" and _is_address(name):
            return Member(text, "group", name.lower())
        return Member(text, "customer", name) if kind == "cloudIdentityCustomerId" and name else unclear
    if not single and rest.startswith("//cloudresourcemanager.googleapis.com/"):
        return Member(text, "subtree", rest.removeprefix("//cloudresourcemanager.googleapis.com/"))
    if not rest.startswith(_IAM):
        return unclear
    name = rest.removeprefix(_IAM)
    if single and name.startswith("projects/-/serviceAccounts/"):
        address = name.removeprefix("projects/-/serviceAccounts/")
        return Member(text, "service-account", address.lower()) if _is_address(address) else unclear
    return _of_pool(text, name, single=single)


def _of_pool(text: str, name: str, *, single: bool) -> Member:
    unclear = Member(text, "unclear")
    parts = name.split("/")
    workload = len(parts) > 6 and (parts[0], parts[2], parts[3], parts[4]) == (
        "projects",
        "locations",
        "global",
        "workloadIdentityPools",
    )
    workforce = len(parts) > 4 and parts[:3] == ["locations", "global", "workforcePools"]
    if not workload and not workforce:
        return unclear
    size = 6 if workload else 4
    pool, chosen = "/".join(parts[:size]), "/".join(parts[size:])
    if not parts[size - 1]:
        return unclear
    kind, _, value = chosen.partition("/")
    # Values with a slash in them may be written escaped.
    value = unquote(value)
    if single:
        return Member(text, "pool", value, pool=pool, select="subject") if kind == "subject" and value else unclear
    if chosen == "*":
        return Member(text, "pool", pool=pool)
    if kind == "group" and value:
        return Member(text, "pool", value, pool=pool, select="group")
    if kind.startswith("attribute.") and value:
        attribute = kind.removeprefix("attribute.")
        return Member(text, "pool", value, pool=pool, select="attribute", attribute=attribute)
    return unclear
