"""Database servers that answer with TLS of the last century."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-old-tls-allowed", severity="medium", reads=[DatabaseServer.old_tls_refused])
def old_tls_allowed(server: DatabaseServer) -> Reasons:
    """A database server refuses connections with TLS older than 1.2.

    TLS 1.0 and 1.1 rest on ciphers and hashes that are broken. A driver that still speaks them works without a word,
    and whoever sits on the path can talk a better one down to them.

    Fix: update old drivers, then refuse old versions. On Azure: `az sql server update --resource-group GROUP --name
    NAME --minimal-tls-version 1.2`; `az postgres flexible-server parameter set --resource-group GROUP --server-name
    NAME --name ssl_min_protocol_version --value TLSv1.2`; `az mysql flexible-server parameter set --resource-group
    GROUP --server-name NAME --name tls_version --value TLSv1.2,TLSv1.3`.

    References:
    https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings
    https://learn.microsoft.com/azure/postgresql/security/security-tls
    https://learn.microsoft.com/azure/mysql/flexible-server/security-tls
    """
    if not server.old_tls_refused:
        yield Reason("its settings do not refuse connections with TLS older than 1.2")


old_tls_allowed.passes(DatabaseServer.given(old_tls_refused=True))
old_tls_allowed.fails(DatabaseServer.given(old_tls_refused=False))
old_tls_allowed.unknown(DatabaseServer.given(old_tls_refused=Unread.denied("Microsoft.Sql/servers/read")))
