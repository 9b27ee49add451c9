"""Database servers that anyone can connect to."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-open-to-anyone", severity="critical", reads=[DatabaseServer.access])
def open_to_anyone(server: DatabaseServer) -> Reasons:
    """Only networks that you named can open a connection to a database server.

    One guessed, leaked or reused password is then all the data, and a flaw in the engine needs no password at all. Open
    servers are found within hours and tried for ever. Azure's rule for "Azure services" lets in every customer's
    machines in Azure rather than the whole internet; it does not fail here.

    Fix: take the rule away that lets everybody in, and name the addresses that need it. On Azure: `az sql server
    firewall-rule delete --resource-group GROUP --server SERVER --name RULE`, or the same for `az postgres
    flexible-server firewall-rule` and `az mysql flexible-server firewall-rule`. On Google Cloud: `gcloud sql instances
    patch NAME --authorized-networks RANGE`, which replaces the list.

    References:
    https://learn.microsoft.com/azure/azure-sql/database/firewall-configure
    https://learn.microsoft.com/azure/postgresql/network/how-to-networking-servers-deployed-public-access-add-firewall-rules
    https://cloud.google.com/sql/docs/mysql/authorize-networks
    """
    for allowed in server.access.by("anyone").to("connect"):
        yield Reason(f"{allowed.text} can open a connection, by {allowed.via}", allowed.witness)


open_to_anyone.passes(DatabaseServer.given(access=Access.none()))
open_to_anyone.passes(DatabaseServer.given(access=Access.of(who="named", may="connect", via="the public endpoint")))
open_to_anyone.fails(DatabaseServer.given(access=Access.of(who="anyone", may="connect", via="the public endpoint")))
open_to_anyone.unknown(DatabaseServer.given(access=Unread.denied("Microsoft.Sql/servers/firewallRules/read")))
