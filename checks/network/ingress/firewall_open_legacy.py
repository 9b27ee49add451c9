"""Firewalls that leave services of another age open."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Firewall, Opening

# What listens there unless told otherwise, and trusts whoever calls or lets all on the path read along.
LEGACY = {
    20: "FTP",
    21: "FTP",
    23: "Telnet",
    111: "the port mapper",
    135: "Windows RPC",
    137: "NetBIOS",
    138: "NetBIOS",
    139: "NetBIOS",
    445: "SMB",
    512: "rexec",
    513: "rlogin",
    514: "rsh",
}
LEGACY_BY_UDP = {69: "TFTP", 111: "the port mapper", 135: "Windows RPC", 137: "NetBIOS", 138: "NetBIOS"}


@check("firewall-open-legacy", severity="high", reads=[Firewall.openings])
def open_legacy(firewall: Firewall) -> Reasons:
    """Nobody but addresses that you named gets to old services without encryption.

    Telnet, FTP and the r-commands carry passwords in plain text; shared folders of Windows and the port mapper of Unix
    were made for one building, and worms still live from them. Hardly anything needs them from outside. A rule that
    leaves every port open counts, too.

    Fix: take the rule away, or name the addresses that need it. On Azure: `az network nsg rule update --resource-group
    GROUP --nsg-name NSG --name RULE --source-address-prefixes RANGE`. On Google Cloud: `gcloud compute firewall-rules
    update RULE --source-ranges RANGE`. On AWS: `aws ec2 revoke-security-group-ingress --group-id ID
    --security-group-rule-ids RULE`.

    References:
    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
    https://cloud.google.com/firewall/docs/firewalls
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    for opening in firewall.openings:
        reached = opening.services(LEGACY, LEGACY_BY_UDP)
        if reached:
            yield Reason(f"rule {opening.rule} lets {opening.source} reach {', '.join(reached)}")


open_legacy.passes(Firewall.given(openings=()))
open_legacy.passes(Firewall.given(openings=(Opening("web", "tcp", 443, 443, "0.0.0.0/0"),)))
open_legacy.passes(Firewall.given(openings=(Opening("dns", "udp", 53, 53, "0.0.0.0/0"),)))
open_legacy.fails(Firewall.given(openings=(Opening("telnet", "tcp", 23, 23, "0.0.0.0/0"),)))
open_legacy.fails(Firewall.given(openings=(Opening("windows", "udp", 135, 139, "0.0.0.0/0"),)))
open_legacy.unknown(Firewall.given(openings=Unread.denied("Microsoft.Network/networkSecurityGroups/read")))
