"""The words that clouds share. A fact stands here when a second cloud answers it with the same meaning."""

from scanner.kinds.account import Account
from scanner.kinds.encryption import Encryption
from scanner.kinds.identity import Credential, Group, Policy, Principal, Role, ServiceUse, User
from scanner.kinds.logging import AuditTrail
from scanner.kinds.storage import Bucket

__all__ = [
    "Account",
    "AuditTrail",
    "Bucket",
    "Credential",
    "Encryption",
    "Group",
    "Policy",
    "Principal",
    "Role",
    "ServiceUse",
    "User",
]
