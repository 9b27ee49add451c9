"""Buckets that keep no older versions."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-unversioned", severity="medium", reads=[Bucket.versioned])
def unversioned(bucket: Bucket) -> Reasons:
    """Overwritten and deleted objects can be brought back.

    Whoever can delete an object, by mistake or with stolen keys, deletes it for good unless the bucket keeps versions.
    Ransom of cloud storage works exactly this way: copy, delete, leave a note.

    Fix: turn on versioning, and let a lifecycle rule remove versions that nobody needs any more. On AWS: `aws s3api
    put-bucket-versioning --bucket NAME --versioning-configuration Status=Enabled`. On Azure: `az storage account
    blob-service-properties update --account-name NAME --resource-group GROUP --enable-versioning true`. On Google
    Cloud: `gcloud storage buckets update gs://NAME --versioning`.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
    https://learn.microsoft.com/azure/storage/blobs/versioning-overview
    https://cloud.google.com/storage/docs/object-versioning
    """
    if not bucket.versioned:
        yield Reason("older versions of objects are not kept")


unversioned.passes(Bucket.given(versioned=True))
unversioned.fails(Bucket.given(versioned=False))
unversioned.unknown(Bucket.given(versioned=Unread.denied("s3:GetBucketVersioning")))
