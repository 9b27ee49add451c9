"""From decoded JSON to a bucket's settings and access lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from providers.gcp.policy.language.members import entity
from providers.gcp.policy.language.storage import Acl, AclEntry, Bucket
from scanner.facts import Unread

_ROLES: Final[Mapping[str, Literal["READER", "WRITER", "OWNER"]]] = {
    "READER": "READER",
    "READ": "READER",
    "WRITER": "WRITER",
    "WRITE": "WRITER",
    "OWNER": "OWNER",
    "FULL_CONTROL": "OWNER",
}


def unclear(what: str) -> Unread:
    """A setting that is written in a way that we do not know."""
    return Unread("not-yet-known", detail=f"{what} is written in a way that we do not know")


def bucket(value: Mapping[str, Any], prevented_above: bool | Unread, acls: tuple[Acl, ...]) -> Bucket:
    """A bucket as the interface gives it, under the organization policy in effect."""
    settings = value.get("iamConfiguration")
    name = value.get("name")
    name = name if isinstance(name, str) and name else "the-bucket"
    folders = _enabled(value.get("hierarchicalNamespace")) is not False
    if settings is None:
        return Bucket(name, False, prevented_above, acls, folders)
    if not isinstance(settings, Mapping):
        gap = unclear("iamConfiguration")
        return Bucket(name, gap, True if prevented_above is True else gap, acls, folders)
    own = settings.get("publicAccessPrevention")
    prevention: bool | Unread = unclear("publicAccessPrevention")
    if own == "enforced" or prevented_above is True:
        prevention = True
    elif own in (None, "inherited", "unspecified"):
        prevention = prevented_above
    uniform = settings.get("uniformBucketLevelAccess", settings.get("bucketPolicyOnly"))
    return Bucket(name, _enabled(uniform), prevention, acls, folders)


def _enabled(value: object) -> bool | Unread:
    if isinstance(value, Mapping):
        value = value.get("enabled")
    if value is None:
        return False
    return value if isinstance(value, bool) else unclear("uniformBucketLevelAccess")


def acl(value: object, of: Literal["bucket", "default", "object"], pointer: str, name: str = "") -> Acl:
    """An access list; empty where nothing is stored."""
    if value is None:
        return Acl(of, name)
    if not isinstance(value, list | tuple):
        return Acl(of, name, malformed=(f"{pointer} is no list",))
    entries: list[AclEntry] = []
    malformed: list[str] = []
    for index, one in enumerate(value):
        given = one if isinstance(one, Mapping) else {}
        whom, role = given.get("entity"), given.get("role")
        known = _ROLES.get(role.upper()) if isinstance(role, str) else None
        if isinstance(whom, str) and known:
            entries.append(AclEntry(entity(whom), known, f"{pointer}/{index}"))
        else:
            malformed.append(f"{pointer}/{index} is no entry of an access list")
    return Acl(of, name, tuple(entries), tuple(malformed))


def object_acls(value: object, pointer: str) -> tuple[Acl, ...]:
    """Access lists of objects."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        return (Acl("object", malformed=(f"{pointer} is no list",)),)
    found = []
    for index, one in enumerate(value):
        name = one.get("object", one.get("name")) if isinstance(one, Mapping) else None
        if not isinstance(one, Mapping) or not isinstance(name, str):
            found.append(Acl("object", malformed=(f"{pointer}/{index} names no object",)))
        else:
            found.append(acl(one.get("acl"), "object", f"{pointer}/{index}/acl", name))
    return tuple(found)


def prevention_above(policies: Mapping[str, Any]) -> bool | Unread:
    """Whether an organization policy in effect enforces public access prevention, also on old buckets.

    https://cloud.google.com/storage/docs/org-policy-constraints
    """
    name = "publicAccessPrevention"
    answers = {enforced(value) for key, value in policies.items() if key.rpartition(".")[2] == name}
    if None in answers:
        return True if True in answers else unclear(name)
    return True in answers


def enforced(value: object, depth: int = 0) -> bool | None:
    """Whether a boolean constraint is enforced; None where we cannot read it."""
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"enforced": True, "true": True, "false": False, "inherited": False}.get(value.lower())
    if not isinstance(value, Mapping) or depth > 3:
        return None
    if not value or value.get("restoreDefault") is not None:
        return False
    for key in ("enforced", "enforce"):
        if key in value:
            return enforced(value[key], depth + 1)
    for key in ("booleanPolicy", "spec"):
        if key in value:
            return enforced(value[key], depth + 1)
    rules = value.get("rules")
    if isinstance(rules, list | tuple):
        conditional = any(isinstance(rule, Mapping) and rule.get("condition") is not None for rule in rules)
        answers = {enforced(rule, depth + 1) for rule in rules}
        return answers.pop() if len(answers) == 1 and not conditional else False if not rules else None
    return False if set(value) <= {"name", "etag", "updateTime", "dryRunSpec", "constraint"} else None
