"""What an estate file says of databases, functions and containers, which run on software that somebody patches."""

from typing import Literal

import msgspec


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An item of the file; a word that it does not know is an error."""


class Database(_Item, frozen=True):
    """An RDS instance."""

    name: str
    region: str = "us-east-1"
    engine: str = "postgres"
    version: str = "17.6"
    public: bool = False
    key: str | None = "aws/rds"
    """An alias of the estate's keys or of AWS's; `owned` for a key that AWS owns; None: not encrypted."""
    backup_days: int = 7
    protected: bool = True
    minor_upgrades: bool = True
    iam_login: bool = False
    replica_of: str | None = None
    cluster: str | None = None
    tls_only: bool | None = None
    """What its parameter group says; None: its group leaves the engine's default."""
    tags: dict[str, str] = {}


class Function(_Item, frozen=True):
    """A Lambda function; one without a runtime comes as an image."""

    name: str
    region: str = "us-east-1"
    runtime: str | None = "python3.14"
    updates: Literal["Auto", "FunctionUpdate", "Manual"] = "Auto"


class Service(_Item, frozen=True):
    """An ECS service: on a launch type, or on capacity providers."""

    name: str
    cluster: str
    region: str = "us-east-1"
    launch: Literal["FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES"] | None = None
    providers: tuple[str, ...] = ()


class NodeGroup(_Item, frozen=True):
    """A managed node group of EKS."""

    name: str
    image: str = "AL2023_x86_64_STANDARD"
    tags: dict[str, str] = {}


class Cluster(_Item, frozen=True):
    """An EKS cluster."""

    name: str
    region: str = "us-east-1"
    public: bool = True
    networks: tuple[str, ...] = ("0.0.0.0/0",)
    key: str | None = None
    """One of the estate's keys, for secrets."""
    auto_mode: bool = False
    profiles: tuple[str, ...] = ()
    """Fargate profiles."""
    node_groups: tuple[NodeGroup, ...] = ()
    tags: dict[str, str] = {}
