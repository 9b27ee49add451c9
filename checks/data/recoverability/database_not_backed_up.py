"""Database servers without backups."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-not-backed-up", severity="high", reads=[DatabaseServer.backed_up])
def not_backed_up(server: DatabaseServer) -> Reasons:
    """A database server is backed up by itself, to a point in time.

    A wrong statement, a faulty release or a thief who wants ransom changes rows that nobody can bring back. A nightly
    dump loses the day; a point in time loses minutes.

    Fix: switch automatic backups and recovery to a point in time on, and try to restore. On Google Cloud: `gcloud sql
    instances patch NAME --backup-start-time 02:00 --enable-point-in-time-recovery`, for MySQL `--enable-bin-log` in
    place of the latter. On Azure: servers back themselves up. On AWS: `aws rds modify-db-instance
    --db-instance-identifier NAME --backup-retention-period 14`.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
    https://cloud.google.com/sql/docs/mysql/backup-recovery/backups
    https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
    https://learn.microsoft.com/azure/azure-sql/database/automated-backups-overview
    """
    if not server.backed_up:
        yield Reason("it is not backed up to a point in time")


not_backed_up.passes(DatabaseServer.given(backed_up=True))
not_backed_up.fails(DatabaseServer.given(backed_up=False))
not_backed_up.unknown(DatabaseServer.given(backed_up=Unread.denied("cloudsql.instances.list")))
