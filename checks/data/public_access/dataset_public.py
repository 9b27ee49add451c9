"""Datasets for anyone."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Dataset


@check("dataset-public", severity="critical", reads=[Dataset.access])
def public(dataset: Dataset) -> Reasons:
    """Only parties that you named can reach the tables of a dataset.

    Whoever has any account with the provider, or none, can then query the tables and copy them whole. Names of projects
    and datasets stand in code and in logs, and public ones are searched for.

    Fix: take the grant away that the reason names. On Google Cloud: write the access list to a file by `bq show
    --format prettyjson PROJECT:DATASET`, take the entry out, and put it back by `bq update --source FILE
    PROJECT:DATASET`; a grant on the project goes by `gcloud projects remove-iam-policy-binding PROJECT --member MEMBER
    --role ROLE`.

    References:
    https://cloud.google.com/bigquery/docs/control-access-to-resources-iam
    https://cloud.google.com/bigquery/docs/dataset-access-controls
    """
    for allowed in dataset.access.by("anyone").to("read", "list", "write", "admin"):
        yield Reason(f"the {allowed.via} lets {allowed.text} in ({allowed.may})", allowed.witness)


public.passes(Dataset.given(access=Access.none()))
public.passes(Dataset.given(access=Access.of(who="named", may="read", via="access of the dataset")))
public.fails(Dataset.given(access=Access.of(who="anyone", may="read", via="access of the dataset")))
public.unknown(Dataset.given(access=Unread.denied("bigquery.datasets.get")))
