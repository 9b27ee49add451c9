"""Firewalls that leave databases open."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Firewall, Opening

# Ports on which databases and caches listen unless told otherwise.
DATABASES = {
    1433: "SQL Server",
    1521: "Oracle",
    2483: "Oracle",
    2484: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    7000: "Cassandra",
    7474: "Neo4j",
    8086: "InfluxDB",
    9042: "Cassandra",
    9200: "Elasticsearch",
    9300: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
    50000: "Db2",
}
# These answer datagrams too: the browser names the instances of SQL Server, the cache amplifies attacks on others.
BY_UDP = {1434: "SQL Server Browser", 11211: "Memcached"}
NAMED = 5


@check("firewall-open-databases", severity="high", reads=[Firewall.openings])
def open_databases(firewall: Firewall) -> Reasons:
    """Nobody but addresses that you named gets to the ports of databases.

    Databases were made for the inside of a network: many ask for no password until somebody sets one, and few slow a
    guesser down. Open ones are found within hours, copied, and emptied with a note that asks for money. A rule that
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
        reached = opening.services(DATABASES, BY_UDP)
        if reached:
            more = f" and {len(reached) - NAMED} more" if len(reached) > NAMED else ""
            yield Reason(f"rule {opening.rule} lets {opening.source} reach {', '.join(reached[:NAMED])}{more}")


WIDE = Opening("high-ports", "tcp", 1024, 65535, "0.0.0.0/0")
open_databases.passes(Firewall.given(openings=()))
open_databases.passes(Firewall.given(openings=(Opening("web", "tcp", 443, 443, "0.0.0.0/0"),)))
open_databases.passes(Firewall.given(openings=(Opening("games", "udp", 5432, 5432, "0.0.0.0/0"),)))
open_databases.fails(Firewall.given(openings=(Opening("db", "tcp", 5432, 5432, "0.0.0.0/0"), WIDE)))
open_databases.fails(Firewall.given(openings=(Opening("cache", "udp", 11211, 11211, "::/0"),)))
open_databases.unknown(Firewall.given(openings=Unread.denied("Microsoft.Network/networkSecurityGroups/read")))
