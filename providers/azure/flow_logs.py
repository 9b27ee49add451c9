"""Network watchers, and the flow logs that they keep for networks, subnets, interfaces and security groups.

https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
"""

from __future__ import annotations

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.tags import tagged
from scanner.facts import Fact
from scanner.model import Listing, Resource

WATCHERS = arm("Microsoft.Network/networkWatchers")
FLOW_LOGS = arm("Microsoft.Network/networkWatchers/flowLogs")


class NetworkWatcher(Resource, kind="network-watcher", type_id="azure.network.watcher"):
    """What watches the networks of one region; every flow log belongs to one."""

    listed = Listing(uid=ids.uid, name="{name}", call=WATCHERS, region=ids.region)
    tags = tagged()


class FlowLog(Resource, kind="flow-log", type_id="azure.network.flow_log"):
    """A setting that writes down who talks to whom on a network, subnet or interface, or past a security group."""

    listed = Listing(uid=ids.uid, name="{name}", call=FLOW_LOGS, parent=NetworkWatcher, region=ids.region)
    tags = tagged()
    target = Fact[str]("The uid of what it is about.").listed(
        lambda item: str(item["properties"]["targetResourceId"]).lower()
    )
    enabled = Fact[bool]("It is writing.").listed(lambda item: item["properties"]["enabled"])
