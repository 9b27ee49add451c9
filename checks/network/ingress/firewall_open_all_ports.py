"""Firewalls that leave everything open."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Firewall, Opening


@check("firewall-open-all-ports", severity="critical", reads=[Firewall.openings])
def open_all_ports(firewall: Firewall) -> Reasons:
    """No rule leaves every port open to everybody.

    Such a rule was made to get something working, and it exposes all that listens on any machine behind it, what is
    installed tomorrow included. The other checks on openings name the services that it lets in; this one says that the
    firewall is none.

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
        if opening.all_ports:
            what = "everything" if opening.protocol == "any" else f"every {opening.protocol} port"
            yield Reason(f"rule {opening.rule} leaves {what} open to {opening.source}")


open_all_ports.passes(Firewall.given(openings=()))
open_all_ports.passes(Firewall.given(openings=(Opening("high-ports", "tcp", 1024, 65535, "0.0.0.0/0"),)))
open_all_ports.passes(Firewall.given(openings=(Opening("ping", "icmp", 0, 65535, "0.0.0.0/0"),)))
open_all_ports.fails(Firewall.given(openings=(Opening("allow-all", "any", 0, 65535, "*"),)))
open_all_ports.fails(Firewall.given(openings=(Opening("allow-tcp", "tcp", 1, 65535, "0.0.0.0/0"),)))
open_all_ports.unknown(Firewall.given(openings=Unread.denied("Microsoft.Network/networkSecurityGroups/read")))
