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
    SERVER --database NAME --status Enabled`.

    References:
    https://learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-tde-overview
    """
    if not database.encrypted:
        yield Reason("it is not encrypted at rest")


unencrypted.passes(Database.given(encrypted=True))
unencrypted.fails(Database.given(encrypted=False))
unencrypted.unknown(
    Database.given(encrypted=Unread.denied("Microsoft.Sql/servers/databases/transparentDataEncryption/read"))
)
