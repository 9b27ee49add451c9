"""Disks that a link can carry away."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Disk


@check("disk-exportable", severity="medium", reads=[Disk.exportable])
def exportable(disk: Disk) -> Reasons:
    """The content of a disk cannot be fetched over the internet.

    Whoever may make an export link downloads the whole disk with it, from anywhere, and no firewall of the machine or
    of the network sees the bytes go. The link works for whoever holds it.

    Fix: refuse exports, or let them go through a private link only. On Azure: `az disk update --name NAME
    --resource-group GROUP --network-access-policy DenyAll --public-network-access Disabled`.

    References:
    https://learn.microsoft.com/azure/virtual-machines/disks-enable-private-links-for-import-export-portal
    https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview
    """
    if disk.exportable:
        yield Reason("its content can be exported by a link that works from every network")


exportable.passes(Disk.given(exportable=False))
exportable.fails(Disk.given(exportable=True))
exportable.unknown(Disk.given(exportable=Unread.denied("Microsoft.Compute/disks/read")))
