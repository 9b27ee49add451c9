"""Database servers that answer without TLS."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-plain-text-allowed", severity="high", reads=[DatabaseServer.tls_only])
def plain_text_allowed(server: DatabaseServer) -> Reasons:
    """A database server refuses connections that are not encrypted on their way.

    One client with an old setting sends its password and every row readable to everybody on the path, who can also
    change what is asked. The client works, so nobody notices.

    Fix: find the clients that still connect without TLS, then refuse them. On Google Cloud: `gcloud sql instances patch
    NAME --ssl-mode ENCRYPTED_ONLY`. On Azure: `az postgres flexible-server parameter set --resource-group GROUP
    --server-name NAME --name require_secure_transport --value on`, or the same for `az mysql flexible-server
    parameter`; Azure SQL takes encrypted connections only. On AWS: in the instance's parameter group: `aws rds
    modify-db-parameter-group --db-parameter-group-name GROUP --parameters
    ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=pending-reboot`; for MySQL and MariaDB the parameter is
    require_secure_transport.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.Requiring.html
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html
    https://cloud.google.com/sql/docs/mysql/configure-ssl-instance
    https://learn.microsoft.com/azure/postgresql/security/security-tls-how-to-connect
    https://learn.microsoft.com/azure/mysql/flexible-server/security-tls
    """
    if not server.tls_only:
        yield Reason("connections without TLS are accepted")


plain_text_allowed.passes(DatabaseServer.given(tls_only=True))
plain_text_allowed.fails(DatabaseServer.given(tls_only=False))
plain_text_allowed.unknown(DatabaseServer.given(tls_only=Unread.denied("cloudsql.instances.list")))
