"""Datasets that outsiders can query."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Dataset


@check("dataset-shared-outside", severity="high", reads=[Dataset.access])
def shared_outside(dataset: Dataset) -> Reasons:
    """A dataset is reached from inside only, but for exceptions that an owner signed.

    A grant to an outsider outlives the project and the contract that it was made for, and reaches tables that are added
    later. What the outsider copies is out of your logs and your control.

    Fix: take away grants that nobody can explain; write an exception with owner, ticket and expiry for the others, and
    share views rather than tables. On Google Cloud: take the entry out of what `bq show --format prettyjson
    PROJECT:DATASET` writes, and put it back by `bq update --source FILE PROJECT:DATASET`.

    References:
    https://cloud.google.com/bigquery/docs/dataset-access-controls
    https://cloud.google.com/bigquery/docs/authorized-views
    """
    told = set()
    for allowed in dataset.access.by("named").to("admin", "write", "read", "list"):
        if allowed.text not in told:
            told.add(allowed.text)
            yield Reason(f"the {allowed.via} lets {allowed.text} in, outside this account", allowed.witness)


shared_outside.passes(Dataset.given(access=Access.none()))
shared_outside.passes(Dataset.given(access=Access.of(who="anyone", may="read", via="access of the dataset")))
shared_outside.fails(Dataset.given(access=Access.of(who="named", may="read", via="access of the dataset")))
shared_outside.unknown(Dataset.given(access=Unread.denied("bigquery.datasets.get")))
