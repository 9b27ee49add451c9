"""Snapshots and images that outsiders can use."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DiskCopy


@check("disk-copy-shared-outside", severity="high", reads=[DiskCopy.access])
def shared_outside(copy: DiskCopy) -> Reasons:
    """A snapshot or image is used from inside only, but for exceptions that an owner signed.

    Whoever can use a copy makes a disk of it in an account of their own, where your logs, your keys' alarms and your
    firewalls do not reach. The grant outlives the project that it was made for.

    Fix: take away grants that nobody can explain; write an exception with owner, ticket and expiry for the others. On
    Google Cloud: `gcloud compute images remove-iam-policy-binding NAME --member MEMBER --role ROLE`, or the same for
    `gcloud compute snapshots`. On AWS: `aws ec2 modify-snapshot-attribute --snapshot-id ID --attribute
    createVolumePermission --operation-type remove --user-ids ACCOUNT`. On Azure: a snapshot is reached by roles only;
    what is shared is a gallery.

    References:
    https://learn.microsoft.com/azure/virtual-machines/share-gallery
    https://cloud.google.com/compute/docs/images/managing-access-custom-images
    https://cloud.google.com/resource-manager/docs/organization-policy/restricting-domains
    """
    told = set()
    for allowed in copy.access.by("named").to("admin", "write", "read", "list"):
        if allowed.text not in told:
            told.add(allowed.text)
            yield Reason(f"the {allowed.via} lets {allowed.text} in, outside this account", allowed.witness)


shared_outside.passes(DiskCopy.given(access=Access.none()))
shared_outside.passes(DiskCopy.given(access=Access.of(who="anyone", may="read", via="IAM policy of the image")))
shared_outside.fails(DiskCopy.given(access=Access.of(who="named", may="read", via="IAM policy of the image")))
shared_outside.unknown(DiskCopy.given(access=Unread.denied("compute.images.getIamPolicy")))
