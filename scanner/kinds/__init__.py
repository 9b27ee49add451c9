"""The words that clouds share. A fact stands here when a second cloud answers it with the same meaning."""

from scanner.kinds.account import (
    Account,
    Grant,
    Grants,
    administers,
    chosen,
    does_not_administer,
    from_outside,
    held_by,
)
from scanner.kinds.cluster import Cluster
from scanner.kinds.compute import Disk, DiskCopy, Machine
from scanner.kinds.database import Database, DatabaseServer, Dataset
from scanner.kinds.encryption import Encryption
from scanner.kinds.identity import Credential, Group, Policy, Principal, Role, ServiceIdentity, ServiceUse, User
from scanner.kinds.keys import Key, Vault
from scanner.kinds.logging import AuditTrail, shortfalls
from scanner.kinds.network import Firewall, LoadBalancer, Network, Opening
from scanner.kinds.software import Function, NodePool, Software, Workload
from scanner.kinds.storage import Bucket

__all__ = [
    "Account",
    "AuditTrail",
    "Bucket",
    "Cluster",
    "Credential",
    "Database",
    "DatabaseServer",
    "Dataset",
    "Disk",
    "DiskCopy",
    "Encryption",
    "Firewall",
    "Function",
    "Grant",
    "Grants",
    "Group",
    "Key",
    "LoadBalancer",
    "Machine",
    "Network",
    "NodePool",
    "Opening",
    "Policy",
    "Principal",
    "Role",
    "ServiceIdentity",
    "ServiceUse",
    "Software",
    "User",
    "Vault",
    "Workload",
    "administers",
    "chosen",
    "does_not_administer",
    "from_outside",
    "held_by",
    "shortfalls",
]
