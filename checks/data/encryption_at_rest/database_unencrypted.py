"""Databases in plain text."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Database


@check("database-unencrypted", severity="high", reads=[Database.encrypted])
def unencrypted(database: Database) -> Reasons:
    """A database is encrypted at rest.

    Whoever gets at the files, the backups or a copy of them beside the engine's own door reads every row. Laws and
    contracts on personal data ask for encryption at rest, and its absence has to be reported.

    Fix: switch it on; the database stays in use meanwhile. On Azure: `az sql db tde set --resource-group GROUP --server
    SERVER --database NAME --status Enabled`. On AWS: an instance is encrypted when it is made, so that it has to be
    made again from an encrypted copy: `aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT
    --target-db-snapshot-identifier COPY --kms-key-id KEY`, then `aws rds restore-db-instance-from-db-snapshot
    --db-instance-identifier NAME --db-snapshot-identifier COPY`.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
    https://learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-tde-overview
    """
    if not database.encrypted:
        yield Reason("it is not encrypted at rest")


unencrypted.passes(Database.given(encrypted=True))
unencrypted.fails(Database.given(encrypted=False))
unencrypted.unknown(
    Database.given(encrypted=Unread.denied("Microsoft.Sql/servers/databases/transparentDataEncryption/read"))
)
