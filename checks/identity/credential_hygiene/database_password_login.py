"""Database servers that passwords open."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer


@check("database-password-login", severity="low", reads=[DatabaseServer.password_login])
def password_login(server: DatabaseServer) -> Reasons:
    """A database server takes identities of the directory only, no passwords of its own.

    A login that the database keeps itself has no second factor, no owner and no end. It stays open beside the
    directory's rules, however strict those are, and it is what a thief of connection strings uses.

    Fix: move programs to managed identities and people to the directory, then switch passwords off. On Azure: `az sql
    server ad-only-auth enable --resource-group GROUP --name NAME`, or `az postgres flexible-server update
    --resource-group GROUP --name NAME --password-auth Disabled`.

    References:
    https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication
    https://learn.microsoft.com/azure/postgresql/security/security-entra-configure
    """
    if server.password_login:
        yield Reason("logins that the database keeps itself, with passwords, are accepted")


password_login.passes(DatabaseServer.given(password_login=False))
password_login.fails(DatabaseServer.given(password_login=True))
password_login.unknown(DatabaseServer.given(password_login=Unread.denied("Microsoft.Sql/servers/read")))
