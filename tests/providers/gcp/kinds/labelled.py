"""Hand labelled answers, put where the kinds ask for them, and judged by the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import providers.gcp
from providers.gcp.kinds import KINDS
from providers.gcp.rest import METHODS
from scanner.check import Check
from scanner.cli import doors
from scanner.collect import Collection
from scanner.evaluate import Evaluation, Tally
from scanner.model import Identity, Resource, Scope
from scanner.plan import Plan
from scanner.provider import Target
from scanner.responsibility.load import load_model
from tests.providers.gcp.kinds.papers import HOST, ORGANIZATION, QUICK, TAKEN_AT, PaperGoogle
from tests.providers.labels import Answer, Case

MODEL = load_model([Path(providers.gcp.__file__).with_name("responsibility.yaml")])
CHECKS: Mapping[str, Check[Any]] = {
    name: check for name, check in doors.checks().items() if check.module.startswith("checks.")
}
_KMS = "cloudkms.projects.locations.keyRings.cryptoKeys"
LISTS: Mapping[str, tuple[str, str, str]] = {
    "gcp.storage.bucket": ("storage.buckets.list", "storage.buckets.get", "items"),
    "gcp.compute.instance": ("compute.instances.aggregatedList", "", "items"),
    "gcp.compute.disk": ("compute.disks.aggregatedList", "", "items"),
    "gcp.compute.snapshot": ("compute.snapshots.list", "", "items"),
    "gcp.compute.image": ("compute.images.list", "", "items"),
    "gcp.compute.firewall": ("compute.firewalls.list", "", "items"),
    "gcp.compute.network": ("compute.networks.list", "", "items"),
    "gcp.compute.subnetwork": ("compute.subnetworks.aggregatedList", "", "items"),
    "gcp.sql.instance": ("sql.instances.list", "", "items"),
    "gcp.bigquery.dataset": ("bigquery.datasets.list", "bigquery.datasets.get", "datasets"),
    "gcp.kms.crypto_key": (f"{_KMS}.list", "", "cryptoKeys"),
    "gcp.gke.cluster": ("container.projects.locations.clusters.list", "", "clusters"),
    "gcp.iam.service_account": ("iam.projects.serviceAccounts.list", "", "accounts"),
    "gcp.iam.api_key": ("apikeys.projects.locations.keys.list", "", "keys"),
    "gcp.logging.sink": ("logging.projects.sinks.list", "", "sinks"),
}
"""By type: the methods that list it and that read one, and the list member."""

_ASIDE = ("iam.projects.serviceAccounts.keys.list",)
"""Lists about one resource: where a label does not tell them, they are refused rather than empty."""
NODES = ("gcp.resourcemanager.project", "gcp.resourcemanager.folder", "gcp.resourcemanager.organization")
"""Types that a scope is itself, about which many methods tell."""


@dataclass(frozen=True)
class _Subject:
    """What paths are filled in with."""

    scope: Scope
    it: Identity

    def path(self, method: str, constraint: str = "") -> str:
        return METHODS[method].path.replace("<constraint>", constraint).format(scope=self.scope, it=self.it)


def verdicts(case: Case) -> dict[str, str]:
    """What the checks say about the resource of a case, by check."""
    if case.type in NODES:
        return _of_node(case)
    kind = next(kind for kind in KINDS if kind.type_id == case.type)
    listed, one, member = LISTS[case.type]
    if str(case.resource.get("selfLink")).endswith("/projects"):
        # Somebody took the rest away before it was published.
        case.resource["selfLink"] += f"/my-project/things/{case.resource['name']}"
    account = _account(case)
    scope = Scope("gcp", "google", account, f"{HOST}/projects/{account}", account)
    pages: dict[str, Any] = {path.replace("my-project", account): answer for path, answer in ORGANIZATION.items()}
    del pages[f"/compute/v1/projects/{account}"]  # a label tells it where it counts
    subject = _subject(case, scope)
    beside = _neighbours(case, member) if case.type == "gcp.compute.firewall" else [case.resource]
    if case.type == "gcp.kms.crypto_key":
        place, _, ring = subject.it.path.partition("/cryptoKeys/")[0].partition("/keyRings/")
        location = {"name": place, "locationId": place.rpartition("/")[2]}
        pages[f"/v1/projects/{account}/locations"] = {"locations": [location]}
        pages[f"/v1/{place}/keyRings"] = {"keyRings": [{"name": f"{place}/keyRings/{ring}"}]}
        pages[f"/v1/{place}/keyRings/{ring}:getIamPolicy"] = {"etag": "ACAB"}
        pages[f"/v1/{place}/keyRings/{ring}/cryptoKeys"] = {member: beside}
    else:
        pages[subject.path(listed)] = {member: beside}
    if case.type == "gcp.compute.firewall":
        # Labels are about the rules of a network without firewall policies.
        links = {str(rule["network"]) for rule in beside}
        networks = [{"name": link.rpartition("/")[2], "selfLink": link} for link in sorted(links)]
        pages[subject.path("compute.networks.list")] = {"items": networks}
        pages |= {
            f"/compute/v1/projects/{account}/global/networks/{network['name']}/getEffectiveFirewalls": {}
            for network in networks
        }
    if one and (case.type != "gcp.storage.bucket" or "acl" in case.resource):
        pages[subject.path(one)] = case.resource
    for companion in case.companions:
        constraint = str(companion.body.get("name", "")).rpartition("/")[2]
        pages[subject.path(companion.operation, constraint)] = _whole(companion)
    name = str(case.resource.get("name", case.resource.get("datasetReference", {}).get("datasetId"))).rpartition("/")[2]
    return _judged(case, kind, scope, pages, name)


def _of_node(case: Case) -> dict[str, str]:
    """The same for a project, a folder or an organization; the answer stands where its own method asks."""
    kind = next(kind for kind in KINDS if kind.type_id == case.type)
    assert kind.listed is not None
    level = kind.listed.level
    account = f"{level}s/1" if level else _account(case)
    scope = Scope(
        "gcp", "google", account, f"{HOST}/{account if level else f'projects/{account}'}", account, level=level
    )
    pages: dict[str, Any] = {path.replace("my-project", account): answer for path, answer in ORGANIZATION.items()}
    pages["/v3/folders/1"] = {"name": "folders/1", "parent": "organizations/1", "state": "ACTIVE"}
    subject = _Subject(scope, Identity(scope, scope.uid, account, "global"))
    pages[subject.path(case.operation)] = case.answer
    for companion in case.companions:
        pages[subject.path(companion.operation)] = _whole(companion)
    return _judged(case, kind, scope, pages, account)


def _whole(companion: Answer) -> Any:
    """The answer with its list, which Google leaves out where it is empty."""
    items = METHODS[companion.operation].items
    return companion.body if items is None else {items: [], **companion.body}


def _judged(case: Case, kind: type[Resource], scope: Scope, pages: Mapping[str, Any], name: str) -> dict[str, str]:
    checks = [CHECKS[name] for name in case.expect if name in CHECKS and CHECKS[name].applies_to(kind)]
    target = Target((scope,))
    told = {companion.operation for companion in case.companions}
    untold = frozenset(str(METHODS[method].permission) for method in _ASIDE if method not in told)
    (estate,) = Collection(Plan.of(checks, KINDS), PaperGoogle(pages, untold), target, TAKEN_AT, QUICK)
    tally = Tally()
    found = list(Evaluation(estate, checks, MODEL, "labels", tally))
    assert not tally.defects, tally.defects
    assert not estate.defects, estate.defects
    return {finding.check: finding.status for finding in found if finding.resource.name == name}


def _account(case: Case) -> str:
    if "datasetReference" in case.resource:
        return str(case.resource["datasetReference"]["projectId"])
    for text in (case.resource.get("selfLink"), case.resource.get("name"), case.url):
        _, mark, rest = f"/{text}".partition("/projects/")
        if mark and rest:
            return rest.partition("/")[0]
    return str(case.resource.get("project") or "my-project")


def _subject(case: Case, scope: Scope) -> _Subject:
    whole = str(case.resource.get("name") or case.resource["datasetReference"]["datasetId"])
    return _Subject(scope, Identity(scope, f"//host/{whole}", whole.rpartition("/")[2], "global"))


def _neighbours(case: Case, member: str) -> list[Any]:
    """All rules of the answer, as they decide together."""
    found = case.answer.get(member)
    return list(found) if isinstance(found, list) else [case.resource]
