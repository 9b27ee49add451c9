"""BigQuery: datasets.

https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from providers.gcp.changes import changed
from providers.gcp.encryption import by_key
from providers.gcp.labels import labelled
from providers.gcp.policy.language.policies import AllowPolicy, Node
from providers.gcp.policy.language.request import Resource as Asked
from providers.gcp.policy.services.bigquery import access_policy, authorized
from providers.gcp.project import GcpProject
from providers.gcp.reach import above_or_not, known, named_in, policy_access
from providers.gcp.rest import GONE, gcp
from providers.gcp.roles import GcpPredefinedRole, uids_of
from scanner.access import Access, Layer
from scanner.facts import Answer, Fact, Relation, Relations, Unread, derived
from scanner.kinds import Dataset
from scanner.model import Listing

DATASETS: Final = gcp("bigquery.datasets.list")
DATASET: Final = gcp("bigquery.datasets.get", gone=GONE)


class AccessEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of a dataset's access list: somebody with a role, or something that may read it for whoever asks."""

    whom: str
    """Which member of the entry names them, such as `userByEmail` or `view`."""
    name: str
    """Who that is; the project where it is something."""
    role: str = ""
    condition: str = ""


_PEOPLE: Final = ("specialGroup", "iamMember", "domain", "groupByEmail", "userByEmail")
_THINGS: Final = ("view", "routine", "dataset")


def _entries(answer: Answer) -> tuple[AccessEntry, ...]:
    # An answer always has the list: at least its maker is in it.
    return tuple(_entry(one) for one in answer["access"])


def _entry(one: dict[str, Any]) -> AccessEntry:
    for thing in _THINGS:
        if thing in one:
            inner = one[thing].get("dataset", one[thing])
            return AccessEntry(thing, inner["projectId"])
    whom = next(name for name in _PEOPLE if name in one)
    condition = one.get("condition")
    return AccessEntry(whom, one[whom], one["role"], "" if condition is None else condition["expression"])


class BigQueryDataset(Dataset, type_id="gcp.bigquery.dataset"):
    """A dataset. What is granted on single tables is not read.

    https://cloud.google.com/bigquery/docs/control-access-to-resources-iam
    """

    listed = Listing(
        uid="//bigquery.googleapis.com/projects/{datasetReference[projectId]}/datasets/{datasetReference[datasetId]}",
        name="{datasetReference[datasetId]}",
        call=DATASETS,
        region=lambda item: str(item["location"]).lower(),
    )
    last_change = changed("projects/{scope.account}/datasets/{it.name}")
    tags = labelled()
    project = Relation[GcpProject]("The project that it lies in.").listed("{scope.uid}")
    entries = Fact[tuple[AccessEntry, ...]]("Its access list.").read(DATASET, _entries)
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.").read(
        DATASET, lambda a: uids_of(one.role for one in _entries(a))
    )
    encryption = Dataset.encryption.read(
        # Of tables to come, where they name no other: https://cloud.google.com/bigquery/docs/customer-managed-encryption
        DATASET,
        lambda a: by_key(a.get("defaultEncryptionConfiguration", {}).get("kmsKeyName")),
    )

    @derived(reads=[entries, named_roles / GcpPredefinedRole.held, project / GcpProject.above])
    def access(self) -> Access:
        """Who outside can reach its tables, as far as the dataset and what lies above it decide."""
        upper = named_in(above_or_not(lambda: self.project, self.scope.account), lambda: self.named_roles)
        name = f"projects/{self.scope.account}/datasets/{self.name}"
        entries = known(lambda: self.entries)
        listed: AllowPolicy | Unread = entries if isinstance(entries, Unread) else _policy(entries, self.scope.account)
        own = Node(f"dataset {self.name}", listed)
        service = "bigquery.googleapis.com"
        asked = Asked(name, f"{service}/Dataset", service)
        access = policy_access(self, upper, "bigquery-dataset", asked, own)
        if isinstance(entries, Unread):
            views = Layer("authorized views", unread=entries)
        else:
            views = authorized([_thing(one) for one in entries if one.whom in _THINGS], upper.owner, name)
        return msgspec.structs.replace(access, layers=(*access.layers, views))


def _policy(entries: tuple[AccessEntry, ...], project: str) -> AllowPolicy:
    return access_policy([_person(one) for one in entries if one.whom in _PEOPLE], project)


def _person(entry: AccessEntry) -> dict[str, object]:
    condition = {"expression": entry.condition} if entry.condition else None
    return {entry.whom: entry.name, "role": entry.role, "condition": condition}


def _thing(entry: AccessEntry) -> dict[str, object]:
    return {entry.whom: {"projectId": entry.name}}
