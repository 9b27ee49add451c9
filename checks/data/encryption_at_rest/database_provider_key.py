"""Database servers whose key is the provider's."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import DatabaseServer, Encryption


@check("database-provider-key", severity="low", reads=[DatabaseServer.encryption])
def provider_key(server: DatabaseServer) -> Reasons:
    """A database server is encrypted with a key whose policy you write.

    A provider's key decrypts for everybody who may read the database: it is no second lock. Under a key of your own,
    copies and backups can be closed by taking the key away, and its use is on record. Where the class of the data does
    not ask for that, the provider's key is good enough.

    Fix: make a key and name it. On Azure: `az sql server key create --resource-group GROUP --server NAME --kid
    KEY-URL`, then `az sql server tde-key set --resource-group GROUP --server NAME --server-key-type AzureKeyVault --kid
    KEY-URL`; for PostgreSQL and MySQL the key is chosen when a server is made. On Google Cloud: the key is chosen when
    a server is made, by `gcloud sql instances create NAME --disk-encryption-key KEY`. On AWS: the key is chosen when a
    database is made, by `aws rds create-db-instance --storage-encrypted --kms-key-id KEY`, or a copy of a snapshot with
    another key, restored.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
    https://learn.microsoft.com/azure/azure-sql/database/transparent-data-encryption-byok-overview
    https://learn.microsoft.com/azure/postgresql/security/security-data-encryption
    https://cloud.google.com/sql/docs/mysql/cmek
    """
    if server.encryption.key != "customer-managed":
        yield Reason(f"it is encrypted with this kind of key: {server.encryption.key}")


provider_key.passes(DatabaseServer.given(encryption=Encryption("customer-managed", "AES256", "a key's uid")))
provider_key.fails(DatabaseServer.given(encryption=Encryption("provider-managed", "AES256")))
provider_key.unknown(DatabaseServer.given(encryption=Unread.denied("cloudsql.instances.list")))
