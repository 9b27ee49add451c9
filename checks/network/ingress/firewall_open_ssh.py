"""Firewalls that leave SSH open."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Firewall, Opening

SSH = 22


@check("firewall-open-ssh", severity="high", reads=[Firewall.openings])
def open_ssh(firewall: Firewall) -> Reasons:
    """Nobody but addresses that you named gets to SSH.

    Port 22 of every address is tried by machines around the clock: with passwords that leaked elsewhere, with keys that
    were stolen, and within hours of each new flaw in the server. A rule that leaves every port open counts, too.

    Fix: take the rule away, or name the addresses that need it; let people in through a bastion or a tunnel that knows
    who they are. On Azure: `az network nsg rule update --resource-group GROUP --nsg-name NSG --name RULE
    --source-address-prefixes RANGE`. On Google Cloud: `gcloud compute firewall-rules update RULE --source-ranges
    RANGE`. On AWS: `aws ec2 revoke-security-group-ingress --group-id ID --protocol tcp --port 22 --cidr 0.0.0.0/0`.

    References:
    https://learn.microsoft.com/azure/bastion/bastion-overview
    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
    https://cloud.google.com/iap/docs/using-tcp-forwarding
    https://cloud.google.com/firewall/docs/firewalls
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    for opening in firewall.openings:
        if opening.reaches(SSH):
            yield Reason(f"rule {opening.rule} lets {opening.source} reach port {SSH} (SSH)")


open_ssh.passes(Firewall.given(openings=()))
open_ssh.passes(Firewall.given(openings=(Opening("web", "tcp", 443, 443, "0.0.0.0/0"),)))
open_ssh.passes(Firewall.given(openings=(Opening("games", "udp", 22, 22, "0.0.0.0/0"),)))
open_ssh.fails(Firewall.given(openings=(Opening("allow-ssh", "tcp", 22, 22, "0.0.0.0/0"),)))
open_ssh.fails(Firewall.given(openings=(Opening("low-ports", "tcp", 1, 1023, "::/0"),)))
open_ssh.fails(Firewall.given(openings=(Opening("allow-all", "any", 0, 65535, "*"),)))
open_ssh.unknown(Firewall.given(openings=Unread.denied("Microsoft.Network/networkSecurityGroups/read")))
