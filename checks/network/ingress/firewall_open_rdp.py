"""Firewalls that leave remote desktops open."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Firewall, Opening

RDP = 3389


@check("firewall-open-rdp", severity="high", reads=[Firewall.openings])
def open_rdp(firewall: Firewall) -> Reasons:
    """Nobody but addresses that you named gets to a remote desktop.

    Guessed and bought logins to remote desktops are how most ransom begins, and the service has had flaws that needed
    no login at all. It answers on TCP and on UDP. A rule that leaves every port open counts, too.

    Fix: take the rule away, or name the addresses that need it; let people in through a bastion or a tunnel that knows
    who they are. On Azure: `az network nsg rule update --resource-group GROUP --nsg-name NSG --name RULE
    --source-address-prefixes RANGE`. On Google Cloud: `gcloud compute firewall-rules update RULE --source-ranges
    RANGE`. On AWS: `aws ec2 revoke-security-group-ingress --group-id ID --protocol tcp --port 3389 --cidr 0.0.0.0/0`.

    References:
    https://learn.microsoft.com/azure/bastion/bastion-overview
    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
    https://cloud.google.com/iap/docs/using-tcp-forwarding
    https://cloud.google.com/firewall/docs/firewalls
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    for opening in firewall.openings:
        if opening.reaches(RDP) or opening.reaches(RDP, "udp"):
            yield Reason(f"rule {opening.rule} lets {opening.source} reach port {RDP} (RDP, {opening.protocol})")


open_rdp.passes(Firewall.given(openings=()))
open_rdp.passes(Firewall.given(openings=(Opening("web", "tcp", 443, 443, "0.0.0.0/0"),)))
open_rdp.fails(Firewall.given(openings=(Opening("allow-rdp", "tcp", 3389, 3389, "0.0.0.0/0"),)))
open_rdp.fails(Firewall.given(openings=(Opening("allow-rdp", "udp", 3000, 4000, "0.0.0.0/0"),)))
open_rdp.fails(Firewall.given(openings=(Opening("allow-all", "any", 0, 65535, "*"),)))
open_rdp.unknown(Firewall.given(openings=Unread.denied("Microsoft.Network/networkSecurityGroups/read")))
