"""Database servers that one call deletes."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-deletable", severity="low", reads=[DatabaseServer.deletion_protected])
def deletable(server: DatabaseServer) -> Reasons:
    """A database server cannot be deleted by a single call.

    A script in the wrong project, or a thief with an administrator's token, deletes the server and often its backups
    with it. A lock makes deletion two steps, of which the first looks strange in the audit trail.

    Fix: protect it. On Azure: `az lock create --name keep --lock-type CanNotDelete --resource-group GROUP
    --resource-type Microsoft.Sql/servers --resource NAME`; a lock of its group or subscription holds for it too. On
    Google Cloud: `gcloud sql instances patch NAME --deletion-protection`. On AWS: `aws rds modify-db-instance
    --db-instance-identifier NAME --deletion-protection`.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
    https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
    https://cloud.google.com/sql/docs/mysql/deletion-protection
    """
    if not server.deletion_protected:
        yield Reason("a single call deletes it")


deletable.passes(DatabaseServer.given(deletion_protected=True))
deletable.fails(DatabaseServer.given(deletion_protected=False))
deletable.unknown(DatabaseServer.given(deletion_protected=Unread.denied("cloudsql.instances.list")))
