"""Snapshots that a link can carry away."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DiskCopy


@check("disk-copy-exportable", severity="medium", reads=[DiskCopy.exportable])
def exportable(copy: DiskCopy) -> Reasons:
    """The content of a copy of a disk cannot be fetched over the internet.

    A snapshot is the quietest way to take a whole machine along: making it does not stop anything, and its export link
    works from anywhere for whoever holds it. Old snapshots are seldom looked at.

    Fix: refuse exports, and delete snapshots that nobody needs. On Azure: `az snapshot update --name NAME
    --resource-group GROUP --network-access-policy DenyAll --public-network-access Disabled`.

    References:
    https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview
    """
    if copy.exportable:
        yield Reason("its content can be exported by a link that works from every network")


exportable.passes(DiskCopy.given(exportable=False))
exportable.fails(DiskCopy.given(exportable=True))
exportable.unknown(DiskCopy.given(exportable=Unread.denied("Microsoft.Compute/snapshots/read")))
