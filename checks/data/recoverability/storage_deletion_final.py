"""Buckets whose deleted objects are gone."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-deletion-final", severity="medium", reads=[Bucket.deletion_undone])
def deletion_final(bucket: Bucket) -> Reasons:
    """Deleted objects can be brought back for some days.

    A wrong script, a wrong lifecycle rule or a thief who wants ransom deletes faster than anybody looks. Days in which
    deletion can be undone cost little, and are often the only copy left. Versions are another way to the same end, and
    a check of their own: they keep what was overwritten, too.

    Fix: keep deleted objects for at least a week. On Azure: `az storage account blob-service-properties update
    --account-name NAME --resource-group GROUP --enable-delete-retention true --delete-retention-days 14
    --enable-container-delete-retention true --container-delete-retention-days 14`. On Google Cloud: `gcloud storage
    buckets update gs://NAME --soft-delete-duration=14d`.

    References:
    https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
    https://cloud.google.com/storage/docs/soft-delete
    """
    if not bucket.deletion_undone:
        yield Reason("deleted objects are gone at once")


deletion_final.passes(Bucket.given(deletion_undone=True))
deletion_final.fails(Bucket.given(deletion_undone=False))
deletion_final.unknown(Bucket.given(deletion_undone=Unread.denied("storage.buckets.list")))
