"""Database servers with an address on the internet."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-public-endpoint", severity="medium", reads=[DatabaseServer.public_endpoint])
def public_endpoint(server: DatabaseServer) -> Reasons:
    """A database server is reached over private networks only.

    While the address exists, one rule that somebody adds in a hurry is all that separates the data from the internet. A
    server without it cannot be opened by a rule.

    Fix: give the programs a private way to the server, move them over, then switch the address off. On Azure: `az sql
    server update --resource-group GROUP --name NAME --enable-public-network false`, or `az postgres flexible-server
    update --resource-group GROUP --name NAME --public-access Disabled`, or the same for `az mysql flexible-server`. On
    Google Cloud: `gcloud sql instances patch NAME --network NETWORK --no-assign-ip`. On AWS: `aws rds
    modify-db-instance --db-instance-identifier NAME --no-publicly-accessible`.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
    https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings
    https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private-link
    https://cloud.google.com/sql/docs/mysql/configure-private-ip
    """
    if server.public_endpoint:
        yield Reason("it has an address on the internet")


public_endpoint.passes(DatabaseServer.given(public_endpoint=False))
public_endpoint.fails(DatabaseServer.given(public_endpoint=True))
public_endpoint.unknown(DatabaseServer.given(public_endpoint=Unread.denied("cloudsql.instances.list")))
