"""Database servers that know no directory."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-directory-login-missing", severity="medium", reads=[DatabaseServer.directory_login])
def directory_login_missing(server: DatabaseServer) -> Reasons:
    """People and programs can log in to a database with their identities of the cloud.

    Where the directory is not known to a server, every login is a password of its own. It has no second factor, is
    shared among colleagues and written into settings, and still works when somebody has left.

    Fix: let the directory in. On Azure: `az sql server ad-admin create --resource-group GROUP --server-name NAME
    --display-name GROUP-NAME --object-id ID`, or `az postgres flexible-server update --resource-group GROUP --name NAME
    --microsoft-entra-auth Enabled`. On Google Cloud: repeat the other flags in `gcloud sql instances patch NAME
    --database-flags cloudsql.iam_authentication=on`, for MySQL `cloudsql_iam_authentication=on`. On AWS: `aws rds
    modify-db-instance --db-instance-identifier NAME --enable-iam-database-authentication`.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/database-authentication.html
    https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-configure
    https://learn.microsoft.com/azure/postgresql/security/security-entra-configure
    https://cloud.google.com/sql/docs/postgres/iam-authentication
    """
    if not server.directory_login:
        yield Reason("nobody can log in with an identity of the cloud's directory")


directory_login_missing.passes(DatabaseServer.given(directory_login=True))
directory_login_missing.fails(DatabaseServer.given(directory_login=False))
directory_login_missing.unknown(DatabaseServer.given(directory_login=Unread.denied("cloudsql.instances.list")))
