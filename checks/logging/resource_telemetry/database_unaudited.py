"""Database servers that do not say who did what."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-unaudited", severity="medium", reads=[DatabaseServer.audited])
def unaudited(server: DatabaseServer) -> Reasons:
    """Who does what in a server's databases is written to a log.

    The provider's audit trail ends at the server's settings: it does not see a query. Without a log of the engine's own
    nobody can tell which rows a thief read, or that it was a colleague.

    Fix: write an audit log and keep it where the database's administrators cannot change it. On Azure: `az sql server
    audit-policy update --resource-group GROUP --name NAME --state Enabled --lats Enabled --lawri WORKSPACE`; `az
    postgres flexible-server parameter set --resource-group GROUP --server-name NAME --name pgaudit.log --value
    write,ddl,role`; `az mysql flexible-server parameter set --resource-group GROUP --server-name NAME --name
    audit_log_enabled --value ON`. On Google Cloud: repeat the other flags in `gcloud sql instances patch NAME
    --database-flags cloudsql.enable_pgaudit=on,pgaudit.log=write`.

    References:
    https://learn.microsoft.com/azure/azure-sql/database/auditing-overview
    https://learn.microsoft.com/azure/postgresql/security/security-audit
    https://cloud.google.com/sql/docs/postgres/pg-audit
    https://cloud.google.com/sql/docs/mysql/db-audit
    """
    if not server.audited:
        yield Reason("who does what in its databases is not logged")


unaudited.passes(DatabaseServer.given(audited=True))
unaudited.fails(DatabaseServer.given(audited=False))
unaudited.unknown(DatabaseServer.given(audited=Unread.denied("cloudsql.instances.list")))
