"""RDS: database instances.

Instances of a cluster (Aurora, Multi-AZ clusters) have some settings from it; those are not answered of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from providers.aws.event_history import history_of
from providers.aws.gaps import untold
from providers.aws.kms import ALIASES, is_alias_of_provider, key_id, provider_keys
from providers.aws.rds_parameters import PLAIN_TEXT_REFUSED, RdsParameterGroup
from scanner.facts import Answer, Call, Fact, Relation, derived
from scanner.kinds import Database, DatabaseServer, Encryption
from scanner.kinds.software import Updates
from scanner.model import Listing

INSTANCES: Final = Call(
    "rds", "DescribeDBInstances", {"MaxRecords": 100}, "rds:DescribeDBInstances", items="DBInstances", regional=True
)

_CUSTOM: Final = "custom-"
"""How the engines of RDS Custom begin, whose operating system is the customer's.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""


def _primary(item: Answer) -> str | None:
    """What it is a read replica of: the name of an instance or cluster, or its ARN where it lies in another region.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
    """
    here = str(item["DBInstanceArn"]).rpartition(":db:")[0]
    for member, kind in (
        ("ReadReplicaSourceDBInstanceIdentifier", "db"),
        ("ReadReplicaSourceDBClusterIdentifier", "cluster"),
    ):
        source = item.get(member)
        if source:
            return str(source) if source.startswith("arn:") else f"{here}:{kind}:{source}"
    return None


def _parameters(item: Answer) -> str | None:
    """The ARN of its parameter group, where that is in force as it stands."""
    groups = item.get("DBParameterGroups") or [{}]
    if len(groups) > 1 or groups[0].get("ParameterApplyStatus") != "in-sync":
        return None
    beginning, _, _ = item["DBInstanceArn"].rpartition(":db:")
    return f"{beginning}:pg:{groups[0]['DBParameterGroupName']}"


def _directory_login(item: Answer) -> bool:
    # Identities of IAM, or of a directory that it was joined to:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/database-authentication.html
    return item.get("IAMDatabaseAuthenticationEnabled", False) or bool(item.get("DomainMemberships"))


def _encrypted(item: Answer) -> bool:
    # `sse-rds` is a key that AWS owns, and names none:
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
    return item["StorageEncrypted"] or item.get("StorageEncryptionType") == "sse-rds"


class _Server(DatabaseServer):
    """What a read replica sees of its primary."""

    kept = Fact[bool]("It is itself backed up by itself, to a point in time.")


class RdsInstance(_Server, Database, type_id="aws.rds.instance"):
    """A database instance."""

    listed = Listing(uid="{DBInstanceArn}", name="{DBInstanceIdentifier}", call=INSTANCES)
    last_change = history_of("rds")
    tags = Fact[Mapping[str, str]]("Its tags, by name.").listed(
        lambda item: {tag["Key"]: tag["Value"] for tag in item["TagList"]}
    )
    engine = Fact[str]("The database engine; RDS Custom's begin with `custom-`.").listed("{Engine}")
    cluster = Fact[str | None]("The cluster that it is a member of.").listed(
        lambda item: item.get("DBClusterIdentifier") or None
    )
    upgrades_itself = Fact[bool]("RDS puts new minor versions of the engine in place.").listed(
        lambda item: item["AutoMinorVersionUpgrade"]
    )
    public_endpoint = DatabaseServer.public_endpoint.listed(lambda item: item["PubliclyAccessible"])
    directory_login = DatabaseServer.directory_login.listed(_directory_login)
    # Days of automated backups, which are what a point in time is restored from:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
    kept = _Server.kept.listed(lambda item: item["BackupRetentionPeriod"] > 0)
    replica_of = Relation[_Server]("What it is a read replica of; clusters are not read.").listed(_primary)
    guarded = Fact[bool]("It is itself protected from deletion.").listed(lambda item: item["DeletionProtection"])
    encrypted = Database.encrypted.listed(_encrypted)
    stored_key = Fact[str | None]("The KMS key that its storage is encrypted with.").listed(
        lambda item: item.get("KmsKeyId") or None
    )
    provider_keys = Fact[tuple[str, ...]]("Ids of the AWS managed keys in its region.").read(ALIASES, provider_keys)

    parameters = Relation[RdsParameterGroup]("Its parameter group, where that is in force as it stands.").listed(
        _parameters
    )

    @derived(reads=[engine, cluster, parameters / RdsParameterGroup.tls_only])
    def tls_only(self) -> bool:
        """Connections without TLS are refused, as its parameter group says."""
        if not self.engine.startswith(tuple(PLAIN_TEXT_REFUSED)):
            untold(f"which connections {self.engine} refuses is not said by a parameter group")
        if self.cluster is not None:
            untold("its cluster's parameters say which connections it refuses, which are not read")
        group = self.parameters
        if group is None:
            untold("its parameters are not in force as they stand")
        told = group.tls_only
        if told is None:
            untold("its parameter group does not say which connections it refuses")
        return told

    @derived(reads=[engine, upgrades_itself])
    def updates(self) -> Updates:
        """How patches of its engine arrive.

        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
        """
        if self.engine.startswith(_CUSTOM):
            untold("on RDS Custom the operating system and the engine are yours to patch, which no setting tells")
        return "automatic" if self.upgrades_itself else "manual"

    @derived(reads=[kept, replica_of / _Server.kept])
    def backed_up(self) -> bool:
        """It, or what it is a read replica of, is backed up by itself, to a point in time."""
        if self.kept:
            return True
        primary = self.replica_of
        return primary is not None and primary.kept

    @derived(reads=[cluster, guarded])
    def deletion_protected(self) -> bool:
        """It cannot be deleted by a single call."""
        if self.guarded:
            return True
        if self.cluster is not None:
            untold("its cluster says whether it may be deleted, which is not read")
        return False

    @derived(reads=[encrypted, stored_key, provider_keys])
    def encryption(self) -> Encryption:
        """How it is encrypted at rest, and who holds the key.

        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
        """
        if not self.encrypted:
            return Encryption("none")
        key = self.stored_key
        if key is None:
            return Encryption("provider-owned", "AES256")
        if is_alias_of_provider(key) or key_id(key) in self.provider_keys:
            return Encryption("provider-managed", "AES256", key)
        return Encryption("customer-managed", "AES256", key)
