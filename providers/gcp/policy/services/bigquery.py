"""BigQuery datasets: their access entries are a policy of their own.

https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets#Access
https://cloud.google.com/bigquery/docs/dataset-access-controls
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from providers.gcp.policy.language.members import member
from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.policies import AllowPolicy, Binding, Hierarchy, Node
from providers.gcp.policy.language.reading import condition
from providers.gcp.policy.language.request import Resource, World
from providers.gcp.policy.language.roles import ANY_OF
from providers.gcp.policy.questions.targets import targets
from providers.gcp.policy.services.answers import verdict, with_metadata
from providers.gcp.policy.services.given import hierarchy, listing, read, text
from providers.gcp.policy.services.policy_only import policy_access
from scanner.access import Access, Allowed, Judgement, Layer, Undecided, Witness
from scanner.questions import Input

_ROLES: Final[Mapping[str, str]] = {
    "READER": "roles/bigquery.dataViewer",
    "WRITER": "roles/bigquery.dataEditor",
    "OWNER": "roles/bigquery.dataOwner",
}
_TEAMS: Final[Mapping[str, str]] = {
    "projectOwners": "projectOwner",
    "projectWriters": "projectEditor",
    "projectReaders": "projectViewer",
}
_AUTHORIZED: Final = ("view", "routine", "dataset")


def judge(given: Input, dimension: str) -> Judgement:
    """Who outside can read or change the dataset's tables."""
    facts = read(given)
    entries = listing(given, "access")
    name = text(given, "resource")
    called = name or f"a dataset of project {facts.owner.project}"
    resource = Resource(name, service="bigquery.googleapis.com")
    above = hierarchy(given, called)
    own = Node(called, access_policy(entries, facts.owner.project))
    world = World(facts.owner, Hierarchy((*above.nodes, own), above.bounded), facts.roles)
    asked = targets("bigquery-dataset", resource, called)
    found = policy_access(world, facts, "bigquery-dataset", asked)
    layer = authorized(entries, facts.owner, called)
    access = Access((*found.access.layers, layer), found.access.guards)
    judged = verdict(msgspec.structs.replace(found, access=access), world)
    return with_metadata(judged, world, "bigquery-dataset", asked[0])


def access_policy(entries: object, project: str) -> AllowPolicy:
    """Access entries as bindings; authorized views and the like are none."""
    if not isinstance(entries, list | tuple):
        return AllowPolicy(malformed=("/access is no list",))
    bindings: list[Binding] = []
    malformed: list[str] = []
    for index, entry in enumerate(entries):
        pointer = f"/access/{index}"
        if isinstance(entry, Mapping) and any(entry.get(kind) is not None for kind in _AUTHORIZED):
            continue
        whom = None if not isinstance(entry, Mapping) else _member(entry, project)
        role = None if not isinstance(entry, Mapping) else entry.get("role")
        if whom is None or not isinstance(role, str) or not role:
            malformed.append(f"{pointer} is no access entry")
        else:
            only_if = condition(entry.get("condition"))
            bindings.append(Binding(_ROLES.get(role, role), (member(whom),), only_if, pointer))
    return AllowPolicy(tuple(bindings), tuple(malformed))


def _member(entry: Mapping[str, Any], project: str) -> str | None:
    named = {key: value for key, value in entry.items() if isinstance(value, str) and value}
    group = named.get("specialGroup")
    if group is not None:
        return f"{_TEAMS[group]}:{project}" if group in _TEAMS else group
    if "iamMember" in named:
        return named["iamMember"]
    if "domain" in named:
        return f"domain:{named['domain']}"
    if "groupByEmail" in named:
        return f"group:{named['groupByEmail']}"
    address = named.get("userByEmail")
    if address is None:
        return None
    service = address.lower().endswith(".gserviceaccount.com")
    return f"{'serviceAccount' if service else 'user'}:{address}"


def authorized(entries: object, owner: Owner, called: str) -> Layer:
    """Views, routines and datasets that may read the dataset, whoever asks them: those of other projects are outside.

    https://cloud.google.com/bigquery/docs/authorized-views
    """
    allowed: list[Allowed] = []
    doubts: list[Undecided] = []
    for index, kind, project in _authorized(entries):
        who = f"whoever may use an authorized {kind} of project {project}"
        owned = owner.owns_project(project) if project else None
        if owned is None:
            why = f"/access/{index} authorizes a {kind} of an unknown project"
            doubts.append(Undecided("named", "read", why, owner.missing))
        elif not owned:
            told = Witness(f"{kind} of project {project}", ANY_OF + kind, called, statement=f"/access/{index}")
            allowed.append(Allowed("named", who, "read", "authorized views", told))
    return Layer("authorized views", tuple(allowed), tuple(doubts))


def _authorized(entries: object) -> Iterator[tuple[int, str, str]]:
    for index, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
        for kind in _AUTHORIZED if isinstance(entry, Mapping) else ():
            given = entry.get(kind)
            if given is None:
                continue
            inner = given.get("dataset", given) if isinstance(given, Mapping) else None
            project = inner.get("projectId") if isinstance(inner, Mapping) else None
            yield index, kind, project if isinstance(project, str) else ""
