"""Snapshots and images for anyone."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DiskCopy


@check("disk-copy-public", severity="critical", reads=[DiskCopy.access])
def public(copy: DiskCopy) -> Reasons:
    """Only parties that you named can make a disk of a snapshot or image.

    A copy of a disk holds everything that the machine held: databases, keys, histories of shells, files that were
    deleted. Strangers search the public ones for exactly that, and use them without leaving a trace in your account.

    Fix: take the grant away that the reason names, and replace every secret that the copy holds. On Google Cloud:
    `gcloud compute images remove-iam-policy-binding NAME --member allAuthenticatedUsers --role ROLE`, or the same for
    `gcloud compute snapshots`. On AWS: `aws ec2 modify-snapshot-attribute --snapshot-id ID --attribute
    createVolumePermission --operation-type remove --group-names all`. On Azure: a copy has no grant to everybody; a
    community gallery is what publishes it.

    References:
    https://learn.microsoft.com/azure/virtual-machines/share-gallery-community
    https://cloud.google.com/compute/docs/images/managing-access-custom-images
    """
    for allowed in copy.access.by("anyone").to("read", "list", "write", "admin"):
        yield Reason(f"the {allowed.via} lets {allowed.text} in ({allowed.may})", allowed.witness)


public.passes(DiskCopy.given(access=Access.none()))
public.passes(DiskCopy.given(access=Access.of(who="named", may="read", via="IAM policy of the image")))
public.fails(DiskCopy.given(access=Access.of(who="anyone", may="read", via="IAM policy of the image")))
public.unknown(DiskCopy.given(access=Unread.denied("compute.images.getIamPolicy")))
