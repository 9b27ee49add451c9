"""Cloud SQL: instances.

https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from providers.gcp.changes import changed
from providers.gcp.encryption import by_key
from providers.gcp.labels import DOC, labels_of
from providers.gcp.policy.services.sql import connectors_required, network_access, private_service, rows
from providers.gcp.project import GcpProject
from providers.gcp.reach import above_or_not
from providers.gcp.rest import gcp
from scanner.access import Access
from scanner.facts import Answer, Fact, Relation, Unread, UnreadFact, derived
from scanner.kinds import DatabaseServer
from scanner.model import Listing

INSTANCES: Final = gcp("sql.instances.list")

Engine = Literal["mysql", "postgres", "sqlserver", "other"]


class AllowedNetwork(msgspec.Struct, frozen=True):
    """An authorized network."""

    value: str
    until: datetime | None = None


class PrivateService(msgspec.Struct, frozen=True):
    """Private Service Connect: the projects whose networks may connect."""

    on: bool = False
    projects: tuple[str, ...] = ()


def _elsewhere(item: Answer) -> bool:
    """Whether it stands for a server that is not Google's."""
    return item.get("instanceType") == "ON_PREMISES_INSTANCE"


def _settings(item: Answer) -> Mapping[str, Any]:
    settings: Mapping[str, Any] = item.get("settings", {}) if _elsewhere(item) else item["settings"]
    return settings


def _addresses(item: Answer) -> Mapping[str, Any]:
    settings = _settings(item)
    found: Mapping[str, Any] = settings.get("ipConfiguration", {}) if _elsewhere(item) else settings["ipConfiguration"]
    return found


def _engine(item: Answer) -> Engine:
    version = str(item["databaseVersion"])
    engines: tuple[tuple[str, Engine], ...] = (("MYSQL", "mysql"), ("POSTGRES", "postgres"), ("SQLSERVER", "sqlserver"))
    return next((name for start, name in engines if version.startswith(start)), "other")


def _flags(item: Answer) -> dict[str, str]:
    # Only flags that were set are told: https://cloud.google.com/sql/docs/mysql/flags
    return {one["name"]: str(one.get("value", "")) for one in _settings(item).get("databaseFlags", ())}


def _networks(item: Answer) -> tuple[AllowedNetwork, ...]:
    """Networks that may connect, with the end of their time; Cloud Asset Inventory spells no end as the year 1970."""
    found = _addresses(item).get("authorizedNetworks", ())
    ends = [
        None if str(one.get("expirationTime", "")).startswith("1970-") else one.get("expirationTime") for one in found
    ]
    told = [{"value": one["value"], "until": end} for one, end in zip(found, ends, strict=True)]
    return msgspec.convert(told, tuple[AllowedNetwork, ...])


def _private_service(item: Answer) -> PrivateService:
    config = _addresses(item).get("pscConfig", {})
    return PrivateService(bool(config.get("pscEnabled", False)), tuple(config.get("allowedConsumerProjects", ())))


def _connectors_only(item: Answer) -> bool:
    # Not required where it is not told: https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances#connectorenforcement
    return connectors_required(_settings(item).get("connectorEnforcement"))


def _tls_only(item: Answer) -> bool:
    """`sslMode` decides where it is told, and else its older form; connectors, where only they may connect, encrypt.

    https://cloud.google.com/sql/docs/mysql/language-connectors
    https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances#SslMode
    """
    if _connectors_only(item):
        return True
    configuration = _addresses(item)
    mode = configuration.get("sslMode", "SSL_MODE_UNSPECIFIED")
    if mode == "SSL_MODE_UNSPECIFIED":
        return bool(configuration.get("requireSsl", False))
    return bool(
        {"ALLOW_UNENCRYPTED_AND_ENCRYPTED": False, "ENCRYPTED_ONLY": True, "TRUSTED_CLIENT_CERTIFICATE_REQUIRED": True}[
            mode
        ]
    )


def _directory_login(item: Answer) -> bool:
    """Whether accounts of IAM, or of the directory that an SQL Server was joined to, can log in.

    https://cloud.google.com/sql/docs/postgres/iam-authentication
    https://cloud.google.com/sql/docs/sqlserver/ad
    """
    flags, settings = _flags(item), _settings(item)
    if _engine(item) == "sqlserver":
        domain = settings.get("activeDirectoryConfig", {}).get("domain")
        return bool(domain or settings.get("entraidConfig", {}).get("tenantId"))
    return any(_on(flags, name) for name in ("cloudsql.iam_authentication", "cloudsql_iam_authentication"))


def _on(flags: dict[str, str], name: str) -> bool:
    return flags.get(name, "").lower() in ("on", "1", "true")


def _backed_up(item: Answer) -> bool:
    """Whether it is backed up by itself and keeps the log that leads to a point in time.

    https://cloud.google.com/sql/docs/mysql/backup-recovery/pitr
    """
    backups = _settings(item).get("backupConfiguration", {})
    kept = backups.get("pointInTimeRecoveryEnabled", False) or backups.get("binaryLogEnabled", False)
    return bool(backups.get("enabled", False) and kept)


def _primary(item: Answer) -> str | None:
    """The instance that it is a read replica of: `project:name`, or a name of its own project.

    https://cloud.google.com/sql/docs/mysql/replication
    """
    primary = item.get("masterInstanceName")
    if primary is None:
        return None
    # Ids of projects of a domain have a colon of their own: `example.com:project:name`.
    project, _, name = str(primary).rpartition(":")
    return f"//cloudsql.googleapis.com/projects/{project or item['project']}/instances/{name}"


class _Server(DatabaseServer):
    """What a read replica sees of its primary."""

    kept = Fact[bool]("It is itself backed up by itself, to a point in time.")
    planned_elsewhere = Fact[bool]("Its backups are planned by the service Backup and DR.")


class CloudSqlInstance(_Server, type_id="gcp.sql.instance"):
    """An instance. One that stands for a server elsewhere is nothing that Google runs and has no such settings.

    https://cloud.google.com/sql/docs/mysql/replication/external-server
    """

    listed = Listing(
        uid="//cloudsql.googleapis.com/projects/{project}/instances/{name}",
        name="{name}",
        call=INSTANCES,
        region=lambda item: item["region"],
        provider_owned=_elsewhere,
    )
    last_change = changed("projects/{scope.account}/instances/{it.name}")
    tags = Fact[Mapping[str, str]](DOC).listed(lambda item: labels_of(_settings(item), "userLabels"))
    project = Relation[GcpProject]("The project that it lies in.").listed("{scope.uid}")
    engine = Fact[Engine]("The database engine.").listed(_engine)
    flags = Fact[dict[str, str]]("Flags that were set.").listed(_flags)
    networks = Fact[tuple[AllowedNetwork, ...]]("Networks that may connect to its public address.").listed(_networks)
    connectors_only = Fact[bool]("Only Cloud SQL's connectors may connect, which ask IAM first.").listed(
        _connectors_only
    )
    private_service = Fact[PrivateService]("Who may connect through Private Service Connect.").listed(_private_service)
    audit_store = Fact[str | None](
        "The bucket that keeps SQL Server's audit files; nothing where there is none."
    ).listed(lambda item: _settings(item).get("sqlServerAuditConfig", {}).get("bucket") or None)
    kept = _Server.kept.listed(_backed_up)
    # https://cloud.google.com/sql/docs/postgres/backup-recovery/backup-options
    planned_elsewhere = _Server.planned_elsewhere.listed(
        lambda item: _settings(item).get("backupConfiguration", {}).get("backupTier") in ("ENHANCED", "ADVANCED")
    )
    replica_of = Relation[_Server]("The instance that it is a read replica of.").listed(_primary)
    public_endpoint = DatabaseServer.public_endpoint.listed(
        # https://cloud.google.com/sql/docs/mysql/configure-ip
        lambda item: _addresses(item).get("ipv4Enabled", False)
    )
    tls_only = DatabaseServer.tls_only.listed(_tls_only)
    directory_login = DatabaseServer.directory_login.listed(_directory_login)
    deletion_protected = DatabaseServer.deletion_protected.listed(
        # Off where it is not told: https://cloud.google.com/sql/docs/mysql/deletion-protection
        lambda item: _settings(item).get("deletionProtectionEnabled", False)
    )
    encryption = DatabaseServer.encryption.listed(
        lambda item: by_key(item.get("diskEncryptionConfiguration", {}).get("kmsKeyName"))
    )

    @derived(reads=[networks, public_endpoint, connectors_only, private_service, project / GcpProject.above])
    def access(self) -> Access:
        """Who outside its private network can open a connection, with a login still to come."""
        given = [{"value": one.value, "expirationTime": one.until and one.until.isoformat()} for one in self.networks]
        open_to = tuple(rows(given, self.taken_at))
        access = network_access(open_to, self.public_endpoint, connectors=self.connectors_only)
        service = self.private_service
        if not (service.on and service.projects):
            return access
        owner = above_or_not(lambda: self.project, self.scope.account).owner
        config = {"pscEnabled": True, "allowedConsumerProjects": service.projects}
        return msgspec.structs.replace(access, layers=(*access.layers, private_service(config, owner)))

    @derived(reads=[engine, flags, audit_store])
    def audited(self) -> bool:
        """Auditing is switched on, as far as the instance tells.

        Which statements are written is settled inside MySQL and SQL Server, where nothing of it can be read. Postgres
        writes none unless `pgaudit.log` says which, for the instance or inside for one database or user.
        https://cloud.google.com/sql/docs/postgres/pg-audit
        https://cloud.google.com/sql/docs/mysql/db-audit
        https://cloud.google.com/sql/docs/sqlserver/use-auditing
        """
        if self.engine == "sqlserver":
            return self.audit_store is not None
        if self.engine == "mysql":
            return _on(self.flags, "cloudsql_mysql_audit")
        if not _on(self.flags, "cloudsql.enable_pgaudit"):
            return False
        written = self.flags.get("pgaudit.log", "").lower()
        if not written:
            raise UnreadFact(Unread("not-yet-known", detail="whether a database or user sets pgaudit.log is not told"))
        return written != "none"

    @derived(reads=[kept, planned_elsewhere, replica_of / _Server.kept, replica_of / _Server.planned_elsewhere])
    def backed_up(self) -> bool:
        """It is backed up by itself, to a point in time; a read replica is as its primary is.

        https://cloud.google.com/sql/docs/mysql/replication
        """
        primary = self.replica_of
        if primary is not None and primary.identity.provider_owned:
            raise UnreadFact(Unread("not-yet-known", detail="its primary is a server elsewhere"))
        server = self if primary is None else primary
        if not server.kept and server.planned_elsewhere:
            raise UnreadFact(
                Unread("not-yet-known", detail="its backups are planned by Backup and DR, which is not read")
            )
        return server.kept
